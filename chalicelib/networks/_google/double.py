"""Google's consent page, its token endpoint and its errors, played strictly."""

from collections.abc import Mapping

from chalicelib.networks import double_page
from chalicelib.networks.double import Answer, Request, number

REFRESH = "1//refresh"
_scopes: dict[str, str] = {}  # by token, and by the app whose consent was the last


def failure(status: int, reason: str, message: str, **headers: str) -> Answer:
    """An error with a `reason`, as YouTube and Play have it, or with a status in capitals, as newer APIs have it."""
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


def consent(request: Request) -> Answer | None:
    """The page and the tokens; None for any other call."""
    if (request.host, request.path) == ("accounts.google.com", "/o/oauth2/v2/auth"):
        return double_page.show(request)
    if request.host != "oauth2.googleapis.com":
        return None
    return _token_info(request.query) if request.path == "/tokeninfo" else _token(request)


def _token_info(query: Mapping[str, str]) -> Answer:
    scope = _scopes.get(query.get("access_token", ""))
    if scope is None:
        return Answer(400, {"error": "invalid_token", "error_description": "Invalid Value"})
    return Answer(json={"scope": scope, "expires_in": "3416", "access_type": "offline"})


def _token(request: Request) -> Answer:
    """A refresh token comes only with a new consent for `offline` access; renewing gives none."""
    form = request.json
    if not (form.get("client_id") and form.get("client_secret")):
        return Answer(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
    tokens = {"access_token": f"ya29.token{number()}", "expires_in": 3599, "token_type": "Bearer"}
    if form.get("grant_type") == "refresh_token" and form.get("refresh_token") == REFRESH:
        _scopes[str(tokens["access_token"])] = _scopes.get(form["client_id"], "")
        return Answer(json=tokens)
    asked = double_page.consented(form, form["client_id"])
    if asked is None:
        return Answer(400, {"error": "invalid_grant", "error_description": "Bad Request"})
    anew = (asked.get("access_type"), asked.get("prompt")) == ("offline", "consent")
    tokens |= {"access_token": f"ya29.{asked['as']}"} if "as" in asked else {}
    without = asked.get("without", "").split()
    scope = " ".join(name for name in asked["scope"].split() if name not in without)
    _scopes[str(tokens["access_token"])] = _scopes[form["client_id"]] = scope
    return Answer(json={**tokens, **({"refresh_token": REFRESH} if anew else {}), "scope": scope})
