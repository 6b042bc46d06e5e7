"""Entries of the ledger are where they cost least: small ones in the table, large ones in the bucket, in one order."""

import hashlib
import json

import pytest

from benchmarks.machine import matches
from chalicelib.store import fence, keys
from chalicelib.store.fence import Trespass
from chalicelib.transport import deliveries
from local import infra
from tests.support.background import replayed
from tests.support.people import VOICES, Fan
from tests.support.stack import DOUBLES, Stack

AGENCY = "agc_01j00000000000000000000000"
SAID = "Hello! Is the blue one in stock in size M, and could you send it to Lyon before the weekend? Thank you."
NOW = 1_800_000_000_000


def _name(network: str, received_at: int = NOW, event: str = "ing_0123456789abcdef") -> str:
    channel = "chn_01j00000000000000000000000"
    return f"{deliveries.root(AGENCY)}{received_at:013d}/{event}/{NOW:013d}.applied.{network}.{channel}.1.-"


def _noise(size: int) -> str:
    """A text that does not get much shorter by packing."""
    return hashlib.shake_256(b"noise").hexdigest(size)[:size]


@pytest.mark.parametrize("network", VOICES)
def test_a_message_of_a_hundred_characters_is_one_write_unit(network: str) -> None:
    events = DOUBLES[network].EVENTS
    body = next(events[name] for name in ("dm", "comment", "review") if name in events)(text=SAID)
    raw = json.dumps([body], separators=(",", ":")).encode()
    item = deliveries.as_item(_name(network), raw, NOW)
    assert item is not None
    size = sum(len(name) + len(value.encode()) for name, typed in item.serialize().items() for value in typed.values())
    assert 0 < size <= 1024


def test_what_an_object_keeps_for_less_is_no_item() -> None:
    assert deliveries.as_item(_name("example"), _noise(4_000).encode(), NOW)
    assert deliveries.as_item(_name("example"), _noise(9_000).encode(), NOW) is None
    assert deliveries.as_item(_name("example"), b"a" * 100_000, NOW) is None  # not even packed


def test_entries_of_a_delivery_are_together_and_deliveries_are_spread() -> None:
    events = [f"ing_000000000000000{digit}" for digit in "0123456789abcdefghjkmnpqrstvwxyz"]
    spread = [keys.ledger(AGENCY, event) for event in events]
    assert min(spread.count(partition) for partition in keys.ledgers(AGENCY)) >= 6


def test_items_of_the_ledger_call_no_function() -> None:
    item = deliveries.as_item(_name("example"), b"[]", NOW)
    assert item is not None
    new = item.serialize()
    record = {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": new["pk"], "sk": new["sk"]}, "NewImage": new}}
    message = {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "message#1"}}}}
    patterns = infra.table()["functions"]["on_change"]["stream"]
    assert [matches(pattern, record) for pattern in patterns] == [False] * len(patterns)
    assert any(matches(pattern, message) for pattern in patterns)


def test_small_and_large_deliveries_are_listed_in_order_and_replayed(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    for text in ("Before", _noise(12_000), "After"):
        fan.says(text)
        entries = fan.channel.settled()
    bucket, root = stack.platform.outputs["Bucket"], deliveries.root(stack.ours.id)
    pages = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=root)
    stored = [entry["Key"] for page in pages for entry in page.get("Contents", []) if fan.channel.id in entry["Key"]]
    assert [name.split("/")[3] for name in stored] == [entries[1]["id"]]
    assert [entry["received_at"] for entry in entries] == sorted(entry["received_at"] for entry in entries)
    range_ = {"since": fan.channel.since, "until": "2100-01-01T00:00:00Z", "channel": fan.channel.id}
    assert replayed(stack.ours.owner, range_) == 3


def test_pages_follow_each_other_across_both_places(stack: Stack) -> None:
    """More entries than one call reads from a partition, some of them in the bucket."""
    names = [_name("example", n, f"ing_{n:016d}").replace(AGENCY, stack.ours.id) for n in range(440)]
    with fence.within(stack.ours.id):
        for number, name in enumerate(names):
            deliveries.keep(name, [{"text": _noise(9_000 if number % 50 == 0 else 9)}], NOW)
        listed = deliveries.names(stack.ours.id, deliveries.root(stack.ours.id))
        assert [next(listed) for _ in names] == names
        assert next(deliveries.names(stack.ours.id, names[99])) == names[100]
        assert deliveries.items(names[50]) == [{"text": _noise(9_000)}]
        assert deliveries.items(names[51]) == [{"text": _noise(9)}]


@pytest.mark.usefixtures("nowhere")
def test_nobody_reads_another_agencys_deliveries() -> None:
    with fence.within("agc_01j00000000000000000000001"), pytest.raises(Trespass):
        deliveries.items(_name("example"))
