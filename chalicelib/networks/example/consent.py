"""Example's consent page: a code with PKCE, tokens that live for an hour, and refresh tokens that work once."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.example.outbound import call
from chalicelib.networks.read import words

HOST = "example.com"
SCOPES = ("messages", "comments", "profile")


def begin(app: App, asked: Asked) -> Begun:
    query = {
        "client_id": app.id, "redirect_uri": asked.redirect, "state": asked.state, "scope": " ".join(asked.scopes),
        "code_challenge": asked.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return Begun(address=f"{http.address('example', HOST)}/authorise?{urlencode(query)}")


def finish(app: App, granted: Granted) -> Tokens:
    how = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(app, {**how, "code_verifier": granted.verifier})


def renew(app: App, credentials: Credentials) -> Tokens:
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh})


def accounts(tokens: Tokens) -> Sequence[Account]:
    """A consent for several accounts gives a token for each, which nobody has to renew."""
    rows = call(Credentials(account="", token=tokens.token), "GET", "/v1/accounts").get("accounts", [])
    return [
        Account(id=words(row.get("id")), name=words(row.get("name")), token=words(row.get("token")))
        for row in rows
        if isinstance(row, dict)
    ]


def _tokens(app: App, how: Mapping[str, str]) -> Tokens:
    form = {**how, "client_id": app.id, "client_secret": app.secret}
    answer = http.call("example", "POST", HOST, "/oauth/token", form=form)
    body = answer.json
    if answer.status == 200 and words(body.get("access_token")):
        return oauth.tokens(body, user=words(body.get("user")))
    code = words(body.get("error")) or str(answer.status)
    if code == "invalid_grant":
        raise base.Expired("Example does not accept the code or the token any more.", code=code)
    raise (base.Unreachable if answer.status >= 500 else base.Rejected)("Example did not return a token.", code=code)


CONSENT = Consent(
    begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=("messages", "profile"),
    gives={"hide": ("comments",), "private_reply": ("comments",)},
)  # fmt: skip
