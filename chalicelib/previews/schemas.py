"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.editorial.schemas import FINDINGS
from chalicelib.replies.schemas import MEDIA, NEEDS, REPLY_TO

WAY = schema.one_of(("reply", "private_reply", "tag", "template"))
CHECK = schema.body("ReplyToCheck", ("conversation",), conversation=schema.id_of("cnv"), **REPLY_TO["properties"])
PROBLEM = schema.body(
    "ReplyProblem",
    ("status", "code", "detail", "field"),
    status={"type": "integer"},
    code={"type": "string", "description": "The same as that of the problem with which the reply is refused."},
    detail=schema.TEXT_OR_NULL,
    field=schema.TEXT_OR_NULL,
)
FILE = schema.body(
    "CheckedFile",
    ("index", "kind", "mime", "size", "code", "detail", "most_bytes", "types"),
    index={"type": "integer", "description": "Its place among the attachments."},
    kind=schema.nullable(schema.one_of(MEDIA)),
    mime=schema.TEXT_OR_NULL,
    size={"type": ["integer", "null"]},
    code={**schema.TEXT_OR_NULL, "description": "Why it does not go this way; null if it does."},
    detail=schema.TEXT_OR_NULL,
    most_bytes={"type": ["integer", "null"], "description": "The largest file of this kind; null where none goes."},
    types={"type": "array", "items": {"type": "string"}, "description": "The types that go; empty: any."},
)
LENGTH = schema.body(
    "CheckedText",
    ("length", "most", "unit"),
    length={"type": "integer", "minimum": 0},
    most={"type": "integer", "minimum": 0},
    unit=schema.one_of(("characters", "bytes"), description="In what the network counts."),
)
CHECKED_WAY = schema.body(
    "CheckedWay",
    ("way", "can", "problems", "until", "why", "reopens", "text", "media"),
    way=WAY,
    can={"type": "boolean"},
    problems={"type": "array", "items": PROBLEM},
    until={**schema.TIME_OR_NULL, "description": "When this way closes; null if it never does, or is not open."},
    why={**schema.TEXT_OR_NULL, "description": "Why this way is not open now; null if it is."},
    reopens={**schema.TEXT_OR_NULL, "description": "The event after which it is open again."},
    text=LENGTH,
    media={"type": "array", "items": FILE},
)
CHECKED = schema.body(
    "ReplyCheck",
    ("can", "way", "problems", "needs", "line", "messages", "ways"),
    can={"type": "boolean", "description": "It would be taken now, as it is."},
    way={**WAY, "description": "The way that the body asks for."},
    problems={"type": "array", "items": PROBLEM, "description": "All that is in its way; first what it is told first."},
    needs={**schema.nullable(NEEDS), "description": "Null if it would be sent without approvals."},
    line={
        **schema.nullable(FINDINGS),
        "description": "What the brand's line has against it; null if none is published.",
    },
    messages={"type": "integer", "description": "As how many messages the network takes it."},
    ways={"type": "array", "items": CHECKED_WAY, "description": "The ways to answer that the network has there."},
)
