"""A line as it is written down: what of it is read, what is another in the next one, and what everybody begins with."""

from typing import Any

import pytest

from chalicelib import errors
from chalicelib.api import schema
from chalicelib.editorial import schemas, starters
from chalicelib.editorial.contents import line_of
from chalicelib.editorial.differences import changes, in_full
from chalicelib.editorial.faults import faults
from chalicelib.editorial.forms import FORMS
from chalicelib.editorial.lines import Address, ForbiddenWord
from chalicelib.words import lexicons
from chalicelib.words.terms import ALLOWED, CATEGORIES, CUE

WHOLE: dict[str, Any] = {
    "language": "fr",
    "summary": "Chaleureux, jamais familier.",
    "clauses": [{"id": "law.health", "title": "Pas de promesses de santé", "severity": 3, "found_by": "people"}],
    "voice": {
        "address": {"fr": "vous"},
        "signature": "^{member.first_name}",
        "emoji_most": 3,
        "forbidden_words": [{"words": ["pas cher"], "say": "accessible"}],
        "forbidden_claims": [{"words": ["guérit"], "clause": "law.health"}],
        "required": [{"when": "advertising", "text": "#pub"}],
        "hashtags_never": ["#boycott"],
        "links": ["maisonlune.example"],
        "languages": ["fr", "en"],
    },
    "competitors": [{"id": "nordlux", "name": "Nordlux", "handles": ["nordlux"], "ambiguous": False}],
    "escalation": [{"category": "self_harm", "to": ["mbr_1"]}],
    "own": {"names": ["Maison Lune"], "domains": ["maisonlune.example"]},
}


def test_every_part_is_read_and_the_line_can_be_kept_as_a_key() -> None:
    schema.check(schemas.LINE, WHOLE)
    line = line_of(WHOLE, 3)
    assert (line.version, line.voice.address) == (3, (Address("fr", "vous"),))
    assert line.voice.forbidden_words == (ForbiddenWord(("pas cher",), "accessible"),)
    assert (line.competitors[0].name, line.own.names) == ("Nordlux", ("Maison Lune",))
    assert [(escalation.category, escalation.to) for escalation in line.escalation] == [("self_harm", ("mbr_1",))]
    assert hash(line) == hash(line_of(WHOLE, 3))
    assert faults(line) == []
    twice = line_of({**WHOLE, "escalation": WHOLE["escalation"] * 2})
    assert {(fault.field, fault.code) for fault in faults(twice)} == {
        (f"escalation.{n}.category", "twice") for n in (0, 1)
    }


@pytest.mark.parametrize("language", starters.LANGUAGES)
def test_a_starter_could_be_published_as_it_is(language: str) -> None:
    content = starters.starter(language)
    schema.check(schemas.LINE, content)
    assert faults(line_of(content)) == []


def test_what_may_be_chosen_is_what_the_detector_knows() -> None:
    named = {term.category for term in lexicons.of_languages(lexicons.LANGUAGES).terms} - {CUE, ALLOWED}
    assert named | {"personal_data", "scam", "competitor"} == set(CATEGORIES)
    assert {language: tuple(forms) for language, forms in FORMS.items()} == schemas.FORMS
    assert starters.LANGUAGES == lexicons.LANGUAGES


def test_a_change_names_clauses_by_their_ids_and_other_parts_by_their_names() -> None:
    clause = {**WHOLE["clauses"][0], "severity": 4}
    after = {"language": "fr", "clauses": [clause, {"id": "new", "title": "New"}], "own": WHOLE["own"]}
    assert changes(WHOLE, after) == {
        "added": ["new"],
        "removed": [],
        "changed": ["law.health"],
        "parts": ["competitors", "escalation", "summary", "voice"],
    }
    assert changes(after, {"language": "fr"})["removed"] == ["law.health", "new"]


def test_a_change_in_full_has_clauses_and_parts_as_they_were_and_as_they_are() -> None:
    milder = {**WHOLE["clauses"][0], "severity": 1}
    new = {"id": "new", "title": "New"}
    after = {**WHOLE, "clauses": [new, milder], "summary": "Warm."}
    del after["own"]
    difference = in_full(WHOLE, after)
    assert (difference["added"], difference["removed"]) == ([new], [])
    assert difference["changed"] == [{"before": WHOLE["clauses"][0], "after": milder}]
    assert difference["parts"] == {
        "before": {"own": WHOLE["own"], "summary": WHOLE["summary"]},
        "after": {"summary": "Warm."},
    }
    assert in_full(after, WHOLE)["removed"] == [new]
    assert in_full(WHOLE, WHOLE) == {
        "added": [], "removed": [], "changed": [], "parts": {"before": {}, "after": {}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "language"),
        ({"language": "it"}, "language"),
        ({"language": "fr", "clauses": [{"id": "a", "title": "A", "severity": 5}]}, "clauses.0.severity"),
        ({"language": "fr", "clauses": [{"id": "a", "title": "A", "covers": ["anger"]}]}, "clauses.0.covers.0"),
        ({"language": "fr", "clauses": [{"id": f"c{n}", "title": "A"} for n in range(101)]}, "clauses"),
        ({"language": "fr", "voice": {"address": {"fr": "toi"}}}, "voice.address.fr"),
        ({"language": "fr", "escalation": [{"category": "anger", "to": ["mbr_1"]}]}, "escalation.0.category"),
        ({"language": "fr", "competitors": [{"id": "a", "name": ""}]}, "competitors.0.name"),
    ],
)
def test_what_cannot_be_a_line_is_refused_by_its_place(content: dict[str, Any], field: str) -> None:
    """MO-25, MO-30"""
    with pytest.raises(errors.Invalid) as refused:
        schema.check(schemas.LINE, content)
    assert refused.value.field == field
