"""The consent page of a Mastodon server: an app for each server, a code that works once, and the connected account."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import App, Asked, Tokens
from chalicelib.networks.mastodon.consent import CONSENT
from local.double import Server
from tests.networks.consents import BACK, CHALLENGE, granted

ASKED = Asked(redirect=BACK, state="s1", challenge=CHALLENGE, scopes=CONSENT.scopes, server="Social.Example")
NOBODY = App(id="")


def test_account_is_connected_by_its_servers_page(server: Server) -> None:
    begun = CONSENT.begin(NOBODY, ASKED)
    tokens = CONSENT.finish(NOBODY, granted(begun, "shop7"))
    [account] = CONSENT.accounts(tokens)
    assert (account.id, account.details["server"]) == ("shop7@social.example", "social.example")
    assert set(CONSENT.needed) <= set(tokens.scopes) <= set(CONSENT.scopes)
    assert {call["host"] for call in server.state.requests} == {"social.example"}
    assert CONSENT.names_server and CONSENT.registers


@pytest.mark.parametrize(
    "change",
    [{"code": "other"}, {"redirect": "https://evil.example"}, {"verifier": "w" * 43}],
    ids=["another code", "another address", "another verifier"],
)
def test_what_was_not_granted_gives_no_token(server: Server, change: dict[str, Any]) -> None:
    with pytest.raises(base.Expired):
        CONSENT.finish(NOBODY, replace(granted(CONSENT.begin(NOBODY, ASKED)), **change))


def test_code_is_good_once(server: Server) -> None:
    given = granted(CONSENT.begin(NOBODY, ASKED))
    assert isinstance(CONSENT.finish(NOBODY, given), Tokens)
    with pytest.raises(base.Expired):
        CONSENT.finish(NOBODY, given)


def test_app_of_one_server_is_none_of_another(server: Server) -> None:
    given = granted(CONSENT.begin(NOBODY, ASKED))
    with pytest.raises(base.Expired):
        CONSENT.finish(NOBODY, replace(given, kept={**given.kept, "server": "other.example"}))


@pytest.mark.parametrize("name", ["", "not a host", "a/b"])
def test_server_that_can_be_none_is_rejected(server: Server, name: str) -> None:
    with pytest.raises(base.Rejected):
        CONSENT.begin(NOBODY, replace(ASKED, server=name))


def test_server_that_registers_nobody_is_rejected(server: Server) -> None:
    server.state.behaviours.append({"network": "mastodon", "do": "serve", "body": "{}", "times": 1})
    with pytest.raises(base.Rejected):
        CONSENT.begin(NOBODY, ASKED)
