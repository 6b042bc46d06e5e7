"""Stores the entries of the ledger for 30 days: small ones in the table, large ones in the bucket.

In both places an entry has the name `ledger/{agency}/{received}/{event}/{attempt}`; names sort by time of arrival.
"""

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from heapq import merge
from typing import Any

from chalicelib import clock
from chalicelib.aws import storage
from chalicelib.store import keys, table
from chalicelib.store.models.transport import Delivered

KEPT_SECONDS = 30 * 24 * 3600
# An item that is larger costs more than an object of any size: docs/decisions/0027.
LARGEST_ITEM_BYTES = 4 << 10
_LARGEST_TO_PACK = 8 * LARGEST_ITEM_BYTES  # what is larger is not tried: it hardly ever packs to an eighth
_IN_TABLE, _IN_BUCKET = 100, 1000  # how many names one call reads
Items = Sequence[Mapping[str, Any]]


def root(agency: str) -> str:
    """The beginning of the names of all entries of the agency."""
    return f"ledger/{agency}/"


def keep(name: str, items: Items, now: int) -> None:
    """Stores the items under that name. A repeat changes nothing."""
    raw = json.dumps(items, separators=(",", ":")).encode()
    item = as_item(name, raw, now)
    if item is None:
        storage.put(name, raw, "application/json")
    else:
        table.put(item)


def as_item(name: str, raw: bytes, now: int) -> Delivered | None:
    """The table item that holds these bytes under that name; None if they are too large for the table."""
    packed = base64.b64encode(zlib.compress(raw, 9)).decode() if len(raw) <= _LARGEST_TO_PACK else ""
    if not packed or len(packed) > LARGEST_ITEM_BYTES:
        return None
    return Delivered(*_key(name), items=packed, expires=now // clock.SECOND + KEPT_SECONDS)


def items(name: str) -> Items:
    """What was stored under that name; an empty list once it was deleted because of its age."""
    item = table.get(Delivered, *_key(name))
    raw = zlib.decompress(base64.b64decode(item.items)) if item else storage.get(name)
    kept: Items = json.loads(raw) if raw else []
    return kept


def names(agency: str, after: str) -> Iterator[str]:
    """The names of the agency's entries after that one, in order. Reads on only as far as the caller iterates."""
    table_pages = [partial(_in_table, agency, partition) for partition in keys.ledgers(agency)]
    places = [_all(page, _IN_TABLE, after) for page in table_pages]
    return merge(*places, _all(partial(_in_bucket, agency), _IN_BUCKET, after))


def _all(page: Callable[[str], Sequence[str]], most: int, edge: str) -> Iterator[str]:
    while True:
        batch = page(edge)
        yield from batch
        if len(batch) < most:
            return
        edge = batch[-1]


def _in_table(agency: str, partition: str, after: str) -> Sequence[str]:
    edge = after.removeprefix(root(agency))
    page = table.query(Delivered, partition, "", after=edge, limit=_IN_TABLE, consistent=True)
    return [root(agency) + delivered.sk for delivered in page]


def _in_bucket(agency: str, after: str) -> Sequence[str]:
    return list(storage.keys(root(agency), after=after, limit=_IN_BUCKET))


def _key(name: str) -> tuple[str, str]:
    """The partition and the sort key of the item with that name."""
    _, agency, received, event, attempt = name.split("/", 4)
    return keys.ledger(agency, event), f"{received}/{event}/{attempt}"
