"""The consent page of a Mastodon server, played strictly: apps are of one server, and codes are good for once."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from chalicelib.networks.double import Answer, Request, number

_apps: dict[str, tuple[str, str, str]] = {}  # server, secret, scopes
_codes: dict[str, dict[str, str]] = {}
_tokens: dict[str, str] = {}


def _register(request: Request) -> Answer:
    asked = request.json
    if not all(asked.get(name) for name in ("client_name", "redirect_uris", "scopes")):
        return Answer(422, {"error": "Validation failed: Redirect URI must be an absolute URI."})
    id, secret = f"app{number()}", f"secret{number()}"
    _apps[id] = (request.host, secret, str(asked["scopes"]))
    return Answer(json={"id": "1", "client_id": id, "client_secret": secret, "redirect_uri": asked["redirect_uris"]})


def _authorise(request: Request) -> Answer:
    """Whoever opens it consents, as `as`."""
    asked = dict(request.query)
    if asked.get("client_id") not in _apps or asked.get("response_type") != "code":
        return Answer(401, {"error": "invalid_client"})
    code = f"code{number()}"
    _codes[code] = {**asked, "server": request.host}
    told = {"error": "access_denied"} if "deny" in asked else {"code": code}
    query = urlencode({**told, "state": asked.get("state", "")})
    return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{query}"})


def _token(request: Request) -> Answer:
    form = request.json
    app = _apps.get(str(form.get("client_id")))
    if app is None or (request.host, form.get("client_secret")) != app[:2]:
        return Answer(401, {"error": "invalid_client", "error_description": "Client authentication failed."})
    asked = _codes.pop(str(form.get("code")), None)
    digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    wanted = {"client_id": form["client_id"], "redirect_uri": form.get("redirect_uri"), "code_challenge": challenge}
    if asked is None or form.get("grant_type") != "authorization_code" or not wanted.items() <= asked.items():
        return Answer(400, {"error": "invalid_grant", "error_description": "The grant is invalid, expired or revoked."})
    token = f"granted{number()}"
    _tokens[token] = asked.get("as", "shop")
    return Answer(json={"access_token": token, "token_type": "Bearer", "scope": asked["scope"], "created_at": 1})


def name_of(token: str) -> str:
    return _tokens.get(token, "")


ROUTES: Mapping[str, Callable[[Request], Answer]] = {
    "/api/v1/apps": _register,
    "/oauth/authorize": _authorise,
    "/oauth/token": _token,
}
