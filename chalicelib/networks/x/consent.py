"""X's consent page. A token lives for two hours; a refresh token works once.

https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.read import words
from chalicelib.networks.x.connect import check
from chalicelib.networks.x.outbound import HOST, outcome_of

PAGES = "x.com"
NEEDED = ("tweet.read", "users.read", "offline.access")
SCOPES = (*NEEDED, "tweet.write", "tweet.moderate.write", "dm.read", "dm.write", "media.write")


def begin(app: base.App, asked: base.Asked) -> base.Begun:
    query = {
        "response_type": "code",
        "client_id": app.id,
        "redirect_uri": asked.redirect,
        "scope": " ".join(asked.scopes),
        "state": asked.state,
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256",
    }
    return base.Begun(address=f"{http.address('x', PAGES)}/i/oauth2/authorize?{urlencode(query)}")


def finish(app: base.App, granted: base.Granted) -> base.Tokens:
    """The app's `config`, which is the id of its webhook, is kept with each account, because `subscribe` needs it."""
    form = {
        "grant_type": "authorization_code",
        "code": granted.code,
        "redirect_uri": granted.redirect,
        "code_verifier": granted.verifier,
    }
    return replace(_tokens(app, form), details={"webhook": app.config})


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    connected = check(base.Credentials(account="", token=tokens.token))
    return [base.Account(id=connected.account, name=connected.name)]


def renew(app: base.App, credentials: base.Credentials) -> base.Tokens:
    """Each renewal gives a new refresh token, and ends the one before."""
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh})


def _tokens(app: base.App, form: Mapping[str, str]) -> base.Tokens:
    sent = {**form, "client_id": app.id}
    answer = http.call("x", "POST", HOST, "/2/oauth2/token", form=sent, headers=oauth.basic(app.id, app.secret))
    if answer.status >= 300 or not words(answer.json.get("access_token")):
        raise _refusal(answer, renews="refresh_token" in form)
    return oauth.tokens(answer.json)


def _refusal(answer: http.Response, *, renews: bool) -> base.Outcome:
    """A refused refresh token needs a new consent; any other refusal is about the app or the code."""
    text = words(answer.json.get("error_description")) or "X does not accept the app, the code or the token."
    if renews and answer.status in (400, 401):
        return base.Expired(text, code="invalid_grant")
    if 400 <= answer.status < 500 and answer.status != 429:
        return base.Rejected(text, code=str(answer.status))
    return outcome_of(answer, "POST")


CONSENT = base.Consent(
    begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=NEEDED, needs_config=True,
    gives={"reply": ("tweet.write",), "hide": ("tweet.moderate.write",), "ban": ("dm.write",)},
)  # fmt: skip
