"""The requests that webhook endpoints get: the `webhooks` of the document, one for each type of event."""

from collections.abc import Mapping
from typing import Any

from chalicelib.deliveries import attempts
from chalicelib.events import catalogue
from local.reference import trees

Json = dict[str, Any]
_TEXT = {"type": "string"}
HEADERS: Mapping[str, str] = {
    "webhook-id": "The id of the event: the same each time that it is delivered.",
    "webhook-timestamp": "When it was sent, in seconds since 1970: refuse what is older than five minutes.",
    "webhook-signature": "Of `{webhook-id}.{webhook-timestamp}.{body}`: one or several of `v1,` or `v1a,` with a"
    " signature in base64, with spaces between; one that fits is enough.",
}
_HOW = (
    f"Signed as Standard Webhooks says. An answer from 200 to 299 within {attempts.LONGEST_SECONDS:.0f} seconds takes"
    " it; any other is tried again over three days."
)


def merged(document: Json, examples: Mapping[str, Any]) -> Json:
    """The document with what is delivered; `examples` are events by their types."""
    told = trees.copied(document)
    told["components"]["parameters"] |= {
        name: {"in": "header", "name": name, "required": True, "description": said, "schema": _TEXT}
        for name, said in HEADERS.items()
    }
    told["webhooks"] = {
        type: {"post": _delivered(type, summary, examples.get(type))}
        for type, summary in sorted(catalogue.TYPES.items())
    }
    return told


def _delivered(type: str, summary: str, example: Any) -> Json:
    of_type = {"type": "object", "properties": {"type": {"type": "string", "const": type}}, "required": ["type"]}
    content: Json = {"schema": {"allOf": [{"$ref": "#/components/schemas/Event"}, of_type]}}
    return {
        "operationId": f"on_{type.replace('.', '_')}",
        "summary": summary,
        "description": f"{summary} {_HOW}",
        "tags": ["webhook-endpoints"],
        "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in HEADERS],
        "requestBody": {
            "required": True,
            "content": {"application/json": {**content, **({"example": example} if example else {})}},
        },
        "responses": {
            "200": {"description": "It was taken."},
            "410": {"description": "Nobody listens here any more: the endpoint is disabled."},
        },
    }
