"""Reads the body of a webhook into items, and groups items into parts that fit into a queue's message.

A body with more items or accounts than any network posts is refused, so the size of a body limits what reading it
costs.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from chalicelib import networks, strict_json
from chalicelib.aws import queues
from chalicelib.networks import base

LARGEST_IN_QUEUE_BYTES = 240 << 10  # as the queue gets it; what is larger goes through the bucket
MOST_ITEMS_IN_PART = 25
MOST_ACCOUNTS = 1000
Item = tuple[str, base.Inbound]


def read(network: base.Network, raw: bytes) -> list[Item]:
    """The items of a body, each with the key of its network: this one, or a sibling that shares the hook.

    Raises Unreadable for a body that is no JSON object, or that has more items or accounts than allowed.
    """
    payload = network.decode(raw)
    if not isinstance(payload, dict):
        raise strict_json.Unreadable("not an object")
    return items(network, payload, len(raw))


def items(network: base.Network, payload: base.Json, size: int) -> list[Item]:
    """Like `read`, for a body that was parsed already; `size` is its length in bytes."""
    most = most_items(size)
    readers = [network, *(sibling for key in network.siblings if (sibling := networks.get(key)))]
    every = [(reader.key, inbound) for reader in readers for inbound in islice(reader.parse(payload), most + 1)]
    if len(every) > most * len(readers):
        raise strict_json.Unreadable("too many items")
    if len({inbound.account for _, inbound in every}) > MOST_ACCOUNTS:
        raise strict_json.Unreadable("too many accounts")
    left = base.Unhandled(reason=base.SIBLING)
    return [item for item in every if item[1].event != left]


def most_items(size: int) -> int:
    """How many items a body of that size may have. Networks post up to 1000 at once; an imported history has more, of
    some 300 bytes each.
    """
    return 1000 + size // 250


def parts(share: Sequence[base.Inbound]) -> Iterator[list[base.Json]]:
    """The bodies of the items, grouped in order. A part fits into a queue's message, or is a single item that is too
    large.
    """
    part: list[base.Json] = []
    size = 0
    for inbound in share:
        added = queues.size(inbound.raw)
        if part and (size + added > LARGEST_IN_QUEUE_BYTES or len(part) == MOST_ITEMS_IN_PART):
            yield part
            part, size = [], 0
        part.append(inbound.raw)
        size += added
    if part:
        yield part


def fits(content: base.Json) -> bool:
    return queues.size(content) <= LARGEST_IN_QUEUE_BYTES


def as_bytes(body: base.Json) -> bytes:
    """The body of an item, as a network would post it."""
    return json.dumps(body, separators=(",", ":")).encode()
