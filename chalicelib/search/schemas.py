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
        "The statuses; `open` unless you name this or `window_closes_within`. `all` stands for any status.",
    ),
    "channel": _any_of(schema.id_of("chn")),
    "network": _any_of(schema.NETWORK),
    "surface": _any_of(inbox_schemas.SURFACE),
    "contact": _any_of(schema.id_of("ctc")),
    "assignee": _any_of(
        {"type": "string", "pattern": "^((mbr|tem)_[0-9a-z]{1,60}|me|none)$"},
        "The assignees: `me`, `none` for nobody, or members and teams.",
    ),
    "priority": _any_of(inbox_schemas.PRIORITY),
    "label": _any_of(inbox_schemas.LABEL, "Conversations that have any of these labels."),
    "unread": {"type": "boolean", "description": "Whether the conversation has an unread message."},
    "waiting": {"type": "boolean", "description": "Whether the other side wrote last and waits for an answer."},
    "paid": {
        "type": "boolean",
        "description": "Whether the conversation belongs to an advertisement, as far as the network says.",
    },
    "window_closes_within": {
        "type": "integer",
        "minimum": 1,
        "maximum": 24,
        "description": "Open or pending conversations that can be answered freely for at most this many hours.",
    },
    "updated_since": {**schema.TIME, "description": "Conversations that changed at this time or later."},
}
_ORDER = "By last activity, or first the conversations whose time to answer ends soonest."
INBOX = {**FILTERS, "order": schema.one_of(ORDERS, default="newest", description=_ORDER), **schema.PAGE}
COUNT = schema.body(
    "Count",
    ("count", "more"),
    count={
        "type": "integer",
        "minimum": 0,
        "description": "Exact, if you filter only by brands and statuses and can see all conversations of these "
        "brands. Otherwise at most 1,000 conversations are examined.",
    },
    more={
        "type": "boolean",
        "description": "If true, there may be more than were examined; false for an exact count.",
    },
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
        "description": "If true, the view is shared with everybody who works for one of its brands and for all "
        "brands in the condition.",
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
