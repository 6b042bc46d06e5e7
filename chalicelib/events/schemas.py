"""What the routes of this area take and give."""

from collections.abc import Sequence
from typing import Any

from chalicelib.api import schema
from chalicelib.events import tallies
from chalicelib.events.catalogue import CATALOGUE
from chalicelib.inbox import conversations

EVENT = schema.body(
    "Event",
    ("id", "type", "sequence", "at", "agency", "target", "performed_by"),
    id=schema.id_of("aud"),
    type=schema.one_of(sorted(set(CATALOGUE.values()))),
    sequence={"type": "integer"},
    at=schema.TIME,
    agency=schema.id_of("agc"),
    brand=schema.nullable(schema.id_of("brd")),
    conversation=schema.nullable(schema.id_of("cnv")),
    target={"type": "string"},
    performed_by=schema.PERFORMER,
    before={},
    after={},
)
EVENTS = {
    "after": {"type": "integer", "minimum": 0, "default": 0},
    "type": {"type": "string", "pattern": "^[a-z_]{1,40}([.][a-z_]{1,40})?$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 100},
}
FEED = schema.body(
    "EventFeed",
    ("items", "after", "more"),
    items={"type": "array", "items": EVENT},
    after={"type": "integer", "description": "Ask with this number next time."},
    more={"type": "boolean", "description": "There is more to read at once."},
)


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
        "description": "How many conversations are in each; null, like unread and waiting, unless you see all of them.",
    },
    unread=_of_brand("Of what is not resolved: with a message that nobody has read."),
    waiting=_of_brand("Of what is not resolved: the other side waits for an answer."),
    unassigned=_of_brand("Of what is not resolved: nobody's."),
    mine={**schema.nullable(_MINE), "description": "Of what is not resolved: yours."},
    teams={
        "type": "array",
        "items": _TEAM,
        "description": "The same for each of your teams that has any.",
    },
)
# Each is a few numbers, so a page holds what a screen shows at once.
ALL_COUNTERS = {**schema.PAGE, "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 500}}
