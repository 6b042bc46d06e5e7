"""Reading and writing the table: one connection for all models, and transactions that say which condition failed."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import settings
from chalicelib.store.models import Conversation, Item

M = TypeVar("M", bound=Item)


@dataclass(frozen=True)
class Write:
    """One write of a transaction. PynamoDB sends deletions first, then puts, then updates: `place` is which."""

    place: int
    add: Callable[[TransactWrite], None]


_CONFLICTS = 6


class Refused(Exception):
    """A transaction that did not happen: `failed[i]` says whether the condition of write `i` was why."""

    def __init__(self, failed: Sequence[bool]) -> None:
        super().__init__("a condition failed")
        self.failed = tuple(failed)


@cache
def connection() -> Connection:
    """The one connection, opened on first use. Models made after `Item` share it, each on its own would cost 60 ms."""
    found = settings.get()
    Item.Meta.table_name, Item.Meta.region = found.table, found.region
    shared = Conversation._get_connection()  # noqa: SLF001 - PynamoDB has no public way to share it
    Item._connection = shared  # noqa: SLF001
    return shared.connection


def get(model: type[M], pk: str, sk: str, *, consistent: bool = True) -> M | None:
    """The item, or None."""
    connection()
    try:
        return model.get(pk, sk, consistent_read=consistent)
    except DoesNotExist:
        return None


def many(model: type[M], keys: Sequence[tuple[str, str]]) -> list[M]:
    """Those of the items that are there, in no order."""
    connection()
    return list(model.batch_get(list(keys), consistent_read=True)) if keys else []


def query(
    model: type[M],
    pk: str,
    prefix: str,
    *,
    before: str = "",
    after: str = "",
    newest: bool = False,
    limit: int | None = None,
    where: Condition | None = None,
    consistent: bool = False,
) -> Iterator[M]:
    """The items of a partition whose sort key begins with `prefix`, strictly before or after a sort key if given."""
    connection()
    low, high = after + "\0" if after else prefix, before or prefix + "\U0010ffff"
    for item in model.query(
        pk,
        model.sk.between(low, high),
        filter_condition=where,
        scan_index_forward=not newest,
        limit=limit,
        consistent_read=consistent,
    ):
        if item.sk != before:
            yield item


def put(item: Item, condition: Condition | None = None) -> bool:
    """Write the item; False if the condition does not hold."""
    connection()
    return _held(lambda: item.save(condition))


def update(item: Item, actions: Sequence[Action], condition: Condition | None = None) -> bool:
    """Change the item in the table, and in hand; False if the condition does not hold."""
    connection()
    return _held(lambda: item.update(list(actions), condition))


def delete(item: Item, condition: Condition | None = None) -> bool:
    """Take the item away; False if the condition does not hold."""
    connection()
    return _held(lambda: item.delete(condition))


def putting(item: Item, condition: Condition | None = None) -> Write:
    """For transact: write the item."""
    return Write(1, lambda to: to.save(item, condition))


def changing(item: Item, actions: Sequence[Action], condition: Condition | None = None) -> Write:
    """For transact: change the item; only its keys need to be known."""
    return Write(2, lambda to: to.update(item, list(actions), condition))


def deleting(item: Item, condition: Condition | None = None) -> Write:
    """For transact: take the item away."""
    return Write(0, lambda to: to.delete(item, condition))


def transact(*writes: Write) -> None:
    """All of the writes or none.

    Raises Refused if a condition does not hold. A clash with another transaction is tried again, with growing jitter.
    """
    for attempt in range(_CONFLICTS):
        try:
            _commit(writes)
        except TransactWriteError as error:
            reasons = _reasons(error, writes)
            if any(code == "ConditionalCheckFailed" for code in reasons):
                raise Refused([code == "ConditionalCheckFailed" for code in reasons]) from error
            if not any(code == "TransactionConflict" for code in reasons) or attempt == _CONFLICTS - 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        else:
            return


def _commit(writes: Sequence[Write]) -> None:
    with TransactWrite(connection=connection()) as transaction:
        for write in writes:
            write.add(transaction)


def _reasons(error: TransactWriteError, writes: Sequence[Write]) -> list[str]:
    """Why each write, in the order they were given, did not happen; empty for those that were fine."""
    sent = sorted(range(len(writes)), key=lambda number: writes[number].place)
    codes = dict(zip(sent, error.cancellation_reasons, strict=False))
    return [reason.code if (reason := codes.get(number)) else "" for number in range(len(writes))]


def _held(write: Callable[[], Any]) -> bool:
    try:
        write()
    except PynamoDBException as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
