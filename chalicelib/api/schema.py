"""Builds JSON Schemas (2020-12) and checks values. A validator is built once per schema and kept.

An error names the field that is wrong, never its value. The cost of a check is bounded by the schema and by the size of
the value: a value that is too large is not checked further, and checking stops at the first error.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from chalicelib import errors, patterns, room, schema_errors
from chalicelib.access.actors import ActorKind

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Check = Callable[[Any, Any, Any, Any], Any]  # of a keyword: validator, the keyword's value, what is checked, schema
# By the identity of the schema. The schema is kept beside its validator, so that no other object gets that identity.
_built: dict[int, tuple[Mapping[str, Any], "Draft202012Validator"]] = {}
MOST_OBJECTS = "x-maxObjects"  # a keyword of ours: how many objects there may be in all of a value
SECRET = "x-secret"  # a keyword of ours: a text that is shown once, and that no kept answer holds
_LIMIT_OF: Mapping[type, str] = {str: "maxLength", list: "maxItems", dict: "maxProperties"}
_LIMITS = {*_LIMIT_OF.values(), MOST_OBJECTS}
TIME = {"type": "string", "format": "date-time", "maxLength": 40}
TIME_OR_NULL = {**TIME, "type": ["string", "null"]}
TEXT_OR_NULL = {"type": ["string", "null"]}
NETWORK = {"type": "string", "pattern": "^[a-z_]{1,30}$"}
TOLD = "x-told"  # a keyword of ours: what to say of what does not fit, where it is not plain
REFUSED = "x-refused"  # a keyword of ours: the code of what does not fit a property, where less is shown than checked
SHOWN = "x-shown"  # a keyword of ours: the schema as the document shows it, where what is checked is of another form


def text(longest: int, *, shortest: int = 1) -> dict[str, Any]:
    """One line of text that is not blank."""
    return {
        "type": "string",
        "minLength": shortest,
        "maxLength": longest,
        "allOf": [{"pattern": patterns.PLAIN}, {"pattern": patterns.NOT_BLANK}],
    }


def prose(longest: int) -> dict[str, Any]:
    """Text of one or more lines that is not blank."""
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "allOf": [{"pattern": patterns.LINES}, {"pattern": patterns.NOT_BLANK}],
    }


def id_of(prefix: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{prefix}_[0-9a-z]{{1,60}}$"}


def body(title: str, required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    """An object that refuses unknown fields. `title` is the name of its component in the OpenAPI document."""
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def one_of(values: Iterable[str], **more: Any) -> dict[str, Any]:
    """One of these texts; for a Literal, take them from `typing.get_args`."""
    return {"type": "string", "enum": list(values), **more}


def secret(description: str) -> dict[str, Any]:
    """A text that only the first answer shows, and no repeat; `description` says what it is for."""
    return {"type": "string", "description": f"{description}; shown once.", SECRET: True}


def open_object(description: str, **more: Any) -> dict[str, Any]:
    """An object whose fields somebody else defines, such as a network."""
    return {"type": "object", "additionalProperties": True, "description": description, **more}


def map_of(values: Mapping[str, Any], description: str) -> dict[str, Any]:
    """An object with arbitrary names; all its values have the same schema."""
    return {"type": "object", "additionalProperties": values, "description": description}


def nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def listing(item: Mapping[str, Any]) -> dict[str, Any]:
    """A page of items; `next` is the cursor of the next page, or null."""
    return {
        "title": f"{item['title']}Page",
        "type": "object",
        "properties": {"items": {"type": "array", "items": item}, "next": TEXT_OR_NULL},
        "required": ["items", "next"],
    }


def several(item: Mapping[str, Any], most: int, **more: Any) -> dict[str, Any]:
    """A query parameter with one or more values, separated by commas."""
    return {"type": "array", "items": item, "minItems": 1, "maxItems": most, **more}


EXTERNAL_ID = {
    "type": "string",
    "maxLength": 128,
    "pattern": "^[A-Za-z0-9._~:@+=-]{1,128}$",
    "description": "An id of your own, unique among things of this kind; within the brand, if the thing belongs to a "
    "brand.",
}
EXTERNAL_ID_OR_NULL = {**EXTERNAL_ID, "type": ["string", "null"]}
NOTHING = body("Nothing")
COMMENT = body("Comment", ("text",), text=prose(4000))
PERFORMER = body("Performer", ("id", "kind"), id={"type": "string"}, kind=one_of(get_args(ActorKind)))
PAGE: Mapping[str, Any] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
    "cursor": {"type": "string", "maxLength": 2000},
}


def check(schema: Mapping[str, Any], value: Any) -> None:
    """Raises Invalid naming the first field that does not fit."""
    error = next(_validator(schema).iter_errors(value), None)
    if error:
        field = ".".join(str(part) for part in (*error.path, *_field_names(error)))
        raise errors.Invalid(_reason(error), code=_code(schema, error), field=field)


def without_secrets(schema: Mapping[str, Any], value: Any) -> Any:
    """The value without its secret fields, as its schema marks them."""
    if isinstance(value, Mapping):
        properties = schema.get("properties", {})
        shown = {name: part for name, part in value.items() if SECRET not in properties.get(name, {})}
        return {name: without_secrets(properties.get(name, {}), part) for name, part in shown.items()}
    if isinstance(value, list):
        return [without_secrets(schema.get("items", {}), item) for item in value]
    return value


def _validator(schema: Mapping[str, Any]) -> "Draft202012Validator":
    if id(schema) not in _built:
        _built[id(schema)] = schema, _bounded_validator()(_exact(schema))
    return _built[id(schema)][1]


@cache
def _bounded_validator() -> Any:
    """A validator that checks a value's size first: of a value that is too large only the limit gives an error."""
    from jsonschema import Draft202012Validator, validators

    extend: Callable[..., Any] = validators.extend
    checks = {**Draft202012Validator.VALIDATORS, "type": _type, "uniqueItems": _unique}
    checks["items"] = _quicker_items(checks["items"])
    within_limits = {keyword: _within_limits(check) for keyword, check in checks.items()}
    bounded = {**within_limits, **dict.fromkeys(_LIMITS, _limit)}
    return extend(Draft202012Validator, bounded)


