"""Whoever names a competitor may; whoever promotes one under a mask is shown to a person, with the reasons."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.words import competitors, lexicons
from chalicelib.words.competitors import Author, Competitor, Own, Same, Score

RIVALS = (
    Competitor("nordlux", "Nordlux", ("Nord Lux",), ("nordlux", "nordlux_berlin"), ("nordlux.com", "nordlux.de")),
    Competitor("orange", "Orange", (), ("orange",), ("orange.fr",), ambiguous=True),
)
OWN = Own(("Velostra",), ("velostra",), ("velostra.example",))
LEXICON = lexicons.joined(lexicons.LANGUAGES, competitors.terms_of(RIVALS))
ALONE = Same()
NEW, KNOWN = Author("someone", 0, 1), Author("old_friend", 200, 9)
HERE = Path(__file__).parent


def scored(text: str, author: Author = NEW, same: Same = ALONE) -> Score:
    return competitors.score(text, RIVALS, LEXICON, own=OWN, author=author, same=same)


@pytest.mark.parametrize(
    ("text", "feature", "span"),
    [
        ("look at N0rdlux", "disguised_name", "N0rdlux"),
        ("look at N o r d l u x", "disguised_name", "N o r d l u x"),
        ("look at Nоrdlux", "disguised_name", "Nоrdlux"),
        ("look at Nordlax", "disguised_name", "Nordlax"),
        ("günstiger bei nordlux punkt de", "disguised_domain", "nordlux punkt de"),
        ("n0rdlux.com/welcome", "disguised_domain", "n0rdlux.com/welcome"),
        ("sur nord-lux . com", "disguised_domain", "nord-lux . com"),
    ],
)
def test_a_name_that_hides_is_shown_to_a_person(text: str, feature: str, span: str) -> None:
    score = scored(text)
    assert score.most == "queue"
    assert [reason.spans[0].text for reason in score.features if reason.name == feature] == [span]


ABROAD = (
    Competitor("muller", "Muellerlux", domains=("müllerlux.de",)),
    Competitor("p", "Appel", domains=("appel.com",)),
)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("see müllerlux.de", "domain"),
        ("see www.Müllerlux.de/neu", "domain"),
        ("see xn--mllerlux-65a.de", "domain"),
        ("see mullerlux.de", "disguised_domain"),
        ("see m\u00fcllerlux punkt de", "disguised_domain"),
        ("see xn--l-7sbp7ba.com", "disguised_domain"),
        ("see xn--ppel-43d.com", "disguised_domain"),
        ("see xn--99999999.com", "link"),
    ],
    ids=ascii,
)
def test_domain_is_compared_as_it_is_read_and_as_it_is_written(text: str, feature: str) -> None:
    """MO-30"""
    lexicon = lexicons.joined(lexicons.LANGUAGES, competitors.terms_of(ABROAD))
    score = competitors.score(text, ABROAD, lexicon, own=Own(domains=("müller.example",)), author=KNOWN, same=ALONE)
    names = [reason.name for reason in score.features if reason.name in ("domain", "disguised_domain", "link")]
    assert names[0] == feature


@pytest.mark.parametrize("text", ["see müller.example", "see xn--mller-kva.example"])
def test_own_domain_leads_nowhere_else_in_either_form(text: str) -> None:
    for domain in ("müller.example", "xn--mller-kva.example"):
        score = competitors.score(text, (), LEXICON, own=Own(domains=(domain,)), author=KNOWN, same=ALONE)
        assert "link" not in {feature.name for feature in score.features}


@pytest.mark.parametrize(
    "text", ["Is the Nordlux lighter than yours?", "I came from Nordlux", "Orange is a nice colour", "an orange light"]
)
def test_a_name_alone_is_a_customers_right(text: str) -> None:
    assert scored(text, KNOWN).most == "nothing"
    assert scored(text).most == "nothing"


def test_somebody_new_who_calls_to_leave_for_a_name_is_shown() -> None:
    assert scored("try Nordlux instead").most == "queue"
    assert scored("try Nordlux instead", KNOWN).most == "nothing"


def test_an_ambiguous_name_counts_only_where_it_hides() -> None:
    """MO-30"""
    assert scored("cheaper at Orange").most == "nothing"
    assert scored("cheaper at 0r4nge").most == "queue"


def test_an_account_named_after_them_or_after_us_is_shown() -> None:
    assert scored("our frames last", Author("nordlux_berlin", 5, 1)).features[0].name == "handle"
    assert scored("we will refund you", Author("velostra.help", 0, 1)).features[0].name == "impersonation"
    assert scored("hello", Author("velostra", 0, 1)).most == "nothing"


def test_the_same_words_by_many_are_shown_and_more_under_many_brands() -> None:
    assert scored("never again", KNOWN, Same(4, 1, 20)).points == 1
    assert scored("never again", Author(), Same(4, 1, 20)).most == "queue"
    assert scored("never again", NEW, Same(4, 3, 20)).may_be_hidden
    assert scored("never again", NEW, Same(4, 1, 300)).most == "nothing"


def test_what_is_not_known_of_the_author_never_counts() -> None:
    assert {feature.name for feature in scored("hello", Author()).features} == set()


def rival(competitor: dict[str, Any]) -> Competitor:
    others, handles, domains = (tuple(competitor[name]) for name in ("aliases", "handles", "domains"))
    return Competitor(
        competitor["name"], competitor["name"], others, handles, domains, competitor.get("ambiguous", False)
    )


def labelled() -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (HERE / "labelled.jsonl").read_text().splitlines()]
    return [row for row in rows if row["expect"]["class"] == "competitor"]


def of_row(row: dict[str, Any]) -> Score:
    brand = json.loads((HERE / "labelled_lines.json").read_text())[row["brand"]]
    author, same, rivals = row.get("author", {}), row.get("same_text", {}), tuple(map(rival, brand["competitors"]))
    return competitors.score(
        row["text"],
        rivals,
        lexicons.joined(lexicons.LANGUAGES, competitors.terms_of(rivals)),
        own=Own((brand["name"],), tuple(brand["own"]["handles"]), tuple(brand["own"]["domains"])),
        author=Author(author.get("handle", ""), author.get("first_seen_days"), author.get("messages")),
        same=Same(same.get("accounts", 0), same.get("brands", 0), same.get("minutes", 0)),
    )


# What makes a person look, by example, with its words; nothing does at the fair comparisons.
MASKS = {
    "x-fr-041": None,
    "x-fr-042": ("disguised_name", "Herb4lyne"),
    "x-fr-043": ("disguised_domain", "pure-rive . fr"),
    "x-fr-044": ("handle", None),
    "x-fr-045": ("same_words", None),
    "x-en-031": None,
    "x-en-032": ("disguised_name", "R1vabike"),
    "x-en-033": ("disguised_domain", "cycl0nix.com/swap"),
    "x-es-019": ("disguised_name", "R i v a b i k e"),
    "x-de-019": ("disguised_domain", "cyclonix punkt de"),
    "x-pt-018": ("disguised_name", "C y c l o n i x"),
}


@pytest.mark.parametrize("row", labelled(), ids=lambda row: row["id"])
def test_labelled_competitor_is_queued_for_a_named_reason_and_a_fair_comparison_is_not(row: dict[str, Any]) -> None:
    score = of_row(row)
    masks = {feature.name: feature.spans for feature in score.features if feature.points >= competitors.MASK}
    if expected := MASKS[row["id"]]:
        name, words = expected
        assert name in masks
        assert words is None or words in masks[name][0].text
    else:
        assert masks == {}
    assert score.most == row["expect"]["action"]


def test_every_labelled_competitor_is_looked_at() -> None:
    assert [row["id"] for row in labelled()] == list(MASKS)


@pytest.mark.parametrize("author", [NEW, KNOWN, Author(), Author("orange_fan", 0, 1)], ids=str)
@pytest.mark.parametrize(
    "text", ["Orange", "Orange!", "the orange one", "ORANGE is nice", "#orange", "try Orange instead"]
)
def test_an_ambiguous_name_alone_is_nothing_whoever_says_it(text: str, author: Author) -> None:
    score = scored(text, author)
    assert score.most == "nothing"
    assert not {"named", "disguised_name", "handle"} & {feature.name for feature in score.features}
