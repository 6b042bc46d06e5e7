"""Lists of the index: the items of a partition in the order of their activity, without those that cannot be read."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pynamodb.pagination import ResultIterator

from chalicelib.store import table
from chalicelib.store.items import Inbox, Listed
from chalicelib.store.table import Condition

L = TypeVar("L", bound=Listed)


def every(
    model: type[L],
    partition: str,
    *,
    before: str = "",
    after: str = "",
    newest: bool = False,
    page_size: int | None = None,
    where: Condition | None = None,
    only: Sequence[str] | None = None,
) -> Iterator[L]:
    """The items of a partition of the index, in the order of their activity; with `only`, just these attributes.

    Items that cannot be read are left out. `after` or `before` is an activity, and not included. The index may be up to
    a second behind the table.
    """
    edge = _beyond(before, after)
    return table.readable(_query(model, partition, edge, newest, where, only, page_size))


def portion(
    model: type[L],
    partition: str,
    size: int,
    edge: str = "",
    *,
    newest: bool = False,
    where: Condition | None = None,
    only: Sequence[str] | None = None,
) -> tuple[list[L], int, str]:
    """Up to `size` items beyond the activity `edge`, in one read, without those that cannot be read.

    Returns the items, how many `where` left out, and the edge to go on from, empty at the end.
    """
    beyond = _beyond(edge, "") if newest else _beyond("", edge)
    items = _query(model, partition, beyond, newest, where, only, size)
    page, last = next(items.page_iter), items.page_iter.last_evaluated_key
    shown = list(table.readable(map(model.from_raw_data, page["Items"])))
    return shown, page["ScannedCount"] - page["Count"], last["activity"]["S"] if last else ""


def _beyond(before: str, after: str) -> Condition | None:
    if after:
        return Inbox.activity > after
    return Inbox.activity < before if before else None


def _query(
    model: type[L],
    partition: str,
    edge: Condition | None,
    newest: bool,
    where: Condition | None,
    only: Sequence[str] | None,
    page_size: int | None,
) -> ResultIterator[L]:
    names = list(only) if only else None
    items: ResultIterator[L] = model.index.query(
        partition,
        edge,
        filter_condition=where,
        scan_index_forward=not newest,
        page_size=page_size,
        attributes_to_get=names,
    )
    return items
