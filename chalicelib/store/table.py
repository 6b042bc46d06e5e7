"""Reading and writing the table: one connection for all models, and transactions that say which condition failed."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from botocore.config import Config
from pynamodb.connection import Connection
from pynamodb.exceptions import AttributeDeserializationError, DoesNotExist, PynamoDBException, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import log, settings
from chalicelib.store import fence
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.item import Item

M = TypeVar("M", bound=Item)
Write = Mapping[str, Any]
_CONFLICTS = 6


class Refused(Exception):
    """A transaction that did not happen: `failed[i]` says whether the condition of write `i` was why."""

    def __init__(self, failed: Sequence[bool]) -> None:
        super().__init__("a condition failed")
        self.failed = tuple(failed)


@cache
def connection() -> Connection:
    """The one connection, opened on first use, inside the fence.

    Models made after `Item` share it, each on its own would cost 60 ms.
    """
    found = settings.get()
    Item.Meta.table_name, Item.Meta.region = found.table, found.region
    shared = Conversation._get_connection()  # noqa: SLF001 - PynamoDB has no public way to share it
    Item._connection = shared  # noqa: SLF001
    shared.connection.session.register("before-parameter-build.dynamodb", fence.guard)
    # Without a name of our own botocore makes up a long one for every call, twice: a tenth of what a call costs.
    shared.connection.session.set_default_client_config(Config(user_agent="palabre"))
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
    end = prefix + "\U0010ffff"
    low, high = after + "\0" if after > prefix else prefix or "\0", min(before or end, end)
    if low > high:
        return  # an edge outside: there is nothing beyond it
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


def readable(found: Iterator[M]) -> Iterator[M]:
    """All that a model's query finds but what cannot be read, which is logged and keeps nobody from the rest."""
    while True:
        try:
            yield next(found)  # PynamoDB has moved on before it reads, so the next one comes next
        except StopIteration:
            return
        except (AttributeDeserializationError, json.JSONDecodeError) as error:
            log.problem("item_unreadable", error)


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
    connection()
    return {"Put": item.get_save_kwargs_from_instance(condition)}


def changing(item: Item, actions: Sequence[Action], condition: Condition | None = None) -> Write:
    """For transact: change the item; only its keys need to be known."""
    connection()
    return {"Update": item.get_update_kwargs_from_instance(list(actions), condition)}


def deleting(item: Item, condition: Condition | None = None) -> Write:
    """For transact: take the item away."""
    connection()
    return {"Delete": item.get_delete_kwargs_from_instance(condition)}


def transact(*writes: Write) -> None:
    """All of the writes or none.

    Raises Refused if a condition does not hold. A clash with another transaction is tried again, with growing jitter.
    """
    for attempt in range(_CONFLICTS):
        try:
            # PynamoDB's own TransactWrite puts all Puts before all Updates, and the reasons come in that order.
            connection().dispatch("TransactWriteItems", {"TransactItems": list(writes)})
        except VerboseClientError as error:
            reasons = [reason.code if reason else "" for reason in error.cancellation_reasons]
            if any(code == "ConditionalCheckFailed" for code in reasons):
                raise Refused([code == "ConditionalCheckFailed" for code in reasons]) from error
            if not any(code == "TransactionConflict" for code in reasons) or attempt == _CONFLICTS - 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        else:
            return


def _held(write: Callable[[], Any]) -> bool:
    try:
        write()
    except PynamoDBException as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
