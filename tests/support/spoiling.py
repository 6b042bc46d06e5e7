"""Items that nobody can read, as a fault of ours might leave them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from chalicelib.store import table
from chalicelib.store.items import Item

M = TypeVar("M", bound=Item)
_OTHER: Mapping[str, Mapping[str, str]] = {"N": {"S": "yesterday"}, "S": {"N": "1"}}


@contextmanager
def spoiled(model: type[M], pk: str, sk: str, attribute: str) -> Iterator[M]:
    """Inside, an attribute is of another type than its model says; afterwards the item is as it was."""
    healthy = table.get(model, pk, sk)
    assert healthy
    stored = healthy.serialize()
    [kind] = stored[attribute]
    table.connection().put_item(type(healthy).Meta.table_name, pk, sk, attributes={**stored, attribute: _OTHER[kind]})
    try:
        yield healthy
    finally:
        table.put(healthy)
