"""The contacts that a value of WhatsApp's webhook has beside its messages, and which contact belongs to which."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from chalicelib.networks.base import Json
from chalicelib.networks.read import pick

FROM = ("from", "from_user_id", "from_parent_user_id")
TO = ("to", "to_user_id", "to_parent_user_id")
RECIPIENT = ("recipient_id", "recipient_user_id", "recipient_parent_user_id")
SELF = ("wa_id", "user_id", "parent_user_id")
_NAMES = (*FROM, *TO, *RECIPIENT, *SELF)
_VARIANTS = re.compile(r"(55\d\d)9(\d{8})|(54)9(\d{10})|(52)1(\d{10})")
_MOST_OF_ONE = 100  # messages in a body that are looked at to see whether all are one person's


def canonical(number: str) -> str:
    """The number without the extra digit with which mobiles of Brazil, Argentina and Mexico are sometimes written."""
    variant = _VARIANTS.fullmatch(number) if number.startswith(("52", "54", "55")) else None
    return "".join(filter(None, variant.groups())) if variant else number


def ids_of(entry: Any) -> set[str]:
    return {canonical(id) for id in pick(entry, *_NAMES).values()}


class Contacts:
    """The contacts of a value, read once; each call of `pieces` iterates over the messages or receipts that they may
    belong to.
    """

    def __init__(self, contacts: Iterable[Any], pieces: Callable[[], Iterable[Any]]) -> None:
        self._all = [contact for contact in contacts if isinstance(contact, dict)]
        self._pieces = pieces

    def of(self, piece: Any) -> Sequence[Json]:
        """The contact with an id of the piece; without one, the only contact, if all pieces are of one person."""
        if not self._all:
            return ()
        places = [self._index_by_id[id] for id in ids_of(piece) if id in self._index_by_id]
        if places:
            return [self._all[min(places)]]
        return self._all if len(self._all) == 1 and self._are_of_one else ()

    @cached_property
    def _index_by_id(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, contact in enumerate(self._all):
            for id in ids_of(contact):
                places.setdefault(id, place)
        return places

    @cached_property
    def _are_of_one(self) -> bool:
        first, *others = [ids_of(piece) for piece in islice(self._pieces(), _MOST_OF_ONE + 1)]
        return len(others) < _MOST_OF_ONE and all(ids == first for ids in others)
