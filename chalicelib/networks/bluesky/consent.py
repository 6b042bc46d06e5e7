"""The consent page of the account's own server (OAuth with PAR, PKCE and DPoP). https://atproto.com/specs/oauth

The id of our app is the https address of a document about it; with a secret (a private key in PEM) the app proves
itself. A token works with its key only, and each refresh token works once.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.networks import base, http, oauth
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.bluesky import proofs, uris
from chalicelib.networks.bluesky.calls import get, server
from chalicelib.networks.read import parts, words

SCOPES = ("atproto", "transition:generic", "transition:chat.bsky")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def begin(app: App, asked: Asked) -> Begun:
    issuer = _issuer(server(asked.server))
    about = _server_metadata(issuer)
    key = proofs.new_key()
    form = {
        "response_type": "code", "client_id": app.id, "redirect_uri": asked.redirect, "state": asked.state,
        "scope": " ".join(asked.scopes), "code_challenge": asked.challenge, "code_challenge_method": "S256",
        **_identity(app, issuer),
    }  # fmt: skip
    answer = _post(words(about.get("pushed_authorization_request_endpoint")), issuer, key, form)
    query = urlencode({"client_id": app.id, "request_uri": words(answer.get("request_uri"))})
    page = urlsplit(words(about.get("authorization_endpoint")))
    address = f"{http.address('bluesky', server(page.netloc))}{page.path}?{query}"
    return Begun(address=address, kept={"issuer": issuer, "key": key})


def finish(app: App, granted: Granted) -> Tokens:
    """The account's server must name the issuer as its own consent server; otherwise any server could give a token for
    any account.
    """
    issuer, key = server(granted.kept.get("issuer", "")), granted.kept.get("key", "")
    told_issuer = granted.query.get("iss", "")
    if told_issuer and server(told_issuer) != issuer:
        raise base.Rejected("The answer came from another server than the one that was asked.", code="issuer")
    how = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    tokens = _tokens(app, issuer, key, {**how, "code_verifier": granted.verifier})
    home = _server_of_account(tokens.user)
    if _issuer(home) != issuer:
        raise base.Rejected("The account is not on the server that was named.", code="issuer")
    details = {"server": home, "issuer": issuer}
    return replace(tokens, key=key, details=details)


def renew(app: App, credentials: Credentials) -> Tokens:
    how = {"grant_type": "refresh_token", "refresh_token": credentials.refresh}
    return _tokens(app, server(credentials.details.get("issuer", "")), credentials.key, how)


def accounts(tokens: Tokens) -> Sequence[Account]:
    credentials = Credentials(account=tokens.user, token=tokens.token, key=tokens.key, details=tokens.details)
    profile = get(credentials, "app.bsky.actor.getProfile", query={"actor": uris.did(tokens.user)}).json
    handle = words(profile.get("handle"))
    details = {**tokens.details, "handle": handle}
    return [Account(id=tokens.user, name=handle, picture=words(profile.get("avatar")), details=details)]


def _tokens(app: App, issuer: str, key: str, how: Mapping[str, str]) -> Tokens:
    form = {**how, "client_id": app.id, **_identity(app, issuer)}
    answer = _post(words(_server_metadata(issuer).get("token_endpoint")), issuer, key, form)
    given = oauth.tokens(answer)
    if not given.token or words(answer.get("token_type")).lower() != "dpop" or "atproto" not in given.scopes:
        raise base.Rejected("The server did not return a token of the type and scope that we need.", code="no_token")
    return replace(given, user=uris.did(words(answer.get("sub"))))


def _identity(app: App, issuer: str) -> Mapping[str, str]:
    """The proof of the app itself, if it has a key; without one its method is `none`, as its document says."""
    if app.secret in ("", "none"):
        return {}
    import jwt

    name = proofs.name_of(app.secret)

    now = int(time.time())
    claims = {"iss": app.id, "sub": app.id, "aud": f"https://{issuer}", "jti": secrets.token_urlsafe(16)}
    times = {"iat": now, "exp": now + 60}
    signed = jwt.encode({**claims, **times}, proofs.pem(app.secret), "ES256", headers={"kid": name})
    return {"client_assertion_type": _ASSERTION, "client_assertion": signed}


def _post(url: str, issuer: str, key: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    parts_of = urlsplit(url)
    host = server(parts_of.netloc)
    if host != issuer or not parts_of.path.startswith("/"):
        raise base.Rejected("The server does not name valid addresses for the consent.", code="server")

    def ask(headers: Mapping[str, str]) -> http.Response:
        return http.call("bluesky", "POST", host, parts_of.path, form=form, headers=headers, is_named=True)

    answer = proofs.call(ask, key, "POST", f"https://{host}{parts_of.path}")
    if answer.status < 300:
        return answer.json
    code, text = words(answer.json.get("error")) or str(answer.status), words(answer.json.get("error_description"))
    if code == "invalid_grant":
        raise base.Expired(text or "The server does not accept the code or the token any more.", code=code)
    raise (base.Unreachable if answer.status >= 500 else base.Rejected)(
        text or "The server refused the request.", code=code
    )


def _issuer(host: str) -> str:
    """The server with the consent page for accounts on that host; the host itself if it names no other."""
    answer = http.call("bluesky", "GET", host, "/.well-known/oauth-protected-resource", is_named=True)
    listed = answer.json.get("authorization_servers")
    first = words(listed[0]) if answer.status == 200 and isinstance(listed, list) and listed else ""
    return server(first) if first else host


def _server_metadata(issuer: str) -> Mapping[str, Any]:
    answer = http.call("bluesky", "GET", issuer, "/.well-known/oauth-authorization-server", is_named=True)
    if answer.status >= 500:
        raise base.Unreachable(f"The server answered with status {answer.status}.", code=str(answer.status))
    if answer.status != 200 or words(answer.json.get("issuer")) != f"https://{issuer}":
        raise base.Rejected("The server does not describe its consent page as the AT Protocol requires.", code="server")
    return answer.json


def _server_of_account(did: str) -> str:
    """The server that an account is on. https://atproto.com/specs/did"""
    method, _, name = did.removeprefix("did:").partition(":")
    host, path = ("plc.directory", f"/{did}") if method == "plc" else (server(name), "/.well-known/did.json")
    answer = http.call("bluesky", "GET", host, path, is_named=True)
    services = [
        service for service in parts(answer.json, "service") if words(service.get("id")).endswith("#atproto_pds")
    ]
    if answer.status != 200 or words(answer.json.get("id")) != did or not services:
        raise base.Rejected("The server of the account could not be found.", code="server")
    return server(words(services[0].get("serviceEndpoint")))


CONSENT = Consent(
    begin=begin,
    finish=finish,
    accounts=accounts,
    renew=renew,
    scopes=SCOPES,
    needed=SCOPES[:2],
    gives={"react": SCOPES[2:]},
    names_server=True,
)
