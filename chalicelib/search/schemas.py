"""What the routes of this area take and give."""

from collections.abc import Mapping
from typing import Any

from chalicelib import trees
from chalicelib.api import schema
from chalicelib.inbox import conversations
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.search import conditions, searches
from chalicelib.search.results import ORDERS

MOST = 50  # values of one filter


def _any_of(item: Mapping[str, Any], description: str = "") -> dict[str, Any]:
    return schema.several(item, MOST, **({"description": description} if description else {}))


FILTERS = {
    "brand": _any_of(schema.id_of("brd")),
    "status": _any_of(
        schema.one_of((*conversations.STATUSES, searches.ALL)),
        "What is open, unless this or the closing window says otherwise; `all` is any.",
    ),
    "channel": _any_of(schema.id_of("chn")),
    "network": _any_of(schema.NETWORK),
    "surface": _any_of(inbox_schemas.SURFACE),
    "contact": _any_of(schema.id_of("ctc")),
    "assignee": _any_of(
        {"type": "string", "pattern": "^((mbr|tem)_[0-9a-z]{1,60}|me|none)$"},
        "`me`, `none` for nobody, or members and teams.",
    ),
    "priority": _any_of(inbox_schemas.PRIORITY),
    "label": _any_of(inbox_schemas.LABEL, "Those that have any of these."),
    "unread": {"type": "boolean", "description": "Whether anything that came in is unread."},
    "waiting": {"type": "boolean", "description": "Whether the other side spoke last and waits for an answer."},
    "paid": {"type": "boolean", "description": "Whether it hangs on an advertisement, as far as the network tells."},
    "window_closes_within": {
        "type": "integer",
        "minimum": 1,
        "maximum": 24,
        "description": "Open or pending, and to be answered freely for no longer than these hours.",
    },
    "updated_since": {**schema.TIME, "description": "What changed at that moment or later."},
}
_ORDER = "By last activity, or what can be answered the shortest first."
INBOX = {**FILTERS, "order": schema.one_of(ORDERS, default="newest", description=_ORDER), **schema.PAGE}
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
CONDITION = {
    "title": "Condition",
    schema.MOST_OBJECTS: trees.OBJECTS,
    schema.REFUSED: "bad_condition",
    schema.SHOWN: conditions.shown("Condition"),
    **conditions.schema(),
}
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
    "order": schema.one_of(ORDERS, description=_ORDER),
}
NEW_VIEW = schema.body("NewView", ("name", "condition"), external_id=schema.EXTERNAL_ID, **_CHOSEN)
VIEWS = {"external_id": schema.EXTERNAL_ID, **schema.PAGE}
EDIT_VIEW = schema.body("ViewChange", (), **_CHOSEN)
VIEW = schema.body(
    "View",
    ("id", "name", "shared", "owner", "brands", "condition", "order", "version"),
    id=schema.id_of("viw"),
    name={"type": "string"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
    shared={"type": "boolean"},
    owner={"type": "string"},
    brands=schema.nullable({"type": "array", "items": schema.id_of("brd")}),
    condition=CONDITION,
    order=schema.one_of(ORDERS),
    version={"type": "integer"},
)
VIEW_COUNT = schema.body("ViewCount", ("view", "count", "more"), view=schema.id_of("viw"), **COUNT["properties"])
