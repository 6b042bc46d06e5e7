"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.search import conditions
from chalicelib.search.results import ORDERS

FILTERS = {
    "brand": schema.id_of("brd"),
    "status": {
        **inbox_schemas.STATUS,
        "description": "What is open, unless this or the closing window says otherwise.",
    },
    "channel": schema.id_of("chn"),
    "network": {"type": "string", "pattern": "^[a-z]{1,30}$"},
    "surface": inbox_schemas.SURFACE,
    "assignee": {"type": "string", "pattern": "^((mbr|tem)_[0-9a-z]{1,60}|me|none)$"},
    "priority": inbox_schemas.PRIORITY,
    "label": inbox_schemas.LABEL,
    "waiting": {"type": "boolean", "description": "Whether the other side spoke last and waits for an answer."},
    "window_closes_within": {
        "type": "integer",
        "minimum": 1,
        "maximum": 24,
        "description": "Open or pending, and to be answered freely for no longer than these hours.",
    },
}
INBOX = {**FILTERS, **schema.PAGE}
COUNT = schema.body(
    "Count",
    ("count", "more"),
    count={
        "type": "integer",
        "minimum": 0,
        "description": "Exact, however many there are, if only brands and statuses are asked for and you see all "
        "conversations of these brands. Otherwise up to 1,000 are looked through.",
    },
    more={"type": "boolean", "description": "There may be more than were looked through; false for an exact count."},
)
CONDITION = {"title": "Condition", schema.MOST_OBJECTS: conditions.OBJECTS, **conditions.schema()}
_CHOSEN = {
    "name": schema.text(100),
    "shared": {
        "type": "boolean",
        "description": "With everybody who works for one of its brands, and for each that the condition names.",
    },
    "brands": schema.nullable(
        {"type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": True, "items": schema.id_of("brd")}
    ),
    "condition": CONDITION,
    "order": schema.one_of(ORDERS, description="By last activity, or what can be answered the shortest first."),
}
NEW_VIEW = schema.body("NewView", ("name", "condition"), **_CHOSEN)
EDIT_VIEW = schema.body("ViewChange", (), **_CHOSEN)
VIEW = schema.body(
    "View",
    ("id", "name", "shared", "owner", "brands", "condition", "order", "version"),
    id=schema.id_of("viw"),
    name={"type": "string"},
    shared={"type": "boolean"},
    owner={"type": "string"},
    brands=schema.nullable({"type": "array", "items": schema.id_of("brd")}),
    condition={"type": "object"},
    order=schema.one_of(ORDERS),
    version={"type": "integer"},
)
VIEW_COUNT = schema.body("ViewCount", ("view", "count", "more"), view=schema.id_of("viw"), **COUNT["properties"])
