"""What a rule may say, before it is in anybody's book."""

import pytest

from chalicelib import clock, errors, settings
from chalicelib.access import actors
from chalicelib.rules import rulebooks

BRAND = "brd_00000000000000000000000001"


def test_rule_that_asks_a_model_is_refused_where_there_is_none(nowhere: None) -> None:
    assert not settings.get().guardrail
    said = {"clause": "c", "when": {"field": "surface", "is": "comment"}, "then": [{"do": "ask_model"}]}
    with pytest.raises(errors.Conflict) as refused:
        rulebooks.create(actors.system("agc_1"), BRAND, "Scorn", said, {"c"}, clock.now())
    assert (refused.value.code, refused.value.field) == ("no_model", "then")
