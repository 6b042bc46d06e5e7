"""Says in a sentence why a value does not fit its schema, and what fits. Never quotes the value."""

import json
from collections.abc import Callable, Mapping
from typing import Any

UNKNOWN = "The value is not valid here."
_LONGEST_LIST, _LONGEST_PATTERN = 90, 60  # longer ones only fill the screen; the reference has them
_LIMITS = {
    "maxLength": "The text is too long: the maximum is {} characters.",
    "maxItems": "The list has too many items: the maximum is {}.",
    "maxProperties": "The object has too many fields: the maximum is {}.",
}
_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "additionalProperties": lambda _: "The object has a field that is not known here.",
    "required": lambda _: "A required field is missing.",
    "type": lambda types: f"The value has to be of type {' or '.join([types] if isinstance(types, str) else types)}.",
    "enum": lambda values: _one_of([json.dumps(value) for value in values]),
    "const": lambda value: _one_of([json.dumps(value)]),
    "minLength": lambda least: f"The text is too short: the minimum is {_counted(least, 'character')}.",
    "minItems": lambda least: f"The list needs at least {_counted(least, 'item')}.",
    "minProperties": lambda least: f"The object needs at least {_counted(least, 'field')}.",
    "minimum": lambda least: f"The value is too small: the minimum is {least}.",
    "maximum": lambda most: f"The value is too large: the maximum is {most}.",
    "anyOf": lambda _: "The value has none of the forms that are allowed here.",
    "uniqueItems": lambda _: "The list has the same item twice.",
}


def sentence(error: Any, patterns: Mapping[str, str]) -> str:
    """For an error of the library about any keyword but the limits of size. `patterns` are sentences for some of them,
    by the pattern in Python's syntax.
    """
    if error.validator == "pattern":
        noun = "name" if "propertyNames" in error.schema_path else "value"
        return patterns.get(error.validator_value) or _of_pattern(error.validator_value, noun)
    say = _SENTENCES.get(error.validator)
    return say(error.validator_value) if say else UNKNOWN


def of_limit(keyword: str, schema: Mapping[str, Any]) -> str:
    """For a value that is larger than the schema's limit with that keyword."""
    return _LIMITS.get(keyword, "The value has too many parts: the maximum is {} objects.").format(schema[keyword])


def _one_of(values: list[str]) -> str:
    listed = ", ".join(values)
    return (
        f"The value has to be {'' if len(values) == 1 else 'one of '}{listed}."
        if len(listed) <= _LONGEST_LIST
        else "The value is not one of those that the reference lists."
    )


def _of_pattern(pattern: str, noun: str) -> str:
    plain = pattern.replace("\\Z", "$")
    form = f"match {plain}" if len(plain) <= _LONGEST_PATTERN else "have the form that the reference describes"
    return f"The {noun} has to {form}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
