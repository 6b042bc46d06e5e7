"""What a look at a text tells: what is there, where, by which steps, and what a machine may do alone because of it."""

import tomllib
from pathlib import Path

import pytest

from chalicelib.words import lexicons
from chalicelib.words.findings import Finding, Verdict
from chalicelib.words.looks import look

ROOT = Path(__file__).parents[2]
ALL = lexicons.joined(lexicons.LANGUAGES)
BRAND = frozenset({"velostra"})
EXAMPLES = tomllib.loads((Path(__file__).parent / "examples.toml").read_text())
CASES = [(act, text) for acts in EXAMPLES.values() for act, texts in acts.items() for text in texts]
SOURCES = ROOT / "lexicon"
SAID = [
    (language, category, text)
    for language in lexicons.LANGUAGES
    for category, texts in tomllib.loads((SOURCES / f"{language}.toml").read_text())["examples"].items()
    for text in texts
]


def seen(text: str) -> Verdict:
    return look(text, ALL, brand=BRAND)


def first(text: str) -> Finding:
    return seen(text).findings[0]


@pytest.mark.parametrize(("act", "text"), CASES, ids=[text for _, text in CASES])
def test_a_machine_does_by_itself_what_the_example_says_and_no_more(act: str, text: str) -> None:
    assert seen(text).most == act


@pytest.mark.parametrize(("language", "category", "text"), SAID, ids=[text for *_, text in SAID])
def test_each_lexicons_own_examples_are_met_in_its_own_language_and_among_all(
    language: str, category: str, text: str
) -> None:
    for lexicon in (lexicons.joined((language,)), ALL):
        verdict = look(text, lexicon)
        if category == "nothing":
            assert verdict.most == "nothing"
        else:
            assert category in {finding.category for finding in verdict.findings}


@pytest.mark.parametrize(
    ("text", "span", "how"),
    [
        ("bande de connards", "connards", ()),
        ("c0nn4rd", "c0nn4rd", ("leet",)),
        ("pauvres c o n n a r d s", "c o n n a r d s", ("spaced",)),
        ("c\no\nn\nn\na\nr\nd", "c\no\nn\nn\na\nr\nd", ("spaced",)),
        ("connard99", "connard99", ("leet",)),
        ("c0nn-4rd", "c0nn-4rd", ("leet",)),
        ("c.o.n.n.a.r.d", "c.o.n.n.a.r.d", ("spaced",)),
        ("con-nard", "con-nard", ("separated",)),
        ("d'аbrutis", "аbrutis", ("homoglyph",)),
        ("𝐚𝐛𝐫𝐮𝐭𝐢", "𝐚𝐛𝐫𝐮𝐭𝐢", ("font",)),
        ("ａｂｒｕｔｉ", "ａｂｒｕｔｉ", ("font",)),
        ("abr\u200but\u00adi", "abr\u200but\u00adi", ("invisible",)),
        ("a\u0336b\u0336r\u0336u\u0336t\u0336i\u0336", "a\u0336b\u0336r\u0336u\u0336t\u0336i", ("combining",)),
        ("abruuuuti", "abruuuuti", ("repeated",)),
        ("conn*rd", "conn*rd", ("masked",)),
        ("c🌙nnard", "c🌙nnard", ("masked",)),
        ("#BandeDeConnards", "Connards", ("hashtag",)),
        ("@les_connards_officiels", "connards", ("handle",)),
        ("anfoiré", "anfoiré", ("phonetic",)),
        ("Dauertrottelei? Volltrottelhaufen", "Volltrottelhaufen", ("compound",)),
    ],
)
def test_a_disguise_is_shown_as_it_was_written_and_how_it_was_seen(text: str, span: str, how: tuple[str, ...]) -> None:
    finding = next(finding for finding in seen(text).findings if finding.category == "insult" and finding.how == how)
    assert finding.spans[0].text == span
    assert text[finding.spans[0].at :].startswith(span)


def test_a_place_is_told_in_code_points_and_in_what_browsers_count() -> None:
    """MO-05"""
    where = first("😀😀 abruti").spans[0]
    assert (where.at, where.at16, where.length) == (3, 5, 6)


def test_letters_that_fold_to_several_or_to_none_leave_places_right() -> None:
    """MO-06"""
    for before in ("İ", "ß", "ŉ", "\ufb03", "A\u030a", "ı", "\ufdfa", "œ"):
        text = f"{before * 3} abruti {before}"
        assert first(text).spans[0].text == "abruti"
        assert first(text).spans[0].at == text.index("abruti")


def test_halves_of_characters_and_controls_inside_a_word_do_not_hide_it() -> None:
    """MO-02"""
    for hidden in ("\ud800", "\x00", "\u202e", "\u2067", "\U000e0061", "\ufe0f"):
        assert first(f"abr{hidden}uti").spans[0].text == f"abr{hidden}uti"


@pytest.mark.parametrize("text", ["", "\u200b\u200d\ufeff", "😀😂🌙", "@somebody @else", "12 345", "…!?", "🇫🇩🇵 🇨🇴🇳"])
def test_without_words_nothing_is_found(text: str) -> None:
    """MO-03"""
    assert seen(text).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم این دوچرخه را بخرم",
        "क्‍षमा करें, यह अच्छा है",
        "هذا المنتج رائع جدا شكرا لكم",
        "Отличный велосипед, спасибо большое, всё подошло",
        "Πολύ καλό προϊόν, ευχαριστώ για την αποστολή",
        "👨‍👩‍👧 ❤️‍🔥",
    ],
)
def test_other_scripts_are_no_disguise(text: str) -> None:
    """MO-07"""
    assert seen(text).findings == ()


def test_what_is_allowed_does_not_cover_what_stands_beside_it() -> None:
    """MO-08"""
    assert seen("chili con carne").most == "nothing"
    assert seen("chili con carne, bande de connards").most == "hide"


@pytest.mark.parametrize(
    "text",
    [
        "Mme Conne de Pissy",
        "el coche negro",
        "le café noir de M. Bordel",
        "Commande C0NN4RD",
        "Pedido B0B0-3312",
        "Bestellung TR0TT3L",
    ],
)
def test_names_colours_and_numbers_are_nothing(text: str) -> None:
    """MO-09"""
    assert seen(text).most == "nothing"


def test_the_worst_is_kept_and_comes_first() -> None:
    findings = seen("merde " * 300 + "je vais te buter").findings
    assert len(findings) <= 8
    assert findings[0].category == "threat"


def test_of_a_long_text_the_end_is_read_too() -> None:
    text = "rien à dire. " * 5000 + "bande de connards"
    assert first(text).spans[0].at == text.index("connards")


def test_language_that_the_network_names_decides() -> None:
    assert look("stupid retards", ALL, language="en").findings
    assert not [
        finding
        for finding in look("deux retards de livraison", ALL, language="fr").findings
        if finding.language == "en"
    ]


def test_danger_to_oneself_is_never_hidden() -> None:
    assert seen("je veux en finir, bande d'inconnus").most == "queue"


def test_the_name_of_an_account_never_decides_alone() -> None:
    assert look("velostra_connards", ALL, brand=BRAND, handle=True).most == "queue"
    assert look("@velostra_connards merci", ALL, brand=BRAND).most == "hide"
    assert look("@les_connards_officiels merci", ALL, brand=BRAND).most == "queue"


def test_an_insult_is_not_lost_among_small_words() -> None:
    for noise in ("you ", "a-b ", "f*x ", "x1y ", "#aB ", "shit "):
        assert look(noise * 250 + "w*nkers " + noise * 250, ALL).findings[0].means == "wanker"
