"""What the routes of saved views take and give."""

from chalicelib.api import schema
from chalicelib.inbox import condition, field, schemas
from chalicelib.inbox.listing import ORDERS

LEAF = field.LEAF
CONDITION = condition.schema()
_CHOSEN = {
    "name": schema.text(100),
    "shared": {"type": "boolean", "description": "With everybody who works for one of its brands."},
    "brands": schema.nullable(
        {"type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": True, "items": schema.id_of("brd")}
    ),
    "condition": CONDITION,
    "order": {"enum": list(ORDERS), "description": "By last activity, or what can be answered the shortest first."},
}
NEW_VIEW = schema.body(("name", "condition"), **_CHOSEN)
EDIT_VIEW = schema.body((), **_CHOSEN)
VIEW = schema.body(
    ("id", "name", "shared", "owner", "brands", "condition", "order", "version"),
    id=schema.id_of("viw"),
    name={"type": "string"},
    shared={"type": "boolean"},
    owner={"type": "string"},
    brands=schema.nullable({"type": "array", "items": schema.id_of("brd")}),
    condition={"type": "object"},
    order={"enum": list(ORDERS)},
    version={"type": "integer"},
)
VIEW_COUNT = schema.body(("view", "count", "more"), view=schema.id_of("viw"), **schemas.COUNT["properties"])
