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
    code={"type": "string", "description": "The code with which the reply would be refused."},
    detail=schema.TEXT_OR_NULL,
    field=schema.TEXT_OR_NULL,
)
FILE = schema.body(
    "CheckedFile",
    ("index", "kind", "mime", "size", "code", "detail", "most_bytes", "types"),
    index={"type": "integer", "description": "The file's place among the attachments."},
    kind=schema.nullable(schema.one_of(MEDIA)),
    mime=schema.TEXT_OR_NULL,
    size={"type": ["integer", "null"]},
    code={**schema.TEXT_OR_NULL, "description": "Why the file cannot be sent this way; null if it can."},
    detail=schema.TEXT_OR_NULL,
    most_bytes={
        "type": ["integer", "null"],
        "description": "The largest size of a file of this kind, in bytes; null if no such file can be sent.",
    },
    types={
        "type": "array",
        "items": {"type": "string"},
        "description": "The MIME types that can be sent; empty for any.",
    },
)
LENGTH = schema.body(
    "CheckedText",
    ("length", "most", "unit"),
    length={"type": "integer", "minimum": 0},
    most={"type": "integer", "minimum": 0},
    unit=schema.one_of(("characters", "bytes"), description="The unit in which the network counts."),
)
CHECKED_WAY = schema.body(
    "CheckedWay",
    ("way", "can", "problems", "until", "why", "reopens", "text", "media"),
    way=WAY,
    can={"type": "boolean"},
    problems={"type": "array", "items": PROBLEM},
    until={**schema.TIME_OR_NULL, "description": "When this way closes; null if it never closes or is not open."},
    why={**schema.TEXT_OR_NULL, "description": "Why this way is not open now; null if it is open."},
    reopens={**schema.TEXT_OR_NULL, "description": "The event that opens this way again."},
    text=LENGTH,
    media={"type": "array", "items": FILE},
)
CHECKED = schema.body(
    "ReplyCheck",
    ("can", "way", "problems", "needs", "line", "messages", "ways"),
    can={"type": "boolean", "description": "If true, the reply would be accepted now, as it is."},
    way={**WAY, "description": "The way to answer that the body asks for."},
    problems={
        "type": "array",
        "items": PROBLEM,
        "description": "All reasons to refuse the reply; the first is the one with which it would be refused.",
    },
    needs={**schema.nullable(NEEDS), "description": "The approvals that the reply needs; null if it needs none."},
    line={
        **schema.nullable(FINDINGS),
        "description": "What the brand's line objects to; null if no line is published.",
    },
    messages={"type": "integer", "description": "The number of messages as which the network gets the reply."},
    ways={
        "type": "array",
        "items": CHECKED_WAY,
        "description": "The ways to answer that the network has for this conversation.",
    },
)
