"""MiniStack, made faster where tests and `make run` spend most of their time in it; its answers stay the same.

DynamoDB parses an expression once, not for each item. A query examines only items that can be on its page, and finds
them by their order, where the original sorts the whole partition for each page. A queue examines only the ids that
expire, not all it knows. Where a version of MiniStack lacks one of these functions, nothing is replaced.
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
    """A condition on keys: a partition, and in it all sort keys or a range of them. All are texts."""

    partition: str
    value: str
    place: str | None = None
    begins_after: Callable[[str], bool] = lambda place: False
    has: Callable[[str], bool] = lambda place: True


def by_keys(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    """The same function, faster for conditions on a partition and a range of its sort keys, both texts."""

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
    """None for any other condition, and for one that nothing can fulfil."""
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
    """Two tests of a sort key: whether the range begins after it, and whether the range contains it.

    Raises KeyError if the range is empty or its values are no texts.
    """
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
    """The same function, but it sees only items that can be on the page."""
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
    """The table with only the items in question; None if they cannot be told, or if keys are no texts."""
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
    """The keys of the page after `last`, and one more; all of them if there is no limit."""
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
    """The same function; it also adds the item to the order of the keys."""

    def ordered(table: Any, pk: str, sk: str, item: Any) -> Any:
        before = set_item(table, pk, sk, item)
        key_order.changed(table, pk, sk, before, item)
        return before

    return ordered


def taken_out_of_order(remove_item: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; it also removes the item from the order of the keys."""

    def ordered(table: Any, pk: str, sk: str) -> Any:
        before = remove_item(table, pk, sk)
        key_order.changed(table, pk, sk, before, None)
        return before

    return ordered


def in_no_order(items_replaced: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same function; it also forgets the order of the keys."""

    def forgetting(table: Any) -> None:
        items_replaced(table)
        key_order.forget(table)

    return forgetting


def by_names(project: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, faster if whole attributes are asked for by their aliases."""

    def quicker(item: Any, text: str, names: Json) -> Any:
        plain = _plain(text, names)
        if plain is None or not item:
            return project(item, text, names)
        return {name: item[name] for name in plain if name in item}

    return quicker


def by_names_overlap(overlap: Callable[..., str | None]) -> Callable[..., str | None]:
    """The same function; different whole attributes never overlap."""
    return lambda text, names: None if _plain(text, names) else overlap(text, names)


def _plain(text: str, names: Json) -> tuple[str, ...] | None:
    """The attributes, if each is asked for once, by an alias, and as a whole; else None."""
    aliases = _aliases(text)
    asked = tuple(names.get(alias, ".") for alias in aliases or ()) if names else ()
    return asked if asked and len(set(asked)) == len(asked) and not any(_is_path(name) for name in asked) else None


@lru_cache(_MOST_TEXTS)
def _aliases(text: str) -> tuple[str, ...] | None:
    return tuple(text.split(", ")) if _NAMES.fullmatch(text) else None


def _is_path(name: str) -> bool:
    """True if the name has a sign that separates parts of an attribute."""
    return "." in name or "[" in name


def from_the_oldest(_prune: Callable[[Any], None]) -> Callable[[Any], None]:
    """The ids of a queue's messages expire in the order in which they came, because each is kept for five minutes."""

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
