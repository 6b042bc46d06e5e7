"""The fields of a conversation that a condition can ask about, and the operators that compare them.

A question that fits `LEAF` never raises, whatever the conversation holds or lacks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from chalicelib import clock
from chalicelib.access.actors import Actor
from chalicelib.api import schema
from chalicelib.inbox import conversations, windows
from chalicelib.networks import base
from chalicelib.store.models.inbox import Conversation

Json = Mapping[str, Any]
UNITS_MS = {"s": clock.SECOND, "m": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY}
# Names in a condition that stand for other people depending on the viewer.
PEOPLE: Mapping[str, Callable[[Actor], Sequence[str]]] = {
    "me": lambda viewer: (viewer.member,),
    "my_teams": lambda viewer: viewer.teams,
}


@dataclass(frozen=True)
class Field:
    """`operators` maps each operator that the field takes to the schema of the value to compare with.

    `names` is a pattern for what follows the field's dot, in fields such as `attributes.city`. `people` is True if the
    field holds ids of members and teams, so that the names in PEOPLE can stand for them.
    """

    read: Callable[[Conversation, str], Any]
    operators: Mapping[str, Json]
    names: str = ""
    people: bool = False


def _one_or_more(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "array", "minItems": 1, "maxItems": 50, "items": schema}]}


def _is(**schema: Any) -> Json:
    return {"is": _one_or_more(schema)}


def _has(**schema: Any) -> Json:
    return {"has": _one_or_more(schema)}


_DURATION = {"type": "string", "pattern": "^[1-9][0-9]{0,4}[smhd]$"}
_AGE = {"older_than": _DURATION, "newer_than": _DURATION}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_KEY = "[a-z][a-z0-9_]{0,49}"
FIELDS: Mapping[str, Field] = {
    "status": Field(lambda conversation, _: conversation.status, _is(type="string", enum=conversations.STATUSES)),
    "brand": Field(lambda conversation, _: conversation.brand, _is(type="string", pattern="^brd_[0-9a-z]{1,60}$")),
    "channel": Field(lambda conversation, _: conversation.channel, _is(type="string", pattern="^chn_[0-9a-z]{1,60}$")),
    "network": Field(lambda conversation, _: conversation.network, _is(**schema.NETWORK)),
    "surface": Field(lambda conversation, _: conversation.surface, _is(type="string", enum=get_args(base.Surface))),
    "contact": Field(lambda conversation, _: conversation.contact, _is(type="string", pattern="^ctc_[0-9a-z]{1,60}$")),
    "assignee": Field(
        lambda conversation, _: conversation.assignee,
        _is(type=["string", "null"], pattern="^((mbr|tem)_[0-9a-z]{1,60}|me|my_teams)$"),
        people=True,
    ),
    "participants": Field(
        lambda conversation, _: conversation.participants or (),
        _has(type="string", pattern="^(mbr_[0-9a-z]{1,60}|me)$"),
        people=True,
    ),
    "priority": Field(
        lambda conversation, _: conversation.priority or "normal", _is(type="string", enum=conversations.PRIORITIES)
    ),
    "labels": Field(lambda conversation, _: conversation.labels or (), _has(type="string", pattern="^[\\w-]{1,50}$")),
    "unread": Field(lambda conversation, _: conversation.unread, {**_is(**_COUNT), "over": _COUNT}),
    "last_activity": Field(lambda conversation, _: conversation.last_at, _AGE),
    "created": Field(lambda conversation, _: conversation.created_at, _AGE),
    "waiting": Field(lambda conversation, _: conversation.waiting_since is not None, _is(type="boolean")),
    "paid": Field(lambda conversation, _: bool(conversation.paid), _is(type="boolean")),
    "waiting_since": Field(lambda conversation, _: conversation.waiting_since, _AGE),
    "direction": Field(
        lambda conversation, _: _direction(conversation), _is(type="string", enum=get_args(base.Direction))
    ),
    "attributes": Field(
        lambda conversation, name: (conversation.attributes or {}).get(name),
        _is(type=["string", "number", "boolean", "null"], maxLength=1000),
        names=_KEY,
    ),
    "window": Field(lambda conversation, _: windows.closes_at(conversation), {"closes_within": _DURATION}),
    "clock": Field(
        lambda conversation, name: (conversation.clocks or {}).get(name, (0, None))[1],
        {"reached": {"type": "integer", "minimum": 1, "maximum": 1000}},
        names=f"({'|'.join(conversations.SERVICE_LEVELS)})",
    ),
}
# A moment that is not set is neither older nor newer than another.
OPERATORS: Mapping[str, Callable[[Any, Any, int], bool]] = {
    "is": lambda value, operand, now: _exact(value) in operand,
    "has": lambda values, operand, now: any(_exact(value) in operand for value in values),
    "over": lambda value, operand, now: value > operand,
    "older_than": lambda value, operand, now: value is not None and value <= now - operand,
    "newer_than": lambda value, operand, now: value is not None and value > now - operand,
    "closes_within": lambda value, operand, now: value is not None and now < value <= now + operand,
    "reached": lambda value, operand, now: value is not None and value >= operand,
}


def _direction(conversation: Conversation) -> str | None:
    return (conversation.last_message or {}).get("direction")


def _exact(value: Any) -> tuple[bool, Any]:
    """The value together with whether it is a boolean: in JSON, unlike in Python, true does not equal 1."""
    return isinstance(value, bool), value


def compile(leaf: Json, viewer: Actor) -> Callable[[Conversation, int], bool]:
    """The leaf, which must fit LEAF, as a function of a conversation and the time (ms)."""
    name, _, rest = leaf["field"].partition(".")
    [operator] = set(leaf) - {"field"}
    field, compare = FIELDS[name], OPERATORS[operator]
    operand = _operand(field, operator, leaf[operator], viewer)
    return lambda conversation, now: compare(field.read(conversation, rest), operand, now)


def _operand(field: Field, operator: str, operand: Any, viewer: Actor) -> Any:
    """The value of a leaf as the operator compares it: a list for `is` and `has`, ms for a duration."""
    if operator in ("is", "has"):
        return [_exact(value) for name in listed(operand) for value in _meant_by(field, name, viewer)]
    return int(operand[:-1]) * UNITS_MS[operand[-1]] if isinstance(operand, str) else operand


def values(leaf: Json, viewer: Actor) -> list[Any]:
    """The values with which a leaf with `is` or `has` compares for this viewer; empty for other leaves."""
    field, names = FIELDS[leaf["field"].partition(".")[0]], listed(leaf.get("is", leaf.get("has", [])))
    return [value for name in names for value in _meant_by(field, name, viewer)]


def _meant_by(field: Field, value: Any, viewer: Actor) -> Sequence[Any]:
    """The members or teams that a name such as `me` stands for; the value itself if it is no such name."""
    return PEOPLE[value](viewer) if field.people and value in PEOPLE else (value,)


def listed(operand: Any) -> list[Any]:
    """A value, or a list of values of which any may match, as a list."""
    return operand if isinstance(operand, list) else [operand]


def _rule(name: str, field: Field) -> Json:
    hint = {schema.TOLD: f"`{name}` takes one of these: {', '.join(field.operators)}."}
    closed = {"properties": {"field": {}, **field.operators}, "additionalProperties": False, "minProperties": 2, **hint}
    return {"if": {"properties": {"field": {"pattern": _pattern(name, field)}}}, "then": {**closed, "maxProperties": 2}}


def _pattern(name: str, field: Field) -> str:
    return f"^{name}[.]{field.names}$" if field.names else f"^{name}$"


# The operators as the document shows them, where generators want one object: which field takes which is in words there.
SHOWN: Mapping[str, Json] = {
    "is": _one_or_more({"type": ["string", "number", "boolean", "null"]}),
    "has": _one_or_more({"type": "string"}),
    "over": _COUNT,
    **_AGE,
    "closes_within": _DURATION,
    "reached": FIELDS["clock"].operators["reached"],
}


LEAF: Json = {
    "type": "object",
    "required": ["field"],
    "properties": {
        "field": {"type": "string", "pattern": "|".join(_pattern(name, field) for name, field in FIELDS.items())}
    },
    "allOf": [_rule(name, field) for name, field in FIELDS.items()],
}
