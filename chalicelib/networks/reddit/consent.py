"""Reddit's consent page. A token lives for an hour; the refresh token stays the same.

https://github.com/reddit-archive/reddit/wiki/OAuth2
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.read import words
from chalicelib.networks.reddit.connect import check
from chalicelib.networks.reddit.outbound import AGENT, outcome_of

_HOST = "www.reddit.com"
NEEDED = ("identity", "privatemessages", "read")
SCOPES = (*NEEDED, "submit", "modposts", "account", "report", "history")


def begin(app: base.App, asked: base.Asked) -> base.Begun:
    query = {
        "client_id": app.id,
        "response_type": "code",
        "state": asked.state,
        "redirect_uri": asked.redirect,
        "duration": "permanent",
        "scope": " ".join(asked.scopes),
    }
    return base.Begun(address=f"{http.address('reddit', _HOST)}/api/v1/authorize?{urlencode(query)}")


def finish(app: base.App, granted: base.Granted) -> base.Tokens:
    form = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(app, form)


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    connected = check(base.Credentials(account="", token=tokens.token))
    return [base.Account(id=connected.account, name=connected.name, details=connected.details)]


def renew(app: base.App, credentials: base.Credentials) -> base.Tokens:
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh})


def _tokens(app: base.App, form: Mapping[str, str]) -> base.Tokens:
    """Reddit refuses a code with status 200 and an `error`."""
    headers = {**AGENT, **oauth.basic(app.id, app.secret)}
    answer = http.call("reddit", "POST", _HOST, "/api/v1/access_token", form=form, headers=headers)
    if not words(answer.json.get("access_token")):
        raise _refusal(answer, renews="refresh_token" in form)
    return oauth.tokens(answer.json)


def _refusal(answer: http.Response, *, renews: bool) -> base.Outcome:
    """Status 401 always means that Reddit refuses the app."""
    if answer.status < 500 and answer.status not in (401, 429):
        kind = base.Expired if renews else base.Rejected
        text = words(answer.json.get("error")) or "Reddit does not accept the code or the token."
        return kind(text, code="invalid_grant")
    return (
        base.Rejected("Reddit does not accept the id and the secret of the app.", code="no_token")
        if answer.status == 401
        else outcome_of(answer, "POST")
    )


CONSENT = base.Consent(
    begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=NEEDED,
    gives={"reply": ("submit",), "hide": ("modposts",), "ban": ("account",), "report": ("report",)},
)  # fmt: skip
