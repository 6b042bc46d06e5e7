"""MiniStack, made quicker where tests and `make run` spend most of their time in it; its answers stay the same.

DynamoDB reads the text of an expression once, and not for each item. A query examines no items but those that its page
can have, and finds them by their order: it sorted all of a partition for each page. A queue looks at the ids that it
forgets, not at all that it knows. A version that has no such function is left as it is.
"""

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from operator import ge, gt, le, lt
from threading import local
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple

from ministack.services import dynamodb, sqs

from local import key_order
from local.key_order import Key

_MOST_TEXTS = 10_000
PARTS = {"_tables", "_normalize_table_name", "_index_members", "_INDEX_MEMBERS", "_index_def"}  # that are used here
_inside = vars(dynamodb)
_OF_KEYS = re.compile(
    r"([#\w]+) = (:\w+)"
    r"(?: AND (?:([#\w]+) BETWEEN (:\w+) AND (:\w+)|([#\w]+) ([<>]=?) (:\w+)|begins_with ?[(]([#\w]+), (:\w+)[)]))?"
)
_ORDERS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_NAMES = re.compile(r"#\w+(?:, #\w+)*")
Json = Mapping[str, Any]


class Stretch(NamedTuple):
    """What a condition on keys asks for: a partition, and in it all places or a run of them. All are texts."""

    partition: str
    value: str
    place: str | None = None
    begins_after: Callable[[str], bool] = lambda place: False
    has: Callable[[str], bool] = lambda place: True


