"""What the emulator remembers of a condition's text makes it faster, and changes none of its answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import dynamodb

from local import emulator

PIECES = st.sampled_from(
    ["#n", "name", ":v", "=", "<>", "BETWEEN", "AND", "NOT", "(", ")", "begins_with(", ",", "attribute_exists(", "."]
)
_slow = {name: getattr(dynamodb, name) for name in emulator.READ_FROM_TEXT}


def _answer(text: str, value: str) -> object:
    try:
        return dynamodb._evaluate_condition(text, {"name": {"S": value}}, {":v": {"S": "b"}}, {"#n": "name"})
    except ValueError as refusal:
        return str(refusal)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.sampled_from("abc"))
def test_answers_are_the_same(text: str, value: str) -> None:
    slowly = _answer(text, value)
    with pytest.MonkeyPatch.context() as restored:
        for name, function in _slow.items():
            restored.setattr(dynamodb, name, function)
        emulator.remember()
        assert [_answer(text, value), _answer(text, value)] == [slowly, slowly]


def test_installed_version_reads_conditions_where_this_expects_it() -> None:
    assert set(emulator.READ_FROM_TEXT) <= set(vars(dynamodb))
