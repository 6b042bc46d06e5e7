"""How far our messages got, and what it costs to find the one that a network speaks of."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, marks
from chalicelib.networks import base
from chalicelib.replies import delivery
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Marks, Message
from chalicelib.transport import arrivals
from tests.support.stack import Stack, number

LONG = 150
NOW = 1_790_000_000_000
DAY = clock.DAY


@pytest.fixture
def thread(stack: Stack) -> Iterator[tuple[Owner, str]]:
    """A conversation in which much was said, and one answer of ours is on its way."""
    owner = Owner(stack.ours.id, stack.ours.brand, f"chn_{number()}", "example")
    with fence.within(owner.agency):
        id = conversations.id_of(owner, "dm", "1")
        for at in range(1, LONG):
            table.put(message(owner, id, at, "in", "received", f"heard {at}"))
        table.put(message(owner, id, LONG, "out", "sending", "ours"))
        yield owner, id


def message(owner: Owner, conversation: str, at: int, direction: str, status: str, text: str) -> Message:
    network_id = text if direction == "in" else ""
    id = ids.message(conversation, at, text)
    return Message(
        keys.within(owner.agency, conversation), keys.message(id), id=id, channel=owner.channel, brand=owner.brand,
        direction=direction, surface="dm", kind="text", text=text, author={}, network_id=network_id, status=status,
        rank=marks.RANK.get(status, 0), sent_at=at, received_at=at,
    )  # fmt: skip


def conversation_of(owner: Owner) -> str:
    return conversations.id_of(owner, "dm", "1")


def stored(owner: Owner, at: int, status: str) -> Message:
    ours = message(owner, conversation_of(owner), at, "out", status, "ours")
    table.put(ours)
    return ours


def up_to(owner: Owner, watermark: int, status: base.ReceiptStatus = "read") -> None:
    """A receipt for all up to the watermark."""
    receipt = base.Receipt(thread="1", status=status, at=watermark, watermark=watermark)
    delivery.apply_receipt(owner, conversation_of(owner), receipt, NOW)


def status_of(ours: Message) -> str:
    stored = table.get(Message, ours.pk, ours.sk)
    return stored.status if stored else ""


# F32
@pytest.mark.parametrize(("text", "is_ours"), [("ours", True), ("written in the network's own app", False)])
def test_an_echo_costs_the_same_in_a_long_thread(thread: tuple[Owner, str], text: str, *, is_ours: bool) -> None:
    owner, id = thread
    queries: list[str] = []
    events = table.connection().client.meta.events
    events.register("before-send.dynamodb.Query", lambda **_: queries.append("Query"), unique_id="counting")
    try:
        own = delivery.find_own(owner, id, base.Message(thread="1", id="net-1", at=LONG, direction="out", text=text))
    finally:
        events.unregister("before-send.dynamodb.Query", unique_id="counting")
    assert (own is not None, len(queries)) == (is_ours, 1)


# F30
@pytest.mark.parametrize("status", ["delivered", "read"])
@pytest.mark.parametrize("knows", [True, False], ids=["known conversation", "new conversation"])
def test_an_echo_after_the_receipt_for_it_has_its_status(
    owner: Owner, status: base.ReceiptStatus, *, knows: bool
) -> None:
    echoes = [
        base.Message(thread="1", id=f"net-{at}", at=at, direction="out", text="written in the app")
        for at in (NOW - 2, NOW - 1, NOW)
    ]
    if knows:
        arrivals.receive(owner, echoes[0], NOW)
    up_to(owner, NOW - 1, status)
    received = [arrivals.receive(owner, echo, NOW) for echo in echoes]
    messages = [
        table.get(Message, keys.within(owner.agency, conversation_of(owner)), keys.message(r.id)) for r in received
    ]
    assert [message.status for message in messages if message] == [status, status, "sent"]
    assert conversations.find(owner.agency, conversation_of(owner))


# F30
def test_an_echo_that_was_stored_before_a_crash_has_its_status_after_the_repeat(owner: Owner) -> None:
    echo = base.Message(thread="1", id="net-1", at=NOW, direction="out", text="written in the app")
    id = arrivals.receive(owner, echo, NOW).id
    table.put(Marks(keys.within(owner.agency, conversation_of(owner)), keys.MARKS, read=NOW))
    assert not arrivals.receive(owner, echo, NOW).new
    ours = table.get(Message, keys.within(owner.agency, conversation_of(owner)), keys.message(id))
    assert ours and (ours.status, ours.rank) == ("read", marks.RANK["read"])


# F30
@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_an_answer_that_is_known_to_be_sent_after_its_receipt_is_read(owner: Owner, status: str) -> None:
    ours = stored(owner, NOW, status)
    up_to(owner, NOW)
    assert status_of(ours) == status
    delivery.confirm(ours, "net-1", NOW)
    assert status_of(ours) == "read"


# F30
def test_an_answer_that_waited_in_the_queue_is_not_read_before_it_was_sent(owner: Owner) -> None:
    ours = stored(owner, NOW - clock.HOUR, "queued")
    up_to(owner, NOW - 2)
    claim = [Message.status.set("sending"), Message.rank.set(marks.RANK["sending"]), Message.claimed_at.set(NOW - 1)]
    table.update(ours, claim)
    delivery.confirm(ours, "net-1", NOW)
    up_to(owner, NOW - 2)
    assert status_of(ours) == "sent"
    up_to(owner, NOW)
    assert status_of(ours) == "read"


# F30
def test_a_confirmation_that_died_half_way_is_finished_by_the_echo(owner: Owner) -> None:
    ours = stored(owner, NOW, "sending")
    table.update(ours, [Message.network_id.set("net-1")])
    up_to(owner, NOW)
    delivery.confirm(ours, "net-1", NOW)
    assert status_of(ours) == "read"


# F30
def test_a_receipt_for_all_never_leads_back_nor_out_of_failure(owner: Owner) -> None:
    read, failed = stored(owner, NOW - 2, "read"), stored(owner, NOW - 1, "failed")
    for watermark in (NOW, NOW - 5):
        up_to(owner, watermark, "delivered")
        up_to(owner, watermark, "read")
    marks.catch_up(failed)
    assert (status_of(read), status_of(failed)) == ("read", "failed")
    late = stored(owner, NOW, "sent")
    marks.catch_up(late)
    assert status_of(late) == "read"


# F30
def test_a_receipt_from_the_far_future_holds_for_nothing_that_is_said_later(owner: Owner) -> None:
    up_to(owner, NOW * 2)
    later = stored(owner, NOW + DAY, "sent")
    marks.catch_up(later)
    assert status_of(later) == "sent"


# F30
def test_a_receipt_that_died_after_it_moved_the_mark_is_finished_by_the_next(owner: Owner) -> None:
    up_to(owner, NOW - 3 * DAY)
    ours = [stored(owner, NOW - 2 * DAY, "sent"), stored(owner, NOW - 1, "delivered")]
    partition = keys.within(owner.agency, conversation_of(owner))
    table.update(Marks(partition, keys.MARKS), [Marks.read.set(NOW)])
    up_to(owner, NOW)
    assert [status_of(message) for message in ours] == ["read", "read"]


# F31
@pytest.mark.parametrize("has_mark", [True, False])
def test_a_receipt_for_all_costs_the_same_in_a_long_thread(owner: Owner, *, has_mark: bool) -> None:
    cost = {}
    for length in (120, 400):
        here = Owner(owner.agency, owner.brand, f"chn_{number()}", owner.network)
        for before in range(length):
            stored(here, NOW - DAY - before * clock.MINUTE, "read" if has_mark else "sent")
        if has_mark:
            up_to(here, NOW - DAY)
        new = [stored(here, NOW - before, "sent") for before in range(3)]
        cost[length] = items_read(lambda here=here: up_to(here, NOW))
        assert {status_of(message) for message in new} == {"read"}
    assert cost[400] == cost[120] <= 110
    assert not has_mark or cost[400] <= 10


def items_read(work: Any) -> int:
    counts: list[int] = []
    events = table.connection().client.meta.events
    events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: counts.append(parsed["ScannedCount"]), unique_id="counting"
    )
    try:
        work()
    finally:
        events.unregister("after-call.dynamodb.Query", unique_id="counting")
    return sum(counts)
