"""What the routes of this area take and give."""

from collections.abc import Mapping
from typing import Any, get_args

from chalicelib import trees
from chalicelib.api import schema
from chalicelib.brands.hours import DAYS
from chalicelib.editorial.starters import LANGUAGES
from chalicelib.inbox.schemas import LABEL, PRIORITY
from chalicelib.rules import fields
from chalicelib.rules.rules import MOST_ACTS, MOST_RULES, VALUES, Do, State
from chalicelib.words.terms import CATEGORIES

NAME, CLAUSE_ID = schema.text(100), schema.text(60)
CATEGORY, CERTAINTY = schema.one_of(CATEGORIES), schema.one_of(fields.CERTAINTIES)
CONDITION = {
    "title": "RuleCondition",
    schema.MOST_OBJECTS: trees.OBJECTS,
    schema.REFUSED: "bad_condition",
    schema.SHOWN: trees.shown("RuleCondition", fields.SHOWN),
    **trees.schema(fields.LEAF),
}
_MORE: Mapping[str, Mapping[str, Any]] = {
    "label": LABEL,
    "to": {"type": "string", "pattern": "^(mbr|tem)_[0-9a-z]{1,60}$"},
    "priority": PRIORITY,
    "canned_reply": schema.id_of("can"),
    "weight": {"type": "integer", "minimum": 1, "maximum": 10},
    "days": {"type": "integer", "minimum": 1, "maximum": 3650},
}


def _need(do: Do) -> Mapping[str, Any]:
    need = VALUES.get(do, "")
    closed = {"properties": {"do": {}, **({need: {}} if need else {})}, "additionalProperties": False}
    return {"if": {"properties": {"do": {"const": do}}}, "then": {**closed, "required": [need] if need else []}}


