"""The consent page of a Mastodon server, played strictly: an app belongs to one server, and a code works once."""

from collections.abc import Callable, Mapping

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Request, number

_apps: dict[str, tuple[str, str, str]] = {}  # server, secret, scopes
_tokens: dict[str, str] = {}


def _register(request: Request) -> Answer:
    asked = request.json
    if not all(asked.get(name) for name in ("client_name", "redirect_uris", "scopes")):
        return Answer(422, {"error": "Validation failed: Redirect URI must be an absolute URI."})
    id, secret = f"app{number()}", f"secret{number()}"
    _apps[id] = (request.host, secret, str(asked["scopes"]))
    return Answer(json={"id": "1", "client_id": id, "client_secret": secret, "redirect_uri": asked["redirect_uris"]})


def _authorise(request: Request) -> Answer:
    """Only apps that are registered on this server may ask."""
    server, *_ = _apps.get(request.query.get("client_id", ""), ("", ""))
    return double_page.show(request) if server == request.host else Answer(401, {"error": "invalid_client"})


def _token(request: Request) -> Answer:
    form = request.json
    app = _apps.get(str(form.get("client_id")))
    if app is None or (request.host, form.get("client_secret")) != app[:2]:
        return Answer(401, {"error": "invalid_client", "error_description": "Client authentication failed."})
    asked = double_page.consented(form, form["client_id"])
    if asked is None:
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
