"""Reads and writes the table. A write may carry the error to raise when its condition fails."""

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
from pynamodb.expressions.util import substitute_names

from chalicelib import errors, log
from chalicelib.store import connection as connections
from chalicelib.store.items import Item

Action = updates.Action
Condition = conditions.Condition
Otherwise = errors.Problem | Callable[[], errors.Problem]
M = TypeVar("M", bound=Item)
_MOST_TRIES = 8
_MOST_AT_ONCE = 100  # items, as DynamoDB allows
_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Write:
    """One write of a transaction. If the transaction fails because of its condition, `otherwise` is raised."""

    request: Mapping[str, Any]
    otherwise: Otherwise | None = None


class Refused(Exception):
    """Raised when a transaction was not made because conditions failed, and none of those writes carries its own error.

    `failed[i]` says whether the condition of write `i` failed.
    """

    def __init__(self, failed: Sequence[bool]) -> None:
        super().__init__("a condition failed")
        self.failed = tuple(failed)


def connection() -> Connection:
    """The connection below all models, for operations that PynamoDB has no model for."""
    return connections.opened().connection


def get(model: type[M], pk: str, sk: str, *, consistent: bool = True) -> M | None:
    try:
        return model.get(pk, sk, consistent_read=consistent)
    except DoesNotExist:
        return None


def many(model: type[M], keys: Sequence[tuple[str, str]]) -> list[M]:
    """The items with these keys (partition, sort key) that exist, in no order."""
    return list(map(model.from_raw_data, _stored(keys, consistent=True)))


def many_readable(model: type[M], keys: Sequence[tuple[str, str]]) -> list[M]:
    """Like `many`, for display: items that cannot be read are left out, so that the others are still shown."""
    return list(readable(map(model.from_raw_data, _stored(keys, consistent=True))))


