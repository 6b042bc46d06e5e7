"""Google's consent page. https://developers.google.com/identity/protocols/oauth2/web-server"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks._google.api import outcome
from chalicelib.networks.read import words

PAGES, TOKENS = "accounts.google.com", "oauth2.googleapis.com"


def begin(network: str, app: base.App, asked: base.Asked) -> base.Begun:
    """Asks for consent even if the person consented before: only then does Google give a refresh token."""
    query = {
        "response_type": "code", "client_id": app.id, "redirect_uri": asked.redirect, "state": asked.state,
        "scope": " ".join(asked.scopes), "access_type": "offline", "prompt": "consent",
        "code_challenge": asked.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return base.Begun(address=f"{http.address(network, PAGES)}/o/oauth2/v2/auth?{urlencode(query)}")


def finish(network: str, app: base.App, granted: base.Granted) -> base.Tokens:
    form = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(network, app, {**form, "code_verifier": granted.verifier}, base.Rejected)


def renew(network: str, app: base.App, credentials: base.Credentials) -> base.Tokens:
    """The refresh token stays the same. It ends after six months without use, or when somebody withdraws it."""
    return _tokens(network, app, {"grant_type": "refresh_token", "refresh_token": credentials.refresh}, base.Expired)


def granted(network: str, app: base.App, credentials: base.Credentials) -> Sequence[str]:
    """https://cloud.google.com/docs/authentication/token-types"""
    answer = http.call(network, "GET", TOKENS, "/tokeninfo", query={"access_token": credentials.token})
    if answer.status != 200:
        raise outcome("GET", answer)
    return oauth.scopes(answer.json)


def _tokens(network: str, app: base.App, form: Mapping[str, str], ended: type[base.Outcome]) -> base.Tokens:
    sent = {**form, "client_id": app.id, "client_secret": app.secret}
    answer = http.call(network, "POST", TOKENS, "/token", form=sent)
    body = answer.json
    if answer.status == 200 and words(body.get("access_token")):
        return oauth.tokens(body)
    code = words(body.get("error"))
    if answer.status in (400, 401) and code:
        text = words(body.get("error_description")) or "Google does not accept the app, the code or the token."
        raise (ended if code == "invalid_grant" else base.Rejected)(text, code=code)
    raise outcome("POST", answer)
