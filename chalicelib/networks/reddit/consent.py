"""Reddit's consent page. A token lives for some hours; what renews it lives until its owner ends it.

https://github.com/reddit-archive/reddit/wiki/OAuth2
"""

import base64
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chalicelib.networks import base, http
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.read import words
from chalicelib.networks.reddit.calls import agent, get, refusal
from chalicelib.networks.reddit.connect import check

PAGE = "www.reddit.com"
SCOPES = ("identity", "read", "privatemessages", "submit", "modposts", "account")
NEEDED = ("identity", "read", "privatemessages", "submit")


def begin(app: App, asked: Asked) -> Begun:
    query = {
        "client_id": app.id, "response_type": "code", "state": asked.state, "redirect_uri": asked.redirect,
        "duration": "permanent", "scope": " ".join(asked.scopes),
    }  # fmt: skip
    return Begun(address=f"{http.address('reddit', PAGE)}/api/v1/authorize?{urlencode(query)}")


def finish(app: App, granted: Granted) -> Tokens:
    how = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(app, how)


def renew(app: App, credentials: Credentials) -> Tokens:
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh})


def accounts(tokens: Tokens) -> Sequence[Account]:
    credentials = Credentials(account="", token=tokens.token)
    found = check(credentials)
    picture = words(get(credentials, "/api/v1/me", {}).json.get("icon_img"))
    return [Account(id=found.account, name=found.name, picture=picture, details=found.details)]


def _tokens(app: App, form: Mapping[str, str]) -> Tokens:
    """A code that is no good is refused with 200."""
    pair = base64.b64encode(f"{app.id}:{app.secret}".encode()).decode()
    headers = {**agent(""), "Authorization": f"Basic {pair}"}
    answer = http.call("reddit", "POST", PAGE, "/api/v1/access_token", form=form, headers=headers)
    told, lives, scope = answer.json, words(answer.json.get("expires_in")), words(answer.json.get("scope"))
    if answer.status == 200 and words(told.get("access_token")):
        return Tokens(
            token=words(told["access_token"]), refresh=words(told.get("refresh_token")),
            lives=int(lives) if lives.isdecimal() and len(lives) < 12 else 0, scopes=tuple(scope.split()),
        )  # fmt: skip
    if answer.status in (200, 400):
        raise base.Expired("Reddit takes this code or token no more.", code="invalid_grant")
    if answer.status == 401:
        raise base.Rejected("Reddit does not know this app.", code="app")
    raise refusal(answer, reads=False)


CONSENT = Consent(begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=NEEDED)