def existing(keys: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of the keys under which an item exists, including items that cannot be read."""
    return frozenset((raw["pk"]["S"], raw["sk"]["S"]) for raw in _stored(keys, consistent=True))


def each(*asked: tuple[type[Item], str, str], consistent: bool = False) -> list[Item | None]:
    """The items with these models, partitions and sort keys, in the order asked; None for one that does not exist.

    All in one read. Unless `consistent`, it costs half, and what was written in the last second may be missing. Raises
    Unavailable while the table is too busy.
    """
    items = _stored([(pk, sk) for _, pk, sk in asked], consistent=consistent)
    stored = {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in items}
    return [model.from_raw_data(stored[pk, sk]) if (pk, sk) in stored else None for model, pk, sk in asked]


def _stored(keys: Sequence[tuple[str, str]], *, consistent: bool) -> list[Mapping[str, Any]]:
    """The items with these keys, in DynamoDB's form. Raises Unavailable while the table is too busy for any of them."""
    name, attempt = connections.opened().table_name, 0
    items: list[Mapping[str, Any]] = []
    left = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in dict.fromkeys(keys)]  # DynamoDB takes none twice
    while left:
        asked = {"Keys": left[:_MOST_AT_ONCE], "ConsistentRead": consistent}
        answer = connection().dispatch("BatchGetItem", {"RequestItems": {name: asked}})
        some = answer["Responses"].get(name, [])
        unread = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        items += some
        left = [*unread, *left[_MOST_AT_ONCE:]]
        if unread:
            attempt = 0 if some else attempt + 1
            if attempt == _MOST_TRIES:
                raise errors.Unavailable
            _pause(attempt)
    return items


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
    only: Sequence[str] | None = None,
    consistent: bool = False,
    only_readable: bool = False,
) -> Iterator[M]:
    """The items of a partition whose sort key begins with `prefix`, in the order of sort keys. With `only`, just these
    attributes, which must include the sort key.

    `before` and `after` are sort keys that are not included; `newest` reverses the order. The query itself includes
    `before`, so with a `limit` there may be one item less. An item that cannot be read raises. With `only_readable`,
    for display, it is left out and does not count towards the limit.
    """
    end = prefix + "\U0010ffff"
    low, high = after + "\0" if after > prefix else prefix or "\0", min(before or end, end)
    if low > high:
        return  # the edge lies outside the prefix: nothing is beyond it
    names: dict[str, str] = {}
    values: dict[str, Any] = {":pk": {"S": pk}, ":low": {"S": low}, ":high": {"S": high}}
    request: dict[str, Any] = {
        "TableName": connections.opened().table_name, "ScanIndexForward": not newest, "ConsistentRead": consistent,
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high", "ExpressionAttributeValues": values,
    }  # fmt: skip
    if where is not None:
        request["FilterExpression"] = where.serialize(names, values)
    if only:
        request["ProjectionExpression"] = ", ".join(substitute_names([name], names) for name in only)
    if names:
        request["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    yield from (item for item in _pages(model, request, limit, only_readable) if item.sk != before)


def _pages(model: type[M], request: dict[str, Any], limit: int | None, only_readable: bool) -> Iterator[M]:
    """Like PynamoDB's query, but faster, without its building of expressions: every request of the API begins with a
    query.
    """
    while limit != 0:
        answer = connection().dispatch("Query", {**request, **({"Limit": limit} if limit else {})})
        items, given = map(model.from_raw_data, answer["Items"]), 0
        for item in readable(items) if only_readable else items:
            given += 1
            yield item
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        limit = limit and limit - given


def readable(items: Iterator[M]) -> Iterator[M]:
    """The items that can be read. Those that cannot are logged, counted and left out.

    `items` must go on after an error, as a `map` does and a generator does not.
    """
    while True:
        try:
            yield next(items)  # after an error, the next call gives the next item
        except StopIteration:
            return
        except (AttributeDeserializationError, json.JSONDecodeError) as error:
            log.problem("item_unreadable", error)
            log.count("item_unreadable")


def put(item: Item, condition: Condition | None = None) -> bool:
    """False if the condition does not hold."""
    return _try_write(lambda: item.save(condition))


def update(item: Item, actions: Sequence[Action], condition: Condition | None = None) -> bool:
    """Changes the item in the table, and this object too. False if the condition does not hold."""
    return _try_write(lambda: item.update(list(actions), condition))


def delete(item: Item, condition: Condition | None = None) -> bool:
    """False if the condition does not hold."""
    return _try_write(lambda: item.delete(condition))


def putting(item: Item, condition: Condition | None = None, *, otherwise: Otherwise | None = None) -> Write:
    """For transact: write the item, and replace it if it exists."""
    return Write({"Put": item.get_save_kwargs_from_instance(condition)}, otherwise)


def changing(
    item: Item, actions: Sequence[Action], condition: Condition | None = None, *, otherwise: Otherwise | None = None
) -> Write:
    """For transact: change the item. `item` needs its keys only."""
    return Write({"Update": item.get_update_kwargs_from_instance(list(actions), condition)}, otherwise)


def creating(item: Item, actions: Sequence[Action], *, otherwise: Otherwise | None = None) -> Write:
    """For transact: creates the item as it is after the actions; fails if it exists. An attribute that an action adds
    to begins at 0.
    """
    paths: Iterator[Any] = (action.values[0] for action in actions)
    changed = {path.path[0] for path in paths}
    model, key = type(item), ("pk", "sk")
    initial = [
        getattr(model, name).set(value)
        for name, value in item.attribute_values.items()
        if name not in changed and name not in key and value is not None
    ]
    blank = model(item.pk, item.sk)
    return changing(blank, [*initial, *actions], model.pk.does_not_exist(), otherwise=otherwise)


def deleting(item: Item, condition: Condition | None = None, *, otherwise: Otherwise | None = None) -> Write:
    """For transact: delete the item. `item` needs its keys only."""
    return Write({"Delete": item.get_delete_kwargs_from_instance(condition)}, otherwise)


def checking(item: Item, condition: Condition, *, otherwise: Otherwise | None = None) -> Write:
    """For transact: changes nothing, and only requires the condition. `item` needs only its keys."""
    return Write({"ConditionCheck": item.get_delete_kwargs_from_instance(condition)}, otherwise)


def transact(*writes: Write) -> None:
    """Makes all of the writes, or none of them.

    If conditions fail, raises the error of the first failed write that carries one, or Refused if none does. If another
    transaction writes the same items at the same time, tries again after a random, growing time.
    """
    for attempt in range(_MOST_TRIES):
        try:
            # We do not use PynamoDB's TransactWrite: it reorders writes, so the reasons would come in another order.
            requests = [write.request for write in writes]
            connection().dispatch("TransactWriteItems", {"TransactItems": requests})
        except VerboseClientError as error:
            reasons = [reason.code if reason else "" for reason in error.cancellation_reasons]
            failed = [code == "ConditionalCheckFailed" for code in reasons]
            if any(failed):
                raise _error(writes, failed) from error
            if not any(code == "TransactionConflict" for code in reasons) or attempt == _MOST_TRIES - 1:
                raise
            _pause(attempt)
        else:
            return


def _error(writes: Sequence[Write], failed: Sequence[bool]) -> Exception:
    for write, has_failed in zip(writes, failed, strict=False):
        if has_failed and write.otherwise:
            return write.otherwise if isinstance(write.otherwise, Exception) else write.otherwise()
    return Refused(failed)


def _try_write(write: Callable[[], Any]) -> bool:
    """True if the write was made, False if its condition does not hold. Tries again if a transaction is in the way."""
    for attempt in range(_MOST_TRIES):
        try:
            write()
        except PynamoDBException as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            if error.cause_response_code != "TransactionConflictException" or attempt == _MOST_TRIES - 1:
                raise
            _pause(attempt)
        else:
            return True
    return False


def _pause(attempt: int) -> None:
    """Sleeps for a random time, up to 20 ms the first time and up to twice as long each time after."""
    time.sleep(_RANDOM.uniform(0, 0.02 * 2**attempt))
