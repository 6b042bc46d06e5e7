"""Google's token endpoint and its errors, played strictly: a code once, its redirect and its verifier."""

import base64
import hashlib
from collections.abc import Mapping

from chalicelib.networks.double import Answer, Request, number

CLIENT, SECRET, REDIRECT = "77.apps.googleusercontent.com", "GOCSPX-double", "https://app.palabre.test/back"
CODE, VERIFIER, REFRESH = "4/code", "verifier-" + "v" * 40, "1//refresh"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
_used: set[str] = set()


def failure(status: int, reason: str, message: str, **headers: str) -> Answer:
    """With a reason, as YouTube and Play have it, or a status in capitals, as newer APIs have it."""
    error: dict[str, object] = {"code": status, "message": message}
    if reason.isupper():
        error["status"] = reason
    else:
        error["errors"] = [{"domain": "youtube.comment", "reason": reason, "message": message}]
    return Answer(status, {"error": error}, headers)


def failures(quota: Answer) -> Mapping[str, Answer]:
    return {
        "expired": failure(401, "authError", "Invalid Credentials"),
        "throttled": quota,
        "throttled_for_seconds": failure(429, "RESOURCE_EXHAUSTED", "Too many", **{"Retry-After": "17"}),
        "forbidden": failure(403, "forbidden", "Access forbidden"),
        "unavailable": failure(503, "backendError", "Backend error"),
        "broken": Answer(502, raw=b"<html>oops</html>", content_type="text/html"),
    }


def token(request: Request) -> Answer:
    form = request.json
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
        return Answer(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
    if form.get("grant_type") == "refresh_token":
        fine = form.get("refresh_token") == REFRESH
    else:
        code, proof = str(form.get("code", "")), (form.get("redirect_uri"), form.get("code_verifier"))
        fine = code.startswith(CODE) and code not in _used and proof == (REDIRECT, VERIFIER)
        _used.add(code)
    if not fine:
        return Answer(400, {"error": "invalid_grant", "error_description": "Bad Request"})
    first = {"refresh_token": REFRESH} if form["grant_type"] == "authorization_code" else {}
    told = {"access_token": f"ya29.token{number()}", "expires_in": 3599, "token_type": "Bearer", **first}
    return Answer(json={**told, "scope": "https://www.googleapis.com/auth/youtube.force-ssl openid"})
