"""Asks the user pool, with a person's own token, whether their session is still valid.

The pool refuses the token of somebody who was disabled, deleted or signed out everywhere. If it does not answer, the
token counts until it expires.
"""

import json
from typing import Any

from chalicelib import log, settings
from chalicelib.access.tokens import Caller
from chalicelib.aws import users

_GONE = ("NotAuthorized", "UserNotFound", "UserNotConfirmed", "PasswordResetRequired")


def accepts(caller: Caller, token: str) -> bool:
    """True unless the pool refuses the token, or says that it belongs to somebody else.

    An app's token may not ask the pool; then we ask it with our own rights whether the person is still an enabled user.
    """
    if caller.app:
        return users.is_enabled(caller.subject)
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
        return _is_about(content, caller.account or caller.subject)
    error = str(content.get("__type", "")).rpartition("#")[2].removesuffix("Exception")
    if error not in _GONE:
        log.line("pool_unreachable", code=error, status=answer.status)
        log.count("pool_unreachable")
    return error not in _GONE


def _is_about(user: dict[str, Any], subject: str) -> bool:
    attributes = {entry["Name"]: entry["Value"] for entry in user.get("UserAttributes", ())}
    return attributes.get("sub") == subject and user.get("Enabled", True) is True
