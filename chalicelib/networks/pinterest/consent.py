"""Pinterest's consent page. A token lives for 30 days, a refresh token for 60, and a renewal gives both anew.

https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.pinterest.connect import HOST, check, refusal, user
from chalicelib.networks.read import words

PAGE = "www.pinterest.com"
SCOPES = ("boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read")


def begin(app: App, asked: Asked) -> Begun:
    query = {
        "client_id": app.id, "redirect_uri": asked.redirect, "response_type": "code",
        "scope": ",".join(asked.scopes), "state": asked.state,
    }  # fmt: skip
    return Begun(address=f"{http.address('pinterest', PAGE)}/oauth/?{urlencode(query)}")


def finish(app: App, granted: Granted) -> Tokens:
    how = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(app, {**how, "continuous_refresh": "true"})


def renew(app: App, credentials: Credentials) -> Tokens:
    return _tokens(app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh})


def accounts(tokens: Tokens) -> Sequence[Account]:
    credentials = Credentials(account="", token=tokens.token)
    connected = check(credentials)
    picture = words(user(credentials).get("profile_image"))
    return [Account(id=connected.account, name=connected.name, picture=picture, details=connected.details)]


def _tokens(app: App, form: Mapping[str, str]) -> Tokens:
    headers = oauth.basic(quote(app.id, safe=""), quote(app.secret, safe=""))
    answer = http.call("pinterest", "POST", HOST, "/v5/oauth/token", form=form, headers=headers)
    body = answer.json
    if answer.status == 200 and words(body.get("access_token")):
        return oauth.tokens(body)
    if answer.status == 400:
        raise base.Expired("Pinterest does not accept the code or the token any more.", code="invalid_grant")
    raise (
        base.Rejected("Pinterest does not accept the id and the secret of the app.", code="app")
        if answer.status == 401
        else refusal(answer, False)
    )


CONSENT = Consent(begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=SCOPES)
