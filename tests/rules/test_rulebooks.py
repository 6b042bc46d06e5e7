"""What a rule may say, before it is in anybody's book."""

from typing import Any

import pytest

from chalicelib import clock, errors, settings
from chalicelib.access import actors
from chalicelib.rules import abilities, rulebooks
from chalicelib.store.models.brands import StoredTermList

BRAND = "brd_00000000000000000000000001"


def listed(id: str, *entries: str, category: str = "insult", severity: int = 2) -> StoredTermList:
    return StoredTermList(
        "p", "s", id=id, brand=BRAND, name="x", entries=list(entries), allowed=[], category=category, severity=severity,
        certainty="clear", language="any", created_at=0, updated_at=0,
    )  # fmt: skip


LISTS = (listed("trm_1", "zorglub", "orange"), listed("trm_2", "zorglub"), listed("trm_3", "apple", category="spam"))


@pytest.mark.parametrize(
    ("when", "doubtful"),
    [
        ({"field": "term_list", "is": "trm_1"}, ["trm_1"]),
        ({"field": "term_list", "is": ["trm_2", "trm_3"]}, ["trm_3"]),
        ({"field": "category", "is": "insult"}, ["trm_1"]),
        ({"all": [{"field": "category", "is": "insult"}, {"field": "severity", "at_least": 3}]}, []),
        ({"all": [{"field": "term_list", "is": "trm_1"}, {"field": "aimed", "is": True}]}, ["trm_1"]),
        ({"none": [{"field": "category", "is": ["insult", "hate"]}]}, ["trm_3"]),
        ({"field": "aimed", "is": True}, ["trm_1", "trm_3"]),
        ({"field": "link", "is": True}, []),
    ],
    ids=str,
)
def test_rule_that_looks_for_everyday_words_is_doubtful(when: Any, doubtful: list[str]) -> None:
    """MO-11"""
    assert abilities.doubtful({"when": when, "then": [{"do": "hide"}]}, LISTS) == doubtful


def test_rule_that_asks_a_model_is_refused_where_there_is_none(nowhere: None) -> None:
    assert not settings.get().guardrail
    said = {"clause": "c", "when": {"field": "surface", "is": "comment"}, "then": [{"do": "ask_model"}]}
    with pytest.raises(errors.Conflict) as refused:
        rulebooks.create(actors.system("agc_1"), BRAND, "Scorn", said, {"c"}, clock.now())
    assert (refused.value.code, refused.value.field) == ("no_model", "then")
