"""Facebook Login: what the consent page is asked for, and the accounts it gives on each of Meta's networks."""

import pytest

from chalicelib import networks
from chalicelib.networks import base
from chalicelib.networks.base import App, Asked, Consent, Credentials, Granted, Network, Tokens
from chalicelib.networks.instagram.connect import linked
from local.double import Server
from tests.networks import consents

APP = App(id="77", secret="hush")
KEYS = ("facebook", "messenger", "instagram", "whatsapp")
PAGES = {"facebook": "10150778", "messenger": "10150778", "instagram": "178410150778", "whatsapp": "10150778"}


def of(key: str) -> tuple[Network, Consent]:
    network = networks.get(key)
    assert network and network.consent
    return network, network.consent


def asked(consent: Consent) -> Asked:
    return Asked(redirect=consents.BACK, state="state", challenge=consents.CHALLENGE, scopes=consent.scopes)


def granted(consent: Consent, **more: str) -> Granted:
    return consents.granted(consent.begin(APP, asked(consent)), **more)


def tokens(consent: Consent, **more: str) -> Tokens:
    return consent.finish(APP, granted(consent, **more))


@pytest.mark.parametrize("key", KEYS)
def test_page_asks_for_the_scopes_or_for_what_the_app_is_configured_with(key: str, server: Server) -> None:
    _, consent = of(key)
    shown = consents.query(consent.begin(APP, asked(consent)))
    assert (shown["client_id"], shown["state"], shown["redirect_uri"]) == ("77", "state", consents.BACK)
    assert set(consent.needed) <= set(shown["scope"].split(","))
    configured = consents.query(consent.begin(App(id="77", secret="hush", config="12"), asked(consent)))
    assert (configured["config_id"], "scope" in configured) == ("12", False)


@pytest.mark.parametrize("key", KEYS)
def test_account_that_was_chosen_can_be_connected(key: str, server: Server) -> None:
    network, consent = of(key)
    given = tokens(consent, account="10150778")
    [account] = consent.accounts(given)
    assert (given.user, given.lives) == ("1234567", 0)
    credentials = Credentials(account=account.id, token=account.token or given.token, details=account.details)
    if key != "whatsapp":
        assert network.check(credentials).account == account.id == PAGES[key]
    network.subscribe(credentials, f"https://palabre.test/hooks/{key}", "")
    assert (
        network.unheard
        and network.unheard(credentials, f"https://palabre.test/hooks/{key}")
        == type(network.unheard(credentials, ""))()
    )


@pytest.mark.parametrize("key", KEYS)
def test_fields_that_the_app_is_not_sent_are_named(key: str, server: Server) -> None:
    network, _ = of(key)
    never = Credentials(account="5550001", token="EAABtoken", details={"waba": "5550001", "page": "5550001"})
    assert network.unheard and "m" in "".join(network.unheard(never, ""))


def test_scopes_are_those_that_were_granted(server: Server) -> None:
    _, consent = of("facebook")
    given = tokens(consent, without="pages_messaging")
    assert "pages_messaging" not in given.scopes and set(consent.needed) <= set(given.scopes)


def test_code_is_good_for_once_and_for_the_address_it_was_given_to(server: Server) -> None:
    _, consent = of("facebook")
    once = granted(consent)
    consent.finish(APP, once)
    with pytest.raises(base.Rejected):
        consent.finish(APP, once)
    other = granted(consent)
    with pytest.raises(base.Rejected):
        consent.finish(APP, Granted(code=other.code, redirect="https://elsewhere.test/", verifier="v"))


def test_page_without_an_instagram_account_gives_none() -> None:
    assert list(linked({"id": "1", "access_token": "t"})) == []
