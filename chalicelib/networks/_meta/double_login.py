"""Facebook's consent page and tokens, played strictly: a code works once, and each Page has its own token."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks._meta import double_app
from chalicelib.networks.double import Answer, Request, number

_codes: dict[str, Mapping[str, str]] = {}
_short: dict[str, Mapping[str, str]] = {}
_long: dict[str, Mapping[str, str]] = {}
_fields: dict[tuple[str, str], str] = {}  # the subscribed fields, by network and Page


def answer(request: Request) -> Answer | None:
    """None for what is not a call of Facebook Login."""
    path = request.path.partition("/v")[2].partition("/")[2]
    if request.host == "www.facebook.com" and path == "dialog/oauth":
        return _authorise(request)
    if request.method == "GET" and path == "oauth/access_token":
        return _token(request.query)
    known = _long.get(request.token)
    if request.method == "GET" and path == "debug_token":
        return _debug(_allowed(request.query.get("input_token", "")))
    if path.endswith("/subscriptions") or request.host == "control":
        return double_app.answer(request, path.partition("/")[0])
    if known is None or request.method != "GET":
        return None
    play = {"me": _me, "me/permissions": _permissions, "me/accounts": _accounts}.get(path)
    return Answer(json=play(known)) if play else None


def _refused(message: str) -> Answer:
    return Answer(400, {"error": {"message": message, "type": "OAuthException", "code": 100, "fbtrace_id": "AbC"}})


def _authorise(request: Request) -> Answer:
    """Opening it is consent for the Pages of `as`, to all scopes but those of `without`; with `deny`, a refusal."""
    asked = dict(request.query)
    if not {"client_id", "redirect_uri", "state"} <= asked.keys() or not asked.keys() & {"scope", "config_id"}:
        return _refused("Invalid parameter")
    code = f"AQ{number()}"
    _codes[code] = {"as": f"10150{number()}", "user": "1234567", **asked}
    denied = {"error": "access_denied", "error_description": "Permissions error"}
    response = denied if "deny" in asked else {"code": code}
    query = urlencode({**response, "state": asked["state"]})
    return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{query}"})


def _token(query: Mapping[str, str]) -> Answer:
    if not (query.get("client_id") and query.get("client_secret")):
        return _refused("Missing client_id parameter.")
    if query.get("grant_type") == "fb_exchange_token":
        allowed, kept, prefix = _short.get(query.get("fb_exchange_token", "")), _long, "EAALONG"
    else:
        allowed, kept, prefix = _codes.pop(query.get("code", ""), None), _short, "EAASHORT"
        if allowed and allowed["redirect_uri"] != query.get("redirect_uri"):
            allowed = None
    if allowed is None or allowed["client_id"] != query["client_id"]:
        return _refused("This authorization code has been used.")
    token = f"{prefix}{number()}"
    kept[token] = allowed
    return Answer(json={"access_token": token, "token_type": "bearer", "expires_in": 5183944})


def _me(allowed: Mapping[str, str]) -> Mapping[str, Any]:
    return {"id": allowed["user"]}


def _permissions(allowed: Mapping[str, str]) -> Mapping[str, Any]:
    without = allowed.get("without", "").split(",")
    return {
        "data": [
            {"permission": scope, "status": "declined" if scope in without else "granted"}
            for scope in allowed.get("scope", "").split(",")
        ]
    }


def _accounts(allowed: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "data": [
            {
                "id": page, "name": f"Page {page}", "access_token": f"EAAB{page}page",
                "picture": {"data": {"url": f"https://scontent.xx.fbcdn.net/{page}.jpg"}},
                "instagram_business_account": {"id": f"1784{page}", "username": f"page{page}"},
            }
            for page in allowed["as"].split(",")
        ]
    }  # fmt: skip


def _debug(allowed: Mapping[str, str] | None) -> Answer:
    targets = allowed["as"].split(",") if allowed else []
    granular = [{"scope": "whatsapp_business_management", "target_ids": targets}]
    every = [
        permission["permission"]
        for permission in _permissions(allowed or {})["data"]
        if permission["status"] == "granted"
    ]
    scopes = {"scopes": every} if allowed else {}
    return Answer(json={"data": {"is_valid": allowed is not None, "granular_scopes": granular, **scopes}})


def _allowed(token: str) -> Mapping[str, str] | None:
    """The last consent behind that token; for a Page's own token it is that of the Page's manager."""
    page = token.removeprefix("EAAB").removesuffix("page")
    grants = [grant for key, grant in _long.items() if key == token or page in grant["as"].split(",")]
    return grants[-1] if grants else None


def is_granted(token: str) -> bool:
    return token in _long


def subscribe(network: str, page: str, fields: str) -> None:
    _fields[network, page] = fields


def subscribed(network: str, page: str) -> Mapping[str, Any]:
    """The answer to the app's `GET /{page}/subscribed_apps`."""
    fields = _fields.get((network, page))
    return {"data": [{"id": "1", "subscribed_fields": fields.split(",")}] if fields is not None else []}
