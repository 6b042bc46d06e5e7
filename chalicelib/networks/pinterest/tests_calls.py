"""Connecting Pinterest and reading the account's name; it has no messages to read or send."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, App, Asked, Credentials, Say
from chalicelib.networks.pinterest import NETWORK
from chalicelib.networks.pinterest.consent import CONSENT
from local.double import Server
from tests.networks.consents import BACK, granted

US = Credentials(account="54971", token="pina_1")
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "2"),
    "throttled": (base.Throttled, "8"),
    "gone": (base.Gone, "50"),
    "rejected": (base.Rejected, "1"),
    "forbidden": (base.Rejected, "29"),
    "unavailable": (base.Unreachable, "12"),
}
APP = App(id="1490001", secret="app secret:1")
ASKED = Asked(redirect=BACK, state="s1", challenge="c", scopes=CONSENT.scopes)


def test_account_is_known_by_its_id(server: Server) -> None:
    connected = NETWORK.check(US)
    assert (connected.account, connected.name) == ("54971", "The shop")
    assert connected.details == {"username": "shop54971", "type": "business"}


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    server.state.behaviours.append({"network": "pinterest", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.check(US)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == (45 if name == "throttled" else 0)


def test_nothing_is_said_done_or_heard() -> None:
    assert NETWORK.capabilities.surfaces == () and NETWORK.capabilities.publishes
    with pytest.raises(base.Rejected):
        NETWORK.send(US, Say(thread="1", text="Hello"))
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="like", thread="1", id="1"))
    bodies: list[Any] = [{}, {"a": 1}, [], None, 7]
    assert [inbound.event for body in bodies for inbound in NETWORK.parse(body)] == [
        base.Unhandled(reason="unknown_type")
    ] * 5  # fmt: skip


def test_account_is_connected_by_the_consent_page_and_its_token_renewed(server: Server) -> None:
    tokens = CONSENT.finish(APP, granted(CONSENT.begin(APP, ASKED), "54977"))
    [account] = CONSENT.accounts(tokens)
    assert (account.id, tokens.lives, tokens.refresh_lives) == ("54977", 2592000, 5184000)
    assert set(CONSENT.needed) <= set(tokens.scopes)
    assert CONSENT.renew
    us = Credentials(account=account.id, token=tokens.token, refresh=tokens.refresh)
    new = CONSENT.renew(APP, us)
    assert NETWORK.check(replace(us, token=new.token)).account == "54977"
    assert new.refresh != tokens.refresh
    with pytest.raises(base.Expired):
        CONSENT.renew(APP, us)


@pytest.mark.parametrize(
    "change", [{"code": "other"}, {"redirect": "https://evil.example"}], ids=["another code", "another address"]
)
def test_what_was_not_granted_gives_no_token(server: Server, change: dict[str, Any]) -> None:
    with pytest.raises(base.Expired):
        CONSENT.finish(APP, replace(granted(CONSENT.begin(APP, ASKED)), **change))


def test_app_that_pinterest_does_not_know_is_rejected(server: Server) -> None:
    given = granted(CONSENT.begin(APP, ASKED))
    with pytest.raises(base.Rejected) as raised:
        CONSENT.finish(replace(APP, secret=""), given)
    assert raised.value.code == "app"
