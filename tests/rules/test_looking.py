"""What rules can ask about a text, an account and a time, read from these alone."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.editorial.lines import Line
from chalicelib.rules import looking
from chalicelib.rules.policies import Policy
from chalicelib.rules.rules import Act, Rule
from chalicelib.words.competitors import Competitor, Own
from chalicelib.words.findings import Verdict
from chalicelib.words.lexicons import Lexicon

LINE = Line(
    "en",
    competitors=(Competitor("nordlux", "Nordlux"), Competitor("orange", "Orange", ambiguous=True)),
    own=Own(handles=("velostra",)),
)


def policy(*asked: dict[str, Any], zone: str = "") -> Policy:
    rules = tuple(Rule(f"rul_{place}", 1, True, "c", 2, when, (Act("queue"),)) for place, when in enumerate(asked))
    return Policy(0, LINE, rules, Lexicon(), frozenset(), zone=zone)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Hello World", {"script": ("latin",), "capitals": 20, "mentions_only": False, "mentions": 0}),
        ("WHERE IS IT??", {"script": ("latin",), "capitals": 100, "mentions_only": False}),
        ("@ana @ben.b", {"mentions_only": True, "mentions": 2, "emoji_only": False}),
        ("@ana look", {"mentions_only": False, "mentions": 1}),
        ("@", {"mentions_only": False, "mentions": 0}),
        ("", {"script": (), "capitals": None, "mentions_only": False, "emoji_only": False}),
        ("\U0001f600 12!", {"script": (), "capitals": None, "mentions_only": False}),
        ("\u200b\u200d", {"script": (), "capitals": None}),
        ("Привет and hello", {"script": ("cyrillic", "latin")}),
        ("مرحبا", {"script": ("arabic",), "capitals": None}),
        ("\u4f60\u597d \u3053\u3093 \uc548\ub155", {"script": ("chinese", "japanese", "korean")}),
        ("\u10d0\u10d1", {"script": ("other",)}),
        ("É" * 3 + "a", {"script": ("latin",), "capitals": 75}),
        ("\ud800a", {"script": ("latin",), "capitals": 0}),
    ],
    ids=ascii,
)
def test_text_as_a_whole(text: str, about: dict[str, Any]) -> None:
    """MO-03"""
    known = looking.of_text(text, Verdict())
    assert {name: known[name] for name in about} == about


@pytest.mark.parametrize(
    ("account", "like"),
    [
        ("nordlux_berlin", ("competitor",)),
        ("n0rdlux", ("competitor",)),
        ("nordlax", ("competitor",)),
        ("nordlu", ("competitor",)),
        ("velostra.help", ("own",)),
        ("velostra_or_nordlux", ("competitor", "own")),
        ("Velostra", ()),
        ("orange_juice", ()),
        ("ana", ()),
        ("", ()),
    ],
)
def test_account_is_called_like_a_competitor_or_like_us(account: str, like: tuple[str, ...]) -> None:
    assert looking.of_account(policy(), account) == {"handle_resembles": like}


@pytest.mark.parametrize(
    ("zone", "about"),
    [
        ("Europe/Paris", {"hour": 0, "weekday": "monday"}),
        ("America/Lima", {"hour": 18, "weekday": "sunday"}),
        ("", {}),
    ],
)
def test_time_is_told_by_the_clocks_of_the_brand_where_a_rule_asks(zone: str, about: dict[str, Any]) -> None:
    assert looking.of_time(policy(zone=zone), clock.parse("2026-11-29T23:30:00Z")) == about


def test_policy_names_what_any_of_its_rules_asks() -> None:
    asked = {"all": [{"field": "link", "is": True}, {"none": [{"field": "hour", "at_most": 5}]}]}
    assert policy(asked, {"field": "reply", "is": True}).asked == {"link", "hour", "reply"}
    assert policy().asked == frozenset()
