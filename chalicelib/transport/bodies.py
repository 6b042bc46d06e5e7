"""Reads what a network posted into items, and puts items together into parts that a queue takes.

A body that has more items, or is for more accounts, than any network posts is not read: so its size limits what reading
it costs.
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
    """The items of a body, each with the network that it is of: this one, or a sibling on the same hook.

    Raises Unreadable for what is no such object, or has more items or accounts than such a body may have.
    """
    payload = network.decode(raw)
    if not isinstance(payload, dict):
        raise strict_json.Unreadable("not an object")
    return items(network, payload, len(raw))


def items(network: base.Network, payload: base.Json, size: int) -> list[Item]:
    """As `read`, of a body of that many bytes that was read as JSON."""
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
    """Networks post up to 1000 at once; where there are more, as in an imported past, each is some 300 bytes."""
    return 1000 + size // 250


def parts(share: Sequence[base.Inbound]) -> Iterator[list[base.Json]]:
    """The items' bodies in parts, in order. A part fits into a message of a queue, or is one item that is too large."""
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
    """True if this fits into a message of a queue."""
    return queues.size(content) <= LARGEST_IN_QUEUE_BYTES


def as_bytes(body: base.Json) -> bytes:
    """The body of an item, as a network would post it."""
    return json.dumps(body, separators=(",", ":")).encode()
