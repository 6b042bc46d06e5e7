"""A person comes in from an empty browser: what a page reads first, the pool's own page, a code with PKCE, a token."""

import base64
import hashlib
import html
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from chalicelib import clock, errors, settings
from chalicelib.access import memberships
from chalicelib.people import founding, invitations
from chalicelib.store import fence, table
from chalicelib.store.models.people import Invitation
from local import seed
from tests.people.test_members import link_in_mail
from tests.support.stack import Member, Stack, ask, eventually, number

PAGE = "http://localhost:3000/signed-in"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Browser:
    """A page that knows nothing but the API's address."""

    stack: Stack
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def __post_init__(self) -> None:
        self.auth = Member(self.stack.api, "").get("/auth")

    def opens(self, back: str = PAGE) -> urllib3.BaseHTTPResponse:
        """The page on which one signs in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code", "client_id": self.auth["client_id"], "redirect_uri": back, "state": "s1",
            "scope": " ".join(self.auth["scopes"]), "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }  # fmt: skip
        return urllib3.request("GET", f"{self.auth['authorization_endpoint']}?{urlencode(asked)}", redirect=False)

    def fills(self, page: urllib3.BaseHTTPResponse, **fields: str) -> urllib3.BaseHTTPResponse:
        """The page's form with what is hidden in it, and what the person writes."""
        text = page.data.decode()
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', text)
        body = urlencode({name: html.unescape(value) for name, value in hidden} | fields)
        [place] = re.findall(r'<form method="POST" action="([^"]*)"', text)
        origin = self.auth["authorization_endpoint"].removesuffix("/oauth2/authorize")
        return urllib3.request("POST", f"{origin}{place}", body=body, headers=FORM, redirect=False)

    def code(self, answer: urllib3.BaseHTTPResponse) -> str:
        back = urlsplit(answer.headers["Location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == PAGE
        query = parse_qs(back.query)
        assert query["state"] == ["s1"]
        return query["code"][0]

    def token(self, **asked: str) -> urllib3.BaseHTTPResponse:
        body = urlencode({"client_id": self.auth["client_id"], "redirect_uri": PAGE, **asked})
        return urllib3.request("POST", self.auth["token_endpoint"], body=body, headers=FORM)

    def redeems(self, code: str) -> Mapping[str, str]:
        answer = self.token(grant_type="authorization_code", code=code, code_verifier=self.verifier)
        assert answer.status == 200, answer.data
        tokens: Mapping[str, str] = answer.json()
        return tokens


@pytest.fixture
def browser(stack: Stack) -> Browser:
    return Browser(stack)


def person(stack: Stack) -> str:
    email = f"page{number()}@people.example"
    seed.sign_up(email, stack.platform.outputs, stack.platform.endpoint)
    return email


def first_password(stack: Stack, email: str) -> str:
    """What the pool mailed to that address."""

    def sent() -> str:
        listed = ask("GET", f"{stack.platform.endpoint}/_ministack/ses/messages").json["messages"].values()
        mails = [json.dumps(mail) for mails in listed for mail in mails if email in json.dumps(mail)]
        passwords: list[str] = re.findall(r"with the password<br>(.*?)<br>", " ".join(mails))
        return html.unescape(passwords[-1].encode().decode("unicode_escape")) if passwords else ""

    return eventually(sent)


def test_who_signs_in_on_the_pools_page_is_let_in(browser: Browser, stack: Stack) -> None:
    code = browser.code(browser.fills(browser.opens(), username=person(stack), password=seed.PASSWORD))
    tokens = browser.redeems(code)
    assert Member(stack.api, tokens["access_token"]).get("/me/agencies")["items"] == []
    again = browser.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert Member(stack.api, again.json()["access_token"]).get("/me/agencies")["items"] == []


def test_code_is_good_once_and_only_for_who_asked_for_it(browser: Browser, stack: Stack) -> None:
    email = person(stack)
    stolen = browser.code(browser.fills(browser.opens(), username=email, password=seed.PASSWORD))
    assert browser.token(grant_type="authorization_code", code=stolen, code_verifier="x" * 43).status == 400
    code = browser.code(browser.fills(browser.opens(), username=email, password=seed.PASSWORD))
    browser.redeems(code)
    twice = browser.token(grant_type="authorization_code", code=code, code_verifier=browser.verifier)
    assert twice.status == 400


def test_pool_leads_back_to_our_pages_alone(browser: Browser) -> None:
    assert browser.opens("https://evil.example/signed-in").status == 400


def test_wrong_password_lets_nobody_in(browser: Browser, stack: Stack) -> None:
    refused = browser.fills(browser.opens(), username=person(stack), password="Wrong-Horse-7")
    assert "Location" not in refused.headers


def test_who_is_invited_chooses_a_password_and_joins(browser: Browser, stack: Stack) -> None:
    owner, email = stack.ours.owner, f"invited{number()}@people.example"
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    owner.post("/invitations", {"email": email, "grants": grants})
    link = link_in_mail(stack, email)
    first = browser.fills(browser.opens(), username=email, password=first_password(stack, email))
    code = browser.code(browser.fills(first, new_password="Battery-Staple-9", confirm_password="Battery-Staple-9"))
    newcomer = Member(stack.api, browser.redeems(code)["access_token"])
    newcomer.post("/invitations/accept", {"token": link})
    assert newcomer.get("/me")["grants"][0]["role"] == "moderator"


def test_invitation_for_whom_no_account_can_be_made_is_gone_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, subject = clock.now(), f"sub-{number()}"
    agency = founding.found_agency(f"Pool {number()}", subject, "Owner", "o@pool.example", now).id
    actor = memberships.of(subject, agency, "", now)
    with fence.within(agency):
        monkeypatch.setenv("USER_POOL", "eu-west-1_none")
        settings.get.cache_clear()
        with pytest.raises(errors.Unavailable):
            invitations.invite(actor, "new@people.example", [{"role": "moderator", "brands": None}], now)
        monkeypatch.undo()
        settings.get.cache_clear()
        assert list(table.query(Invitation, agency, "inv", consistent=True)) == []
