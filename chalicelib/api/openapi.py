"""The OpenAPI 3.1 document, made from the routes and from the schemas that requests are checked with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import errors
from chalicelib.api.http import Route

Json = dict[str, Any]
_STRING: Json = {"type": "string"}
_KEY = (
    "A POST with the same key and body happens once; its answer is given again for a day."
    " The repeat of one that answered with a secret is refused with `shown_once`."
)
_HEADERS: Json = {
    "Agency": {"name": "Palabre-Agency", "description": "Which agency, for members of several.", "schema": _STRING},
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "description": _KEY,
        "schema": {**_STRING, "pattern": "^[!-~]{1,256}$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "description": "The ETag of what was read; refused with 412 if its version has changed since.",
        "schema": _STRING,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "description": "The ETag of what was read; 304 without a body if nothing has changed since.",
        "schema": _STRING,
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "description": "In which language the titles of problems are: en, de, es, fr or pt.",
        "schema": _STRING,
    },
}
_REQUEST: Json = {"Request-Id": {"description": "By which this request is found again.", "schema": _STRING}}
_ETAG: Json = {
    "ETag": {
        "description": "Another one whenever the answer is another. Where there is a version, it is before the point.",
        "schema": _STRING,
    }
}
_ALLOW: Json = {"Allow": {"description": "What this address takes.", "schema": _STRING}}
_LIMITS: Json = {
    "RateLimit": {
        "description": "What is left of the tighter limit, and in how many seconds it is whole.",
        "schema": _STRING,
    },
    "RateLimit-Policy": {"description": "The limits of an agency and of a caller, per minute.", "schema": _STRING},
}
_WAIT: Json = {"Retry-After": {"description": "In how many seconds to try again.", "schema": {"type": "integer"}}}
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `field` names what is wrong.",
    "properties": {
        **dict.fromkeys(("type", "title", "code", "request_id", "detail", "field"), _STRING),
        "status": {"type": "integer"},
        "lease": {"type": "object", "description": "With `leased`: who is answering."},
        "changed": {"type": "object", "description": "With `answered_meanwhile`: what happened since."},
        "reasons": {"type": "array", "description": "With `stale`: why.", "items": {}},
        "answer": {"type": "object", "description": "With `shown_once`: the first answer, without its secret."},
        "id": {**_STRING, "description": "With `external_id_taken`: the thing that has it."},
        "ids": {
            "type": "array",
            "items": _STRING,
            "description": "With `external_id_ambiguous`: the things.",
        },
        "cursor": {**_STRING, "description": "With `resync_required`: where to go on."},
        "missing": {"type": "array", "description": "What has to be given first, by name.", "items": _STRING},
        "state": {**_STRING, "description": "With a 402: the state of the subscription."},
        "level": {**_STRING, "description": "With a 402: what the subscription allows."},
        "reason": {**_STRING, "description": "With a 402: why."},
        "since": {**_STRING, "description": "With a 402: since when."},
        "action": {"type": "object", "description": "With a 402: what would change it, and whether you may do it."},
        "limit": {"type": "object", "description": "With `limit_reached`: of what there are enough."},
        "excess": {"description": "With `does_not_fit` and `below_use`: of what more is in use."},
        "faults": {
            "type": "array",
            "items": {"type": "object"},
            "description": "With `line_faults`: all that is wrong, each with its field and code.",
        },
        "findings": {
            "type": "array",
            "items": {"type": "object"},
            "description": "With `against_the_line`: what the editorial line has against the text.",
        },
        "line": {"type": "integer", "description": "With `against_the_line`: the version of the line."},
        "url": {**_STRING, "description": "With a payment that did not go through: Stripe's page to make it on."},
    },
    "required": ["type", "title", "status", "code", "request_id"],
}


def document(routes: Sequence[Route], version: str) -> Json:
    """The whole API. Each schema that has a title is a component of that name; ValueError for a title given twice."""
    components: dict[str, Any] = {}
    for route in routes:
        for part in (route.body, route.answer, *route.query.values()):
            _collect(part, components)
    paths: dict[str, Json] = {}
    for route in sorted(routes, key=lambda route: route.path):
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    described = {name: _inner(components[name]) for name in sorted(components)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Palabre", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "{api}/v1", "variables": {"api": {"default": "https://api.example.com"}}}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "parameters": {name: {"in": "header", **header} for name, header in _HEADERS.items()},
            "responses": {error.__name__: _problem(error) for error in errors.Problem.__subclasses__()},
            "schemas": {"Problem": PROBLEM, **described},
        },
    }


def _operation(route: Route) -> Json:
    path_parts = [{"name": name, "in": "path", "required": True} for name in re.findall(r"{(\w+)}", route.path)]
    query = [_parameter(name, schema) for name, schema in route.query.items()]
    is_read = route.verb == "GET"
    taken = {
        "Agency": not route.public,
        "AcceptLanguage": True,
        "IdempotencyKey": route.verb == "POST",
        "IfMatch": route.versioned,
        "IfNoneMatch": is_read,
    }
    headers = [name for name, takes in taken.items() if takes]
    body = route.body and {"required": bool(route.body["required"]), "content": _json(route.body)}
    also = {route.also: {"schema": _STRING}} if route.also else {}
    answer = {"description": "Done.", "content": {**_json(route.answer), **also}}
    tag = _ETAG if route.tagged or is_read else {}
    answer |= {"headers": {**({} if route.newcomers or route.public else _LIMITS), **tag, **_REQUEST}}
    known = {"304": {"description": "You have it already.", "headers": {**tag, **_REQUEST}}} if is_read else {}
    problems = {str(error.status): {"$ref": f"#/components/responses/{error.__name__}"} for error in _refusals(route)}
    return {
        "operationId": route.view.__name__,
        "summary": route.summary,
        "tags": [route.path.split("/")[1]],
        "parameters": [
            *({**part, "schema": _STRING} for part in path_parts),
            *query,
            *({"$ref": f"#/components/parameters/{name}"} for name in headers),
        ],
        **({"requestBody": body} if body else {}),
        **({"x-permissions": list(route.permissions)} if route.permissions else {}),
        **({"security": []} if route.public else {}),
        **({"deprecated": True, "x-sunset": route.ends.until} if route.ends else {}),
        "responses": {str(route.status): answer, **known, **problems},
    }


def _parameter(name: str, schema: Any) -> Json:
    parted = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", **parted, "schema": _schema(schema)}


def _refusals(route: Route) -> Iterator[type[errors.Problem]]:
    yield from () if route.public else (errors.Unauthenticated, errors.Forbidden)
    yield from (errors.TooMany, errors.Unavailable)
    if route.pays not in ("never", "protect") or route.path in _PAYING:
        yield errors.PaymentRequired
    if "{" in route.path:
        yield errors.NotFound
    if route.query or route.body is not None:
        yield from (errors.Malformed, errors.Invalid)
    if route.verb != "GET":
        yield from (errors.Conflict, errors.PreconditionFailed)
    if route.body is not None:
        yield from (errors.TooLarge, errors.UnsupportedMedia)


# Operations that are themselves a payment.
_PAYING = ("/billing/pay", "/billing/resume", "/billing/subscription")


def _problem(error: type[errors.Problem]) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    waits = _WAIT if error in (errors.TooMany, errors.Unavailable) else {}
    allow = _ALLOW if error is errors.NotAllowed else {}
    return {"description": f"{error.title}.", "headers": {**_REQUEST, **waits, **allow}, "content": content}


def _collect(schema: Any, components: dict[str, Any]) -> None:
    """Every titled object of a schema, by its title."""
    parts = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list | tuple) else ()
    title = _title(schema)
    if title and components.setdefault(title, schema) != schema:
        raise ValueError(f"Two schemas are called {title}.")
    for part in parts:
        _collect(part, components)


def _title(schema: Any) -> str:
    """The name of the component a schema is; empty where it is none. A property may be called `title` as well."""
    title = schema.get("title") if isinstance(schema, Mapping) else None
    return title if isinstance(title, str) else ""


def _json(schema: Any) -> Json:
    return {"application/json": {"schema": _schema(schema)}}


def _schema(schema: Any) -> Any:
    """The schema, or a reference to the component it is."""
    title = _title(schema)
    return {"$ref": f"#/components/schemas/{title}"} if title else _inner(schema)


def _inner(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {key: _schema(value) for key, value in schema.items()}
    return [_schema(value) for value in schema] if isinstance(schema, list | tuple) else schema
