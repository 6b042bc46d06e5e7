"""The keys of a table of MiniStack in their order, kept while items come and go: a page of them is found, not sought.

A partition is sorted when it is first asked for. Keys of an index end with those of the item, as it may have one place
twice.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from threading import Lock
from typing import Any

Key = tuple[str, ...]
_KEPT = "_key_order"  # where in the table
_one_at_a_time = Lock()


def keys(table: MutableMapping[str, Any], index: str, partition: str, every: Callable[[], Iterable[Key]]) -> list[Key]:
    """All keys of the partition of an index, or of the table with the index ``""``; `every` finds them, in no order.

    Nobody may change the list.
    """
    with _one_at_a_time:
        kept = table.setdefault(_KEPT, {})
        if (index, partition) not in kept:
            kept[index, partition] = sorted(every())
        known: list[Key] = kept[index, partition]
        return known


def changed(table: Mapping[str, Any], pk: str, sk: str, before: Any, after: Any) -> None:
    """An item came, was replaced or is gone."""
    kept = table.get(_KEPT)
    if not kept:
        return
    with _one_at_a_time:
        old, new = (dict(_keys(table, pk, sk, item)) for item in (before, after))
        for where in kept.keys() & (old.keys() | new.keys()):
            if old.get(where) == new.get(where):
                continue
            if where in old:
                place = bisect_left(kept[where], old[where])
                if kept[where][place : place + 1] == [old[where]]:
                    del kept[where][place]
            if where in new:
                insort(kept[where], new[where])


def forget(table: MutableMapping[str, Any]) -> None:
    """All items are others now."""
    table.pop(_KEPT, None)


def _keys(table: Mapping[str, Any], pk: str, sk: str, item: Any) -> Iterator[tuple[tuple[str, str], Key]]:
    """Where the item is, and its key there."""
    if item is None:
        return
    yield ("", pk), (sk,)
    for index in table.get("GlobalSecondaryIndexes", []):
        names = [key["AttributeName"] for key in index["KeySchema"]]
        values = [item[name].get("S") for name in names if name in item]
        if len(names) == len(values) == 2:
            yield (index["IndexName"], values[0]), (values[1], pk, sk)
