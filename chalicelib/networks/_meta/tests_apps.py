"""What Meta tells of an app itself: where its events go, and which rights a token has by now."""

import json
from collections.abc import Sequence

import pytest

from chalicelib.networks import base
from chalicelib.networks._meta import apps, double_login
from chalicelib.networks._meta.tests_login import APP, KEYS, of, tokens
from local.double import Server

HOOKS = "https://palabre.example/hooks"
OBJECTS = {"facebook": "page", "messenger": "page", "instagram": "instagram", "whatsapp": "whatsapp_business_account"}
EVERY = (
    "feed,mention,ratings,comments,mentions,messages,message_echoes,message_reads,message_deliveries,"
    "messaging_postbacks,message_reactions"
)


def unheard(key: str, app: base.App = APP) -> Sequence[str]:
    _, consent = of(key)
    assert consent.unheard
    return consent.unheard(app, f"{HOOKS}/{key}")


def posted(key: str, address: str = f"{HOOKS}/facebook", fields: str = EVERY, *, active: bool = True) -> None:
    double_login.posts(APP.id, OBJECTS[key], address, fields, active=active)


@pytest.mark.parametrize("key", KEYS)
def test_app_that_is_told_all_at_one_of_our_hooks_hears(key: str, server: Server) -> None:
    posted(key, f"{HOOKS}/{key}/chn_of_another_channel")
    assert list(unheard(key)) == []
    [call] = server.state.requests
    assert (call["method"], call["path"]) == ("GET", "/v25.0/77/subscriptions")


@pytest.mark.parametrize("key", KEYS)
def test_what_an_app_is_not_told_is_named(key: str, server: Server) -> None:
    posted(key, "https://palabre.example/hooksandmore/facebook")
    assert list(unheard(key)) == ["address"]
    posted(key, active=False)
    assert list(unheard(key)) == ["active"]
    posted(key, fields="ratings")
    assert {"facebook": "feed", "instagram": "comments"}.get(key, "messages") in unheard(key)
    assert "ratings" not in unheard(key)


def test_app_that_meta_does_not_know_tells_nothing(server: Server) -> None:
    with pytest.raises(base.Rejected):
        unheard("facebook", base.App(id="78", secret="hush"))
    assert list(unheard("facebook", base.App(id="../me", secret="hush"))) == []


@pytest.mark.parametrize("key", KEYS)
def test_rights_are_those_that_the_accounts_token_has_by_now(key: str, server: Server) -> None:
    _, consent = of(key)
    assert consent.granted
    for without in ("", consent.needed[0]):
        [found] = consent.accounts(tokens(consent, **{"as": "10150771", "without": without}))
        known = base.Credentials(account=found.id, token=found.token)
        assert set(consent.granted(APP, known)) == set(consent.scopes) - {without}
    assert list(consent.granted(APP, base.Credentials(account="1", token="gone"))) == []


@pytest.mark.parametrize("scopes", ["all", None, [""], {}])
def test_rights_that_cannot_be_read_are_none(scopes: object, server: Server) -> None:
    body = json.dumps({"data": {"is_valid": True, "scopes": scopes}})
    server.state.behaviours.append({"network": "facebook", "do": "serve", "times": 1, "body": body})
    assert list(apps.scopes("facebook", APP, base.Credentials(account="1", token="EAAB1page"))) == []
