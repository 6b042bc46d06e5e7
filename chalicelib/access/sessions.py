"""Whether a signed-in person is still signed in. Their token alone says so until it ends, which may be an hour.

The user pool is asked with the token itself, at most once a minute per session and process. It refuses the token of
somebody who was disabled, deleted or signed out everywhere. If the pool does not answer, the token's own end decides.
"""

import json
import time
from typing import Any

from chalicelib import log, settings
from chalicelib.access.tokens import Caller

_KEPT_SECONDS = 55.0  # with the time it takes to ask, out within a minute
_MOST_KEPT = 1000
_GONE = ("NotAuthorized", "UserNotFound", "UserNotConfirmed", "PasswordResetRequired")
_held: dict[tuple[str, int], float] = {}  # until when a session that held need not be asked for again


def holds(caller: Caller, header: str) -> bool:
    """True unless the pool says that the session of the caller, who sent this Authorization header, is over."""
    session = caller.subject, caller.since
    if _held.get(session, 0.0) > time.monotonic():
        return True
    if not _pool_knows(caller, header.removeprefix("Bearer ").strip()):
        return False
    if len(_held) > _MOST_KEPT:
        _held.clear()
    _held[session] = time.monotonic() + _KEPT_SECONDS
    return True


def _pool_knows(caller: Caller, token: str) -> bool:
    import urllib3

    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser",
    }
    timeout = urllib3.Timeout(connect=1, read=2)
    try:
        answer = urllib3.request(
            "POST", settings.get().pool_url + "/", body=json.dumps({"AccessToken": token}), headers=headers,
            timeout=timeout, retries=False,
        )  # fmt: skip
        content: dict[str, Any] = answer.json()
    except (urllib3.exceptions.HTTPError, ValueError) as unreachable:
        log.problem("pool_unreachable", unreachable)
        log.count("pool_unreachable")
        return True
    if answer.status == 200:
        return _is_about(content, caller.subject)
    error = str(content.get("__type", "")).rpartition("#")[2].removesuffix("Exception")
    if error not in _GONE:
        log.line("pool_unreachable", code=error, status=answer.status)
        log.count("pool_unreachable")
    return error not in _GONE


def _is_about(user: dict[str, Any], subject: str) -> bool:
    """True for the user with that subject, unless they are disabled; the pool says this by refusing the token."""
    attributes = {entry["Name"]: entry["Value"] for entry in user.get("UserAttributes", ())}
    return attributes.get("sub") == subject and user.get("Enabled", True) is True
