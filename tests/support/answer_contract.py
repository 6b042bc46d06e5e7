"""Every answer of the API against what its route declares, so that no test has to."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from chalicelib.api import http, schema, texts
from tests.support.routes import ROUTES

_made: dict[int, Draft202012Validator] = {}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PROBLEM = schema.body(
    "Problem",
    ("type", "title", "status", "code", "request_id"),
    type={"type": "string", "pattern": "^https?://[^ ]+/docs/problems/[a-z_]+$"},
    title={"type": "string", "minLength": 1},
    status={"type": "integer"},
    code={"type": "string", "pattern": "^[a-z_]+$"},
    request_id={"type": "string"},
    detail={"type": "string"},
    field={"type": "string"},
    changed={"type": "object"},
    lease={"type": "object"},
    reasons={"type": "array"},
    missing={"type": "array", "items": {"type": "string"}},
    answer={"type": "object"},
    cursor={"type": "string"},
    id={"type": "string"},
    ids={"type": "array", "items": {"type": "string"}},
    **{name: {"type": "string"} for name in ("state", "level", "reason", "since", "url")},
    **{name: {"type": "object"} for name in ("action", "limit")},
    excess={"type": ["array", "object"]},
    faults={"type": "array"},
    findings={"type": "array"},
    outcome={"type": ["object", "null"]},
    ban={"type": "string"},
    rules={"type": "array"},
    term_lists={"type": "array", "items": {"type": "string"}},
    line={"type": "integer"},
)


@dataclass(frozen=True)
class Answer:
    """What the product answered; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def problem(self) -> tuple[int, str]:
        """Status and stable code of a refusal."""
        return self.status, self.json["code"]


def check(verb: str, path: str, answer: Answer) -> None:
    """Fails unless it is what the route declares, or a refusal in the one form they have."""
    route = route_of(verb, path)
    assert answer.headers["request-id"]
    if answer.status >= 400:
        _check_problem(answer)
    elif route:
        assert answer.status == route.status, answer
        _check_headers(route, answer)
        if not (route.also and answer.headers["content-type"].startswith(route.also)):
            _check_json(route, answer)
    kept = texts.KEPT if route and route.public and answer.status < 400 else "no-store"
    assert answer.headers["cache-control"] in ("no-store", kept)
    assert answer.headers["x-content-type-options"] == "nosniff"


def _check_headers(route: http.Route, answer: Answer) -> None:
    """That it has what the document says is always there."""
    if route.verb == "GET" or route.tagged:
        assert answer.headers["etag"]
    if not (route.public or route.newcomers):
        assert answer.headers["ratelimit"]
        assert answer.headers["ratelimit-policy"]


def _check_json(route: http.Route, answer: Answer) -> None:
    assert answer.headers["content-type"] == "application/json"
    _validator(route.answer).validate(answer.json)
    assert not [text for text in _moments(answer.json) if not MOMENT.fullmatch(text)]


def route_of(verb: str, path: str) -> http.Route | None:
    """The declared route that serves it."""
    fitting = [
        route for route in ROUTES if route.verb == verb and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), path)
    ]
    return min(fitting, key=lambda route: route.path.count("{"), default=None)


def _check_problem(answer: Answer) -> None:
    assert answer.headers["content-type"] == "application/problem+json", answer
    _validator(PROBLEM).validate(answer.json)
    assert answer.json["status"] == answer.status


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Made once per schema, which it keeps alive."""
    if id(schema) not in _made:
        _made[id(schema)] = Draft202012Validator(schema)
    return _made[id(schema)]


def _moments(value: Any) -> Iterator[str]:
    """Everything below a key that says it is a time."""
    if isinstance(value, list):
        for item in value:
            yield from _moments(item)
    if isinstance(value, dict):
        for key, item in value.items():
            if (key == "at" or key.endswith("_at")) and isinstance(item, str):
                yield item
            yield from _moments(item)
