"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.uploads import kinds

NEW_UPLOAD = schema.body(
    "NewUpload",
    ("type", "size", "name"),
    type={
        "type": "string",
        "maxLength": 100,
        "pattern": "^[a-z0-9.+-]+/[a-z0-9.+-]+$",
        "description": f"Its MIME type, one of {', '.join(kinds.KINDS)}. SVG, HTML and archives are not accepted.",
    },
    size={
        "type": "integer",
        "minimum": 1,
        "description": "The exact size in bytes; up to 25 MB, for a video up to 100 MB.",
    },
    name=schema.text(200),
)
FORM = schema.body(
    "UploadForm",
    ("id", "url", "fields", "expires_at"),
    id=schema.id_of("upl"),
    url={"type": "string", "description": "The address to which you post the file, as multipart/form-data."},
    fields={
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "The form's fields, in any order; `file` comes last.",
    },
    expires_at=schema.TIME,
)
UPLOAD = schema.body(
    "Upload",
    ("id", "state", "type", "kind", "name", "size", "url", "created_at", "expires_at"),
    id=schema.id_of("upl"),
    state=schema.one_of(
        ("waiting", "uploaded", "used"),
        description="`waiting`: the file has not come yet. `uploaded`: it is not checked yet. `used`: it was "
        "checked, and stays.",
    ),
    type={"type": "string"},
    kind=schema.one_of(
        kinds.LARGEST, description="The kind as which the file is sent, unless an attachment says otherwise."
    ),
    name={"type": "string"},
    size={"type": "integer"},
    url={
        **schema.TEXT_OR_NULL,
        "description": "The address of the file once it is used, valid for a quarter of an hour.",
    },
    created_at=schema.TIME,
    expires_at={**schema.TIME_OR_NULL, "description": "When the upload is deleted, unless it is used before."},
)
