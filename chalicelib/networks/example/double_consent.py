"""Example's consent page and its tokens, played strictly: codes and refresh tokens work once."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from chalicelib.networks.double import Answer, Request, number

LIVES, REFRESH_LIVES = 3600, 60 * 86400
_codes: dict[str, "Allowed"] = {}
_refreshes: dict[str, "Allowed"] = {}
_tokens: dict[str, "Allowed"] = {}


@dataclass(frozen=True)
class Allowed:
    client: str
    redirect: str
    challenge: str
    scope: str
    accounts: tuple[str, ...]
    user: str


def authorise(request: Request) -> Answer:
    """Opening it is consent for the accounts of `as`, to all scopes but those of `without`; with `deny`, a refusal.

    Without `as`, it is consent for a new account.
    """
    asked = request.query
    if not {"client_id", "redirect_uri", "state", "scope", "code_challenge"} <= asked.keys():
        return Answer(400, {"error": "invalid_request"})
    if "deny" in asked:
        response = {"error": "access_denied", "error_description": "They said no."}
        return _back(asked, response)
    code, own = f"code{number()}", f"shop{number()}"
    scope = " ".join(name for name in asked["scope"].split() if name not in asked.get("without", "").split())
    accounts = tuple(asked.get("as", own).split(","))
    _codes[code] = Allowed(
        asked["client_id"], asked["redirect_uri"], asked["code_challenge"], scope, accounts, asked.get("user", "olga")
    )
    return _back(asked, {"code": code})


def _back(asked: Mapping[str, str], response: Mapping[str, str]) -> Answer:
    address = f"{asked['redirect_uri']}?{urlencode({**response, 'state': asked['state']})}"
    return Answer(302, headers={"Location": address})


def token(request: Request) -> Answer:
    form = request.json
    if not (str(form.get("client_id", "")) and form.get("client_secret")):
        return Answer(401, {"error": "invalid_client"})
    if form.get("grant_type") == "refresh_token":
        allowed = _refreshes.pop(str(form.get("refresh_token")), None)
    else:
        allowed = _codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if allowed and (allowed.redirect, allowed.challenge) != (form.get("redirect_uri"), challenge):
            allowed = None
    if allowed is None or allowed.client != form["client_id"]:
        return Answer(400, {"error": "invalid_grant"})
    return _given(allowed)


def _given(allowed: Allowed) -> Answer:
    access, refresh = f"granted{number()}", f"refresh{number()}"
    _tokens[access], _refreshes[refresh] = allowed, allowed
    return Answer(
        json={
            "access_token": access, "refresh_token": refresh, "expires_in": LIVES,
            "refresh_token_expires_in": REFRESH_LIVES, "scope": allowed.scope, "user": allowed.user,
        }
    )  # fmt: skip


def accounts(request: Request) -> Answer:
    """A single account has the token of the grant; of several accounts, each has its own."""
    allowed = _tokens.get(request.token)
    if allowed is None:
        return Answer(401, {"error": {"code": "token_expired", "message": "No such token."}})
    several = len(allowed.accounts) > 1
    rows = [
        {"id": id, "name": f"The {id}", **({"token": f"token{id.removeprefix('shop')}"} if several else {})}
        for id in allowed.accounts
    ]
    return Answer(json={"accounts": rows})


def account_of(access: str) -> str:
    """The account that a granted token is for; empty for any other token."""
    return _tokens[access].accounts[0] if access in _tokens else ""
