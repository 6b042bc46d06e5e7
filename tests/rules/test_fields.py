"""What a rule can ask, and how it is answered."""

from typing import Any, get_args

import pytest

from chalicelib.api import schema
from chalicelib.errors import Invalid
from chalicelib.rules import fields
from chalicelib.rules import schemas as rule_schemas
from chalicelib.rules.rules import VALUES, Do
from chalicelib.trees import NO, PERHAPS, YES
from chalicelib.words import findings, foldings, languages, terms
from chalicelib.words.findings import Context, Finding, Span

FOUND = Finding(
    "insult", 2, "clear", (Span(0, 1, 0, "x"),), "x", ("leet",), "trm_1", context=Context(aimed=True, quoted=True)
)
KNOWN = {
    "language": ("fr", "en"), "length": 12, "link": True, "short_link": False, "domain": ("bit.ly",),
    "emoji_only": False, "mentions": 2, "media": True, "network": "facebook", "surface": "comment",
    "channel": "chn_1", "edited": False, "paid": True, "first_message": True, "author_messages": 3,
    "author_since": 3_600_000, "strikes": 4, "promotion": 3, "same_words": 3, "same_brands": 0, "labels": ("vip",),
    "script": ("latin", "cyrillic"), "capitals": 80, "mentions_only": False, "origin": "600_1", "reply": True,
    "hour": 22, "weekday": "sunday", "author_last_minute": 2, "author_last_10_minutes": 4, "author_last_hour": 9,
    "author_upheld": 2, "author_overturned": 0, "followers": 12, "crisis": True,
    "banned_before": True, "contact_labels": ("press",), "handle_resembles": ("own",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("leaf", "answer"),
    [
        ({"field": "category", "is": ["hate", "insult"]}, YES),
        ({"field": "category", "is": "hate"}, NO),
        ({"field": "severity", "at_least": 2}, YES),
        ({"field": "severity", "at_least": 3}, NO),
        ({"field": "how", "has": "leet"}, YES),
        ({"field": "score", "at_least": 1}, NO),
        ({"field": "disguised", "is": True}, YES),
        ({"field": "kind", "is": False}, YES),
        ({"field": "term_list", "is": "trm_1"}, YES),
        ({"field": "language", "has": "fr"}, YES),
        ({"field": "author_since", "newer_than": "2h"}, YES),
        ({"field": "author_since", "older_than": "1h"}, YES),
        ({"field": "author_since", "newer_than": "1h"}, NO),
        ({"field": "mentions", "at_most": 1}, NO),
        ({"field": "labels", "has": ["vip", "press"]}, YES),
        ({"field": "paid", "is": True}, YES),
        ({"field": "script", "has": ["cyrillic", "arabic"]}, YES),
        ({"field": "script", "has": "greek"}, NO),
        ({"field": "capitals", "at_least": 70}, YES),
        ({"field": "mentions_only", "is": False}, YES),
        ({"field": "origin", "is": ["600_1", "600_2"]}, YES),
        ({"field": "reply", "is": False}, NO),
        ({"field": "hour", "at_least": 22}, YES),
        ({"field": "hour", "at_most": 6}, NO),
        ({"field": "weekday", "is": ["saturday", "sunday"]}, YES),
        ({"field": "crisis", "is": True}, YES),
        ({"field": "author_upheld", "at_least": 2}, YES),
        ({"field": "author_overturned", "at_least": 1}, NO),
        ({"field": "followers", "at_most": 11}, NO),
        ({"field": "author_last_minute", "at_least": 3}, NO),
        ({"field": "author_last_10_minutes", "at_least": 4}, YES),
        ({"field": "author_last_hour", "at_most": 9}, YES),
        ({"field": "banned_before", "is": True}, YES),
        ({"field": "contact_labels", "has": "vip"}, NO),
        ({"field": "handle_resembles", "has": ["own"]}, YES),
    ],
    ids=str,
)
def test_leaf_is_answered(leaf: Any, answer: int) -> None:
    schema.check(fields.LEAF, leaf)
    assert fields.answer(leaf, KNOWN, FOUND) == answer


def test_every_field_is_told_of_a_message() -> None:
    assert set(KNOWN) == set(fields.OF_MESSAGES)
    assert {fields.answer({"field": name, "is": "x"}, {}, None) for name in fields.OF_MESSAGES} == {PERHAPS}


@pytest.mark.parametrize("name", fields.OF_FINDINGS)
def test_where_nothing_is_found_no_question_about_it_is_answered_yes(name: str) -> None:
    for leaf in ({"is": True}, {"is": "insult"}, {"has": "leet"}, {"at_least": 1}):
        [(operator, value)] = leaf.items()
        if operator in fields.OF_FINDINGS[name][0]:
            assert fields.answer({"field": name, operator: value}, KNOWN, None) == NO


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "sentiment", "is": "negative"},
        {"field": "stars", "at_most": 2},
        {"field": "severity", "at_least": "2"},
        {"field": "severity", "at_least": 5},
        {"field": "category", "is": "complaint"},
        {"field": "category", "at_least": 1},
        {"field": "author_since", "newer_than": "2 weeks"},
        {"field": "script", "has": "klingon"},
        {"field": "capitals", "at_least": 101},
        {"field": "hour", "at_least": 24},
        {"field": "weekday", "is": "someday"},
        {"field": "author_last_hour", "at_least": 201},
        {"field": "origin", "is": "a b"},
        {"field": "author_last_hour", "at_least": -1},
        {"field": "banned_before", "is": "yes"},
        {"field": "handle_resembles", "has": "nobody"},
        {"field": "link"},
        {"field": "link", "is": True, "has": "x"},
    ],
    ids=str,
)
def test_mood_and_stars_are_nothing_to_ask_for_nor_what_does_not_fit(wrong: Any) -> None:
    with pytest.raises(Invalid):
        schema.check(rule_schemas.CONDITION, wrong)


@pytest.mark.parametrize("do", get_args(Do))
def test_act_has_what_it_needs_and_nothing_else(do: Do) -> None:
    values = {"label": "x", "to": "mbr_1", "priority": "high", "canned_reply": "can_1", "weight": 3, "days": 30}
    need = VALUES.get(do)
    schema.check(rule_schemas.ACT, {"do": do, **({need: values[need]} if need else {})})
    other = next(name for name in values if name != need)
    for wrong in ({"do": do, **values}, {"do": do, other: values[other]}):
        with pytest.raises(Invalid):
            schema.check(rule_schemas.ACT, wrong)


def test_words_are_those_of_the_detector() -> None:
    from chalicelib.words import lexicons

    every = lexicons.joined(lexicons.LANGUAGES).terms
    assert {term.category for term in every} - {terms.CUE, terms.ALLOWED} <= set(terms.CATEGORIES)
    assert {term.certainty for term in every} <= set(fields.CERTAINTIES)
    assert set(findings.PEOPLE_ONLY) <= set(terms.CATEGORIES)
    assert set(fields.SCRIPTS) == set(languages.SCRIPTS)
    assert set(foldings.steps("\u0430\u200b\u0336\uff41")) <= set(fields.STEPS)