def _within_limits(check: Check) -> Check:
    def bounded(validator: Any, keyword: Any, value: Any, schema: Any) -> Any:
        return () if _is_too_large(value, schema) else check(validator, keyword, value, schema)

    return bounded


def _limit(validator: Any, keyword: Any, value: Any, schema: Any) -> Iterator[Exception]:
    from jsonschema import ValidationError

    if _is_too_large(value, schema):
        yield ValidationError("too large")


def _is_too_large(value: Any, schema: Mapping[str, Any]) -> bool:
    limit = schema.get(_LIMIT_OF.get(type(value), ""))
    if limit is not None and len(value) > limit:
        return True
    return MOST_OBJECTS in schema and room.has_more_objects(value, schema[MOST_OBJECTS])


def _type(validator: Any, types: Any, value: Any, schema: Any) -> Iterator[Exception]:
    """Takes the place of the library's check, which writes the whole value into its error."""
    from jsonschema import ValidationError

    if not any(validator.is_type(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield ValidationError("of another type")


def _unique(validator: Any, is_asked: bool, value: Any, schema: Any) -> Iterator[Exception]:
    """Takes the place of the library's check, which compares each item with each other one if they cannot be sorted."""
    from jsonschema import ValidationError

    if is_asked and isinstance(value, list) and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
        yield ValidationError("not unique")


def _quicker_items(library: Check) -> Check:
    """Takes the place of the library's check, which prepares a validator for each item anew; that takes longer than the
    check.
    """

    def items(validator: Any, inner: Any, value: Any, schema: Any) -> Iterator[Exception]:
        if not isinstance(value, list) or not isinstance(inner, Mapping) or "prefixItems" in schema:
            yield from library(validator, inner, value, schema) or ()
            return
        prepared = validator.evolve(schema=inner)
        for index, item in enumerate(value):
            for error in prepared.iter_errors(item):
                error.path.appendleft(index)
                yield error

    return items


def _exact(part: Any) -> Any:
    """The schema with its patterns translated, because JSON Schema and Python differ in them.

    Keywords about an object or array itself are put before those about its contents, so their errors come first.
    """
    if isinstance(part, list | tuple):
        return [_exact(value) for value in part]
    if not isinstance(part, Mapping):
        return part
    exact = {name: _exact(value) for name, value in sorted(part.items(), key=lambda keyword: _looks_inside(keyword[1]))}
    if isinstance(exact.get("pattern"), str):
        exact["pattern"] = patterns.as_pythons(exact["pattern"])
    if isinstance(exact.get("patternProperties"), dict):
        exact["patternProperties"] = {
            patterns.as_pythons(name): value for name, value in exact["patternProperties"].items()
        }
    return exact


def _looks_inside(keyword: Any) -> bool:
    """True for a keyword whose value holds further schemas, for the contents."""
    first = next(iter(keyword), None) if isinstance(keyword, list | tuple) else keyword
    return isinstance(first, Mapping)


def _reason(error: Any) -> str:
    if not isinstance(error.schema, Mapping):
        return schema_errors.UNKNOWN
    if error.validator not in _LIMITS:
        return error.schema.get(TOLD) or schema_errors.sentence(error, patterns.FAULTS)
    own = _LIMIT_OF.get(type(error.instance), "")  # whichever limit is asked first reports for all: see _limit
    is_own = own in error.schema and len(error.instance) > error.schema[own]
    return error.schema.get(TOLD) or schema_errors.of_limit(own if is_own else MOST_OBJECTS, error.schema)


def _code(schema: Mapping[str, Any], error: Any) -> str:
    """The first `x-refused` code on the way to the error; `empty` for an empty body, else ""."""
    part = schema
    for step in error.path:
        part = part.get("properties", {}).get(step, part.get("items", {}))
        if REFUSED in part:
            return str(part[REFUSED])
    return "empty" if error.validator == "minProperties" and not error.path else ""


def _field_names(error: Any) -> list[str]:
    """The name of the missing field, or of the unknown one if it is safe to repeat."""
    if error.validator == "required":
        return [name for name in error.validator_value if name not in error.instance][:1]
    if error.validator == "additionalProperties":
        extra = sorted(set(error.instance) - set(error.schema.get("properties", ())))[:1]
        return [name for name in extra if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name)]
    return []


def query(properties: Mapping[str, Any], given: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters of a query string, typed, with their defaults. Raises Invalid naming the first that is wrong."""
    values: dict[str, Any] = {
        name: schema["default"] for name, schema in properties.items() if "default" in schema and name not in given
    }
    for name, text_given in given.items():
        schema = properties.get(name)
        if schema is None:
            raise errors.Invalid("The address takes no such parameter.", field=name if name.isidentifier() else "")
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
    if schema.get("type") == "array":
        return text_given.split(",")
    return text_given
