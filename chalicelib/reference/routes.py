"""/v1/openapi.json: the API's document, for everybody."""

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.api.texts import Text
from chalicelib.reference import files

DOCUMENT = {
    **schema.body(
        "OpenAPI", ("openapi", "info", "servers", "paths", "components"), openapi={"type": "string"},
        info={"type": "object"}, servers={"type": "array", "items": {"type": "object"}}, paths={"type": "object"},
        components={"type": "object"},
    ),
    "additionalProperties": True,
}  # fmt: skip


@route("GET", "/openapi.json", permission=SIGNED_IN, public=True, answer=DOCUMENT)
def show_document(call: Call) -> Text:
    """Describes this API, for programs, as OpenAPI 3.1."""
    return Text(files.text("openapi.json", call.api))
