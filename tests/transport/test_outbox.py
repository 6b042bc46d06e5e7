"""Whatever repeats or dies on the way out, a message goes out once, or is left for a person to decide."""

import json
from functools import partial

from chalicelib import clock
from chalicelib.inbox import marks
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.transport import outbox
from tests.support.people import Fan
from tests.support.stack import Stack, eventually, number


def _place(stack: Stack, message: str, conversation: str) -> tuple[str, str]:
    return keys.within(stack.ours.id, conversation), keys.message(message)


def _is_sent(fan: Fan, reply: str) -> bool:
    return bool(fan.channel.agency.owner.get(f"/replies/{reply}")["status"] == "sent")


def test_task_that_comes_twice_is_sent_once(stack: Stack, fan: Fan) -> None:
    sent = fan.is_answered("Only once")
    pk, sk = _place(stack, sent["id"], sent["conversation"])
    again = fan.hears("And another")
    stack.client("sqs").send_message(
        QueueUrl=stack.platform.outputs["OutboxQueue"], MessageBody=json.dumps({"pk": pk, "sk": sk}),
        MessageGroupId=fan.channel.id, MessageDeduplicationId=number(),
    )  # fmt: skip
    last = fan.hears("And a last one")
    for reply in (again, last):
        eventually(partial(_is_sent, fan, reply["id"]))
    texts = [call["json"]["message"]["text"] for call in fan.channel.calls()[1:]]
    assert texts == ["Only once", "And another", "And a last one"]


def test_message_whose_sender_died_is_unknown_and_not_sent_again(stack: Stack, fan: Fan) -> None:
    sent = fan.is_answered("Perhaps sent")
    place = _place(stack, sent["id"], sent["conversation"])
    died = [Message.status.set("sending"), Message.rank.set(marks.RANK["sending"])]
    with fence.within(stack.ours.id):
        assert table.update(Message(*place), died)
        assert outbox.deliver({"pk": place[0], "sk": place[1]}, clock.now()) == "unknown"
    shown = stack.ours.owner.get(f"/messages/{sent['id']}")
    assert (shown["status"], shown["error"]["code"]) == ("unknown", "interrupted")
    assert len(fan.channel.calls()) == 2


def test_message_that_is_gone_is_settled(stack: Stack) -> None:
    with fence.within(stack.ours.id):
        assert outbox.deliver({"pk": f"{stack.ours.id}#cnv_0", "sk": "message#0"}, clock.now()) == "settled"
