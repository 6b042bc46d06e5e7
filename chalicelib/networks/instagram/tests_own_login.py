"""Instagram Login: from the consent page to an account without a Page, and the renewal of its token."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.instagram import NETWORK
from chalicelib.networks.instagram.own_login import CONSENT, PRODUCT
from chalicelib.networks.instagram.tests_calls import behave
from local.double import Server

APP = base.App(id="own-app", secret="its-secret")
ASKED = base.Asked(redirect="https://palabre.example/connected", state="s1", challenge="c", scopes=CONSENT.scopes)
ACCOUNT = "17841490000000001"


def granted(**more: Any) -> base.Granted:
    """What a person who consents for the account comes back with."""
    address = f"{CONSENT.begin(APP, ASKED).address}&as={ACCOUNT}"
    for name, value in more.items():
        address += f"&{name}={value}"
    answer = urllib3.request("GET", address, redirect=False)
    query = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    return base.Granted(code=f"{query['code']}#_", redirect=ASKED.redirect, verifier="v", query=query)


def test_other_login_of_instagram_is_found_by_its_product() -> None:
    assert base.consent_for(NETWORK.consent, PRODUCT) is CONSENT
    assert base.consent_for(NETWORK.consent, "facebook_login") is NETWORK.consent
    assert base.consent_for(None, PRODUCT) is None


def test_account_without_a_page_is_found_by_its_own_consent(server: Server) -> None:
    tokens = CONSENT.finish(APP, granted())
    assert (tokens.user, tokens.scopes, tokens.lives) == (ACCOUNT, CONSENT.scopes, 5_183_944)
    [account] = CONSENT.accounts(tokens)
    assert (account.id, account.details, account.token) == (ACCOUNT, {"product": PRODUCT}, "")
    asking = base.Credentials(account=account.id, token=tokens.token, details=account.details)
    assert NETWORK.check(asking).account == ACCOUNT


def test_scopes_that_were_not_granted_are_told(server: Server) -> None:
    tokens = CONSENT.finish(APP, granted(without="instagram_business_manage_messages"))
    assert set(CONSENT.scopes) - set(tokens.scopes) == {"instagram_business_manage_messages"}


def test_a_code_is_good_for_once_and_for_its_app(server: Server) -> None:
    for app in (replace(APP, id="other"), replace(APP, secret="")):
        with pytest.raises(base.Rejected):
            CONSENT.finish(app, granted())
    once = granted()
    CONSENT.finish(APP, once)
    with pytest.raises(base.Rejected):
        CONSENT.finish(APP, once)


def test_token_renews_itself_until_it_has_ended(server: Server) -> None:
    assert CONSENT.renew
    tokens = CONSENT.finish(APP, granted())
    first = base.Credentials(account=ACCOUNT, token=tokens.token, details={"product": PRODUCT})
    renewed = CONSENT.renew(APP, first)
    assert (renewed.token != tokens.token, renewed.lives, renewed.scopes) == (True, 5_183_944, ())
    behave(server, "expired")
    with pytest.raises(base.Expired):
        CONSENT.renew(APP, first)
