"""The keys of a MiniStack table in their order, kept up to date, so that a page of them is found without a search.

A partition is sorted when it is first asked for. Keys of an index end with the item's own key, because two items may
have the same place in an index.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from threading import Lock
from typing import Any

Key = tuple[str, ...]
_KEPT = "_key_order"  # where in the table
_one_at_a_time = Lock()


def keys(table: MutableMapping[str, Any], index: str, partition: str, every: Callable[[], Iterable[Key]]) -> list[Key]:
    """All keys of the partition of an index, or of the table itself if `index` is ""; `every` gives them in no order.

    The caller may not change the list.
    """
    with _one_at_a_time:
        kept = table.setdefault(_KEPT, {})
        if (index, partition) not in kept:
            kept[index, partition] = sorted(every())
        known: list[Key] = kept[index, partition]
        return known


def changed(table: Mapping[str, Any], pk: str, sk: str, before: Any, after: Any) -> None:
    """An item was added, replaced or deleted."""
    kept = table.get(_KEPT)
    if not kept:
        return
    with _one_at_a_time:
        old, new = (dict(_keys_of_item(table, pk, sk, item)) for item in (before, after))
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
    """All items were replaced."""
    table.pop(_KEPT, None)


def _keys_of_item(table: Mapping[str, Any], pk: str, sk: str, item: Any) -> Iterator[tuple[tuple[str, str], Key]]:
    """The places of the item, and its key in each."""
    if item is None:
        return
    yield ("", pk), (sk,)
    for index in table.get("GlobalSecondaryIndexes", []):
        names = [key["AttributeName"] for key in index["KeySchema"]]
        values = [item[name].get("S") for name in names if name in item]
        if len(names) == len(values) == 2:
            yield (index["IndexName"], values[0]), (values[1], pk, sk)
