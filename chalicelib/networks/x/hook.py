"""The hand-shake and the signature of X's webhooks, which are made with the same key.

https://docs.x.com/x-api/webhooks/introduction
"""

import json
import re
from collections.abc import Mapping

from chalicelib.networks import base, signature

_PREFIX = "sha256="
_NEWER, _OLDER = "x-twitter-webhooks-signature-oauth2", "x-twitter-webhooks-signature"
# We sign challenges for strangers. No body with an event has these characters only, so nobody can get one signed.
_CHALLENGE = re.compile(r"[A-Za-z0-9_\-=+/]{1,256}")
_ACCOUNT = re.compile(rb'"(?:for_user_id|user_id)"\s*:\s*"(\d{1,25})"')
_LOOKED_AT_BYTES = 500


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """Checks the signature with the client secret if there is one, and only without it the one with the consumer
    secret.
    """
    given = headers.get(_NEWER)
    given = (headers.get(_OLDER) or "") if given is None else given
    is_whole = given.startswith(_PREFIX)
    return is_whole and signature.is_signed_in_base64(raw, given.removeprefix(_PREFIX), secrets.signing)


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge, signed with the newest secret; None without a secret.

    Raises Unreadable for anything but a challenge, and for one that could be the body of a post.
    """
    challenge, known = query.get("crc_token", ""), [secret for secret in secrets.signing if secret]
    if not known:
        return None
    if not _CHALLENGE.fullmatch(challenge):
        raise base.Unreadable("no challenge")
    return json.dumps({"response_token": _PREFIX + signature.in_base64(challenge.encode(), known[0])})


def about(raw: bytes) -> str:
    first = _ACCOUNT.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""
