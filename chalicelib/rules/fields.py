"""The fields of a message that a rule can ask about, and how a question about one is answered.

An answer is NO, PERHAPS or YES: an unknown value never makes a rule match. Questions about findings are asked of one
finding at a time. Neither mood nor stars are fields: anger is no reason for acting on a message.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from chalicelib import clock
from chalicelib.brands.hours import DAYS
from chalicelib.networks import base
from chalicelib.trees import NO, PERHAPS, YES, Leaf
from chalicelib.words.findings import Finding
from chalicelib.words.terms import CATEGORIES

Json = Mapping[str, Any]
UNITS_MS = {"m": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY}
CERTAINTIES = ("clear", "slur", "aim", "oath", "code", "vague")
STEPS = (
    "leet", "spaced", "separated", "masked", "repeated", "phonetic", "compound", "hashtag", "handle", "homoglyph",
    "invisible", "combining", "font", "model",
)  # fmt: skip
SCRIPTS = (
    "latin", "greek", "cyrillic", "arabic", "hebrew", "devanagari", "thai", "chinese", "japanese", "korean", "other",
)  # fmt: skip
MOST_LATELY = 200  # messages of an author in an hour that are counted
_YES_OR_NO = {"is": {"type": "boolean"}}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_COUNT = {"at_least": _NUMBER, "at_most": _NUMBER}
_OF_HOUR = {"type": "integer", "minimum": 0, "maximum": MOST_LATELY}
_OF_DAY = {"type": "integer", "minimum": 0, "maximum": 23}
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
_DURATION = {"type": "string", "pattern": "^[1-9][0-9]{0,4}[mhd]$"}


def _one_or_more(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "array", "minItems": 1, "maxItems": 50, "items": schema}]}


def _is(values: tuple[str, ...] = (), pattern: str = "") -> Json:
    return {"is": _one_or_more({"type": "string", **({"enum": values} if values else {"pattern": pattern})})}


def _has(values: tuple[str, ...] = (), pattern: str = "") -> Json:
    return {"has": _is(values, pattern)["is"]}


# Fields of a finding: what it is, how sure it is, how it is said, and which disguises were undone.
OF_FINDINGS: Mapping[str, tuple[Json, Callable[[Finding], Any]]] = {
    "category": (_is(CATEGORIES), lambda finding: finding.category),
    "severity": ({"at_least": {"type": "integer", "minimum": 1, "maximum": 4}}, lambda finding: finding.severity),
    "certainty": (_is(CERTAINTIES), lambda finding: finding.certainty),
    "sure": (_YES_OR_NO, lambda finding: finding.sure),
    "aimed": (_YES_OR_NO, lambda finding: finding.context.aimed),
    "quoted": (_YES_OR_NO, lambda finding: finding.context.quoted),
    "denied": (_YES_OR_NO, lambda finding: finding.context.denied),
    "kind": (_YES_OR_NO, lambda finding: finding.context.kind),
    "disguised": (_YES_OR_NO, lambda finding: bool(finding.how)),
    "how": (_has(STEPS), lambda finding: finding.how),
    "score": ({"at_least": {"type": "integer", "minimum": 1, "maximum": 100}}, lambda finding: finding.score),
    "term_list": (_is(pattern="^trm_[0-9a-z]{1,60}$"), lambda finding: finding.origin),
}
# How many messages their author wrote in so many minutes: counted only where a rule asks.
LATELY = {"author_last_minute": 1, "author_last_10_minutes": 10, "author_last_hour": 60}
VERDICTS = {
    "author_upheld",
    "author_overturned",
}  # people's verdicts on the author's messages, read only if a rule asks
CRISIS = "crisis"  # whether the brand is in a crisis; read only if a rule asks
OF_TIME = {"hour", "weekday"}  # by the clocks of the brand, read only where a rule asks
# Fields of the message: its text as a whole, where it is, who wrote it.
OF_MESSAGES: Mapping[str, Json] = {
    "language": _has(pattern="^[a-z]{2}$"),
    "length": _COUNT,
    "link": _YES_OR_NO,
    "short_link": _YES_OR_NO,
    "domain": _has(pattern="^[a-z0-9.-]{1,253}$"),
    "script": _has(SCRIPTS),
    "capitals": {"at_least": _PERCENT, "at_most": _PERCENT},
    "emoji_only": _YES_OR_NO,
    "mentions_only": _YES_OR_NO,
    "mentions": _COUNT,
    "media": _YES_OR_NO,
    "network": _is(pattern="^[a-z_]{1,30}$"),
    "surface": _is(get_args(base.Surface)),
    "channel": _is(pattern="^chn_[0-9a-z]{1,60}$"),
    "origin": _is(pattern="^\\S{1,300}$"),
    "reply": _YES_OR_NO,
    "paid": _YES_OR_NO,
    "edited": _YES_OR_NO,
    "hour": {"at_least": _OF_DAY, "at_most": _OF_DAY},
    "weekday": _is(DAYS),
    "first_message": _YES_OR_NO,
    "author_messages": _COUNT,
    "author_since": {"newer_than": _DURATION, "older_than": _DURATION},
    **{name: {"at_least": _OF_HOUR, "at_most": _OF_HOUR} for name in LATELY},
    "strikes": _COUNT,
    **dict.fromkeys(sorted(VERDICTS), _COUNT),
    "followers": _COUNT,
    CRISIS: _YES_OR_NO,
    "banned_before": _YES_OR_NO,
    "contact_labels": _has(pattern="^[\\w-]{1,50}$"),
    "handle_resembles": _has(("competitor", "own")),
    "promotion": _COUNT,
    "same_words": _COUNT,
    "same_brands": _COUNT,
    "labels": _has(pattern="^[\\w-]{1,50}$"),
}
_OPERATORS: Mapping[str, Json] = {**{name: asked for name, (asked, _) in OF_FINDINGS.items()}, **OF_MESSAGES}
_NOTHING: Mapping[str, Any] = {"category": "", "severity": 0, "certainty": "", "how": (), "term_list": "", "score": 0}


def _rule(name: str, operators: Json) -> Json:
    closed = {"properties": {"field": {}, **operators}, "additionalProperties": False, "minProperties": 2}
    return {"if": {"properties": {"field": {"const": name}}}, "then": {**closed, "maxProperties": 2}}


LEAF: Json = {
    "type": "object",
    "required": ["field"],
    "properties": {"field": {"type": "string", "enum": list(_OPERATORS)}},
    "allOf": [_rule(name, operators) for name, operators in _OPERATORS.items()],
}
_OR_MORE = {"type": ["string", "boolean"]}
# As the document shows a leaf: which field takes which operator is in words there.
SHOWN: Json = {
    "field": LEAF["properties"]["field"],
    "is": {"anyOf": [_OR_MORE, {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "string"}}]},
    "has": _one_or_more({"type": "string"}),
    **_COUNT,
    "newer_than": _DURATION,
    "older_than": _DURATION,
}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, operand: value in _listed(operand),
    "has": lambda values, operand: any(value in _listed(operand) for value in values),
    "at_least": lambda value, operand: value >= operand,
    "at_most": lambda value, operand: value <= operand,
    "newer_than": lambda age, operand: age < _duration(operand),
    "older_than": lambda age, operand: age >= _duration(operand),
}


def answer(leaf: Leaf, known: Json, finding: Finding | None) -> int:
    """NO, PERHAPS or YES. `known` are the fields of the message, ages in ms; a field that is None or missing is
    unknown.
    """
    [operator] = set(leaf) - {"field"}
    name = leaf["field"]
    value = known.get(name) if name in OF_MESSAGES else _of_finding(name, finding)
    if value is None:
        return PERHAPS
    return YES if _COMPARE[operator](value, leaf[operator]) else NO


def _of_finding(name: str, finding: Finding | None) -> Any:
    return OF_FINDINGS[name][1](finding) if finding else _NOTHING.get(name, False)


def _listed(operand: Any) -> list[Any]:
    return operand if isinstance(operand, list) else [operand]


def _duration(text: str) -> int:
    return int(text[:-1]) * UNITS_MS[text[-1]]
