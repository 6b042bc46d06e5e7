"""Cursors: opaque, and good only for the agency and the list they were given for."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

from chalicelib import errors

T = TypeVar("T")

LONGEST, LARGEST = 1024, 10**15  # bytes of a sort key; more than any time or count


def cursor(scope: str, position: Any) -> str:
    """Seal a position in the list named by `scope`, which holds the agency and all filters."""
    body = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(scope, body) + body).decode().rstrip("=")


def cut(items: Iterable[T], limit: int, scope: str, position_of: Callable[[T], str]) -> tuple[list[T], str | None]:
    """The first `limit` of the items, and the cursor of the last if there are more. Reads one item more."""
    some = list(islice(items, limit + 1))
    more = cursor(scope, position_of(some[limit - 1])) if len(some) > limit else None
    return some[:limit], more


def position(scope: str, text: str | None, *shape: type) -> Any:
    """The position a cursor holds, None without one; Malformed if it was not given for this list.

    It is a text, or with a `shape` a list of just these types: what is sealed without a secret is not believed either.
    """
    if not text:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = json.loads(sealed[12:])
        if sealed[:12] == _seal(scope, sealed[12:]) and _fits(found, shape):
            return found
    except (ValueError, RecursionError):
        pass
    raise errors.Malformed("The cursor is not one of this list.", code="bad_cursor", field="cursor")


def _fits(found: Any, shape: tuple[type, ...]) -> bool:
    if not shape:
        return isinstance(found, str) and len(found) <= LONGEST and found.isascii()
    if not isinstance(found, list) or len(found) != len(shape):
        return False
    return all(_fits(one, ()) if of is str else _counts(one) for one, of in zip(found, shape, strict=True))


def _counts(found: Any) -> bool:
    return type(found) is int and 0 <= found <= LARGEST


def _seal(scope: str, body: bytes) -> bytes:
    # Not a secret: every read behind a cursor is made in the caller's own agency whatever the cursor says.
    return hashlib.sha256(scope.encode() + b"\0" + body).digest()[:12]
