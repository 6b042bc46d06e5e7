"""What can be asked about a conversation: a table says how each field is read and what it takes, one how to compare.

A question that fits `LEAF` is always answered, whatever the conversation holds or lacks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store.models.inbox import Conversation

Json = Mapping[str, Any]
UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# Who looks decides who these are.
PEOPLE: Mapping[str, Callable[[Actor], Sequence[str]]] = {
    "me": lambda viewer: (viewer.member,),
    "my_teams": lambda viewer: viewer.teams,
}


@dataclass(frozen=True)
class Field:
    """`asks` are its questions, each with the schema of the answer asked for; `names` follow its dot, if it has one.

    `people` says that it holds members and teams, of whom some go by the names of PEOPLE.
    """

    read: Callable[[Conversation, str], Any]
    asks: Mapping[str, Json]
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
    "status": Field(lambda conversation, _: conversation.status, _is(enum=conversations.STATUSES)),
    "brand": Field(lambda conversation, _: conversation.brand, _is(type="string", pattern="^brd_[0-9a-z]{1,60}$")),
    "channel": Field(lambda conversation, _: conversation.channel, _is(type="string", pattern="^chn_[0-9a-z]{1,60}$")),
    "network": Field(lambda conversation, _: conversation.network, _is(type="string", pattern="^[a-z]{1,30}$")),
    "surface": Field(lambda conversation, _: conversation.surface, _is(enum=get_args(base.Surface))),
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
    "priority": Field(lambda conversation, _: conversation.priority or "normal", _is(enum=conversations.PRIORITIES)),
    "labels": Field(lambda conversation, _: conversation.labels or (), _has(type="string", pattern="^[\\w-]{1,50}$")),
    "unread": Field(lambda conversation, _: conversation.unread, {**_is(**_COUNT), "over": _COUNT}),
    "last_activity": Field(lambda conversation, _: conversation.last_at, _AGE),
    "created": Field(lambda conversation, _: conversation.created_at, _AGE),
    "waiting": Field(lambda conversation, _: conversation.waiting_since is not None, _is(type="boolean")),
    "waiting_since": Field(lambda conversation, _: conversation.waiting_since, _AGE),
    "direction": Field(lambda conversation, _: _direction(conversation), _is(enum=get_args(base.Direction))),
    "attributes": Field(
        lambda conversation, name: (conversation.attributes or {}).get(name),
        _is(type=["string", "number", "boolean", "null"], maxLength=1000),
        names=_KEY,
    ),
    "window": Field(lambda conversation, _: conversations.closes(conversation), {"closes_within": _DURATION}),
    "clock": Field(
        lambda conversation, name: (conversation.clocks or {}).get(name, (0, None))[1],
        {"reached": {"type": "integer", "minimum": 1, "maximum": 1000}},
        names=f"({'|'.join(conversations.SERVICE_LEVELS)})",
    ),
}
# A moment that never was is neither older nor newer than another.
OPERATORS: Mapping[str, Callable[[Any, Any, int], bool]] = {
    "is": lambda value, asked, now: _exact(value) in asked,
    "has": lambda value, asked, now: any(_exact(one) in asked for one in value),
    "over": lambda value, asked, now: value > asked,
    "older_than": lambda value, asked, now: value is not None and value <= now - asked,
    "newer_than": lambda value, asked, now: value is not None and value > now - asked,
    "closes_within": lambda value, asked, now: value is not None and now < value <= now + asked,
    "reached": lambda value, asked, now: value is not None and value >= asked,
}


def _direction(conversation: Conversation) -> str | None:
    return (conversation.last_message or {}).get("direction")


def _exact(value: Any) -> tuple[bool, Any]:
    """In JSON, unlike here, true is not 1."""
    return isinstance(value, bool), value


def compile(leaf: Json, viewer: Actor) -> Callable[[Conversation, int], bool]:
    """A leaf that fits LEAF, as a function of a conversation and the time (ms)."""
    name, _, rest = leaf["field"].partition(".")
    [operator] = set(leaf) - {"field"}
    read, compare, asked = FIELDS[name].read, OPERATORS[operator], _meant(FIELDS[name], operator, leaf, viewer)
    return lambda conversation, now: compare(read(conversation, rest), asked, now)


def _meant(field: Field, operator: str, leaf: Json, viewer: Actor) -> Any:
    asked = leaf[operator]
    if operator in ("is", "has"):
        return [_exact(one) for value in listed(asked) for one in _people(field, value, viewer)]
    return int(asked[:-1]) * UNITS[asked[-1]] if isinstance(asked, str) else asked


def _people(field: Field, value: Any, viewer: Actor) -> Sequence[Any]:
    return PEOPLE[value](viewer) if field.people and value in PEOPLE else (value,)


def listed(asked: Any) -> list[Any]:
    """One value, or several of which any will do, as several."""
    return asked if isinstance(asked, list) else [asked]


def _rule(name: str, field: Field) -> Json:
    closed = {"properties": {"field": {}, **field.asks}, "additionalProperties": False, "minProperties": 2}
    return {"if": {"properties": {"field": {"pattern": _pattern(name, field)}}}, "then": {**closed, "maxProperties": 2}}


def _pattern(name: str, field: Field) -> str:
    return f"^{name}[.]{field.names}$" if field.names else f"^{name}$"


LEAF: Json = {
    "type": "object",
    "required": ["field"],
    "properties": {
        "field": {"type": "string", "pattern": "|".join(_pattern(name, field) for name, field in FIELDS.items())}
    },
    "allOf": [_rule(name, field) for name, field in FIELDS.items()],
}
