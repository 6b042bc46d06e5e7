"""TikTok's consent page. A token lives for a day, a refresh token for a year.

https://business-api.tiktok.com/portal/docs?id=1832184159540418
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.read import words
from chalicelib.networks.tiktok.connect import check
from chalicelib.networks.tiktok.outbound import HOST, ROOT, data_of, outcome_of

PAGES = "www.tiktok.com"
NEEDED = ("user.info.basic", "comment.list")
SCOPES = (*NEEDED, "video.list", "comment.list.manage", "message.list.read", "message.list.send", "message.list.manage")


def begin(app: base.App, asked: base.Asked) -> base.Begun:
    query = {
        "client_key": app.id,
        "scope": ",".join(asked.scopes),
        "response_type": "code",
        "redirect_uri": asked.redirect,
        "state": asked.state,
    }
    return base.Begun(address=f"{http.address('tiktok', PAGES)}/v2/auth/authorize/?{urlencode(query)}")


def finish(app: base.App, granted: base.Granted) -> base.Tokens:
    """The app's id is kept with the account: with it, `subscribe` sets the hook of an app that is not ours."""
    body = {"grant_type": "authorization_code", "auth_code": granted.code, "redirect_uri": granted.redirect}
    return replace(_tokens(data_of(_call(app, "token", body), "POST")), details={"app": app.id})


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    """The account that consented; its id came with the tokens."""
    connected = check(base.Credentials(account=tokens.user, token=tokens.token))
    return [base.Account(id=connected.account, name=connected.name)]


def renew(app: base.App, credentials: base.Credentials) -> base.Tokens:
    answer = _call(app, "refresh_token", {"grant_type": "refresh_token", "refresh_token": credentials.refresh})
    if answer.status < 500 and answer.json.get("code") in (40002, 40102, 40104, 40105):
        text = words(answer.json.get("message")) or "TikTok does not accept the token any more."
        raise base.Expired(text, code="invalid_grant")
    if answer.json.get("code") != 0:
        raise outcome_of(answer, "POST")
    return _tokens(data_of(answer, "POST"))


def granted(app: base.App, credentials: base.Credentials) -> Sequence[str]:
    """Its documentation: https://business-api.tiktok.com/portal/docs, /tt_user/token_info/get/"""
    body = {"app_id": app.id, "access_token": credentials.token}
    return oauth.scopes(data_of(http.call("tiktok", "POST", HOST, f"{ROOT}/tt_user/token_info/get/", body=body), "GET"))


def _call(app: base.App, path: str, body: Mapping[str, str]) -> http.Response:
    known = {"client_id": app.id, "client_secret": app.secret, **body}
    return http.call("tiktok", "POST", HOST, f"{ROOT}/tt_user/oauth2/{path}/", body=known)


def _tokens(data: base.Json) -> base.Tokens:
    if not words(data.get("access_token")):
        raise base.Unknown("TikTok did not return a token.", code="no_token")
    return oauth.tokens(data, user=words(data.get("open_id")))


CONSENT = base.Consent(
    begin=begin, finish=finish, accounts=accounts, renew=renew, granted=granted, scopes=SCOPES, needed=NEEDED,
    gives={
        **dict.fromkeys(("hide", "like"), ("comment.list.manage",)),
        **dict.fromkeys(("quote", "read", "typing"), ("message.list.send",)),
    },
)  # fmt: skip
