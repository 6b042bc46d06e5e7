"""The consent page of a server. Our app is registered with the server on the way, so there is nothing to configure.

https://docs.joinmastodon.org/methods/oauth/
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.mastodon.calls import api, refusal, server
from chalicelib.networks.mastodon.connect import check
from chalicelib.networks.read import words

SCOPES = (
    *("read:accounts", "read:notifications", "read:statuses"),
    *("write:statuses", "write:media", "write:favourites", "write:blocks", "write:reports"),
)
NEEDED = ("read:accounts", "read:notifications", "read:statuses", "write:statuses")


def begin(app: App, asked: Asked) -> Begun:
    host, scope = server(asked.server), " ".join(asked.scopes)
    form = {"client_name": "Palabre", "redirect_uris": asked.redirect, "scopes": scope}
    made = _call(host, "/api/v1/apps", form)
    query = {
        "response_type": "code", "client_id": words(made.get("client_id")), "redirect_uri": asked.redirect,
        "scope": scope, "state": asked.state, "code_challenge": asked.challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    kept = {"server": host, "id": words(made.get("client_id")), "secret": words(made.get("client_secret"))}
    if not all(kept.values()):
        raise base.Rejected("The server did not register the app.", code="server")
    return Begun(address=f"{http.address('mastodon', host)}/oauth/authorize?{urlencode(query)}", kept=kept)


def finish(app: App, granted: Granted) -> Tokens:
    host = server(granted.kept.get("server", ""))
    form = {
        "grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect,
        "client_id": granted.kept.get("id", ""), "client_secret": granted.kept.get("secret", ""),
        "code_verifier": granted.verifier,
    }  # fmt: skip
    answer = _call(host, "/oauth/token", form)
    if not words(answer.get("access_token")):
        raise base.Rejected("The server did not return a token.", code="no_token")
    return oauth.tokens(answer, details={"server": host})


def accounts(tokens: Tokens) -> Sequence[Account]:
    credentials = Credentials(account="", token=tokens.token, details=tokens.details)
    connected = check(credentials)
    me = api(credentials, "GET", f"/api/v1/accounts/{connected.details['id']}").json
    return [
        Account(id=connected.account, name=connected.name, picture=words(me.get("avatar")), details=connected.details)
    ]


def _call(host: str, path: str, form: Mapping[str, str]) -> Mapping[str, object]:
    answer = http.call("mastodon", "POST", host, path, form=form, is_named=True)
    if answer.status == 200:
        return answer.json
    if words(answer.json.get("error")) == "invalid_grant":
        raise base.Expired("The server does not accept the code any more.", code="invalid_grant")
    raise refusal(answer, reads=False)


CONSENT = Consent(
    begin=begin,
    finish=finish,
    accounts=accounts,
    scopes=SCOPES,
    needed=NEEDED,
    gives={"like": ("write:favourites",), "ban": ("write:blocks",), "report": ("write:reports",)},
    names_server=True,
    registers=True,
)
