"""What a channel can do follows from what was granted on the network."""

from collections.abc import Sequence

import pytest

from chalicelib import networks
from chalicelib.networks.base import Consent, Network, consent_for
from chalicelib.store.models.channels import Upkeep
from chalicelib.upkeep import states

# With nothing but what is needed, these are not to be offered. A network's other login is behind a slash.
TAKE_MORE = {
    "facebook": {"reply", "hide", "delete", "like", "private_reply"},
    "instagram": {"hide", "delete", "private_reply", "quote", "react", "typing"},
    "instagram/instagram_login": {"hide", "delete", "private_reply", "quote", "react", "typing"},
    "tiktok": {"hide", "like", "quote", "typing"},
    "threads": {"reply", "hide"},
    "x": {"reply", "hide", "ban"},
    "reddit": {"reply", "hide", "ban", "report"},
    "mastodon": {"like", "ban", "report"},
}


@pytest.mark.parametrize(
    ("key", "quotas"),
    {
        "youtube": [("calls_a_day_of_the_app", None, 10_000), ("hidden_in_86400_seconds", None, 200)],
        "x": [("hidden_in_900_seconds", None, 50)],
        "mastodon": [],
        "telegram": [
            ("messages_a_second", None, 30),
            ("messages_a_second_in_a_chat", None, 1),
            ("messages_a_minute_in_a_group", None, 20),
        ],
        "linkedin": [],
    }.items(),
)
def test_what_only_the_documentation_tells_has_no_count(key: str, quotas: list[tuple[str, int | None, int]]) -> None:
    network = networks.get(key)
    assert network
    assert [(quota.name, quota.used, quota.most) for quota in states.documented(network)] == quotas


@pytest.mark.parametrize(("login", "more"), TAKE_MORE.items(), ids=TAKE_MORE)
def test_what_takes_scopes_that_were_not_granted_is_not_offered(login: str, more: set[str]) -> None:
    key, _, product = login.partition("/")
    network = networks.get(key)
    assert network
    consent = consent_for(network.consent, product)
    assert consent
    every, least = (_can(network, consent, scopes) for scopes in (consent.scopes, consent.needed))
    assert more <= every
    assert more & least == set()


def _can(network: Network, consent: Consent, scopes: Sequence[str]) -> set[str]:
    return set(states.abilities(network, consent, Upkeep("agc_1", "upkeep#chn_1", scopes=list(scopes))))
