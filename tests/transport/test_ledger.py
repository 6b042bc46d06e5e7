"""What came in is kept with what became of it, can be replayed, and poison steps aside until it is redriven."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.networks.double import wire
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation
from local import replay
from tests.support import audits, turns
from tests.support.background import replayed
from tests.support.people import VOICES, Fan, now
from tests.support.spoiling import spoiled
from tests.support.stack import Channel, Stack, eventually


@pytest.mark.parametrize("fan", turns.taken(VOICES), indirect=True)
def test_delivery_is_listed_as_applied(fan: Fan) -> None:
    fan.says()
    [entry] = fan.channel.settled()
    assert (entry["outcome"], entry["count"], entry["reason"]) == ("applied", 1, None)
    assert (entry["network"], entry["channel"]) == (fan.channel.network, fan.channel.id)


def test_what_is_not_read_is_kept_and_named_and_the_rest_applied(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    event, fields, id = fan.said("Still here")
    body = fan.channel.body(event, **fields)
    strange = {**body["entry"][0], "messaging": [{**body["entry"][0]["messaging"][0], "message": None, "dream": {}}]}
    fan.channel.post(wire({**body, "entry": [strange, *body["entry"]]}))
    entries = eventually(
        lambda: entries if len(entries := {entry["outcome"]: entry for entry in fan.channel.ledger()}) == 2 else None
    )
    assert {outcome: entry["count"] for outcome, entry in entries.items()} == {"applied": 1, "unhandled": 1}
    assert entries["unhandled"]["reason"] in ("malformed", "unknown_event")
    assert fan.channel.message(id)["text"] == "Still here"
    part = {"since": fan.channel.since, "until": "2100-01-01T00:00:00Z", "channel": fan.channel.id}
    assert replayed(stack.ours.owner, {**part, "outcome": "unhandled"}) == 2  # a delivery is applied whole
    tried = entries["applied"]["tried_at"]

    def is_tried_again() -> bool:  # each outcome is written by itself
        return sorted(entry["outcome"] for entry in fan.channel.ledger() if entry["tried_at"] > tried) == [
            "applied", "unhandled",
        ]  # fmt: skip

    eventually(is_tried_again)


def test_entries_can_be_chosen_by_outcome_network_and_time(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    fan.says()
    fan.channel.post(b'{"update_id":1,"poll":{"id":"1"}}')
    fan.channel.settled()
    owner, mine = stack.ours.owner, {"channel": fan.channel.id, "since": fan.channel.since}
    assert [entry["outcome"] for entry in owner.every("/ingest/entries", outcome="unhandled", **mine)] == ["unhandled"]
    assert [entry["outcome"] for entry in owner.every("/ingest/entries", outcome="failed", **mine)] == []
    assert len(owner.every("/ingest/entries", network="telegram", limit=1, **mine)) == 2
    assert owner.every("/ingest/entries", network="whatsapp", **mine) == []
    assert (
        owner.every("/ingest/entries", channel=fan.channel.id, since="2026-01-01T00:00:00Z", until=fan.channel.since)
        == []
    )


@pytest.mark.parametrize("fan", turns.taken(VOICES), indirect=True)
def test_replay_gives_the_same_state(fan: Fan) -> None:
    at = now() - 60_000
    id = fan.says("Helo", at=at)
    for verb, words, later in (("edits", "Hello", 1000), ("reacts", "❤️", 2000)):
        if getattr(fan.voice, verb):
            fan.does(verb, id, words, at=at + later)
    fan.says("Anybody?", at=at + 3000)
    fan.channel.settled()
    before = _state(fan.channel)
    tried = max(entry["tried_at"] for entry in fan.channel.ledger())
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    range_ = {"since": fan.channel.since, "until": until, "channel": fan.channel.id}
    assert replayed(fan.channel.agency.owner, range_) == fan.channel.deliveries
    eventually(lambda: all(entry["tried_at"] > tried for entry in fan.channel.ledger()))
    assert _state(fan.channel) == before
    assert len(fan.channel.ledger()) == fan.channel.deliveries


def test_replay_brings_back_what_was_lost(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    said = fan.channel.message(fan.says("Do not lose me"))
    place = keys.within(stack.ours.id, said["conversation"])
    with fence.within(stack.ours.id):
        table.delete(Conversation(place, keys.message(said["id"])))
    assert fan.channel.messages() == []
    fan.channel.settled()
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    assert replayed(stack.ours.owner, {"since": fan.channel.since, "until": until, "channel": fan.channel.id})
    assert fan.channel.message(said["network_id"])["id"] == said["id"]


def test_poison_steps_aside_for_the_others_and_can_be_redriven(stack: Stack) -> None:
    sick, well = Fan(stack.connect("messenger")), Fan(stack.connect("messenger"))
    outputs = stack.platform.outputs
    place = keys.within(stack.ours.id, sick.starts()["id"])
    (event, fields, lost), (other, others, read) = sick.said("Not now", at=now() + 1000), well.said("At once")
    bodies = [sick.channel.body(event, **fields), well.channel.body(other, **others)]
    with _hurried(stack):
        with fence.within(stack.ours.id), spoiled(Conversation, place, keys.CONVERSATION, "last_at"):
            sick.channel.post(wire({**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]}))
            assert well.channel.message(read)["text"] == "At once"
            eventually(lambda: _dead(stack))
            assert sick.channel.ledger()[-1]["outcome"] == "failed"
        assert replay.redrive(stack.client("sqs"), outputs["InboundDeadQueue"], outputs["InboundQueue"]) == 1
        assert sick.channel.message(lost)["text"] == "Not now"
    assert sick.channel.ledger()[-1]["outcome"] == "applied"
    assert well.channel.conversation()["unread"] == 1


def _state(channel: Channel) -> Any:
    """What a member sees of the channel, but versions, times of changes, and names, which are looked up later."""
    conversations = [
        {**conversation, "version": 0, "updated_at": "", "contact": conversation["contact"]["id"]}
        for conversation in channel.conversations()
    ]
    messages = [
        {**said, "received_at": "", "author": (said["author"] or {}).get("contact")} for said in channel.messages()
    ]
    return conversations, messages


@contextmanager
def _hurried(stack: Stack) -> Iterator[None]:
    """What fails is given up after six seconds instead of a quarter of an hour."""
    sqs, queue = stack.client("sqs"), stack.platform.outputs["InboundQueue"]
    usual = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])["Attributes"]
    given_up = {**json.loads(usual["RedrivePolicy"]), "maxReceiveCount": 2}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(given_up)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=usual)


def _dead(stack: Stack) -> int:
    """How many deliveries were given up."""
    queue, wanted = stack.platform.outputs["InboundDeadQueue"], "ApproximateNumberOfMessages"
    return int(stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=[wanted])["Attributes"][wanted])


# S8
def test_replay_takes_a_permission_of_its_own_and_the_audit_tells_of_it(stack: Stack) -> None:
    range_ = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z", "network": "telegram"}
    reader, manager = (stack.ours.members[role] for role in ("marketing_director", "community_manager"))
    assert reader.get("/ingest/entries", limit=1)["items"] is not None
    assert reader.call("POST", "/ingest/entries/replay", range_).problem == (403, "forbidden")
    assert replayed(manager, range_) == 0
    by, asked = manager.get("/me")["member"], {**range_, "since": "2026-01-01T00:00:00.000Z"}
    entries = eventually(lambda: audits.recent(stack.ours.owner, action="ingest.replay", actor=by))
    assert entries[0]["after"] == {**asked, "until": "2026-01-02T00:00:00.000Z"}
