"""The OpenAPI 3.1 document, made from the routes and from the schemas that requests are checked with."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import errors
from chalicelib.api import schemes
from chalicelib.api.http import Route
from chalicelib.api.schema import NETWORK, SHOWN

Json = dict[str, Any]
_STRING: Json = {"type": "string"}
_KEY = (
    "A POST with the same key and body is done once; for a day, repeats get the first answer again."
    " If that answer had a secret, repeats are refused with `shown_once`."
)
_HEADERS: Json = {
    "Agency": {"name": "Palabre-Agency", "description": "The agency, for members of several.", "schema": _STRING},
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "description": _KEY,
        "schema": {**_STRING, "pattern": "^[!-~]{1,256}$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "description": "The ETag of what you read. If its version has changed since, the request is refused with 412.",
        "schema": _STRING,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "description": "The ETag of what you read. If nothing has changed since, the answer is 304, without a body.",
        "schema": _STRING,
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "description": "The language for the titles of problems: en, de, es, fr or pt.",
        "schema": _STRING,
    },
}
# What answers have, by the name of the header; some are in all answers that name them.
_ANSWERED: Json = {
    "Request-Id": {"description": "The id of the request, to ask for help.", "required": True, "schema": _STRING},
    "ETag": {
        "required": True,
        "description": "Changes whenever the answer changes. If the thing has a version, it stands before the point.",
        "schema": _STRING,
    },
    "Allow": {"description": "The methods that the address takes.", "schema": _STRING},
    "RateLimit": {
        "required": True,
        "description": "How many requests are left of the tighter limit, and in how many seconds it starts anew.",
        "schema": _STRING,
    },
    "RateLimit-Policy": {
        "description": "The limits of requests per minute, for an agency and for a caller.",
        "required": True,
        "schema": _STRING,
    },
    "Retry-After": {"description": "After how many seconds to try again.", "schema": {"type": "integer", "minimum": 0}},
    "Idempotent-Replayed": {
        "description": "`true` if this is the answer to an earlier request with the same Idempotency-Key; else absent.",
        "schema": {**_STRING, "enum": ["true"]},
    },
    "Content-Language": {"description": "The language of the title.", "schema": _STRING},
}
# What stands in addresses, by the name of the part; an id may be the client's own, which is of any form.
_PARTS: Mapping[str, Json] = {
    "id": _STRING,
    "name": {**_STRING, "pattern": "^[a-z][a-z0-9_]{0,49}$"},
    "number": {"type": "integer", "minimum": 1, "maximum": 999_999},
    "network": NETWORK,
    "event": {**_STRING, "pattern": "^evt_[0-9a-z]{1,60}$"},
    "job": {**_STRING, "pattern": "^job_[0-9a-z]{1,60}$"},
}
_STRINGS: Json = {"type": "array", "items": _STRING}
_COUNT: Json = {"type": ["integer", "null"]}


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties}


_EXCESS = _object(name=_STRING, allowed=_COUNT, used=_COUNT)
PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, `field` names what is wrong.",
    "properties": {
        **dict.fromkeys(("type", "title", "code", "request_id", "detail", "field"), _STRING),
        "status": {"type": "integer"},
        "lease": {
            **_object(holder=_STRING, name=_STRING, until={**_STRING, "format": "date-time"}),
            "description": "With `leased`: who is answering; empty if they have just stopped.",
        },
        "changed": {
            **_object(message=_STRING, by={"type": ["string", "null"]}),
            "description": "With `answered_meanwhile`: the answer, and who gave it.",
        },
        "reasons": {**_STRINGS, "description": "With `stale`: what happened since the reply was written."},
        "answer": {
            "type": "object",
            "additionalProperties": True,
            "description": "With `shown_once`: the first answer, without its secret.",
        },
        "id": {**_STRING, "description": "With `external_id_taken` and `app_not_approved`: the id of the thing."},
        "ids": {**_STRINGS, "description": "With `external_id_ambiguous`: the ids of the things that have it."},
        "cursor": {**_STRING, "description": "With `resync_required`: the cursor from which to go on."},
        "missing": {**_STRINGS, "description": "With `attribute_required`: the names of the missing attributes."},
        "state": {**_STRING, "description": "With a 402: the state of the subscription."},
        "level": {**_STRING, "description": "With a 402: what the subscription allows."},
        "reason": {**_STRING, "description": "With a 402: why the subscription has this state."},
        "since": {**_STRING, "description": "With a 402: since when it has this state."},
        "action": {
            **_object(kind=_STRING, href=_STRING, allowed={"type": "boolean"}),
            "description": "With a 402: what would change it, and whether you may do it.",
        },
        "limit": {
            **_object(name=_STRING, allowed=_COUNT, used=_COUNT, plan=_STRING),
            "description": "With `limit_reached`: the name of the limit, what it allows and what is used.",
        },
        "excess": {
            "anyOf": [_EXCESS, {"type": "array", "items": _EXCESS}],
            "description": "With `below_use` and `does_not_fit`: the limits above which more is in use.",
        },
        "faults": {
            "type": "array",
            "items": _object(field=_STRING, code=_STRING),
            "description": "With `line_faults` and `term_faults`: up to 100 faults, each with its field and code.",
        },
        "findings": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/LineFinding"},
            "description": "With `against_the_line`: what the editorial line has against the text.",
        },
        "outcome": {
            "anyOf": [{"$ref": "#/components/schemas/CaseOutcome"}, {"type": "null"}],
            "description": "With `decided`: how the case was decided.",
        },
        "ban": {**_STRING, "description": "With `banned`: the id of the ban."},
        "rules": {**_STRINGS, "description": "With `clause_cited`: the ids of the rules that cite it."},
        "term_lists": {**_STRINGS, "description": "With `everyday_words`: the ids of the term lists with such words."},
        "line": {"type": "integer", "description": "With `against_the_line`: the version of the editorial line."},
        "url": {**_STRING, "description": "If a payment failed: the address of Stripe's page on which to make it."},
    },
    "required": ["type", "title", "status", "code", "request_id"],
}


def document(routes: Sequence[Route], version: str) -> Json:
    """The document of the whole API. Each schema with a title becomes a component of that name.

    Raises ValueError if two different schemas have the same title.
    """
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
        "info": {
            "title": "Palabre",
            "version": version,
            "contact": {"name": "Palabre", "url": "https://palabre.dev"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [schemes.SERVER],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": schemes.SCHEMES,
            "headers": _ANSWERED,
            "parameters": {name: {"in": "header", **header} for name, header in _HEADERS.items()},
            "responses": {error.__name__: _problem(error) for error in errors.Problem.__subclasses__()},
            "schemas": {"Problem": PROBLEM, **described},
        },
    }


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _operation(route: Route) -> Json:
    names = re.findall(r"{(\w+)}", route.path)
    path_parts = [{"name": name, "in": "path", "required": True, "schema": _PARTS[name]} for name in names]
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
    needed = route.body and bool(route.body["required"] or route.body.get("minProperties"))
    body = route.body and {"required": needed, "content": _json(route.body)}
    also = {route.also: {"schema": _STRING}} if route.also else {}
    answer = {"description": "Done.", "content": {**_json(route.answer), **also}}
    tag = ["ETag"] if route.tagged or is_read else []
    limits = [] if route.newcomers or route.public else ["RateLimit", "RateLimit-Policy"]
    replayed = ["Idempotent-Replayed"] if route.verb == "POST" else []
    answer |= {"headers": _headers(*limits, *tag, *replayed, "Request-Id")}
    known = {"304": {"description": "Nothing has changed since.", "headers": _headers("ETag", "Request-Id")}}
    problems = {str(error.status): {"$ref": f"#/components/responses/{error.__name__}"} for error in _refusals(route)}
    return {
        "operationId": route.view.__name__,
        "summary": route.summary,
        "tags": [route.path.split("/")[1]],
        "parameters": [
            *path_parts,
            *query,
            *({"$ref": f"#/components/parameters/{name}"} for name in headers),
        ],
        **({"requestBody": body} if body else {}),
        **({"x-permissions": list(route.permissions)} if route.permissions else {}),
        "security": schemes.of(route),
        **({"deprecated": True, "x-sunset": route.ends.until} if route.ends else {}),
        "responses": {str(route.status): answer, **(known if is_read else {}), **problems},
    }


def _parameter(name: str, schema: Any) -> Json:
    parted = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", **parted, "schema": _schema(schema)}


def _refusals(route: Route) -> Iterator[type[errors.Problem]]:
    yield from () if route.public else (errors.Unauthenticated, errors.Forbidden)
    yield from (errors.TooMany, errors.Unavailable)
    if route.pays not in ("never", "protect") or route.path in _PAYING:
        yield errors.PaymentRequired
    if "{" in route.path or (route.public and route.body is not None):  # what is public shows a token in its body
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
    waits = ["Retry-After"] if error in (errors.TooMany, errors.Unavailable) else []
    allow = ["Allow"] if error is errors.NotAllowed else []
    headers = _headers("Request-Id", "Content-Language", *waits, *allow)
    return {"description": f"{error.title}.", "headers": headers, "content": content}


def _collect(schema: Any, components: dict[str, Any]) -> None:
    if isinstance(schema, Mapping) and SHOWN in schema:
        components.setdefault(_title(schema), schema[SHOWN])
        return
    parts = schema.values() if isinstance(schema, Mapping) else schema if isinstance(schema, list | tuple) else ()
    title = _title(schema)
    if title and components.setdefault(title, schema) != schema:
        raise ValueError(f"Two schemas are called {title}.")
    for part in parts:
        _collect(part, components)


def _title(schema: Any) -> str:
    """The name of the schema's component, or "". `title` may also be a property's name; then it is no text."""
    title = schema.get("title") if isinstance(schema, Mapping) else None
    return title if isinstance(title, str) else ""


def _json(schema: Any) -> Json:
    return {"application/json": {"schema": _schema(schema)}}


def _schema(schema: Any) -> Any:
    title = _title(schema)
    return {"$ref": f"#/components/schemas/{title}"} if title else _inner(schema)


def _inner(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        if SHOWN in schema:
            return _inner(schema[SHOWN])
        return {key: _schema(value) for key, value in schema.items()}
    return [_schema(value) for value in schema] if isinstance(schema, list | tuple) else schema
