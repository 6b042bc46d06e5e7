"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.events import schemas as events_schemas
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.texts import queries

KINDS = ("messages", "conversations", "contacts")
Q = {
    "type": "string",
    "maxLength": 1_000,
    "description": "Words, all of which are in it, whatever their case and accents; in quotes, with the spaces between "
    f"them. At most {queries.LONGEST} characters and {queries.MOST_WORDS} words.",
}
SEARCH = {
    "q": Q,
    "in": schema.one_of(KINDS, default="messages", description="What is listed."),
    "brand": schema.id_of("brd"),
    "network": schema.NETWORK,
    "author": {"type": "string", "pattern": "^(ctc|mbr|key)_[0-9a-z]{1,60}$", "description": "Who wrote it."},
    "label": {
        **schema.several(inbox_schemas.LABEL, 50),
        "description": "In conversations that have any of these labels now.",
    },
    "since": schema.TIME,
    "until": {**schema.TIME, "description": "Before this moment."},
    **schema.PAGE,
}
CONTACTS = {"q": Q, "brand": schema.id_of("brd"), "network": schema.NETWORK, **schema.PAGE}
PLACE = schema.body(
    "Highlight",
    ("start", "end"),
    start={"type": "integer", "minimum": 0},
    end={"type": "integer", "minimum": 0},
)
EXCERPT = schema.body(
    "Excerpt",
    ("text", "start", "highlights"),
    text={"type": "string", "description": "The part of the text, or the name, in which the first word is."},
    start={"type": "integer", "minimum": 0, "description": "How many characters of the text are before it."},
    highlights={
        "type": "array",
        "items": PLACE,
        "description": "Where the words are in this part. Characters are those of Unicode, not units of UTF-16.",
    },
)
RESULT = schema.body(
    "SearchResult",
    ("brand", "conversation", "contact", "message", "excerpt"),
    brand=schema.id_of("brd"),
    conversation={
        **schema.nullable(events_schemas.CONVERSATION_ROW), "description": "Null where contacts are listed.",
    },
    contact=schema.nullable(inbox_schemas.CONTACT_ROW),
    message={**schema.nullable(events_schemas.MESSAGE_ROW), "description": "Null where contacts are listed."},
    excerpt=EXCERPT,
)  # fmt: skip
