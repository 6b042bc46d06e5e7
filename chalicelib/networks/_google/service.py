"""Tokens for a service account. https://developers.google.com/identity/protocols/oauth2/service-account

Its JSON key is given in base64. Tokens are asked for at Google's address only, whatever address the key names.
"""

import base64
import json
import time
from dataclasses import replace

from chalicelib.networks import base, http, oauth, passes
from chalicelib.networks._google.api import outcome
from chalicelib.networks._google.oauth import TOKENS
from chalicelib.networks.read import typed, words

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIVES_SECONDS = 3600


def signed_in(network: str, credentials: base.Credentials, scope: str) -> base.Credentials:
    """The credentials with a token in place of the key. Raises Expired for what is no key, or no longer one."""
    known_by = (http.address(network, TOKENS), credentials.token, scope)
    return replace(credentials, token=passes.get(known_by, lambda: _pass(network, credentials.token, scope)))


def refused(network: str, credentials: base.Credentials, scope: str) -> None:
    """Forgets a token that Google refused."""
    passes.drop((http.address(network, TOKENS), credentials.token, scope))


def _pass(network: str, encoded: str, scope: str) -> tuple[str, int]:
    """Asking for a token changes nothing, so a failure is Unreachable, not Unknown: it may be repeated."""
    form = {"grant_type": _GRANT, "assertion": _assertion(encoded, scope, int(time.time()))}
    with http.repeatable():
        answer = http.call(network, "POST", TOKENS, "/token", form=form)
    given = oauth.tokens(answer.json)
    if answer.status == 200 and given.token:
        return given.token, given.lives
    if answer.status in (400, 401):
        text = words(answer.json.get("error_description")) or "Google does not accept the key of the service account."
        raise base.Expired(text, code=words(answer.json.get("error")) or str(answer.status))
    raise outcome("GET", answer)


def _assertion(encoded: str, scope: str, now: int) -> str:
    import jwt

    try:
        key = json.loads(base64.b64decode(encoded, validate=True))
        claims = {
            "iss": typed(str, key["client_email"]), "scope": scope, "aud": f"https://{TOKENS}/token", "iat": now,
            "exp": now + _LIVES_SECONDS,
        }  # fmt: skip
        headers = {"kid": typed(str, key["private_key_id"])}
        return jwt.encode(claims, typed(str, key["private_key"]), algorithm="RS256", headers=headers)
    except (LookupError, TypeError, ValueError, RecursionError, jwt.PyJWTError) as wrong:
        raise base.Expired("The token is not the JSON key of a service account in base64.", code="token") from wrong
