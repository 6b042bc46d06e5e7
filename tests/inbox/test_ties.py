"""F4. Messages of one moment are in the order in which the network counts them; failing that, in which they came."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages
from chalicelib.networks import base
from chalicelib.networks.double import wire
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.transport import arrivals
from tests.support.people import Fan, now
from tests.support.stack import Stack

AT, NOW = 1_790_000_000_000, 1_790_000_005_000
ANA = base.Person(id="1", name="Ana")


def said(text: str, **fields: Any) -> base.Message:
    return base.Message(**{"thread": "1", "id": f"network {text}", "at": AT, "person": ANA, "text": text, **fields})


def thread(owner: Owner) -> list[str]:
    partition = keys.within(owner.agency, conversations.id_of(owner, "dm", "1"))
    return [message.text for message in table.query(Message, partition, keys.MESSAGES, consistent=True)]


def conversation(owner: Owner) -> Conversation:
    stored = conversations.find(owner.agency, conversations.id_of(owner, "dm", "1"))
    assert stored
    return stored


def shuffled(events: list[base.Message]) -> list[base.Message]:
    """Each twice, as networks repeat what they think was lost."""
    return [events[number] for number in (3, 0, 5, 3, 1, 4, 0, 2, 5, 1, 2, 4)]


@pytest.mark.parametrize("fields", [{}, {"direction": "out"}], ids=["in", "out"])
def test_numbers_of_the_network_order_a_moment_whenever_they_come(owner: Owner, fields: Any) -> None:
    events = [said(str(count), order=count, **fields) for count in (9, 10, 11, 99, 100, 2**40)]
    for arrived, event in enumerate(shuffled(events)):
        arrivals.receive(owner, event, NOW + arrived)
    assert thread(owner) == [event.text for event in events]
    assert (conversation(owner).last_message or {})["text"] == events[-1].text
    assert conversation(owner).heard + conversation(owner).spoken == len(events)


@pytest.mark.parametrize("fields", [{}, {"direction": "out"}], ids=["in", "out"])
@pytest.mark.parametrize("later", [0, 1], ids=["newest", "late"])
def test_arrival_orders_a_moment_that_the_network_does_not_count(owner: Owner, fields: Any, later: int) -> None:
    for _ in range(later):
        arrivals.receive(owner, said("later", at=AT + 1000), NOW)
    texts = [str(count) for count in range(6)]
    handled = [(said(text, place=place, **fields), NOW + came) for came in (1, 2) for place, text in enumerate(texts)]
    for event, arrived in [*handled[3::-1], *handled[4:]]:  # queues hand them over in any order
        arrivals.receive(owner, event, arrived)
    assert thread(owner) == [*texts, *["later"] * later]
    assert (conversation(owner).last_message or {})["text"] == thread(owner)[-1]
    assert conversation(owner).heard + conversation(owner).spoken == 6 + later


@pytest.mark.parametrize("at", [AT, AT - 5000, 0, NOW + 10**9], ids=["tie", "late", "untold", "in the future"])
@pytest.mark.parametrize("order", [0, 7])
def test_message_that_comes_twice_is_stored_once_whenever_it_comes(owner: Owner, at: int, order: int) -> None:
    arrivals.receive(owner, said("other"), NOW)
    received = [arrivals.receive(owner, said("x", at=at, order=order), NOW + after) for after in (1, 400, 90_000)]
    assert [arrival.new for arrival in received] == [True, False, False]
    assert len({arrival.id for arrival in received}) == 1
    assert sorted(thread(owner)) == ["other", "x"]
    assert conversation(owner).unread == 2


def test_messages_that_come_twice_at_once_are_stored_once(owner: Owner) -> None:
    events = [(said(str(count), place=count), NOW + again) for count in range(6) for again in (0, 50)]
    arrivals.receive(owner, said("first"), NOW - 1)
    with ThreadPoolExecutor(6) as together:
        context = [copy_context() for _ in events]
        list(together.map(lambda held, event: held.run(arrivals.receive, owner, *event), context, events))
    assert sorted(thread(owner)) == ["0", "1", "2", "3", "4", "5", "first"]
    assert conversation(owner).unread == 7


def test_message_that_is_edited_or_quoted_is_known_among_its_moment(owner: Owner) -> None:
    for place in range(3):
        arrivals.receive(owner, said(str(place), place=place), NOW)
    conversation_id = conversations.id_of(owner, "dm", "1")
    message = messages.find(owner.agency, conversation_id, "network 1", AT)
    assert message and message.text == "1"


def test_telegram_chat_is_in_the_order_of_its_numbers(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    at, numbers = now() - 60_000, [10, 11, 9, 12, 14, 13]
    for count in numbers:
        fan.channel.tell("dm", user=int(fan.id), message_id=count, date=at // 1000, text=f"number {count}")
    fan.channel.settled()
    assert [message["text"] for message in fan.channel.messages()] == [f"number {count}" for count in sorted(numbers)]
    last = fan.channel.conversation()["last_message"]
    assert (last["text"], last["id"]) == ("number 14", fan.channel.messages()[-1]["id"])


def test_whatsapp_texts_are_in_the_order_of_their_array(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    at, texts = now() - 60_000, [f"number {count}" for count in range(8)]
    bodies = [fan.channel.body("dm", person=fan.id, id=f"wamid.{fan.id}{text}", at=at, text=text) for text in texts]
    values = [body["entry"][0]["changes"][0]["value"] for body in bodies]
    values[0]["messages"] = [value["messages"][0] for value in values[:5]]
    for body in (bodies[0], *bodies[5:]):
        assert fan.channel.post(wire(body)).status == 200
        fan.channel.settled()
    assert [message["text"] for message in fan.channel.messages()] == texts
    assert fan.channel.conversation()["last_message"]["id"] == fan.channel.messages()[-1]["id"]
