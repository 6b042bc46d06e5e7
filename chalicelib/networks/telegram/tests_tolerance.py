"""A message of Telegram is kept if its author, chat and id can be read, whatever else cannot."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.networks.base import Edit, Message
from chalicelib.networks.telegram import NETWORK
from tests.support.hostile import MOST_MS, cpu_ms
from tests.support.thorough import examples

FIXTURES = {path.name: json.loads(path.read_bytes()) for path in Path(__file__).parent.glob("fixtures/*.json")}
SAID = {name: body for name, body in FIXTURES.items() if isinstance(next(NETWORK.parse(body)).event, Message | Edit)}
# Who, where and which: without these it is no message that could be answered or shown to anybody.
NEEDED = {
    *("message_id", "chat", "chat.id", "business_connection_id", "from", "from.id", "sender_chat", "sender_chat.id"),
    *("is_topic_message", "message_thread_id", "direct_messages_topic", "direct_messages_topic.topic_id"),
    *("direct_messages_topic.user", "direct_messages_topic.user.id"),
    *("id", "message", "message.chat", "message.chat.id", "chat.type", "message.is_topic_message"),
    *("message.message_thread_id", "is_automatic_forward"),
}
GARBAGE: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "7",
    [],
    [[]],
    [None],
    {},
    {"x": []},
    [{"x": None}],
]
ANYTHING = st.recursive(
    st.sampled_from(GARBAGE) | st.text(max_size=6) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def parts(value: Any, path: str = "") -> Iterator[tuple[Any, Any, str]]:
    """For every value inside: what holds it, its key there, and its path without the indexes of lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        inner_path = f"{path}.{name}".strip(".") if isinstance(value, dict) else path
        yield value, name, inner_path
        yield from parts(inner, inner_path)


def spoken(body: Any) -> Any:
    """The message inside an update."""
    [message] = (value for name, value in body.items() if name != "update_id")
    return message


def optional(body: Any) -> list[tuple[Any, Any]]:
    return [(holder, name) for holder, name, path in parts(spoken(body)) if path not in NEEDED]


def assert_kept(body: Any, original: Any) -> None:
    [inbound], [before] = NETWORK.parse(body), NETWORK.parse(original)
    event, expected = inbound.event, before.event
    assert type(event) is type(expected), event
    assert isinstance(event, Message | Edit)
    assert isinstance(expected, Message | Edit)
    assert (event.thread, event.id) == (expected.thread, expected.id)
    if isinstance(event, Message) and isinstance(expected, Message):
        assert event.direction == expected.direction
        assert (event.person and event.person.id) == (expected.person and expected.person.id)
    json.dumps(inbound.raw)


@pytest.mark.parametrize("name", SAID)
def test_message_is_kept_without_any_optional_part(name: str) -> None:  # F25
    for number in range(len(optional(SAID[name]))):
        body = copy.deepcopy(SAID[name])
        holder, field = optional(body)[number]
        del holder[field]
        assert_kept(body, SAID[name])


@pytest.mark.parametrize("name", SAID)
def test_message_is_kept_if_any_optional_part_is_something_else(name: str) -> None:  # F25
    for number in range(len(optional(SAID[name]))):
        for garbage in GARBAGE:
            body = copy.deepcopy(SAID[name])
            holder, field = optional(body)[number]
            holder[field] = copy.deepcopy(garbage)
            assert_kept(body, SAID[name])


@settings(deadline=None, max_examples=examples(300))
@given(data=st.data())
def test_message_is_kept_if_several_optional_parts_are_garbled(data: st.DataObject) -> None:  # F25
    original = SAID[data.draw(st.sampled_from(sorted(SAID)))]
    body = copy.deepcopy(original)
    for _ in range(data.draw(st.integers(1, 4))):
        if places := optional(body):
            holder, field = data.draw(st.sampled_from(places))
            if data.draw(st.booleans()):
                holder[field] = copy.deepcopy(data.draw(ANYTHING))
            else:
                del holder[field]
    assert_kept(body, original)


def test_numbers_may_come_as_text() -> None:  # F25
    body = copy.deepcopy(FIXTURES["message_with_photo.in.json"])
    message = spoken(body)
    message.update(message_id=str(message["message_id"]), date=str(message["date"]))
    message["photo"] = [{name: str(value) for name, value in size.items()} for size in message["photo"]]
    assert next(NETWORK.parse(body)).event == next(NETWORK.parse(FIXTURES["message_with_photo.in.json"])).event


@pytest.mark.parametrize("field", ["from", "from.id", "chat.type", "date"])
@pytest.mark.parametrize("garbage", GARBAGE, ids=repr)
def test_message_of_a_private_chat_is_of_its_person(field: str, garbage: Any) -> None:  # F25
    body = copy.deepcopy(FIXTURES["message_created.in.json"])
    outer, _, inner = field.rpartition(".")
    (spoken(body)[outer] if outer else spoken(body))[inner] = copy.deepcopy(garbage)
    [inbound] = NETWORK.parse(body)
    assert isinstance(inbound.event, Message)
    assert inbound.event.thread == "5171248001"


# S5
def test_offsets_far_into_a_long_text_cost_little() -> None:
    entities = [{"type": "bold", "offset": 2 * place + 60_000, "length": 4} for place in range(1000)]
    message = {**FIXTURES["message_created.in.json"]["message"], "text": "😀" * 32_000, "entities": entities}
    assert cpu_ms(lambda: next(NETWORK.parse({"message": message}))) < MOST_MS
    event = next(NETWORK.parse({"message": message})).event
    assert isinstance(event, Message)
    assert event.context["entities"][1] == {"type": "bold", "offset": 30_001, "length": 2}


# S5
def test_deletion_of_very_many_messages_is_cut_into_hundreds() -> None:
    body = copy.deepcopy(FIXTURES["business_messages_deleted.in.json"])
    body["deleted_business_messages"]["message_ids"] = list(range(1, 251))
    inbounds = list(NETWORK.parse(body))
    assert [len(getattr(inbound.event, "ids", ())) for inbound in inbounds] == [100, 100, 50]
    assert [event for inbound in inbounds for event in NETWORK.parse(inbound.raw)] == inbounds
