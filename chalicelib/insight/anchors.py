"""Anchors of the audit's chain: its end after each sealing, stored where nothing can be replaced or deleted for years.

An anchor is an object without content; its key holds the number and the hash of a link. Somebody who can rewrite the
table, and with it the chain, cannot rewrite the anchors.
"""

from collections.abc import Iterator

from chalicelib.aws import storage

_PORTION = 1_000
_AFTER_ALL_OF_A_NUMBER = "~"  # sorts after the dot


def keep(agency: str, number: int, hash: str) -> None:
    """Stores that the link with this number has this hash. A repeat does nothing."""
    storage.lock(f"{_key(agency, number)}.{hash}")


def following(agency: str, number: int, until: int) -> Iterator[tuple[int, str]]:
    """The anchors after that number, as number and hash: those up to `until`, and one more."""
    edge = _key(agency, number) + _AFTER_ALL_OF_A_NUMBER
    while portion := list(storage.locked(f"{agency}/", after=edge, limit=_PORTION)):
        for key in portion:
            number_text, _, hash = key.rpartition("/")[2].partition(".")
            yield int(number_text), hash
            if int(number_text) > until:
                return
        edge = portion[-1]


def _key(agency: str, number: int) -> str:
    return f"{agency}/{number:012d}"
