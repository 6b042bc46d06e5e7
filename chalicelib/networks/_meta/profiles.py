"""Login of a single profile without a Page, for Threads and Instagram. A token lives for 60 days. It can be renewed
from a day after it was given until it ends; then somebody has to consent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks._meta import graph
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import parts, words

_LIVES = 60 * 86_400


@dataclass(frozen=True, kw_only=True)
class Login:
    """The hosts of the consent page (`pages`), of the first token and of the lasting ones; `grants` is the prefix of
    the grant types.
    """

    network: str
    pages: str
    first: str
    lasting: str
    grants: str


def begin(login: Login, app: base.App, asked: base.Asked) -> base.Begun:
    """The login has no PKCE: only the app's secret protects the exchange of the code."""
    query = {
        "client_id": app.id,
        "redirect_uri": asked.redirect,
        "scope": ",".join(asked.scopes),
        "response_type": "code",
        "state": asked.state,
    }
    return base.Begun(address=f"{http.address(login.network, login.pages)}/oauth/authorize?{urlencode(query)}")


def finish(login: Login, app: base.App, granted: base.Granted) -> base.Tokens:
    """The code gives a token for an hour, and that one gives the one for 60 days."""
    form = {
        "client_id": app.id,
        "client_secret": app.secret,
        "grant_type": "authorization_code",
        "redirect_uri": granted.redirect,
        "code": granted.code.removesuffix("#_"),
    }
    first = _token_object("POST", http.call(login.network, "POST", login.first, "/oauth/access_token", form=form))
    query = {
        "grant_type": f"{login.grants}_exchange_token",
        "client_secret": app.secret,
        "access_token": words(first.get("access_token")),
    }
    lasting = _token_object("GET", http.call(login.network, "GET", login.lasting, "/access_token", query=query))
    return replace(_tokens(lasting), user=words(first.get("user_id")), scopes=_scopes(first.get("permissions")))


def renew(login: Login, credentials: base.Credentials) -> base.Tokens:
    query = {"grant_type": f"{login.grants}_refresh_token", "access_token": credentials.token}
    return _tokens(
        _token_object("GET", http.call(login.network, "GET", login.lasting, "/refresh_access_token", query=query))
    )


def _token_object(method: str, answer: http.Response) -> Mapping[str, Any]:
    """The JSON object with the token, which some answers have inside a list."""
    if 200 <= answer.status < 300:
        for body in (*parts(answer.json, "data"), answer.json):
            if isinstance(body.get("access_token"), str):
                return body
    raise graph.outcome(method, answer, CONNECT)


def _scopes(scopes: object) -> tuple[str, ...]:
    """Scopes come as one text with commas, or as a list."""
    return tuple(filter(None, map(words, scopes if isinstance(scopes, list) else words(scopes).split(","))))


def _tokens(answer: Mapping[str, Any]) -> base.Tokens:
    given = oauth.tokens(answer)
    return given if given.lives else replace(given, lives=_LIVES)
