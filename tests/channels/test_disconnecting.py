"""What becomes of replies whose channel is disconnected: they are read, not sent, and nobody is left waiting."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.transport import outbox
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Stack, eventually


@pytest.fixture
def asked(stack: Stack) -> Fan:
    fan = Fan(stack.connect("facebook"))
    fan.says("Is it open on Sundays?")
    return fan


def reply(fan: Fan, role: str, **more: Any) -> Any:
    path = f"/conversations/{fan.channel.conversation()['id']}/replies"
    return fan.channel.agency.members[role].post(path, {"text": "Yes", **more})


def disconnect(fan: Fan) -> None:
    fan.channel.agency.owner.delete(f"/channels/{fan.channel.id}")


def test_reply_that_waits_is_shown_and_cannot_be_sent(asked: Fan) -> None:
    made, owner = reply(asked, "content_creator"), asked.channel.agency.owner
    disconnect(asked)
    assert owner.get(f"/replies/{made['id']}")["stale"] == ["unreachable"]
    assert made["id"] in [row["id"] for row in owner.every("/replies")]
    answer = owner.call("POST", f"/replies/{made['id']}/approve", {"hash": made["hash"]})
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["unreachable"])


def test_reply_for_later_waits_for_approval_again(asked: Fan) -> None:
    owner = asked.channel.agency.owner
    made = reply(asked, "owner", send_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    disconnect(asked)
    time_passes(2 * 3_600_000, made["id"])
    assert eventually(lambda: owner.get(f"/replies/{made['id']}")["expires_at"])
    returned = owner.get(f"/replies/{made['id']}")
    assert (returned["status"], returned["messages"]) == ("stale", [])


def test_message_on_its_way_fails_and_says_why(asked: Fan) -> None:
    agency = asked.channel.agency
    conversation = asked.channel.conversation()["id"]
    disconnect(asked)
    made = Message(
        keys.within(agency.id, conversation), "message#000000000000000000000001", id=f"msg_{conversation[4:]}00001",
        channel=asked.channel.id, brand=agency.brand, direction="out", surface="comment", kind="text", author={},
        status="queued", sent_at=clock.now(), received_at=clock.now(),
    )  # fmt: skip
    with fence.within(agency.id):
        table.put(made)
        assert outbox.deliver({"pk": made.pk, "sk": made.sk}, clock.now()) == "failed"
        message = table.get(Message, made.pk, made.sk)
    assert message is not None
    assert (message.status, message.error["code"]) == ("failed", "channel_disconnected")