_ACT = schema.body("RuleAct", ("do",), do=schema.one_of(get_args(Do)), **_MORE)
ACT = {**_ACT, "allOf": [_need(do) for do in get_args(Do)], schema.REFUSED: "bad_act", schema.SHOWN: _ACT}
SAID: Mapping[str, Any] = {
    "clause": CLAUSE_ID,
    "when": CONDITION,
    "then": {"type": "array", "minItems": 1, "maxItems": MOST_ACTS, "items": ACT},
    "stop": {"type": "boolean"},
    "per_minute": {"type": "integer", "minimum": 1, "maximum": 1000},
    "sample_percent": {"type": "integer", "minimum": 0, "maximum": 100},
    "ends_at": schema.TIME_OR_NULL,
}
NEW_RULE = schema.body(
    "NewRule", ("brand", "name", "clause", "when", "then"), brand=schema.id_of("brd"), name=NAME, **SAID
)
RULE_CHANGES = schema.body("RuleChanges", (), name=NAME, **SAID)
LIVE = schema.body("LiveRule", ("version", *SAID), version={"type": "integer"}, **SAID)
RULE = schema.body(
    "Rule",
    ("id", "brand", "name", "state", "version", *SAID, "live", "cannot", "tested_at", "braked_at", "changed_at"),
    id=schema.id_of("rul"),
    brand=schema.id_of("brd"),
    name={"type": "string"},
    state=schema.one_of(get_args(State)),
    version={"type": "integer"},
    **SAID,
    live=schema.nullable(LIVE),
    cannot={"type": "array", "items": {"type": "string"}},
    tested_at=schema.TIME_OR_NULL,
    braked_at=schema.TIME_OR_NULL,
    changed_at=schema.TIME,
)
ORDER = schema.body(
    "RuleOrder",
    ("rules",),
    rules={"type": "array", "maxItems": MOST_RULES, "uniqueItems": True, "items": schema.id_of("rul")},
)
TO_STATE = schema.body(
    "RuleMove", ("state",), state=schema.one_of(("shadow", "live", "retired")), despite=schema.prose(1000)
)
SPAN = schema.body(
    "TextSpan",
    ("at", "length", "at16", "text"),
    at={"type": "integer"},
    length={"type": "integer"},
    at16={"type": "integer"},
    text={"type": "string"},
)
FINDING = schema.body(
    "Finding",
    ("category", "severity", "certainty", "means", "how", "term_list", "aimed", "quoted", "denied", "kind", "spans"),
    category={"type": "string"},
    severity={"type": "integer"},
    certainty={"type": "string"},
    means={"type": "string"},
    how={"type": "array", "items": {"type": "string"}},
    term_list=schema.TEXT_OR_NULL,
    aimed={"type": "boolean"},
    quoted={"type": "boolean"},
    denied={"type": "boolean"},
    kind={"type": "boolean"},
    score={"type": "integer"},
    spans={"type": "array", "items": SPAN},
)
FEATURE = schema.body(
    "PromotionFeature",
    ("name", "points", "means", "spans"),
    name={"type": "string"},
    points={"type": "integer"},
    means=schema.TEXT_OR_NULL,
    spans={"type": "array", "items": SPAN},
)
TRIAL = schema.body(
    "RuleTrial",
    ("text",),
    text={"type": "string", "maxLength": 8000},
    author={"type": "string", "maxLength": 200},
    surface=schema.one_of(("comment", "dm", "mention", "review")),
    first_message={"type": "boolean"},
    author_messages={"type": "integer", "minimum": 0, "maximum": 1_000_000},
    strikes={"type": "integer", "minimum": 0, "maximum": 1000},
    banned_before={"type": "boolean"},
    contact_labels={"type": "array", "maxItems": 50, "items": LABEL},
    origin=schema.text(300),
    reply={"type": "boolean"},
    author_upheld={"type": "integer", "minimum": 0, "maximum": 1000},
    author_overturned={"type": "integer", "minimum": 0, "maximum": 1000},
    followers={"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
    crisis={"type": "boolean"},
    hour={"type": "integer", "minimum": 0, "maximum": 23},
    weekday=schema.one_of(DAYS),
    **{name: {"type": "integer", "minimum": 0, "maximum": 1000} for name in fields.LATELY},
    same_words={"type": "integer", "minimum": 0, "maximum": 1000},
    same_brands={"type": "integer", "minimum": 0, "maximum": 1000},
)
TRIED = schema.body(
    "RuleTried",
    ("matches", "acts", "findings", "promotion"),
    matches={"type": "boolean"},
    acts={"type": "array", "items": ACT},
    findings={"type": "array", "items": FINDING},
    promotion={"type": "array", "items": FEATURE},
)
_ENTRIES = {"type": "array", "maxItems": 2000, "items": {"type": "string", "minLength": 1, "maxLength": 100}}
_LIST: Mapping[str, Any] = {
    "name": NAME,
    "language": schema.one_of((*LANGUAGES, "any")),
    "category": CATEGORY,
    "severity": {"type": "integer", "minimum": 1, "maximum": 4},
    "certainty": schema.one_of(("clear", "aim", "vague")),
    "entries": _ENTRIES,
    "allowed": _ENTRIES,
}
NEW_TERM_LIST = schema.body("NewTermList", ("brand", "name", "entries"), brand=schema.id_of("brd"), **_LIST)
TERM_LIST_CHANGES = schema.body("TermListChanges", (), **_LIST)
WARNING = schema.body(
    "TermWarning",
    ("field", "place", "code"),
    field={"type": "string"},
    place={"type": "integer"},
    code={"type": "string"},
)
TERM_LIST = schema.body(
    "TermList",
    ("id", "brand", *_LIST, "warnings", "version", "created_at", "updated_at"),
    id=schema.id_of("trm"),
    brand=schema.id_of("brd"),
    **_LIST,
    warnings={"type": "array", "items": WARNING},
    version={"type": "integer"},
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
LEXICON = {"language": schema.one_of(LANGUAGES, default="en"), "category": CATEGORY, **schema.PAGE}
LEXICON_ENTRY = schema.body(
    "LexiconEntry",
    ("id", "word", "forms", "category", "severity", "certainty"),
    id={"type": "string"},
    word={"type": "string"},
    forms={"type": "array", "items": {"type": "string"}},
    category=CATEGORY,
    severity={"type": "integer"},
    certainty=CERTAINTY,
)
TEXT = schema.body("TermListTrial", ("text",), text={"type": "string", "maxLength": 8000})
FOUND = schema.body("TermListTried", ("findings",), findings={"type": "array", "items": FINDING})
