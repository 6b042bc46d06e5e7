"""The `webhooks` of the document: for each type of event what is posted to endpoints, with an example."""

from collections.abc import Mapping
from typing import Any

from chalicelib.events import catalogue, examples
from chalicelib.webhooks import targets

Json = dict[str, Any]
_STRING = {"type": "string"}
HEADERS = {
    "webhook-id": "The same for each attempt, so that you take an event once.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "What the secret makes of id, time and body, as Standard Webhooks says; several in a change.",
    "palabre-caused-by": "The endpoint whose receiver caused it, where one did.",
}
_OPTIONAL = ("palabre-caused-by",)
_TAKEN = {
    "description": "Any 2xx within 15 seconds means that you have it; everything else is tried again for three days."
}


def of() -> Json:
    """By type, in order; only the types that endpoints can get."""
    return {
        type: {"post": _operation(type, catalogue.TYPES[type])}
        for type in sorted(catalogue.TYPES)
        if type in targets.types()
    }


def _operation(type: str, summary: str) -> Json:
    known = examples.by_type().get(type)
    return {
        "operationId": "on_" + type.replace(".", "_"),
        "summary": summary,
        "description": "With `detail: thin`, which is the default of an endpoint, `data.data` is left out.",
        "tags": ["webhook-endpoints"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": name not in _OPTIONAL, "description": words, "schema": _STRING}
            for name, words in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _payload(type), **({"example": _posted(known)} if known else {})}
            },
        },
        "responses": {"2XX": _TAKEN},
    }


def _payload(type: str) -> Json:
    return {
        "title": "PostedEvent",  # what generators call it
        "type": "object",
        "properties": {
            "type": {"type": "string", "const": type, "description": "What happened."},
            "timestamp": {"type": "string", "format": "date-time", "description": "When."},
            "data": {"$ref": "#/components/schemas/Event", "properties": examples.own(type)},
        },
        "required": ["type", "timestamp", "data"],
    }


def _posted(event: Mapping[str, Any]) -> Json:
    return {"type": event["type"], "timestamp": event["at"], "data": event}
