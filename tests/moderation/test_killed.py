"""Who judges a message dies at some step and begins anew, or does it beside somebody else: it is judged once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.moderation import acts, judging
from chalicelib.rules import policies
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Message
from tests.support import table_calls
from tests.support.dying import dying
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, number

EDGES = ("PutItem", "UpdateItem", "TransactWriteItems")
MOMENTS = range(14)


@pytest.fixture(scope="module")
def brand(stack: Stack) -> Agency:
    return stack.brand()


@pytest.fixture(scope="module")
def said(stack: Stack, brand: Agency) -> list[dict[str, Any]]:
    """Comments that nobody minded when they came, and that a rule means now. One person said the first and the last."""
    channel, owner, word = stack.connect("facebook", brand), brand.owner, f"zor{number()}"
    people = [Fan(channel) for _ in range(len(MOMENTS) + 3)]
    messages = [channel.message(fan.says(f"What a {word}")) for fan in (people[-1], *people)]
    listed = owner.post("/term-lists", {"brand": brand.brand, "name": "Words", "entries": [word]})
    rule = {
        "brand": brand.brand, "name": "Words", "clause": "respect.insults",
        "when": {"field": "term_list", "is": listed["id"]},
        "then": [{"do": "hide"}, {"do": "strike", "weight": 2}, {"do": "label", "label": "word"}], "per_minute": 1000,
    }  # fmt: skip
    id = owner.post("/rules", rule)["id"]
    owner.post(f"/rules/{id}/state", {"state": "live", "despite": "A test."})
    return messages


def judge(brand: Agency, message: dict[str, Any]) -> None:
    with fence.within(brand.id):
        stored = table.get(Message, keys.within(brand.id, message["conversation"]), keys.message(message["id"]))
        assert stored
        judging.judge(stored, 1, clock.now())


def check(brand: Agency, message: dict[str, Any]) -> None:
    """It is hidden, for one decision, which counts once."""
    owner = brand.owner
    assert owner.get(f"/messages/{message['id']}")["hidden"]
    [decision] = owner.get(f"/messages/{message['id']}/decisions")["items"]
    assert {act["state"] for act in decision["acts"]} == {"done"}
    assert decision["state"] == "done"
    assert owner.get(f"/conversations/{message['conversation']}")["labels"] == ["word"]
    standing = owner.get(f"/contacts/{message['author']['contact']}/standing")
    assert [(strike["decision"], strike["weight"]) for strike in standing["strikes"]] == [(decision["id"], 2)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_dies_and_begins_anew_judges_once(brand: Agency, said: list[dict[str, Any]], moment: int) -> None:
    """MO-18"""
    message = said[moment + 1]
    with dying(moment, *EDGES):
        judge(brand, message)
    judge(brand, message)
    check(brand, message)


def test_two_beside_each_other_judge_once(brand: Agency, said: list[dict[str, Any]]) -> None:
    """MO-18"""

    def beside(_: int) -> None:
        try:
            judge(brand, said[-2])
        except acts.TryAgain:
            judge(brand, said[-2])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda turn: copy_context().run(beside, turn), range(2)))
    judge(brand, said[-2])
    check(brand, said[-2])


def test_strikes_of_one_person_that_are_counted_at_once_all_count(brand: Agency, said: list[dict[str, Any]]) -> None:
    """The second is judged between what the first read and what it writes."""
    first, second = said[0], said[-1]
    events, meanwhile = table.connection().client.meta.events, [second]

    def between(params: Any, **_: Any) -> None:
        if any("standing" in str(write) for write in params["TransactItems"]) and meanwhile:
            judge(brand, meanwhile.pop())

    with fence.within(brand.id):
        events.register("before-parameter-build.dynamodb.TransactWriteItems", between)
        try:
            judge(brand, first)
        finally:
            events.unregister("before-parameter-build.dynamodb.TransactWriteItems", between)
    standing = brand.owner.get(f"/contacts/{first['author']['contact']}/standing")
    decisions = [
        brand.owner.get(f"/messages/{message['id']}/decisions")["items"][0]["id"] for message in (second, first)
    ]
    assert [strike["decision"] for strike in standing["strikes"]] == decisions


def test_what_was_said_is_hidden_with_few_calls_of_the_table(brand: Agency, said: list[dict[str, Any]]) -> None:
    """Each call is a round trip during which everybody reads the insult."""
    message = said[-3]
    with fence.within(brand.id):
        policies.of(brand.id, brand.brand, clock.now())  # which a process keeps for a while
        with table_calls.watched() as calls:
            judge(brand, message)
    assert Counter(calls) == {
        "BatchGetItem": 4,  # what is known of it; whether it is ours; it and its conversation; its brand and channel
        "PutItem": 1,  # the decision
        "UpdateItem": 2,  # the brake; done
        "TransactWriteItems": 2,  # hidden and struck; labelled
        "GetItem": 6,  # of these two are for hiding: the message as it is then, and its conversation
    }
