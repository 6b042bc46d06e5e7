"""Whether a text of ours keeps to the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.editorial import checks
from chalicelib.editorial.checks import Occasion, Remark
from chalicelib.editorial.lines import Address, Clause, ForbiddenClaim, ForbiddenWord, Line, Required, Voice
from chalicelib.words.competitors import Competitor, Own

LINE = Line(
    "fr",
    (
        Clause("law.health", "No promises of healing", severity=3),
        Clause("law.price", "No promises of price", severity=2),
        Clause("respect.words", "No rude words", severity=3, speaks_of=("brand",), covers=("insult", "profanity")),
    ),
    Voice(
        address=(Address("fr", "vous"), Address("de", "Sie"), Address("es", "tú")),
        signature="^{member.first_name}",
        emoji_most=2,
        forbidden_words=(ForbiddenWord(("pas cher", "pas chère"), "accessible"),),
        forbidden_claims=(
            ForbiddenClaim(("guérit", "sans risque"), "law.health"),
            ForbiddenClaim(("moins cher",), "law.price"),
        ),
        required=(Required("advertising", "#ad"),),
        hashtags_never=("#boycott",),
        links=("help.example",),
        languages=("fr", "de", "es"),
    ),
    (Competitor("nordlux", "Nordlux"), Competitor("orange", "Orange", ambiguous=True)),
    Own(("Velostra",), ("velostra",), ("velostra.example",)),
)
PUBLIC = Occasion()


def remarks(text: str, occasion: Occasion = PUBLIC) -> list[tuple[str, str]]:
    return [(finding.code, finding.level) for finding in checks.check(f"{text} ^Ana", LINE, occasion)]


def first(text: str) -> Remark:
    return checks.check(f"{text} ^Ana", LINE, PUBLIC)[0]


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("vous êtes un abruti", "insult", "block"),
        ("quelle merde ce colis", "profanity", "approval"),
        ("votre collègue, appelez-la au 07 00 11 22 33", "personal_data", "block"),
        ("écrivez-nous à ana@mail.example", "personal_data", "approval"),
        ("ce baume guérit la peau", "forbidden_claim", "block"),
        ("il est moins cher chez nous", "forbidden_claim", "approval"),
        ("notre baume pas cher est là", "forbidden_word", "warn"),
        ("c'est mieux que Nordlux", "competitor", "approval"),
        ("lisez cette page : elsewhere.com", "link", "approval"),
        ("tu recevras ton colis demain", "address", "warn"),
        ("Wir haben dein Paket gefunden und es ist auf dem Weg", "address", "warn"),
        ("le grand #Boycott est pour demain", "hashtag", "warn"),
        ("We are sorry that you had to wait for the parcel", "language", "warn"),
        ("MERCI DE VOTRE PATIENCE", "shouting", "warn"),
        ("merci 😀😀😀", "emoji", "warn"),
    ],
)
def test_what_does_not_keep_to_the_line_is_told_with_what_becomes_of_it(text: str, code: str, level: str) -> None:
    assert (code, level) in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, nous sommes désolés, votre colis arrive demain",
        "Merci de votre message 😀 👨‍👩‍👧",
        "voir velostra.example ou www.help.example",
        "un sac orange",
        "Wir haben Ihr Paket gefunden und es ist auf dem Weg",
        "OK",
    ],
)
def test_what_keeps_to_the_line_is_left_alone(text: str) -> None:
    assert remarks(text) == []


def test_a_remark_cites_the_clause_and_shows_the_words_as_written() -> None:
    remark = first("ce baume GUÉRIT la peau")
    assert (remark.clause, remark.span and remark.span.text) == ("law.health", "GUÉRIT")
    assert first("un pas  cher baume").suggestion == "accessible"
    assert first("vous êtes un abruti").clause == "respect.words"


def test_a_disguised_word_is_no_way_round_the_line() -> None:
    assert first("ce baume gu3rit").code == "forbidden_claim"


def test_the_gravest_comes_first() -> None:
    levels = [level for _, level in remarks("tu es un abruti, pas cher, voir elsewhere.com")]
    assert levels == sorted(levels, key=("block", "approval", "warn").index)


def test_a_text_is_signed_by_anybody_but_by_somebody() -> None:
    for text in ("Merci ^Ana", "Merci\n^Jean-Luc  "):
        assert checks.check(text, LINE, PUBLIC) == ()
    for text in ("Merci", "^Ana merci\nà vous", "Merci ^"):
        assert [finding.code for finding in checks.check(text, LINE, PUBLIC)] == ["signature"]


def test_what_is_required_is_missed_only_on_its_occasion() -> None:
    advertising = Occasion(purposes=frozenset({"advertising"}))
    assert remarks("Notre nouveau baume est là", advertising) == [("required", "approval")]
    assert remarks("Notre nouveau baume est là #AD", advertising) == []


def test_what_one_person_reads_may_hold_their_data() -> None:
    assert remarks("nous vous appelons au 07 00 11 22 33", Occasion(public=False)) == []


def test_the_customers_language_is_the_answers() -> None:
    assert remarks("Votre colis est parti hier", Occasion(language="de")) == [("language", "warn")]


@given(st.text(max_size=300))
def test_no_text_fails_and_every_span_is_in_it(text: str) -> None:
    for remark in checks.check(text, LINE, PUBLIC):
        if remark.span:
            assert text[remark.span.at : remark.span.at + remark.span.length] == remark.span.text


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_a_draft_says_a_text_can_be_checked(name: str, word: str, claim: str) -> None:
    voice = Voice(
        forbidden_words=(ForbiddenWord((word, "cheap"), ""),), forbidden_claims=(ForbiddenClaim((claim,), "law"),)
    )
    line = Line("en", (Clause("law", "Law"),), voice, (Competitor("a", name, (word, claim)),), Own((name,)))
    assert ("forbidden_word", "cheap") in [
        (finding.code, text[finding.span.at : finding.span.at + finding.span.length])
        for text in ["so cheap"] for finding in checks.check(text, line, Occasion()) if finding.span
    ]  # fmt: skip
