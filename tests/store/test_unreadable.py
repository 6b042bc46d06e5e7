"""An item that cannot be read is left out and told of; the others are shown, found, told and followed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pynamodb.exceptions import AttributeDeserializationError

from chalicelib import errors, ids
from chalicelib.aws.queues import Task
from chalicelib.store import fence, keys, listings, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.work import Label
from chalicelib.teamwork import escalation
from tests.support import feed
from tests.support.people import Fan
from tests.support.spoiling import spoiled
from tests.support.stack import Member, Stack, eventually, number


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency of its own, which nobody else reads."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def stored(agency: str, count: int) -> list[Conversation]:
    every = [
        Conversation(
            keys.within(agency, f"cnv_{name * 20}"), keys.CONVERSATION, brand="brd_1", network="example",
            channel="chn_1", surface="dm", thread=name, status="open", contact="ctc_1", created_at=1, updated_at=1,
            last_at=1, inbox=keys.inbox(agency, "brd_1", "open"), activity=name,
        )
        for name in "abcdefghij"[:count]
    ]  # fmt: skip
    for conversation in every:
        table.put(conversation)
    return every


def names(conversations: Iterable[Conversation]) -> set[str]:
    return {conversation.thread for conversation in conversations}


def test_lists_and_reads_of_many_leave_it_out_and_count_it(agency: str, capsys: pytest.CaptureFixture[str]) -> None:
    places = [(conversation.pk, conversation.sk) for conversation in stored(agency, 3)]
    partition = keys.inbox(agency, "brd_1", "open")
    with spoiled(Conversation, *places[1], "last_at"):
        assert names(table.many_readable(Conversation, places)) == {"a", "c"}
        assert names(listings.every(Conversation, partition)) == {"a", "c"}
        assert names(listings.portion(Conversation, partition, 10)[0]) == {"a", "c"}
        assert table.existing(places) == set(places)
        assert '"item_unreadable":[1.0]' in capsys.readouterr().out  # the metric that an alarm watches
        with pytest.raises(AttributeDeserializationError):
            table.many(Conversation, places)


def test_all_of_a_brand_are_checked_in_portions_whatever_cannot_be_read(agency: str) -> None:
    places = [(conversation.pk, conversation.sk) for conversation in stored(agency, 8)]
    checked: list[str] = []
    waiting = [escalation.brand_check_task(agency, "brd_1", "open")]

    def send(*tasks: Task) -> None:
        checked.extend(task.body["conversation"][-1] for task in tasks if task.body["kind"] == "check")
        waiting.extend(task for task in tasks if task.body["kind"] == "check_brand")

    with spoiled(Conversation, *places[1], "last_at"):
        while waiting:
            asked = {name: value for name, value in waiting.pop().body.items() if name != "kind"}
            escalation.check_portion(**asked, size=3, send=send)
    assert checked == list("abcdefgh")


def test_more_are_read_than_one_answer_has(agency: str) -> None:
    places = [(conversation.pk, conversation.sk) for conversation in stored(agency, 10)]
    missing = [(keys.within(agency, f"cnv_{number:020d}"), keys.CONVERSATION) for number in range(210)]
    assert (
        "".join(sorted(conversation.thread for conversation in table.many(Conversation, [*missing, *places, *places])))
        == "abcdefghij"
    )
    assert table.existing([*missing, *places]) == set(places)


@pytest.mark.parametrize("is_busy_for_good", [False, True])
def test_what_a_busy_table_left_out_is_asked_for_again(agency: str, is_busy_for_good: bool) -> None:
    places = [(conversation.pk, conversation.sk) for conversation in stored(agency, 5)]
    events = table.connection().client.meta.events

    def leave_out(parsed: Any, **_: Any) -> None:
        """All but the first two; for good, these too."""
        [(name, items)] = parsed["Responses"].items()
        left = items if is_busy_for_good else items[2:]
        parsed["Responses"] = {name: items[: len(items) - len(left)]}
        keys_left = [{"pk": item["pk"], "sk": item["sk"]} for item in left]
        parsed["UnprocessedKeys"] = {name: {"Keys": keys_left}} if left else {}

    events.register("after-call.dynamodb.BatchGetItem", leave_out, unique_id="busy")
    try:
        if is_busy_for_good:
            with pytest.raises(errors.Unavailable):
                table.many(Conversation, places)
        else:
            assert names(table.many(Conversation, places)) == set("abcde")
    finally:
        events.unregister("after-call.dynamodb.BatchGetItem", unique_id="busy")


@dataclass(frozen=True)
class Asked:
    """Who looks at which brand, for what was said in it since."""

    owner: Member
    brand: str
    word: str
    since: str

    def every(self, path: str, **query: Any) -> list[Any]:
        return self.owner.every(path, brand=self.brand, **query)


CONVERSATIONS = {"in": "conversations"}
# The names of those whose conversations are seen there.
READERS: Mapping[str, Callable[[Asked], list[str]]] = {
    "the list": lambda asked: [row["contact"]["name"] for row in asked.every("/conversations")],
    "search": lambda asked: [row["contact"]["name"] for row in asked.every("/search", q=asked.word)],
    "contacts": lambda asked: [row["contact"]["name"] for row in asked.every("/search", q=asked.word, **CONVERSATIONS)],
    "events": lambda asked: [
        event["data"]["conversation"]["contact"]["name"]
        for event in feed.news(asked.owner, asked.since, brand=asked.brand, type="message.received")
        if event["data"]
    ],
    "changes": lambda asked: [
        row["contact"]["name"]
        for row in asked.owner.get("/conversations/changes", since=asked.since)["items"]
        if row["brand"] == asked.brand
    ],
}


@pytest.mark.parametrize("reader", READERS)
def test_others_are_seen_while_a_conversation_cannot_be_read_and_it_is_afterwards(stack: Stack, reader: str) -> None:
    brand, word = stack.brand(), f"word{number()}"
    asked = Asked(brand.owner, brand.brand, word, feed.end(brand.owner))
    channel = stack.connect("telegram", brand)
    lost = Fan(channel, name="Lost").starts(word)["id"]
    Fan(channel, name="Well").says(word)
    eventually(lambda: sorted(READERS[reader](asked)) == ["Lost", "Well"])
    with fence.within(brand.id):
        with spoiled(Conversation, keys.within(brand.id, lost), keys.CONVERSATION, "last_at"):
            assert READERS[reader](asked) == ["Well"]
        assert sorted(READERS[reader](asked)) == ["Lost", "Well"]


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_others_of_a_conversation_are_shown_page_by_page_while_a_message_cannot_be_read(
    stack: Stack, order: str
) -> None:
    fan = Fan(stack.connect("telegram"))
    for text in "abcd":
        message = fan.channel.message(fan.says(text))
    path = f"/conversations/{message['conversation']}/messages"
    lost = keys.message(next(row["id"] for row in stack.ours.owner.every(path) if row["text"] == "b"))
    with (
        fence.within(stack.ours.id),
        spoiled(Message, keys.within(stack.ours.id, message["conversation"]), lost, "rank"),
    ):
        shown = [row["text"] for row in stack.ours.owner.every(path, order=order, limit=1)]
    assert shown == (["d", "c", "a"] if order == "newest" else ["a", "c", "d"])


@pytest.mark.parametrize("limit", [1, 2, 3, None])
def test_limit_is_of_those_that_can_be_read(agency: str, limit: int | None) -> None:
    partition = keys.within(agency, "cnv_1")
    every = [Label(partition, f"{keys.LABELS}{name}", conversations=1) for name in "abcd"]
    for label in every:
        table.put(label)
    with spoiled(Label, partition, every[1].sk, "conversations"):
        query = table.query(Label, partition, keys.LABELS, limit=limit, only_readable=True)
        assert "".join(label.sk[-1] for label in query) == "acd"[:limit]
        with pytest.raises(AttributeDeserializationError):
            list(table.query(Label, partition, keys.LABELS))