def by_keys(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    """The same function, quicker for conditions on a partition and a stretch of it, both of texts."""

    def quicker(text: str, item: Json, values: Json, names: Json, slot: str = "ConditionExpression") -> bool:
        asked = stretch(text, values, names) if slot == "KeyConditionExpression" else None
        if asked is None:
            return evaluate(text, item, values, names, slot)
        try:
            here = item[asked.place]["S"] if asked.place else ""
            return bool(item[asked.partition]["S"] == asked.value and asked.has(here))
        except (KeyError, TypeError):
            return evaluate(text, item, values, names, slot)

    return quicker


def stretch(text: str, values: Json, names: Json) -> Stretch | None:
    """None if it is another condition, or one that cannot be met."""
    parts = _of_keys(text)
    if parts is None:
        return None
    partition, value, between, low, high, compared, order, bound, begun, start = parts
    try:
        place = between or compared or begun
        mine, wanted = names.get(partition, partition), values[value]["S"]
        if place is None:
            return Stretch(mine, wanted)
        return Stretch(mine, wanted, names.get(place, place), *_run(values, low, high, order, bound, start))
    except (KeyError, TypeError, AttributeError):
        return None


def _run(
    values: Json, low: str, high: str, order: str, bound: str, start: str
) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Whether the run begins after a place, and has it. Raises KeyError if it is of another type, or of nothing."""
    if start:
        begin = values[start]["S"]
        return lambda place: place < begin, lambda place: place.startswith(begin)
    if order:
        compare, edge = _ORDERS[order], values[bound]["S"]
        is_upwards = order in (">", ">=")
        return lambda place: is_upwards and not compare(place, edge), lambda place: compare(place, edge)
    first, last = values[low]["S"], values[high]["S"]
    if first > last:
        raise KeyError(low)
    return lambda place: place < first, lambda place: first <= place <= last


@lru_cache(_MOST_TEXTS)
def _of_keys(text: str) -> tuple[Any, ...] | None:
    condition = _OF_KEYS.fullmatch(text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text)
    return condition.groups() if condition else None


def by_stretch(query: FunctionType) -> Callable[[Json], Any]:
    """The same function, which is shown no items but those that the page can have."""
    if not set(_inside) >= PARTS:
        return query
    here = local()  # has what a thread is shown in place of a table while it answers a query
    shown = SimpleNamespace(get=lambda _name: here.table)
    ask = FunctionType(query.__code__, {**_inside, "_tables": shown})

    def quicker(asked: Json) -> Any:
        stored = _inside["_tables"].get(_inside["_normalize_table_name"](asked.get("TableName")))
        here.table = (stored and _narrowed(stored, asked)) or stored
        return ask(asked)

    return quicker


def _narrowed(stored: Any, asked: Json) -> Json | None:
    """The table with the items in question alone; None if that cannot be told, or they are not texts."""
    names, values = asked.get("ExpressionAttributeNames") or {}, asked.get("ExpressionAttributeValues") or {}
    text = None if asked.get("KeyConditions") else asked.get("KeyConditionExpression")
    wanted = stretch(text, values, names) if text else None
    if wanted is None:
        return None
    try:
        index = asked.get("IndexName")
        if index is None:
            return _of_table(stored, asked, wanted)
        return _of_index(stored, asked, wanted, index)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _of_table(stored: Any, asked: Json, wanted: Stretch) -> Json | None:
    place = stored["sk_name"]
    if wanted.partition != stored["pk_name"] or wanted.place not in (None, place):
        return None
    items = stored["items"].get(wanted.value, {})
    keys = key_order.keys(stored, "", wanted.value, lambda: [(sk,) for sk in items])
    last = asked.get("ExclusiveStartKey")
    page = _page(keys, wanted, last and (last[place]["S"],), asked)
    return {**stored, "items": {wanted.value: {sk: items[sk] for (sk,) in page}}}


def _of_index(stored: Any, asked: Json, wanted: Stretch, index: str) -> Json | None:
    names = [key["AttributeName"] for key in _inside["_index_def"](stored, index)["KeySchema"]]
    partition, place = names
    if wanted.partition != partition or wanted.place not in (None, place):
        return None
    every, last = stored["items"], asked.get("ExclusiveStartKey")
    keys = key_order.keys(
        stored, index, wanted.value,
        lambda: [
            (every[pk][sk][place]["S"], pk, sk)
            for pk, sk in list(_inside["_index_members"](stored)[index].get(wanted.value, ()))
        ],
    )  # fmt: skip
    last = last and tuple(last[name]["S"] for name in (place, stored["pk_name"], stored["sk_name"]))
    members = {(pk, sk): None for _, pk, sk in _page(keys, wanted, last, asked)}
    return {**stored, _inside["_INDEX_MEMBERS"]: {index: {wanted.value: members}}}


def _page(keys: Sequence[Key], wanted: Stretch, last: Any, asked: Json) -> Sequence[Key]:
    """Those of the page that comes after `last`, and one more; all of them where no number is told."""
    begin = bisect_left(keys, True, key=lambda key: not wanted.begins_after(key[0]))
    end = bisect_left(keys, True, begin, key=lambda key: not wanted.has(key[0]))
    limit, is_forward = asked.get("Limit"), asked.get("ScanIndexForward", True)
    if last and is_forward:
        begin = max(begin, bisect_left(keys, last))
    elif last:
        end = min(end, bisect_right(keys, last))
    if limit is None:
        return keys[begin:end]
    more = int(limit) + 1
    return keys[begin : min(end, begin + more)] if is_forward else keys[max(begin, end - more) : max(begin, end)]


def put_in_order(set_item: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after which the order of the keys has the item, too."""

    def ordered(table: Any, pk: str, sk: str, item: Any) -> Any:
        before = set_item(table, pk, sk, item)
        key_order.changed(table, pk, sk, before, item)
        return before

    return ordered


def taken_out_of_order(remove_item: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after which the order of the keys does not have the item any more."""

    def ordered(table: Any, pk: str, sk: str) -> Any:
        before = remove_item(table, pk, sk)
        key_order.changed(table, pk, sk, before, None)
        return before

    return ordered


def in_no_order(items_replaced: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same function, after which nothing is known of an order."""

    def forgetting(table: Any) -> None:
        items_replaced(table)
        key_order.forget(table)

    return forgetting


def by_names(project: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, quicker where whole attributes are asked for by their aliases."""

    def quicker(item: Any, text: str, names: Json) -> Any:
        plain = _plain(text, names)
        if plain is None or not item:
            return project(item, text, names)
        return {name: item[name] for name in plain if name in item}

    return quicker


def by_names_overlap(overlap: Callable[..., str | None]) -> Callable[..., str | None]:
    """The same function; names that are all others do not overlap."""
    return lambda text, names: None if _plain(text, names) else overlap(text, names)


def _plain(text: str, names: Json) -> tuple[str, ...] | None:
    """The attributes, if each is asked for once, by an alias, and as a whole."""
    aliases = _aliases(text)
    asked = tuple(names.get(alias, ".") for alias in aliases or ()) if names else ()
    return asked if asked and len(set(asked)) == len(asked) and not any(_is_path(name) for name in asked) else None


@lru_cache(_MOST_TEXTS)
def _aliases(text: str) -> tuple[str, ...] | None:
    return tuple(text.split(", ")) if _NAMES.fullmatch(text) else None


def _is_path(name: str) -> bool:
    """True if it has a sign by which one part of an attribute is told from another."""
    return "." in name or "[" in name


def from_the_oldest(_prune: Callable[[Any], None]) -> Callable[[Any], None]:
    """The ids of messages of a queue expire in the order in which they came: each is known for five minutes."""

    def quicker(queue: Any) -> None:
        known, now = queue["dedup_cache"], time.time()
        for old in list(takewhile(lambda name: known[name]["expire"] <= now, known)):
            del known[old]

    return quicker


# What takes the place of functions of DynamoDB, by their names.
QUICKER: Mapping[str, Callable[[Any], Any]] = {
    "_tokenize": lru_cache(_MOST_TEXTS),
    "_condition_syntax_error": lru_cache(_MOST_TEXTS),
    "_evaluate_condition": by_keys,
    "_project_item": by_names,
    "_projection_overlap_error": by_names_overlap,
    "_set_item": put_in_order,
    "_remove_item": taken_out_of_order,
    "_items_replaced": in_no_order,
    "_query": by_stretch,  # the last, as it takes the others with it
}


# The same of SQS.
QUICKER_QUEUES: Mapping[str, Callable[[Any], Any]] = {"_prune_dedup": from_the_oldest}


def make_quicker() -> None:
    for module, functions in ((dynamodb, QUICKER), (sqs, QUICKER_QUEUES)):
        for name, made_quicker in functions.items():
            if hasattr(module, name):
                setattr(module, name, made_quicker(getattr(module, name)))
