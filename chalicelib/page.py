"""Cursors of paged lists. A cursor is opaque, and works only for the agency and the list it was given for."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from chalicelib import errors

T = TypeVar("T")

LONGEST = 1024  # characters of a text: DynamoDB takes no longer sort key
LARGEST = 10**15  # more than any time in ms or any count


def cursor(scope: str, position: Any) -> str:
    """Makes a cursor of a position in the list that `scope` names: the agency and all filters are part of it."""
    body = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(scope, body) + body).decode().rstrip("=")


def cut(items: Iterable[T], limit: int, scope: str, position_of: Callable[[T], str]) -> tuple[list[T], str | None]:
    """The first `limit` items, and a cursor if there are more. Reads one item more than it gives."""
    first = list(islice(items, limit + 1))
    more = cursor(scope, position_of(first[limit - 1])) if len(first) > limit else None
    return first[:limit], more


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a list, with the cursors of the parts after and before it; None where there is none."""

    items: list[T]
    next: str | None = None
    previous: str | None = None


BACK = "<"  # begins the position of a part that ends there


def both_ways(
    scope: str,
    text: str | None,
    limit: int,
    beyond: Callable[[str, bool, int], Iterable[T]],
    position_of: Callable[[T], str],
) -> Part[T]:
    """The part that the cursor asks for.

    `beyond(edge, is_back, number)` gives the next things after the edge ("" is the beginning) in the list's order, or
    with `is_back` those before it, backwards. A thing at the edge itself is not given.
    """
    edge, is_back = split_position(position(scope, text))
    things = list(islice(beyond(edge, is_back, limit + 1), limit + 1))
    return part(scope, edge, things[:limit], position_of, is_back=is_back, more=len(things) > limit)


def split_position(position: str | None) -> tuple[str, bool]:
    """Splits a position of a list that can be paged both ways: the edge, and whether the part ends there."""
    text = position or ""
    return text.removeprefix(BACK), text.startswith(BACK)


def part(
    scope: str, edge: str, things: list[T], position_of: Callable[[T], str], *, is_back: bool, more: bool | str
) -> Part[T]:
    """A part of the list from the things found beyond the edge. `more` says whether there are further ones; a text is
    the position to continue from.

    An empty part has no way back.
    """
    shown = things[::-1] if is_back else things
    first, last = (position_of(shown[0]), position_of(shown[-1])) if shown else (edge, edge)
    far = more if isinstance(more, str) else (first if is_back else last)
    beyond = (BACK if is_back else "") + far if more else ""
    behind = (last if is_back else BACK + first) if edge and shown else ""
    ahead, back = (behind, beyond) if is_back else (beyond, behind)
    return Part(shown, cursor(scope, ahead) if ahead else None, cursor(scope, back) if back else None)


def position(scope: str, text: str | None, *shape: type) -> Any:
    """The position that a cursor holds, or None without a cursor. Raises Malformed for the cursor of another list.

    The position is a text, or with a `shape` a list of values of just these types (`str` or `int`). Both are checked,
    because anybody can make up a cursor.
    """
    if not text:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value = json.loads(sealed[12:])
        if sealed[:12] == _seal(scope, sealed[12:]) and _fits(value, shape):
            return value
    except (ValueError, RecursionError):
        pass
    raise errors.Malformed(
        "The cursor does not belong to this list. Take one from a page of the same list.",
        code="bad_cursor",
        field="cursor",
    )


def _fits(value: Any, shape: tuple[type, ...]) -> bool:
    if not shape:
        return _is_text(value)
    if not isinstance(value, list) or len(value) != len(shape):
        return False
    return all(_is_text(part) if kind is str else _is_number(part) for part, kind in zip(value, shape, strict=True))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and value.isascii()


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST  # a bool is an int too, and no number of ours


def _seal(scope: str, body: bytes) -> bytes:
    # This is a checksum, not a secret: whatever a cursor says, the read happens in the caller's own agency.
    return hashlib.sha256(scope.encode() + b"\0" + body).digest()[:12]
