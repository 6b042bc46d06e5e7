"""What must be right about a line before it is published."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.editorial.faults import Fault, ambiguous, faults
from chalicelib.editorial.lines import Clause, ForbiddenClaim, ForbiddenWord, Line, Voice
from chalicelib.words.competitors import Competitor, Own

INSULTS = Clause("respect.insults", "No insults", examples=("bande de connards",), covers=("insult",))
RIVAL = Competitor("nordlux", "Nordlux", domains=("nordlux.com",))
OWN = Own(("Velostra",), ("velostra",), ("velostra.example",))


def line(**fields: Any) -> Line:
    return replace(Line("fr", clauses=(INSULTS,), own=OWN), **fields)


def test_a_line_without_faults_has_none() -> None:
    claims = (ForbiddenClaim(("guérit", "sans risque"), "respect.insults"),)
    assert faults(line(competitors=(RIVAL,), voice=Voice(forbidden_claims=claims))) == []


@pytest.mark.parametrize("id", ["", "Respect", "1a", "a" * 61, "a-b", "a\n"])
def test_an_id_is_small_letters_digits_and_dots(id: str) -> None:
    assert faults(line(clauses=(Clause(id, "x"),))) == [Fault("clauses.0.id", "cannot_be_read")]


def test_an_id_is_used_once_and_never_again() -> None:
    """MO-25"""
    twice = line(clauses=(INSULTS, INSULTS))
    assert [fault.code for fault in faults(twice)] == ["twice", "twice"]
    assert faults(line(), retired={"respect.insults"}) == [Fault("clauses.0.id", "used_before")]


def test_more_clauses_and_competitors_than_anybody_reads_are_refused() -> None:
    """MO-25"""
    many = tuple(Clause(f"c{number}", "x") for number in range(101))
    rivals = tuple(Competitor(f"r{number}", f"Rival{number}") for number in range(201))
    assert faults(line(clauses=many, competitors=rivals)) == [
        Fault("clauses", "too_many"),
        Fault("competitors", "too_many"),
    ]


def test_a_clause_that_the_detector_watches_has_an_example_that_it_finds() -> None:
    blind = Clause("respect.irony", "No irony", examples=("bravo, vraiment",), covers=("insult",))
    assert faults(line(clauses=(blind,))) == [Fault("clauses.0.examples", "not_found")]
    by_people = Clause("respect.irony", "No irony", covers=("insult",), found_by="people")
    assert faults(line(clauses=(by_people,))) == []


def test_a_counter_example_that_is_found_is_a_fault() -> None:
    clause = Clause("a", "x", examples=("connard",), counter_examples=("merci", "abruti"), covers=("insult",))
    assert faults(line(clauses=(clause,))) == [Fault("clauses.0.counter_examples.1", "found")]


def test_a_claim_cites_a_clause_of_the_line_and_words_can_be_looked_for() -> None:
    voice = Voice(
        forbidden_words=(ForbiddenWord(("pas cher", "a", "Velostra"), "accessible"),),
        forbidden_claims=(ForbiddenClaim(("guérit",), "law.health"),),
    )
    assert faults(line(voice=voice)) == [
        Fault("voice.forbidden_claims.0.clause", "unknown_clause"),
        Fault("voice.forbidden_words.0.words.1", "too_short"),
        Fault("voice.forbidden_words.0.words.2", "own_name"),
    ]


@pytest.mark.parametrize(
    ("rival", "field", "code"),
    [
        (Competitor("x", "Vélostra"), "competitors.1", "own_name"),
        (Competitor("x", "Nord Lux"), "competitors.1", "name_of_another"),
        (Competitor("x", "Other", ("",)), "competitors.1", "empty_name"),
        (Competitor("x", "Other", domains=("velostra.example",)), "competitors.1.domains", "own_domain"),
        (Competitor("x", "Other", domains=("not a domain",)), "competitors.1.domains", "cannot_be_read"),
        (Competitor("x", "Other", domains=("MÜLLER.example",)), "competitors.1.domains", "own_domain"),
        (Competitor("x", "Other", domains=("xn--mller-kva.example",)), "competitors.1.domains", "own_domain"),
        (Competitor("x", "Other", domains=("xn--\u00fc.example",)), "competitors.1.domains", "cannot_be_read"),
    ],
)
def test_a_name_is_one_competitors_only_and_not_ours(rival: Competitor, field: str, code: str) -> None:
    """MO-30"""
    own = replace(OWN, domains=(*OWN.domains, "müller.example"))
    assert faults(line(competitors=(RIVAL, rival), own=own)) == [Fault(field, code)]
    wired = replace(OWN, domains=(*OWN.domains, "xn--mller-kva.example"))
    assert faults(line(competitors=(RIVAL, rival), own=wired)) == [Fault(field, code)]


def test_domain_in_other_letters_is_one() -> None:
    """MO-30"""
    assert faults(line(competitors=(replace(RIVAL, domains=("nördlux.de", "xn--80ak6aa92e.com")),))) == []


def test_competitor_with_an_everyday_name_is_warned_of_unless_the_line_says_so() -> None:
    """MO-30"""
    names = ("Orange", "Zéphyr", "Nordlux", "Sol de Noche", "Peach")
    rivals = tuple(Competitor(f"r{place}", name) for place, name in enumerate(names))
    rivals = (*rivals, Competitor("r5", "Zorblax", others=("Lune",)), Competitor("r6", "Orange", ambiguous=True))
    warned = ambiguous(line(competitors=rivals))
    assert warned == [Fault(f"competitors.{place}", "ambiguous") for place in (0, 1, 4, 5)]
