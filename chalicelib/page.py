"""Cursors: opaque, and good only for the agency and the list they were given for."""

import base64
import binascii
import hashlib
import json
from typing import Any

from chalicelib import errors


def cursor(scope: str, position: Any) -> str:
    """Seal a position in the list named by `scope`, which holds the agency and all filters."""
    body = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(scope, body) + body).decode().rstrip("=")


def position(scope: str, text: str | None) -> Any:
    """The position a cursor holds, None without one; Malformed if it was not given for this list."""
    if not text:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if sealed[:12] == _seal(scope, sealed[12:]):
            return json.loads(sealed[12:])
    except (ValueError, binascii.Error):
        pass
    raise errors.Malformed("The cursor is not one of this list.", code="bad_cursor", field="cursor")


def _seal(scope: str, body: bytes) -> bytes:
    # Not a secret: every read behind a cursor is made in the caller's own agency whatever the cursor says.
    return hashlib.sha256(scope.encode() + b"\0" + body).digest()[:12]
