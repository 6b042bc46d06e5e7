"""A worker is killed with -9 at each step, and all is replayed: the same is decided, no act lost and none doubled."""

from random import Random
from typing import Any

from chalicelib import clock
from tests.moderation.test_ledger import mind
from tests.support.background import replayed
from tests.support.killing import KILLED, worker
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, number

SEEDS, STEPS = 20, 12  # before and after each of the writes; who is past the last one lives


def decided(agency: Agency) -> dict[str, list[Any]]:
    """The decisions by message."""
    decisions: dict[str, list[Any]] = {}
    for decision in agency.owner.get(f"/brands/{agency.brand}/decisions", limit=100)["items"]:
        decisions.setdefault(decision["message"], []).append(decision)
    return decisions


def check(channel: Channel, made: dict[str, list[Any]], said: list[Any]) -> None:
    """Each is hidden and labelled, for one decision, which counts once."""
    assert made.keys() == {message["id"] for message in said}
    assert {tuple(conversation["labels"]) for conversation in channel.conversations()} == {("word",)}
    for message in channel.messages():
        [decision] = made[message["id"]]
        assert message["hidden"]
        acts = [(act["do"], act["state"]) for act in decision["acts"]]
        assert acts == [("hide", "done"), ("label", "done"), ("strike", "done")]
        strikes = channel.agency.owner.get(f"/contacts/{message['author']['contact']}/standing")["strikes"]
        assert [(strike["decision"], strike["weight"]) for strike in strikes] == [(decision["id"], 2)]


def test_worker_that_is_killed_at_any_step_leaves_what_the_next_one_ends(stack: Stack) -> None:
    """MO-18"""
    agency, word = stack.brand(), f"zor{number()}"
    channel = stack.connect("facebook", agency)
    for _ in range(SEEDS):
        Fan(channel).says(f"What a {word}")
    channel.settled()
    said = channel.messages()
    mind(agency, word)
    killed_at = set()
    with worker() as judge:
        for seed, message in enumerate(said):
            steps = (seed % STEPS, *([Random(seed).randrange(STEPS)] if seed % 3 == 0 else []))
            killed_at |= {step for step in steps if judge.judges(message, agency.id, step) == KILLED}
            assert judge.judges(message, agency.id) == 0
        first, asked = decided(agency), len(channel.calls())
        check(channel, first, said)
        again = {"since": channel.since, "until": clock.text(clock.now() + clock.SECOND), "channel": channel.id}
        assert replayed(agency.owner, again) == channel.deliveries
        assert {judge.judges(message, agency.id) for message in said[::5]} == {0}
    assert killed_at == set(range(max(killed_at) + 1))
    assert max(killed_at) >= 7  # four writes at least: the decision, the brake, hidden, labelled
    assert decided(agency) == first
    assert len(channel.calls()) == asked
