"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.events import schemas as events_schemas
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.texts import queries

KINDS = ("messages", "conversations", "contacts")
Q = {
    "type": "string",
    "maxLength": 1_000,
    "description": "Words that must all occur, in any case and with or without accents; in quotes, as a phrase with "
    f"the spaces between them. At most {queries.LONGEST} characters and {queries.MOST_WORDS} words.",
}
SEARCH = {
    "q": Q,
    "in": schema.one_of(KINDS, default="messages", description="What the search lists."),
    "brand": schema.id_of("brd"),
    "network": schema.NETWORK,
    "author": {
        "type": "string",
        "pattern": "^(ctc|mbr|key)_[0-9a-z]{1,60}$",
        "description": "The author of the message.",
    },
    "label": {
        **schema.several(inbox_schemas.LABEL, 50),
        "description": "Only in conversations that have any of these labels now.",
    },
    "since": schema.TIME,
    "until": {**schema.TIME, "description": "Only before this time."},
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
    text={"type": "string", "description": "The part of the text or name that contains the first word."},
    start={"type": "integer", "minimum": 0, "description": "How many characters of the text come before this part."},
    highlights={
        "type": "array",
        "items": PLACE,
        "description": "Where the words are in this part, counted in Unicode characters, not in UTF-16 units.",
    },
)
RESULT = schema.body(
    "SearchResult",
    ("brand", "conversation", "contact", "message", "excerpt"),
    brand=schema.id_of("brd"),
    conversation={
        **schema.nullable(events_schemas.CONVERSATION_ROW), "description": "Null in a list of contacts.",
    },
    contact=schema.nullable(inbox_schemas.CONTACT_ROW),
    message={**schema.nullable(events_schemas.MESSAGE_ROW), "description": "Null in a list of contacts."},
    excerpt=EXCERPT,
)  # fmt: skip
