"""What the routes of this area take and give."""

from collections.abc import Sequence
from typing import Any, get_args

from chalicelib.access.actors import Source
from chalicelib.api import schema
from chalicelib.channels import statuses
from chalicelib.events import catalogue, tallies
from chalicelib.inbox import conversations
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.networks import base
from chalicelib.networks.base import ChannelHealth
from chalicelib.templates import schemas as templates_schemas

_ROW = (
    "id", "channel", "network", "surface", "status", "paid", "contact", "assignee", "unread", "waiting_since",
    "version",
)  # fmt: skip
CONVERSATION_ROW = schema.body(
    "ConversationRow", _ROW, **{name: inbox_schemas.CONVERSATION["properties"][name] for name in _ROW}
)
_SHOWN = (
    "id", "direction", "kind", "author", "reply", "source", "status", "error", "edited_at", "deleted_at", "hidden",
    "sent_at",
)  # fmt: skip
MESSAGE_ROW = schema.body(
    "MessageRow",
    (*_SHOWN, "preview"),
    preview={"type": "string", "description": "The beginning of the text."},
    **{name: inbox_schemas.MESSAGE["properties"][name] for name in _SHOWN},
)
CHANNEL_ROW = schema.body(
    "ChannelRow",
    ("id", "network", "health", "alert"),
    id=schema.id_of("chn"),
    network={"type": "string"},
    health=schema.one_of(get_args(ChannelHealth)),
    alert=schema.TEXT_OR_NULL,
)
CONSENT_NEWS = schema.body(
    "ConsentNews",
    ("reason", "days_left", "ends_at", "connected_by"),
    reason={**schema.nullable(schema.one_of(get_args(base.Loss))), "description": "Why the token no longer works."},
    days_left={
        "type": ["integer", "null"],
        "description": "14, 7 or 1: the number of days within which somebody has to consent again.",
    },
    ends_at={**schema.TIME_OR_NULL, "description": "By when somebody has to consent again."},
    connected_by={
        **schema.TEXT_OR_NULL,
        "description": "The member, key or connect link that connected the account last.",
    },
)
TEMPLATE_ROW = schema.body("TemplateRow", tuple(templates_schemas.ROW), **templates_schemas.ROW)
NETWORK_NEWS = schema.body(
    "NetworkNews",
    ("key", "status", "since"),
    key={"type": "string", "description": "The key of the network everywhere in this API."},
    status={**schema.one_of(statuses.STATUSES), "description": "The network's status as a whole, as you see it."},
    since={**schema.TIME, "description": "Since when the network has this status."},
)
_IS_OF: dict[str, Any] = {
    "decision": schema.nullable(schema.id_of("dec")),
    "message": schema.nullable(schema.id_of("msg")),
    "acts": {"type": "array", "items": {"type": "string"}},
    "category": schema.TEXT_OR_NULL,
    "severity": {"type": ["integer", "null"]},
    "clause": schema.TEXT_OR_NULL,
    "line": {"type": ["integer", "null"]},
    "rule": schema.nullable(schema.id_of("rul")),
    "rule_version": {"type": ["integer", "null"]},
    "weight": {"type": ["integer", "null"]},
    "code": schema.TEXT_OR_NULL,
}
MODERATION_NEWS = schema.body("ModerationNews", tuple(_IS_OF), **_IS_OF)
COUNTER_CHANGE = schema.body(
    "CounterChange",
    ("counter", "assignee", "by"),
    counter=schema.one_of(sorted({*conversations.STATUSES, *tallies.OF_BRAND, *tallies.OF_ASSIGNEE})),
    assignee={
        **schema.TEXT_OR_NULL,
        "description": "The member or team whose counter it is; null for a counter of the whole brand.",
    },
    by={"type": "integer"},
)
DATA = schema.body(
    "EventData",
    (),
    conversation=CONVERSATION_ROW,
    message=MESSAGE_ROW,
    channel=CHANNEL_ROW,
    consent={**CONSENT_NEWS, "description": "With `channel.expiring` and `channel.expired`."},
    template=TEMPLATE_ROW,
    network={**NETWORK_NEWS, "description": "With `network.status_changed`."},
    moderation={
        **MODERATION_NEWS,
        "description": "What rules or people decided about a message, with events about that.",
    },
    before=schema.open_object("The values before the change, if you may read the audit.", type=["object", "null"]),
    after=schema.open_object("The values after the change, if you may read the audit.", type=["object", "null"]),
    counters={
        "type": "array",
        "items": COUNTER_CHANGE,
        "description": "The counters of the brand that changed and that you can see.",
    },
)
EVENT = schema.body(
    "Event",
    ("id", "type", "at", "agency", "brand", "conversation", "target", "version", "performed_by", "source", "caused_by"),
    id=schema.id_of("evt"),
    type=schema.one_of(sorted(catalogue.TYPES)),
    at=schema.TIME,
    agency=schema.id_of("agc"),
    brand=schema.nullable(schema.id_of("brd")),
    conversation=schema.nullable(schema.id_of("cnv")),
    target={
        "type": "string",
        "description": "The id of the thing that the event is about; for an attribute, its name.",
    },
    version={"type": ["integer", "null"], "description": "The version of the target: a higher version is newer."},
    performed_by=schema.nullable(schema.PERFORMER),
    source=schema.one_of(get_args(Source)),
    caused_by={**schema.TEXT_OR_NULL, "description": "The webhook endpoint whose receiver caused the event."},
    data={**schema.nullable(DATA), "description": "The target as it is now, and as far as you may see it."},
)
_CURSOR = {"type": "string", "maxLength": 2000}
_NAMES = {"type": "string", "pattern": "^[a-z_.]{1,80}(,[a-z_.]{1,80}){0,49}$"}
EVENTS = {
    "after": {**_CURSOR, "description": "The `cursor` of the last answer, or `now` for events from now on."},
    "brand": schema.id_of("brd"),
    "type": {
        **_NAMES,
        "description": "Types of events, or their first parts, separated by commas: `message,reply.sent`.",
    },
    "channel": schema.id_of("chn"),
    "network": {"type": "string", "pattern": "^[a-z_]{1,30}$"},
    "surface": schema.one_of(get_args(base.Surface)),
    "detail": schema.one_of(("full", "thin"), default="full", description="`thin` leaves out `data`: much faster."),
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
}
_END = {
    "cursor": {"type": "string", "description": "Send it with your next request: no event is missed or repeated."},
    "more": {"type": "boolean", "description": "If true, there are more events to read now."},
    "next_in": {"type": "integer", "description": "How many seconds to wait before the next request."},
}
FEED = schema.body("EventFeed", ("items", *_END), items={"type": "array", "items": EVENT}, **_END)
DESCRIBED = {"type": EVENTS["type"]}
CHANGES = {"since": EVENTS["after"], "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 100}}
CHANGED = schema.body(
    "ChangedConversations",
    ("items", "gone", *_END),
    items={"type": "array", "items": inbox_schemas.CONVERSATION},
    gone={
        "type": "array",
        "items": schema.id_of("cnv"),
        "description": "The conversations that you can no longer see.",
    },
    **_END,
)
TYPE = schema.body(
    "DescribedEvent",
    ("type", "summary", "schema", "sample"),
    type=EVENT["properties"]["type"],
    summary={"type": "string"},
    schema=schema.open_object("A JSON Schema (2020-12) of this type of event."),
    sample=schema.nullable(EVENT),
)
TYPES = schema.body("EventTypes", ("items",), items={"type": "array", "items": TYPE})


def _of_brand(description: str) -> dict[str, Any]:
    return {"type": ["integer", "null"], "description": description}


def _numbers(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"type": "integer"} for name in names}


