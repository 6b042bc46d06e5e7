"""What a caller is told of a value that does not fit: what it has to be, and never the value."""

from typing import Any

import pytest

from chalicelib import errors
from chalicelib.api import schema

LIST = {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True}
OBJECT = {"type": "object", "minProperties": 1, "maxProperties": 2, schema.MOST_OBJECTS: 3}
SECRET = "yes.secret"


@pytest.mark.parametrize(
    ("wanted", "value", "detail"),
    [
        (schema.body("Thing", ("name",)), {}, "A required field is missing."),
        (schema.body("Thing"), {SECRET: 1}, "The object has a field that is not known here."),
        (schema.text(5), 5, "The value has to be of type string."),
        (schema.TEXT_OR_NULL, 5, "The value has to be of type string or null."),
        (schema.text(5), SECRET, "The text is too long: the maximum is 5 characters."),
        (schema.text(5), "", "The text is too short: the minimum is 1 character."),
        (schema.text(50, shortest=20), SECRET, "The text is too short: the minimum is 20 characters."),
        (schema.text(5), " ", "The text is blank."),
        (schema.text(5), "a\nb", "The text has a line break or another control character."),
        (schema.prose(5), "a\0b", "The text has a control character."),
        (schema.id_of("brd"), SECRET, "The value has to match ^brd_[0-9a-z]{1,60}$."),
        ({"pattern": f"^{'a?' * 50}$"}, SECRET, "The value has to have the form that the reference describes."),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, {SECRET: 1}, "The name has to match ^[a-z]+$."),
        (schema.one_of(["open", "closed"]), SECRET, 'The value has to be one of "open", "closed".'),
        (schema.one_of(map(str, range(99))), SECRET, "The value is not one of those that the reference lists."),
        ({"const": True}, SECRET, "The value has to be true."),
        ({"type": "integer", "minimum": 2}, 1, "The value is too small: the minimum is 2."),
        ({"type": "integer", "maximum": 2}, 3, "The value is too large: the maximum is 2."),
        (LIST, [], "The list needs at least 1 item."),
        (LIST, [1, 2, 3], "The list has too many items: the maximum is 2."),
        (LIST, [1, 1], "The list has the same item twice."),
        (OBJECT, {}, "The object needs at least 1 field."),
        (OBJECT, {"a": 1, "b": 1, "c": 1}, "The object has too many fields: the maximum is 2."),
        (OBJECT, {"a": [{}, {}, {}]}, "The value has too many parts: the maximum is 3 objects."),
        (schema.nullable(LIST), SECRET, "The value has none of the forms that are allowed here."),
        ({"properties": {"a": False}}, {"a": SECRET}, "The value is not valid here."),
        ({"minLength": 20, schema.TOLD: "Longer."}, SECRET, "Longer."),
    ],
)
def test_detail_says_what_fits(wanted: Any, value: Any, detail: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        schema.check(wanted, value)
    assert refused.value.detail == detail
    assert SECRET not in detail
