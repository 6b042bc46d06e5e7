"""The consent page of a server of the AT Protocol, played strictly: PAR, PKCE and DPoP with nonces, rotated tokens."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks.double import Answer, Request, number

NONCE = {"value": "nonce-1"}
_pushed: dict[str, dict[str, str]] = {}
_codes: dict[str, dict[str, str]] = {}
_refreshes: dict[str, dict[str, str]] = {}
_tokens: dict[str, dict[str, str]] = {}
_proofs: set[str] = set()


def authenticate(request: Request) -> str | Answer:
    """The account of a token that came with a proof; empty for an unknown token, or the refusal of the proof."""
    token = request.headers.get("authorization", "").removeprefix("DPoP ")
    if token not in _tokens:
        return ""
    thumbprint, wrong = _proof(request, token)
    if wrong:
        headers = {"WWW-Authenticate": f'DPoP error="{wrong}"', "DPoP-Nonce": NONCE["value"]}
        return Answer(401, {"error": wrong, "message": "Wrong proof"}, headers)
    return _tokens[token]["did"] if thumbprint == _tokens[token]["key"] else ""


def _proof(request: Request, token: str = "") -> tuple[str, str]:
    """The thumbprint of the key that signed the call, or what is wrong with the proof."""
    import jwt

    try:
        text = request.headers.get("dpop", "")
        head = jwt.get_unverified_header(text)
        claims = jwt.decode(text, jwt.PyJWK(head["jwk"], "ES256").key, ["ES256"], options={"verify_aud": False})
    except (jwt.InvalidTokenError, KeyError):
        return "", "invalid_dpop_proof"
    if claims.get("nonce") != NONCE["value"]:
        return "", "use_dpop_nonce"
    ath = _digest(token) if token else None
    asked = (request.method, f"https://{request.host}{request.path}", ath)
    fine = head.get("typ") == "dpop+jwt" and (claims["htm"], claims["htu"], claims.get("ath")) == asked
    if not fine or claims["jti"] in _proofs or "d" in head["jwk"]:
        return "", "invalid_dpop_proof"
    _proofs.add(claims["jti"])
    return json.dumps(head["jwk"], sort_keys=True), ""


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def _proven(play: Callable[[Request, str], Answer]) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        key, wrong = _proof(request)
        if wrong:
            return Answer(400, {"error": wrong, "error_description": "Wrong proof"}, {"DPoP-Nonce": NONCE["value"]})
        return play(request, key)

    return answer


def _push(request: Request, key: str) -> Answer:
    asked = {name: str(value) for name, value in request.json.items()}
    wanted = {"client_id", "redirect_uri", "state", "scope", "code_challenge", "response_type"}
    if not wanted <= set(asked) or not asked["client_id"].startswith("https://"):
        return Answer(400, {"error": "invalid_request", "error_description": "Something is missing"})
    uri = f"urn:ietf:params:oauth:request_uri:req-{number()}"
    _pushed[uri] = {**asked, "key": key, "server": request.host}
    return Answer(201, {"request_uri": uri, "expires_in": 299})


def _authorise(request: Request) -> Answer:
    """Opening it is consent for the account of `as`; with `deny`, a refusal."""
    asked = _pushed.pop(request.query.get("request_uri", ""), None)
    if asked is None or asked["client_id"] != request.query.get("client_id"):
        return Answer(400, {"error": "invalid_request"})
    code = f"code-{number()}"
    _codes[code] = {**asked, "did": request.query.get("as", "did:plc:shop7")}
    response = {"error": "access_denied"} if "deny" in request.query else {"code": code}
    query = urlencode({**response, "state": asked["state"], "iss": f"https://{request.host}"})
    return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{query}"})


def _token(request: Request, key: str) -> Answer:
    form = request.json
    if form.get("grant_type") == "refresh_token":
        allowed = _refreshes.pop(str(form.get("refresh_token")), None)
    else:
        allowed = _codes.pop(str(form.get("code")), None)
        if allowed and (allowed["redirect_uri"], allowed["code_challenge"]) != (
            form.get("redirect_uri"), _digest(str(form.get("code_verifier"))),
        ):  # fmt: skip
            allowed = None
    if allowed is None or (allowed["client_id"], allowed["key"]) != (form.get("client_id"), key):
        return Answer(400, {"error": "invalid_grant", "error_description": "Invalid grant"})
    access, refresh = f"oauth-{number()}", f"ref-{number()}"
    _tokens[access], _refreshes[refresh] = allowed, allowed
    given = {"access_token": access, "refresh_token": refresh, "token_type": "DPoP", "expires_in": 3600}
    return Answer(
        json={**given, "scope": allowed["scope"], "sub": allowed["did"]}, headers={"DPoP-Nonce": NONCE["value"]}
    )


def _resource(request: Request) -> Answer:
    """A server whose name begins with `pds.` has its consent page on the host without it; any other on its own."""
    return Answer(json={"authorization_servers": [f"https://{request.host.removeprefix('pds.')}"]})


def _server_metadata(request: Request) -> Answer:
    if request.host.startswith("plain."):
        return Answer(404)
    own: dict[str, Any] = {
        "issuer": f"https://{request.host}",
        "pushed_authorization_request_endpoint": f"https://{request.host}/oauth/par",
        "authorization_endpoint": f"https://{request.host}/oauth/authorize",
        "token_endpoint": f"https://{request.host}/oauth/token",
    }
    return Answer(json=own)


def document(request: Request) -> Answer:
    """The server of an account: `pds.elsewhere.example` for a did with `elsewhere`, otherwise `pds.bsky.example`."""
    did = request.path.removeprefix("/")
    host = "pds.elsewhere.example" if "elsewhere" in did else "pds.bsky.example"
    return Answer(json={"id": did, "service": [{"id": "#atproto_pds", "serviceEndpoint": f"https://{host}"}]})


ROUTES: Mapping[str, Callable[[Request], Answer]] = {
    "/.well-known/oauth-protected-resource": _resource,
    "/.well-known/oauth-authorization-server": _server_metadata,
    "/oauth/par": _proven(_push),
    "/oauth/authorize": _authorise,
    "/oauth/token": _proven(_token),
}
