"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.events.catalogue import CATALOGUE

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
