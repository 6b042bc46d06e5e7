"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.events.catalogue import CATALOGUE

EVENT = schema.body(
    ("id", "type", "sequence", "at", "agency", "target", "performed_by"),
    id=schema.id_of("aud"),
    type={"enum": sorted(set(CATALOGUE.values()))},
    sequence={"type": "integer"},
    at={"type": "string", "format": "date-time"},
    agency=schema.id_of("agc"),
    brand=schema.nullable(schema.id_of("brd")),
    conversation=schema.nullable(schema.id_of("cnv")),
    target={"type": "string"},
    performed_by=schema.body(("id", "kind"), id={"type": "string"}, kind={"enum": ["member", "key", "system"]}),
    before={},
    after={},
)
EVENTS = {
    "after": {"type": "integer", "minimum": 0, "default": 0},
    "type": {"type": "string", "pattern": "^[a-z_]{1,40}([.][a-z_]{1,40})?$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 100},
}
FEED = schema.body(
    ("items", "after", "more"),
    items={"type": "array", "items": EVENT},
    after={"type": "integer", "description": "Ask with this number next time."},
    more={"type": "boolean", "description": "There is more to read at once."},
)
