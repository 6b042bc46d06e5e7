"""Webhooks come twice, who judges dies anywhere, all is replayed: the same decisions, no act lost and none doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.background import moderation
from tests.support.background import replayed
from tests.support.dying import dying
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, eventually, number
from tests.support.thorough import tries

EDGES = ("PutItem", "UpdateItem", "TransactWriteItems")
SAID, EDGES_OF_TWO = 6, 28
THEN = [{"do": "hide"}, {"do": "strike", "weight": 2}, {"do": "label", "label": "word"}]


def mind(agency: Agency, word: str) -> None:
    """From now on a rule hides the word, strikes whoever says it, and labels where they said it."""
    listed = agency.owner.post("/term-lists", {"brand": agency.brand, "name": "Words", "entries": [word]})
    rule = {
        "brand": agency.brand, "name": "Words", "clause": "respect.insults", "per_minute": 1000,
        "when": {"field": "term_list", "is": listed["id"]}, "then": THEN,
    }  # fmt: skip
    id = agency.owner.post("/rules", rule)["id"]
    agency.owner.post(f"/rules/{id}/state", {"state": "live", "despite": "A test."})


def say(channel: Channel, word: str, chance: Random) -> list[dict[str, Any]]:
    """What people said, every second with the word; the network tells some of it twice."""
    for place in range(SAID):
        event, fields, _ = Fan(channel).said(f"What a {word}" if place % 2 else "What a day")
        for _ in range(chance.randint(1, 2)):
            channel.tell(event, **fields)
    channel.settled()
    return channel.messages()


@contextmanager
def nobody_else(stack: Stack) -> Iterator[None]:
    """Inside, no function takes from the queue of what is to be judged."""
    functions, queue = stack.client("lambda"), stack.platform.outputs["ModerationQueue"]
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    [id] = [
        mapping["UUID"] for mapping in mappings if mapping["EventSourceArn"].endswith(f":{queue.rpartition('/')[2]}")
    ]
    functions.update_event_source_mapping(UUID=id, Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=id, Enabled=True)


def judge(stack: Stack, chance: Random) -> int:
    """Judges what is queued. Whoever does may die, and it comes again, as some comes that was done; gives the dead."""
    sqs, queue, died = stack.client("sqs"), stack.platform.outputs["ModerationQueue"], 0
    while taken := sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=chance.randint(1, 3), VisibilityTimeout=1, WaitTimeSeconds=2,
        AttributeNames=["ApproximateReceiveCount"],
    ).get("Messages"):  # fmt: skip
        records: list[Any] = [
            {"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
             "attributes": message["Attributes"]}
            for message in taken
        ]  # fmt: skip
        failed = None
        with dying(chance.randrange(EDGES_OF_TWO), *EDGES):
            failed = moderation.handle(records)
        died += failed is None
        if failed == {"batchItemFailures": []} and chance.random() < 0.8:
            for message in taken:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return died


def decided(agency: Agency, message: dict[str, Any]) -> tuple[bool, list[Any], list[Any], list[str]]:
    """Whether it is hidden, the decisions that do something, the strikes, and the labels."""
    owner = agency.owner
    made = [decision for decision in owner.get(f"/messages/{message['id']}/decisions")["items"] if decision["acts"]]
    strikes = owner.get(f"/contacts/{message['author']['contact']}/standing")["strikes"]
    labels = owner.get(f"/conversations/{message['conversation']}")["labels"]
    return owner.get(f"/messages/{message['id']}")["hidden"], made, strikes, labels


@pytest.mark.parametrize("seed", range(tries(1, 20)))
def test_each_act_is_done_once_whoever_dies_and_whatever_comes_again(stack: Stack, seed: int) -> None:
    """MO-18"""
    chance, agency, word = Random(seed), stack.brand(), f"zor{number()}"
    channel = stack.connect("facebook", agency)
    mind(agency, word)
    with nobody_else(stack):
        messages = say(channel, word, chance)
        assert judge(stack, chance) > 0
    first = [decided(agency, message) for message in messages]
    assert [hidden for hidden, *_ in first] == [word in message["text"] for message in messages]
    for hidden, made, strikes, labels in first:
        acts = [(act["do"], act["state"]) for decision in made for act in decision["acts"]]
        assert acts == [("hide", "done"), ("label", "done"), ("strike", "done")] * hidden
        assert [(strike["decision"], strike["weight"]) for strike in strikes] == [
            (decision["id"], 2) for decision in made
        ]
        assert labels == ["word"] * hidden
    asked, tried = len(channel.calls()), max(entry["tried_at"] for entry in channel.ledger())
    again = {"since": channel.since, "until": clock.text(clock.now() + clock.SECOND), "channel": channel.id}
    assert replayed(agency.owner, again) == channel.deliveries
    eventually(lambda: all(entry["tried_at"] > tried for entry in channel.ledger()))
    assert [decided(agency, message) for message in messages] == first
    assert len(channel.calls()) == asked
