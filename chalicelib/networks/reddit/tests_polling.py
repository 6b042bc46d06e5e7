"""A Reddit account is asked for news: all of it once, in order, each comment in its thread."""

import json
import time
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Pulled
from chalicelib.networks.reddit import NETWORK, double, polling
from chalicelib.networks.reddit.tests_calls import US
from local.double import Server


@pytest.fixture(autouse=True)
def forgetful(server: Server) -> None:
    double.forget()


def happens(event: str, **fields: Any) -> str:
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    return str(body["items"][0]["data"]["name"])


def now() -> int:
    return int(time.time()) * 1000


def looks(mark: base.Json) -> Pulled:
    assert NETWORK.polling
    pulled = NETWORK.polling.pull(US, mark)
    assert len(json.dumps(pulled.mark)) <= 2048
    assert pulled.calls <= 5
    return pulled


def events(pulled: Pulled) -> list[Any]:
    return [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]


def catches_up(mark: base.Json) -> tuple[list[str], base.Json]:
    found: list[str] = []
    while True:
        pulled = looks(mark)
        found += [event.id for event in events(pulled) if isinstance(event, Message)]
        mark = pulled.mark
        if not pulled.more:
            return found, mark


def test_first_look_gives_what_there_is_as_history(server: Server) -> None:
    old = [happens("dm", at=now() - 9000), happens("comment", at=now() - 8000)]
    pulled = looks({})
    assert [(event.id, event.history) for event in events(pulled)] == [(id, True) for id in old]
    new = happens("mention")
    assert [(event.id, event.history) for event in events(looks(pulled.mark))] == [(new, False)]


def test_first_look_at_nothing_is_the_first(server: Server) -> None:
    mark = looks({}).mark
    happens("dm")
    assert [event.history for event in events(looks(mark))] == [False]


def test_what_is_older_than_a_month_is_left_out(server: Server) -> None:
    happens("dm", at=1577836800000)
    pulled = looks({})
    assert (pulled.bodies, looks(pulled.mark).bodies) == ([], [])


def test_nothing_new_costs_one_call_and_leaves_the_mark(server: Server) -> None:
    happens("dm")
    mark = looks({}).mark
    pulled = looks(mark)
    assert (pulled.bodies, pulled.mark, pulled.calls, pulled.more) == ([], mark, 1, False)


def test_what_comes_in_the_same_second_is_not_lost(server: Server) -> None:
    mark, at = looks({}).mark, now()
    first = happens("dm", at=at)
    pulled = looks(mark)
    second = happens("dm", at=at)
    again = looks(pulled.mark)
    assert ([one.id for one in events(pulled)], [one.id for one in events(again)]) == ([first], [second])
    assert looks(again.mark).bodies == []


def test_what_came_in_many_pages_is_all_there_once_and_in_order(server: Server) -> None:
    mark, at = looks({}).mark, now()
    said = [happens("dm", at=at + 1000 * number) for number in range(4 * polling.PAGE + 5)]
    found, mark = catches_up(mark)
    assert found == said
    assert looks(mark).bodies == []


def test_newest_item_of_the_mark_may_be_deleted(server: Server) -> None:
    happens("dm", at=now() - 5000)
    mark = looks({}).mark
    double._boxes.clear()
    new = happens("dm")
    assert [one.id for one in events(looks(mark))] == [new]


def test_same_mark_gives_the_same_again(server: Server) -> None:
    mark = looks({}).mark
    happens("reply", parent=happens("comment"))
    assert looks(mark) == looks(mark)


def test_answers_to_ours_are_in_the_thread_of_the_first_comment(server: Server) -> None:
    mark, at = looks({}).mark, now()
    top = happens("comment", at=at)
    ours = NETWORK.send(US, base.Say(thread=top, reply_to=top, surface="comment", text="Yes")).id
    below = happens("reply", parent=ours, at=at + 1000)
    more = NETWORK.send(US, base.Say(thread=top, reply_to=below, surface="comment", text="No")).id
    happens("reply", parent=more, at=at + 2000)
    pulled = looks(mark)
    assert {(one.thread, one.surface) for one in events(pulled)} == {(top, "comment")}
    assert pulled.calls == 5


@pytest.mark.parametrize("failure", ["busy", "expired", "unavailable", "timeout"])
def test_look_that_fails_tells_why(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "reddit", "do": failure, "times": 1})
    wanted = {"busy": base.Throttled, "expired": base.Expired}.get(failure, base.Unreachable)
    with pytest.raises(wanted) as raised:
        looks({"at": "1"})
    assert raised.value.after == (37 if failure == "busy" else 0)


def test_answer_that_is_no_list_is_unreachable(server: Server) -> None:
    server.state.behaviours.append({"network": "reddit", "do": "serve", "body": "<html>", "times": 1})
    with pytest.raises(base.Unreachable):
        looks({})
