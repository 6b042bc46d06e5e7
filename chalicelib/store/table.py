"""Reads and writes the table. A write may carry the error that its failed condition means to the caller."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import AttributeDeserializationError, DoesNotExist, PynamoDBException, VerboseClientError
from pynamodb.expressions import condition as conditions
from pynamodb.expressions import update as updates

from chalicelib import errors, log
from chalicelib.store import connection as connections
from chalicelib.store.models.item import Inbox, Item, Listed

Action = updates.Action
Condition = conditions.Condition
Meaning = errors.Problem | type[errors.Problem]
M = TypeVar("M", bound=Item)
L = TypeVar("L", bound=Listed)
_CONFLICTS = 6


@dataclass(frozen=True)
class Write:
    """One write of a transaction. If its condition is why the transaction fails, `otherwise` is raised."""

    request: Mapping[str, Any]
    otherwise: Meaning | None = None


class Refused(Exception):
    """A transaction that did not happen because of a write that carries no error of its own.

    `failed[i]` says whether the condition of write `i` was why.
    """

    def __init__(self, failed: Sequence[bool]) -> None:
        super().__init__("a condition failed")
        self.failed = tuple(failed)


def connection() -> Connection:
    """The connection below all models, for operations that PynamoDB has no model for."""
    return connections.opened().connection


def get(model: type[M], pk: str, sk: str, *, consistent: bool = True) -> M | None:
    """The item, or None."""
    try:
        return model.get(pk, sk, consistent_read=consistent)
    except DoesNotExist:
        return None


def many(model: type[M], keys: Sequence[tuple[str, str]]) -> list[M]:
    """Those of the items that exist, in no order."""
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
    end = prefix + "\U0010ffff"
    low, high = after + "\0" if after > prefix else prefix or "\0", min(before or end, end)
    if low > high:
        return  # the edge lies outside the prefix: nothing is beyond it
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


def listed(
    model: type[L],
    partition: str,
    *,
    before: str = "",
    after: str = "",
    newest: bool = False,
    limit: int | None = None,
    page_size: int | None = None,
    where: Condition | None = None,
    only: Sequence[str] | None = None,
) -> Iterator[L]:
    """The items of a partition of the index, strictly before or after an activity; with `only` just those attributes.

    The index follows the table within a second.
    """
    edge = Inbox.activity > after if after else Inbox.activity < before if before else None
    found: Iterator[L] = model.index.query(
        partition,
        edge,
        filter_condition=where,
        scan_index_forward=not newest,
        limit=limit,
        page_size=page_size,
        attributes_to_get=list(only) if only else None,
    )
    return found


def readable(items: Iterator[M]) -> Iterator[M]:
    """The items that can be read. One that cannot is logged and left out, and keeps nobody from the rest."""
    while True:
        try:
            yield next(items)  # PynamoDB moves on before it reads, so the next call gives the next item
        except StopIteration:
            return
        except (AttributeDeserializationError, json.JSONDecodeError) as error:
            log.problem("item_unreadable", error)


def put(item: Item, condition: Condition | None = None) -> bool:
    """Write the item; False if the condition does not hold."""
    return _held(lambda: item.save(condition))


def update(item: Item, actions: Sequence[Action], condition: Condition | None = None) -> bool:
    """Change the item in the table, and in hand; False if the condition does not hold."""
    return _held(lambda: item.update(list(actions), condition))


def delete(item: Item, condition: Condition | None = None) -> bool:
    """Delete the item; False if the condition does not hold."""
    return _held(lambda: item.delete(condition))


def putting(item: Item, condition: Condition | None = None, *, otherwise: Meaning | None = None) -> Write:
    """For transact: write the item."""
    return Write({"Put": item.get_save_kwargs_from_instance(condition)}, otherwise)


def changing(
    item: Item, actions: Sequence[Action], condition: Condition | None = None, *, otherwise: Meaning | None = None
) -> Write:
    """For transact: change the item; only its keys need to be known."""
    return Write({"Update": item.get_update_kwargs_from_instance(list(actions), condition)}, otherwise)


def deleting(item: Item, condition: Condition | None = None, *, otherwise: Meaning | None = None) -> Write:
    """For transact: delete the item."""
    return Write({"Delete": item.get_delete_kwargs_from_instance(condition)}, otherwise)


def transact(*writes: Write) -> None:
    """Make all of the writes or none.

    If conditions fail, raises what the first of the failed writes that carries an error says; Refused if none does.
    A clash with another transaction is tried again, with growing jitter.
    """
    for attempt in range(_CONFLICTS):
        try:
            # PynamoDB's own TransactWrite puts all Puts before all Updates, and the reasons come in that order.
            requests = [write.request for write in writes]
            connection().dispatch("TransactWriteItems", {"TransactItems": requests})
        except VerboseClientError as error:
            reasons = [reason.code if reason else "" for reason in error.cancellation_reasons]
            failed = [code == "ConditionalCheckFailed" for code in reasons]
            if any(failed):
                raise _meaning(writes, failed) from error
            if not any(code == "TransactionConflict" for code in reasons) or attempt == _CONFLICTS - 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        else:
            return


def _meaning(writes: Sequence[Write], failed: Sequence[bool]) -> Exception:
    meant = (write.otherwise for write, has_failed in zip(writes, failed, strict=False) if has_failed)
    first = next((otherwise for otherwise in meant if otherwise), None)
    return Refused(failed) if first is None else first if isinstance(first, Exception) else first()


def _held(write: Callable[[], Any]) -> bool:
    try:
        write()
    except PynamoDBException as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
