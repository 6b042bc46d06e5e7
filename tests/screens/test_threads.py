"""A conversation is read from one end on, between messages, or around one; and from anywhere both ways."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.screens import threads
from chalicelib.store.models.inbox import Conversation
from chalicelib.transport import arrivals

NOW = clock.now()


@pytest.fixture
def thread(owner: Owner) -> Conversation:
    """Eleven messages, whose texts are their numbers."""
    ana = base.Person(id="1", name="Ana")
    for n in range(11):
        arrivals.receive(owner, base.Message(thread="t", id=f"m{n}", at=NOW + n, person=ana, text=str(n)), NOW + n)
    conversation = conversations.find(owner.agency, conversations.find_id(owner, "dm", "t"))
    assert conversation
    return conversation


def said(conversation: Conversation, **query: Any) -> tuple[list[int], str | None, str | None]:
    part = threads.part_of(conversation, {"order": "newest", "limit": 4, **query})
    return [int(message.text) for message in part.items], part.next, part.previous


def id_of(conversation: Conversation, n: int) -> str:
    return ids.message(conversation.id, NOW + n, f"m{n}", ids.arrival(NOW + n, 0))


def test_pages_lead_both_ways_in_both_orders(thread: Conversation) -> None:
    for order, every in (("newest", list(range(11))[::-1]), ("oldest", list(range(11)))):
        first, onward, none = said(thread, order=order)
        second, _, back = said(thread, order=order, cursor=onward)
        assert (first, second, none) == (every[:4], every[4:8], None)
        assert said(thread, order=order, cursor=back)[0] == first


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"before": 5}, [4, 3, 2, 1]),
        ({"after": 5}, [10, 9, 8, 7]),
        ({"after": 5, "order": "oldest"}, [6, 7, 8, 9]),
        ({"after": 2, "before": 5}, [4, 3]),
        ({"around": 5}, [7, 6, 5, 4]),
        ({"around": 5, "order": "oldest"}, [4, 5, 6, 7]),
        ({"around": 10}, [10, 9, 8, 7]),
        ({"around": 0}, [3, 2, 1, 0]),
    ],
    ids=str,
)
def test_what_is_before_after_and_around_messages(
    thread: Conversation, query: Mapping[str, Any], numbers: list[int]
) -> None:
    named = {name: id_of(thread, n) if isinstance(n, int) else n for name, n in query.items()}
    assert said(thread, **named)[0] == numbers


def test_from_around_a_message_one_goes_both_ways_to_the_ends(thread: Conversation) -> None:
    for order, every in (("newest", list(range(11))[::-1]), ("oldest", list(range(11)))):
        middle, onward, back = said(thread, order=order, around=id_of(thread, 5))
        while onward:
            more, onward, _ = said(thread, order=order, cursor=onward)
            middle += more
        while back:
            more, _, back = said(thread, order=order, cursor=back)
            middle = more + middle
        assert middle == every


@pytest.mark.parametrize("query", [{"before": "msg_0"}, {"around": "msg_0"}], ids=str)
def test_message_of_elsewhere_is_no_edge(thread: Conversation, query: Mapping[str, str]) -> None:
    with pytest.raises(errors.Invalid):
        said(thread, **query)


def test_around_goes_with_nothing_else(thread: Conversation) -> None:
    with pytest.raises(errors.Invalid):
        said(thread, around=id_of(thread, 5), before=id_of(thread, 7))