_STATUSES = schema.body("StatusCounts", conversations.STATUSES, **_numbers(conversations.STATUSES))
_MINE = schema.body("OwnCounts", tallies.OF_ASSIGNEE, **_numbers(tallies.OF_ASSIGNEE))
_TEAM = schema.body(
    "TeamCounts", ("team", *tallies.OF_ASSIGNEE), team=schema.id_of("tem"), **_numbers(tallies.OF_ASSIGNEE)
)
COUNTERS = schema.body(
    "Counters",
    ("brand", "statuses", "unread", "waiting", "unassigned", "mine", "teams"),
    brand=schema.id_of("brd"),
    statuses={
        **schema.nullable(_STATUSES),
        "description": "The number of conversations in each status; null, as are `unread` and `waiting`, unless you "
        "can see all of them.",
    },
    unread=_of_brand("The number of unresolved conversations with a message that nobody has read."),
    waiting=_of_brand("The number of unresolved conversations in which the other side waits for an answer."),
    unassigned=_of_brand("The number of unresolved conversations that are assigned to nobody."),
    mine={
        **schema.nullable(_MINE),
        "description": "The same numbers for the unresolved conversations that are assigned to you.",
    },
    teams={
        "type": "array",
        "items": _TEAM,
        "description": "The same numbers for each of your teams that has such conversations.",
    },
)
# Each is a few numbers, so a page holds what a screen shows at once.
ALL_COUNTERS = {**schema.PAGE, "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 500}}
