"""A message is never lost for a detail: if who, where and which id can be read, the rest may be as it likes."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from chalicelib.networks.base import Inbound, Message
from tests.networks.folders import called, fixtures, of

WRONG: tuple[Any, ...] = (None, [], {}, "", "x", 7, True, [[]], {"x": {}})
# What says which kind of thing an item is: another word there makes it another thing.
KINDS = {
    "type", "object", "field", "item", "verb", "event", "action", "status", "messaging_type", "event_name",
    "event_type", "eventName", "reason", "visibility", "$type", "kind", "message_type", "comment_type",
    "comment_action", "is_echo",
    "direction", "surface", "topic", "mode", "source", "filter", "recommendation_type", "messaging_product",
}  # fmt: skip
WHO = ("from", "sender", "user", "author", "owner", "account", "consumer", "reviewer")


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values inside."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield (*path, name)
        yield from nodes(inner, (*path, name))


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        body = body[name]
    return body


def messages(key: str, body: Any) -> list[Inbound]:
    """What was said, for which the network has an id."""
    said = [inbound for inbound in of(key).parse(body) if isinstance(inbound.event, Message)]
    return [inbound for inbound in said if is_told(inbound)]


def essential(inbound: Inbound) -> set[str]:
    """The texts that say who, where, and which id, and the parts that they are composed of."""
    event: Any = inbound.event
    person = event.person.id if event.person else ""
    origin = event.origin.id if event.origin else ""
    texts = (inbound.account, event.id, event.thread, person, origin, event.reply_to)
    return {part for text in texts for part in (text, *re.split("[:@/_|]", text)) if part}


def is_needed(body: Any, path: tuple[Any, ...], words: set[str]) -> bool:
    """True for a part of these texts, for what they stand in, for other ids of them, and for what says the kind."""
    value = at(body, path)
    is_of_account = (path[0], path[2:]) == ("entry", ("id",))
    is_of_person = path[-1] in WHO or (path[-1] == "id" and len(path) > 1 and path[-2] in WHO)
    if path[-1] in KINDS or is_of_account or is_of_person:
        return True
    if isinstance(value, dict | list):
        return any(is_needed(body, (*path, *inner), words) for inner in nodes(value))
    text = str(value)
    numbers = re.findall(r"\d{5,}", text)
    is_part = len(text) > 3 and any(text in word or word in text for word in words)
    return text in words or is_part or bool(numbers and all(any(n in word for word in words) for n in numbers))


def is_told(inbound: Inbound) -> bool:
    """True unless its id was composed of when it happened, as the network gives it none."""
    id = getattr(inbound.event, "id", "")
    return all(part in json.dumps(inbound.raw) for part in re.findall(r"[A-Za-z0-9]{4,}", id))


@called
def test_part_that_says_neither_who_nor_where_nor_which_may_be_wrong_or_missing(key: str) -> None:
    lost = []
    for body in fixtures(key):
        for inbound in messages(key, body):
            raw, words = json.loads(json.dumps(inbound.raw)), essential(inbound)
            for path in list(nodes(raw)):
                if is_needed(raw, path, words):
                    continue
                lost += [(path, wrong) for wrong in WRONG if not survives(key, raw, path, wrong, words)]
    assert lost == [], "\n".join(f"{key} {path} = {wrong!r}" for path, wrong in lost[:60])


def survives(key: str, raw: Any, path: tuple[Any, ...], wrong: Any, words: set[str]) -> bool:
    damaged = copy.deepcopy(raw)
    at(damaged, path[:-1])[path[-1]] = wrong
    return any(getattr(inbound.event, "id", "") in words for inbound in messages(key, damaged))


@called
def test_part_that_is_left_out_loses_no_message(key: str) -> None:
    for body in fixtures(key):
        for inbound in messages(key, body):
            raw, words = json.loads(json.dumps(inbound.raw)), essential(inbound)
            for path in list(nodes(raw)):
                if is_needed(raw, path, words) or isinstance(path[-1], int):
                    continue
                less = copy.deepcopy(raw)
                del at(less, path[:-1])[path[-1]]
                assert messages(key, less), path
