"""How somebody lets us speak for their Threads profile. A token lives for 60 days, and renews itself after one.

https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks._meta import graph
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import words
from chalicelib.networks.threads.connect import profile
from chalicelib.networks.threads.outbound import HOST

PAGES = "threads.net"
_LIVES = 60 * 86_400
NEEDED = ("threads_basic", "threads_read_replies")
SCOPES = (
    *NEEDED,
    *("threads_manage_replies", "threads_content_publish", "threads_manage_mentions", "threads_delete"),
)


def begin(app: base.App, asked: base.Asked) -> base.Begun:
    """Threads knows no proof of possession (PKCE): the app's secret is what the code is exchanged with."""
    query = {
        "client_id": app.id,
        "redirect_uri": asked.redirect,
        "scope": ",".join(asked.scopes),
        "response_type": "code",
        "state": asked.state,
    }
    return base.Begun(address=f"{http.address('threads', PAGES)}/oauth/authorize?{urlencode(query)}")


def finish(app: base.App, granted: base.Granted) -> base.Tokens:
    """The code gives a token for an hour, and that one gives the one for 60 days."""
    form = {
        "client_id": app.id,
        "client_secret": app.secret,
        "grant_type": "authorization_code",
        "redirect_uri": granted.redirect,
        "code": granted.code.removesuffix("#_"),
    }
    first = _answered("POST", http.call("threads", "POST", HOST, "/oauth/access_token", form=form))
    query = {"grant_type": "th_exchange_token", "client_secret": app.secret, "access_token": first["access_token"]}
    lasting = _answered("GET", http.call("threads", "GET", HOST, "/access_token", query=query))
    return _tokens(lasting, user=words(first.get("user_id")))


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    me = profile(base.Credentials(account="", token=tokens.token))
    picture = words(me.get("threads_profile_picture_url"))
    return [base.Account(id=words(me.get("id")), name=words(me.get("username")), picture=picture)]


def renew(app: base.App, credentials: base.Credentials) -> base.Tokens:
    """Works from a day after the token was given until it ends; then somebody has to consent again."""
    query = {"grant_type": "th_refresh_token", "access_token": credentials.token}
    return _tokens(_answered("GET", http.call("threads", "GET", HOST, "/refresh_access_token", query=query)))


def _answered(method: str, answer: http.Response) -> Mapping[str, Any]:
    if 200 <= answer.status < 300 and isinstance(answer.json.get("access_token"), str):
        return answer.json
    raise graph.outcome(method, answer, CONNECT)


def _tokens(answer: Mapping[str, Any], user: str = "") -> base.Tokens:
    given = oauth.tokens(answer, user=user)
    return given if given.lives else replace(given, lives=_LIVES)


CONSENT = base.Consent(
    begin=begin, finish=finish, accounts=accounts, renew=renew, scopes=SCOPES, needed=NEEDED, provider="meta",
    gives={"reply": ("threads_content_publish", "threads_manage_replies"), "hide": ("threads_manage_replies",)},
)  # fmt: skip
