"""JSON Schema (2020-12): validators are built once per schema, and say which field is wrong, never what was in it."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from chalicelib import errors
from chalicelib.access.actors import ActorKind

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

# By the identity of the schema, which is kept beside so that no other ever gets it.
_built: dict[int, tuple[Mapping[str, Any], "Draft202012Validator"]] = {}
# Control characters, and those that change the direction text is read in, have no place in a name.
PLAIN = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"
LINES = PLAIN.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b-\\u001f")
NOT_BLANK = "\\S"
TIME = {"type": "string", "format": "date-time"}
TIME_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
TEXT_OR_NULL = {"type": ["string", "null"]}


def text(longest: int, *, shortest: int = 1) -> dict[str, Any]:
    """A line of text for people."""
    return {
        "type": "string",
        "minLength": shortest,
        "maxLength": longest,
        "allOf": [{"pattern": PLAIN}, {"pattern": NOT_BLANK}],
    }


def prose(longest: int) -> dict[str, Any]:
    """Text for people that may have several lines."""
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "allOf": [{"pattern": LINES}, {"pattern": NOT_BLANK}],
    }


def id_of(prefix: str) -> dict[str, Any]:
    """An id of that kind."""
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
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listing(item: Mapping[str, Any]) -> dict[str, Any]:
    """A page of such items and the cursor of the next."""
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
    error = next(
        iter(sorted(_validator(schema).iter_errors(value), key=lambda found: list(map(str, found.path)))), None
    )
    if error is not None:
        field = ".".join(str(part) for part in error.path)
        raise errors.Invalid(_reason(error), field=field or _named(error))


def _validator(schema: Mapping[str, Any]) -> "Draft202012Validator":
    found = _built.get(id(schema))
    if found is None:
        from jsonschema import Draft202012Validator

        found = _built[id(schema)] = schema, Draft202012Validator(_exact(schema))
    return found[1]


def _exact(part: Any) -> Any:
    """The schema with patterns that mean what they say: Python's `$`, unlike JSON Schema's, lets a last newline by."""
    if isinstance(part, list | tuple):
        return [_exact(one) for one in part]
    if not isinstance(part, Mapping):
        return part
    found = {name: _exact(value) for name, value in part.items()}
    if isinstance(found.get("pattern"), str):
        found["pattern"] = _ended(found["pattern"])
    if isinstance(found.get("patternProperties"), dict):
        found["patternProperties"] = {_ended(name): value for name, value in found["patternProperties"].items()}
    return found


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
    """The query's parameters, of their types and with their defaults. Raises Invalid naming the first that is wrong."""
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
