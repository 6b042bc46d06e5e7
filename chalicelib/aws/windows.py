"""Signed URLs of files that stay the same for a while: signed with the beginning of the present window of time.

botocore signs with the present second, so each answer would have another URL of the same file, and a browser would load
it again. A URL works for two windows, so at least for one after it was given.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib import clock

WINDOW = 15 * clock.MINUTE
SECONDS = 2 * WINDOW // clock.SECOND
_NAME = "s3v4-in-windows-query"


def beginning(now: int) -> datetime:
    """The beginning of the window at that moment (ms)."""
    return datetime.fromtimestamp(now // WINDOW * WINDOW // clock.SECOND, UTC)


def use(client: Any) -> None:
    """Makes the client sign URLs of files in this way. Its own calls are signed as usual."""
    client.meta.events.register("choose-signer.s3.GetObject", _chosen)


def _chosen(signature_version: str, **_: Any) -> str | None:
    return _signature() if signature_version.endswith("-query") else None


@cache
def _signature() -> str:
    """The name by which botocore knows this way to sign."""
    from botocore import auth

    def headers_to_sign(signer: Any, request: Any) -> Any:
        """The usual headers; botocore asks for them before it reads the time, which is set here."""
        window = request.context.setdefault("window", beginning(clock.now()).strftime(auth.SIGV4_TIMESTAMP))
        request.context["timestamp"] = window
        return auth.S3SigV4QueryAuth.headers_to_sign(signer, request)

    auth.AUTH_TYPE_MAPS[_NAME] = type("Windowed", (auth.S3SigV4QueryAuth,), {"headers_to_sign": headers_to_sign})
    return _NAME
