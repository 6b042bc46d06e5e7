"""The consent page of a network's double. A code works once, and only for its app, its address and its verifier."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks.double import Answer, Request, number

_codes: dict[str, Mapping[str, str]] = {}


def show(request: Request) -> Answer:
    """Opening the page is consent, as the user of the parameter `as`; with the parameter `deny` it is a refusal."""
    asked = dict(request.query)
    if not {"redirect_uri", "scope", "state"} <= asked.keys() or asked.get("response_type") != "code":
        return Answer(400, {"error": "invalid_request"})
    code = f"code{number()}"
    _codes[code] = asked
    response = {"error": "access_denied"} if "deny" in asked else {"code": code}
    query = urlencode({**response, "state": asked["state"]})
    return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{query}"})


def consented(form: Mapping[str, Any], client: str) -> Mapping[str, str] | None:
    """What was asked for on the page, by the code of a form that asks for a token; None if code, app, address or
    verifier do not match.
    """
    asked = _codes.pop(str(form.get("code")), {})
    digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    named = asked.get("client_id") or asked.get("client_key")  # as TikTok calls it
    given_to = (named, asked.get("redirect_uri"), asked.get("code_challenge", proof))
    right = form.get("grant_type") == "authorization_code" and given_to == (client, form.get("redirect_uri"), proof)
    return asked if right else None
