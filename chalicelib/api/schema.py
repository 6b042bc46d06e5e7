"""Builds JSON Schemas (2020-12) and checks values. A validator is built once per schema and kept.

An error names the field that is wrong, never the value that was in it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from chalicelib import errors
from chalicelib.access.actors import ActorKind

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

# By the identity of the schema. The schema is kept beside its validator, so that no other object gets that identity.
_built: dict[int, tuple[Mapping[str, Any], "Draft202012Validator"]] = {}
# No control characters, and none that change the direction in which text is read.
PLAIN = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"
LINES = PLAIN.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b-\\u001f")
NOT_BLANK = "\\S"
TIME = {"type": "string", "format": "date-time"}
TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
TEXT_OR_NULL = {"type": ["string", "null"]}


def text(longest: int, *, shortest: int = 1) -> dict[str, Any]:
    """One line of text, not blank."""
    return {
        "type": "string",
        "minLength": shortest,
        "maxLength": longest,
        "allOf": [{"pattern": PLAIN}, {"pattern": NOT_BLANK}],
    }


def prose(longest: int) -> dict[str, Any]:
    """Text of one or several lines, not blank."""
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "allOf": [{"pattern": LINES}, {"pattern": NOT_BLANK}],
    }


def id_of(prefix: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{prefix}_[0-9a-z]{{1,60}}$"}


def body(title: str, required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    """A closed object, which refuses what is not named. `title` names its component in the OpenAPI document."""
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def one_of(values: Iterable[str], **more: Any) -> dict[str, Any]:
    """One of these texts; the values of a Literal come from `typing.get_args`."""
    return {"type": "string", "enum": list(values), **more}


def nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def listing(item: Mapping[str, Any]) -> dict[str, Any]:
    """A page of items; `next` is the cursor of the page after it."""
    return {
        "title": f"{item['title']}Page",
        "type": "object",
        "properties": {"items": {"type": "array", "items": item}, "next": TEXT_OR_NULL},
        "required": ["items", "next"],
    }


NOTHING = body("Nothing")
COMMENT = body("Comment", ("text",), text=prose(4000))
PERFORMER = body("Performer", ("id", "kind"), id={"type": "string"}, kind=one_of(get_args(ActorKind)))
PAGE: Mapping[str, Any] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
    "cursor": {"type": "string", "maxLength": 2000},
}


def check(schema: Mapping[str, Any], value: Any) -> None:
    """Raises Invalid naming the first field that does not fit."""
    errors_by_field = sorted(_validator(schema).iter_errors(value), key=lambda error: list(map(str, error.path)))
    if errors_by_field:
        error = errors_by_field[0]
        field = ".".join(str(part) for part in error.path)
        raise errors.Invalid(_reason(error), field=field or _named(error))


def _validator(schema: Mapping[str, Any]) -> "Draft202012Validator":
    if id(schema) not in _built:
        from jsonschema import Draft202012Validator

        _built[id(schema)] = schema, Draft202012Validator(_exact(schema))
    return _built[id(schema)][1]


def _exact(part: Any) -> Any:
    """The schema with `$` in its patterns made exact: Python's, unlike JSON Schema's, matches before a last newline."""
    if isinstance(part, list | tuple):
        return [_exact(value) for value in part]
    if not isinstance(part, Mapping):
        return part
    exact = {name: _exact(value) for name, value in part.items()}
    if isinstance(exact.get("pattern"), str):
        exact["pattern"] = _ended(exact["pattern"])
    if isinstance(exact.get("patternProperties"), dict):
        exact["patternProperties"] = {_ended(name): value for name, value in exact["patternProperties"].items()}
    return exact


def _ended(pattern: str) -> str:
    return re.sub(r"(?<!\\)\$", r"\\Z", pattern)


def _reason(error: Any) -> str:
    reasons = {
        "additionalProperties": "There is no such field.", "required": "A field is missing.",
        "type": "Of the wrong type.",
        "enum": "Not one of the values known here.", "maxLength": "Too long.", "minLength": "Too short.",
        "maxItems": "Too many.", "minItems": "Too few.",
    }  # fmt: skip
    return reasons.get(error.validator, "Not valid.")


def _named(error: Any) -> str:
    if error.validator == "required":
        return next((name for name in error.validator_value if name not in error.instance), "")
    if error.validator == "additionalProperties":
        extra = sorted(set(error.instance) - set(error.schema["properties"]))
        return extra[0] if extra and re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", extra[0]) else ""
    return ""


def query(properties: Mapping[str, Any], given: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters of a query string, typed, with their defaults. Raises Invalid naming the first that is wrong."""
    values: dict[str, Any] = {
        name: schema["default"] for name, schema in properties.items() if "default" in schema and name not in given
    }
    for name, text_given in given.items():
        schema = properties.get(name)
        if schema is None:
            raise errors.Invalid("There is no such parameter.", field=name if name.isidentifier() else "")
        values[name] = _typed(schema, text_given)
        try:
            check(schema, values[name])
        except errors.Invalid as wrong:
            raise errors.Invalid(wrong.detail, field=name) from wrong
    return values


def _typed(schema: Mapping[str, Any], text_given: str) -> Any:
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d{1,9}", text_given):
        return int(text_given)
    if schema.get("type") == "boolean" and text_given in ("true", "false"):
        return text_given == "true"
    return text_given
