"""Pinterest's side, played strictly: an account and its consent page, whose codes and refresh tokens work once."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Request, Voice, number

CONNECTION = {"account": "5497{n}", "credentials": {"token": "pina_{n}"}}


def _failure(status: int, code: int, message: str, **headers: str) -> Answer:
    return Answer(status, {"code": code, "message": message}, headers)


FAILURES: Mapping[str, Answer] = {
    "expired": _failure(401, 2, "Authentication failed."),
    "throttled": _failure(429, 8, "You have exceeded your rate limit. Try again later.", **{"X-RateLimit-Reset": "45"}),
    "gone": _failure(404, 50, "Pin not found."),
    "rejected": _failure(400, 1, "Invalid request."),
    "forbidden": _failure(403, 29, "You are not permitted to access that resource."),
    "unavailable": _failure(503, 12, "The server is busy."),
}
EVENTS: Mapping[str, Callable[..., Mapping[str, Any]]] = {}
_refreshes: dict[str, Mapping[str, str]] = {}
_tokens: dict[str, str] = {}


def answer(request: Request) -> Answer:
    for method, host, path, play in ROUTES:
        if (method, host, path) == (request.method, request.host, request.path):
            return play(request)
    return FAILURES["gone"]


def _user(request: Request) -> Answer:
    named = re.fullmatch(r"pina_(\d+)", request.token)
    account = f"5497{named[1]}" if named else _tokens.get(request.token, "")
    if not account:
        return FAILURES["expired"]
    picture = "https://i.pinimg.example/p.jpg"
    user = {"id": account, "username": f"shop{account}", "account_type": "BUSINESS", "profile_image": picture}
    return Answer(json={**user, "business_name": "The shop", "board_count": 3, "pin_count": 9})


def _token(request: Request) -> Answer:
    form = request.json
    head = request.headers.get("authorization", "").removeprefix("Basic ")
    client, _, secret = base64.b64decode(head).decode().partition(":")
    if not (client and secret):
        return FAILURES["expired"]
    if form.get("grant_type") == "refresh_token":
        allowed = _refreshes.pop(str(form.get("refresh_token")), None)
    else:
        allowed = double_page.consented(form, client)
    if allowed is None or allowed["client_id"] != client:
        return _failure(400, 283, "Authorization code is expired or invalid.")
    access, refresh = f"pina_granted{number()}", f"pinr_{number()}"
    _tokens[access], _refreshes[refresh] = allowed.get("as", "54977"), allowed
    tokens = {"access_token": access, "refresh_token": refresh, "token_type": "bearer", "expires_in": 2592000}
    scope = allowed["scope"].replace(",", " ")
    return Answer(json={**tokens, "refresh_token_expires_in": 5184000, "scope": scope})


ROUTES: tuple[tuple[str, str, str, Callable[[Request], Answer]], ...] = (
    ("GET", "api.pinterest.com", "/v5/user_account", _user),
    ("GET", "www.pinterest.com", "/oauth/", double_page.show),
    ("POST", "api.pinterest.com", "/v5/oauth/token", _token),
)


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"x-nothing": "signed"}


VOICE = Voice(name=lambda fan, digits: digits, says=lambda fan, said, text, at: ("", {}))
