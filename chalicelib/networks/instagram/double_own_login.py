"""The consent page and the tokens of Instagram Login, played strictly: a code works once, for the app that asked."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Request, number

_SHORT, _LASTING = re.compile(r"IGS(\d+)x\d+"), re.compile(r"IGL(\d+)x\d+")


def answer(request: Request) -> Answer | None:
    """None for what is not a call of Instagram Login."""
    if (request.host, request.path) == ("www.instagram.com", "/oauth/authorize"):
        return double_page.show(request)
    play = _TOKENS.get((request.method, request.host, request.path))
    if play:
        return play(request)
    known = _LASTING.fullmatch(request.token)
    is_own = request.method == "GET" and request.host == "graph.instagram.com" and request.path.endswith("/me")
    return _me(known[1]) if known and is_own else None


def _me(account: str) -> Answer:
    picture = f"https://scontent.cdninstagram.com/{account}.jpg"
    return Answer(
        json={"id": f"9{account}", "user_id": account, "username": f"shop{account}", "profile_picture_url": picture}
    )


def _refused(message: str) -> Answer:
    return Answer(400, {"error_type": "OAuthException", "code": 400, "error_message": message})


def _short_token(request: Request) -> Answer:
    """Opening the page was consent for the account of `as`, to all scopes but those of `without`."""
    form = dict(parse_qsl(request.raw.decode()))
    asked = double_page.consented(form, form.get("client_id", "")) if form.get("client_secret") else None
    if asked is None:
        return _refused("This authorization code has been used.")
    account = asked.get("as") or f"1784149{number()}"
    scopes = [scope for scope in asked["scope"].split(",") if scope not in asked.get("without", "").split(",")]
    token = {"access_token": f"IGS{account}x{number()}", "user_id": account, "permissions": ",".join(scopes)}
    return Answer(json={"data": [token]})


def _exchange(request: Request) -> Answer:
    token, query = _SHORT.fullmatch(request.query.get("access_token", "")), request.query
    fits = query.get("grant_type") == "ig_exchange_token" and query.get("client_secret")
    return _lasting(token[1]) if token and fits else _refused("Invalid token")


def _refresh(request: Request) -> Answer:
    token = _LASTING.fullmatch(request.query.get("access_token", ""))
    fits = request.query.get("grant_type") == "ig_refresh_token"
    return _lasting(token[1]) if token and fits else _refused("Invalid token")


def _lasting(account: str) -> Answer:
    return Answer(json={"access_token": f"IGL{account}x{number()}", "token_type": "bearer", "expires_in": 5_183_944})


_TOKENS: Mapping[tuple[str, str, str], Callable[[Request], Answer]] = {
    ("POST", "api.instagram.com", "/oauth/access_token"): _short_token,
    ("GET", "graph.instagram.com", "/access_token"): _exchange,
    ("GET", "graph.instagram.com", "/refresh_access_token"): _refresh,
}
