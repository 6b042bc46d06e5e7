"""Values that are packed come back as they were, whatever they are; what was packed once can always be read."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.store.items import Packed
from chalicelib.store.models.moderation import Decision
from tests.support.thorough import examples

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
ACTS = [{"do": "hide", "value": None, "clause": "respect.insults", "rule": "rul_1", "version": 1}]
STORED = "c=;$X2M~*<ID!pP!ml<K0BYMCZ2"  # what `ACTS` were packed to when decisions were first kept so


@settings(max_examples=examples(30))
@given(VALUES.filter(lambda value: value is not None), st.sampled_from(["", '[{"do":"hide"}]']))
def test_what_is_packed_comes_back(value: object, like: str) -> None:
    kept = Packed(like=like)
    text = kept.serialize(value)
    assert text is not None
    assert kept.deserialize(text) == json.loads(json.dumps(value).encode("utf-8", "replace"))


def test_acts_of_a_decision_that_was_kept_before_are_still_read() -> None:
    assert Decision.acts.deserialize(STORED) == ACTS


def test_what_a_decision_says_takes_less_than_half_of_its_text() -> None:
    assert len(Decision.acts.serialize(ACTS) or "") < len(json.dumps(ACTS)) / 2


def test_what_was_packed_otherwise_is_not_taken_for_something_else() -> None:
    with pytest.raises(ValueError, match="not packed"):
        Packed(like="something else").deserialize(STORED)
