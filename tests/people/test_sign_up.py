"""A stranger makes an account, founds an agency, gets in again with a new password; nobody takes another's address."""

import base64
import hmac
import json
import re

from chalicelib import clock
from local.page import accounts
from tests.people.test_sign_in import Browser, first_password
from tests.support.answer_contract import Answer
from tests.support.stack import Member, Stack, ask, eventually, number

FIRST, SECOND = "Correct-Horse-7", "Battery-Staple-9"


class Stranger:
    """Somebody on the pages of accounts, whom the pool knows by their address alone."""

    def __init__(self, stack: Stack) -> None:
        self.email = f"stranger{number()}@people.example"
        self._stack, self._pool = stack, stack.client("cognito-idp")
        self.browser = Browser(stack)
        self._known = {"client_id": self.browser.auth["client_id"], "email": self.email, "state": "s1"}

    def sends(self, path: str, **fields: str) -> str | accounts.Led:
        return accounts.submitted(path, {**self._known, **fields}, self._pool, "https://pool.example/sign-in")

    def code(self, mails: int = 1) -> str:
        """The code of the last of so many mails."""

        def came() -> str:
            sent = ask("GET", f"{self._stack.platform.endpoint}/_ministack/ses/messages").json["messages"].values()
            mine = [mail for mails in sent for mail in mails if self.email in json.dumps(mail)]
            codes = [code for mail in mine for code in re.findall(r"Your code is (\d{6})", json.dumps(mail))]
            return codes[-1] if len(codes) >= mails else ""

        return eventually(came)

    def signs_in(self, password: str) -> Member:
        code = self.browser.code(self.browser.fills(self.browser.opens(), username=self.email, password=password))
        return Member(self._stack.api, self.browser.redeems(code)["access_token"])


def test_stranger_makes_an_account_and_founds_an_agency(stack: Stack) -> None:
    stranger = Stranger(stack)
    assert "We sent you a code" in str(stranger.sends("/signup", password=FIRST))
    led = stranger.sends("/signup", code=stranger.code())
    assert led == accounts.Led(f"https://pool.example/sign-in?client_id={stranger.browser.auth['client_id']}&state=s1")
    person = stranger.signs_in(FIRST)
    assert person.call("GET", "/me").problem == (403, "no_agency")
    person.post("/agencies", {"name": "From nothing"})
    assert person.get("/me")["grants"][0]["role"] == "owner"


def test_who_forgot_their_password_chooses_another(stack: Stack) -> None:
    stranger = Stranger(stack)
    stranger.sends("/signup", password=FIRST)
    stranger.sends("/signup", code=stranger.code())
    assert "We sent you a code" in str(stranger.sends("/forgotPassword"))
    assert isinstance(stranger.sends("/forgotPassword", code=stranger.code(2), password=SECOND), accounts.Led)
    assert stranger.signs_in(SECOND).get("/me/agencies")["items"] == []


def test_page_gives_an_account_a_second_factor(stack: Stack) -> None:
    stranger = Stranger(stack)
    stranger.sends("/signup", password=FIRST)
    stranger.sends("/signup", code=stranger.code())
    token = stranger.signs_in(FIRST).token

    def asks(action: str, **content: object) -> Answer:
        target = f"AWSCognitoIdentityProviderService.{action}"
        head = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        body = json.dumps({"AccessToken": token, **content}).encode()
        return ask("POST", stranger.browser.auth["user_pool_endpoint"] + "/", body=body, headers=head)

    secret = asks("AssociateSoftwareToken").json["SecretCode"]
    assert re.fullmatch("[A-Z2-7]{16,}", secret)
    assert asks("VerifySoftwareToken", UserCode=totp(secret)).json["Status"] == "SUCCESS"
    wanted = {"Enabled": True, "PreferredMfa": True}
    assert asks("SetUserMFAPreference", SoftwareTokenMfaSettings=wanted).status == 200


def totp(secret: str) -> str:
    """The code of an authenticator app at this moment, RFC 6238."""
    counter = (clock.now() // 30_000).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def test_wrong_code_and_weak_password_are_told(stack: Stack) -> None:
    stranger = Stranger(stack)
    assert 'class="wrong"' in str(stranger.sends("/signup", password="short"))
    again = str(stranger.sends("/forgotPassword", code="000000", password=FIRST))  # the emulator has no such account
    assert 'class="wrong"' in again
    assert "We sent you a code" in again


def test_account_that_nobody_proved_makes_way_for_who_is_invited(stack: Stack) -> None:
    stranger = Stranger(stack)
    stranger.sends("/signup", password=FIRST)
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    stack.ours.owner.post("/invitations", {"email": stranger.email, "grants": grants})
    password = first_password(stack, stranger.email)
    led = stranger.browser.fills(stranger.browser.opens(), username=stranger.email, password=FIRST)
    assert "Location" not in led.headers, "who made it first does not get in"
    first = stranger.browser.fills(stranger.browser.opens(), username=stranger.email, password=password)
    assert "Set a new password" in first.data.decode()


def test_page_shows_nothing_as_markup() -> None:
    shown = accounts.page("/signup", {"state": '"><script>'}, "<b>no</b>")
    assert "<script>" not in shown
    assert "<b>" not in shown
