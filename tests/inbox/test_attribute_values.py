"""A value fits its definition, or is refused by name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import errors
from chalicelib.inbox import attributes

TYPES: dict[str, list[Any]] = {
    "text": ["", "Gold", "x" * 1000],
    "number": [0, -3, 12.5, 10**30],
    "boolean": [True, False],
    "date": ["2026-11-22", "2024-02-29"],
    "choice": ["gold", "silver"],
}
VALUES = [value for values in TYPES.values() for value in values] + ["2026-02-30", "20261122", "x" * 1001]


def definition(type: str, **more: Any) -> attributes.Definition:
    choices = ["gold", "silver"] if type == "choice" else None
    return {"title": "T", "type": type, "choices": choices, "brands": None, "required_on_resolve": False, **more}


def refused(definitions: attributes.Definitions, given: Any, held: Any = ()) -> str:
    """The field that is refused, if any."""
    try:
        attributes.check(definitions, given, dict.fromkeys(held, 1))
    except errors.Invalid as wrong:
        return wrong.field
    return ""


@pytest.mark.parametrize("type", TYPES)
def test_values_of_the_type_fit_and_others_do_not(type: str) -> None:
    definitions = {"it": definition(type)}
    fits = [value for value in VALUES if refused(definitions, {"it": value}) == ""]
    texts = [value for value in VALUES if isinstance(value, str) and len(value) <= 1000]
    assert fits == (texts if type == "text" else TYPES[type])


def test_null_takes_away_what_is_there_or_could_be() -> None:
    definitions = {"it": definition("number")}
    assert refused(definitions, {"it": None}) == refused(definitions, {"old": None}, held=["old"]) == ""
    assert refused(definitions, {"other": None}) == refused(definitions, {"other": 1}) == "attributes.other"


@given(st.dictionaries(st.sampled_from("abc"), st.booleans()), st.sets(st.sampled_from("abc")))
def test_what_is_required_and_missing_is_named(required: dict[str, bool], held: set[str]) -> None:
    definitions = {name: definition("text", required_on_resolve=needed) for name, needed in required.items()}
    missing = sorted(name for name, needed in required.items() if needed and name not in held)
    if not missing:
        attributes.check_required(definitions, dict.fromkeys(held, "x"))
        return
    with pytest.raises(errors.Invalid) as wrong:
        attributes.check_required(definitions, dict.fromkeys(held, "x"))
    assert (wrong.value.code, wrong.value.more) == ("attribute_required", {"missing": missing})
