"""Polling a Bluesky account: every public post and direct message once, and in order."""

import json
import time
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Delete, Message, Pulled
from chalicelib.networks.bluesky import NETWORK, calls, double, polling
from chalicelib.networks.bluesky.tests_calls import US
from local.double import Server


@pytest.fixture(autouse=True)
def forgetful(server: Server) -> None:
    double.forget()
    calls.forget()
    calls.session_of(US)
    server.state.clear()


def happens(event: str, **fields: Any) -> str:
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    item = body["items"][0]
    return str(item.get("uri") or item["message"]["id"])


def now() -> int:
    return int(time.time()) * 1000


MINUTE, OWN = 60_000, 300_000  # a time at which what the account said is asked for


def looks(mark: base.Json, at: int = MINUTE) -> Pulled:
    pulled = polling.look(US, mark, at)
    assert len(json.dumps(pulled.mark)) <= 2048
    assert pulled.calls <= 5
    return pulled


def events(pulled: Pulled) -> list[Any]:
    return [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]


def catches_up(mark: base.Json) -> tuple[list[str], base.Json]:
    all_ids: list[str] = []
    while True:
        pulled = looks(mark)
        all_ids += [event.id for event in events(pulled) if isinstance(event, Message)]
        mark = pulled.mark
        if not pulled.more:
            return all_ids, mark


def test_first_look_gives_what_there_is_as_history(server: Server) -> None:
    old = [happens("mention"), happens("comment"), happens("dm")]
    pulled = looks({})
    assert [(event.id, event.history) for event in events(pulled)] == [(id, True) for id in old]
    new = [happens("mention"), happens("dm")]
    assert [(event.id, event.history) for event in events(looks(pulled.mark))] == [(id, False) for id in new]


def test_first_look_at_nothing_is_the_first(server: Server) -> None:
    mark = looks({}).mark
    happens("mention")
    assert [event.history for event in events(looks(mark))] == [False]


def test_what_is_older_than_a_month_is_left_out(server: Server) -> None:
    happens("mention", at=1577836800000)
    pulled = looks({})
    assert (pulled.bodies, looks(pulled.mark).bodies) == ([], [])


def test_nothing_new_costs_a_call_for_each_kind_and_leaves_the_mark(server: Server) -> None:
    happens("mention")
    happens("dm")
    _, mark = catches_up({})
    pulled = looks(mark)
    assert (pulled.bodies, pulled.mark, pulled.calls, pulled.more) == ([], mark, 2, False)
    assert len(server.state.requests) == 4


def test_what_came_in_many_pages_is_all_there_once_and_in_order(server: Server) -> None:
    mark = looks({}).mark
    said = [happens("mention", at=now() + number) for number in range(7 * polling.PAGE + 5)]
    all_ids, mark = catches_up(mark)
    assert all_ids == said
    assert looks(mark).bodies == []


def test_first_look_goes_back_as_far_as_there_is_something(server: Server) -> None:
    said = [happens("mention", at=now() - 9_000 + number) for number in range(4 * polling.PAGE)]
    first = looks({})
    assert (first.bodies, first.more) == ([], True)
    new = happens("mention")
    all_ids, _ = catches_up(first.mark)
    assert all_ids == [*said, new]


def test_many_direct_messages_take_several_looks(server: Server) -> None:
    mark = looks({}).mark
    said = [happens("dm") for _ in range(120)]
    assert catches_up(mark)[0] == said


def test_same_mark_gives_the_same_again(server: Server) -> None:
    mark = looks({}).mark
    happens("mention")
    assert looks(mark) == looks(mark)


def test_what_was_deleted_is_told_once(server: Server) -> None:
    root = f"at://{US.account}/app.bsky.feed.post/3kroot"
    kept, gone = happens("mention"), happens("comment", root=root, id="at://did:plc:bo/app.bsky.feed.post/3kgone")
    mark = looks({}).mark
    happens("post_deleted", id=gone)
    pulled = looks(mark)
    assert events(pulled) == [Delete(thread=root, ids=(gone,), at=0, surface="comment")]
    assert (looks(pulled.mark).bodies, kept in pulled.mark["seen"]) == ([], True)


def test_notification_that_was_only_dismissed_is_no_deletion(server: Server) -> None:
    happens("mention")
    mark = looks({}).mark
    double._boxes.clear()
    assert looks(mark).bodies == []


def test_what_the_account_answered_elsewhere_is_told_once_within_five_minutes(server: Server) -> None:
    root = f"at://{US.account}/app.bsky.feed.post/3kroot"
    asked = happens("comment", root=root)
    mark = looks({}).mark
    answer = happens("own_answer", root=root, parent=asked)
    assert [events(looks(mark, minute * MINUTE)) for minute in range(1, 5)] == [[]] * 4
    pulled = looks(mark, OWN)
    [said] = events(pulled)
    assert (said.id, said.thread, said.direction, said.person, said.history) == (answer, root, "out", None, False)
    assert said.reply_to == asked
    assert (pulled.calls, events(looks(pulled.mark, OWN))) == (3, [])


def test_post_of_the_account_and_what_goes_on_below_it_is_no_answer(server: Server) -> None:
    root = f"at://{US.account}/app.bsky.feed.post/3kroot"
    mark = looks({}).mark
    below = happens("own_answer", root=root, parent=root)
    happens("own_answer", root=root, parent=below)
    assert looks(mark, OWN).bodies == []
    theirs = happens("comment", root=root)
    first = happens("own_answer", root=root, parent=theirs, at=now() + 1)
    second = happens("own_answer", root=root, parent=first, at=now() + 2)  # goes on with what was said to somebody
    assert [message.id for message in events(looks(mark, OWN)) if message.direction == "out"] == [first, second]


def test_what_is_answered_through_us_is_told_as_the_same_message_in_the_same_thread(server: Server) -> None:
    root = f"at://{US.account}/app.bsky.feed.post/3kroot"
    mark = looks({}).mark
    for event, thread in (("comment", root), ("mention", "")):
        asked = happens(event, root=thread)
        say = base.Say(thread=thread or asked, reply_to=asked, surface="comment", text="Yes", correlation=event)
        sent = NETWORK.send(US, say)
        answers = [message for message in events(looks(mark, OWN)) if message.id == sent.id]
        assert [(answer.thread, answer.text) for answer in answers] == [(thread or asked, "Yes")]


def test_answer_of_before_the_account_was_connected_is_left_out(server: Server) -> None:
    theirs = happens("comment")
    happens("own_answer", parent=theirs, at=now() - 9_000)
    mark = polling.look(US, {}, now()).mark
    assert looks(mark, OWN).bodies == []


def test_server_that_does_not_tell_what_the_account_said_is_asked_for_the_rest(server: Server) -> None:
    mark = looks({}).mark
    said = happens("mention")
    server.state.behaviours.append({"network": "bluesky", "do": "rejected", "path": "getAuthorFeed", "times": 1})
    assert [message.id for message in events(looks(mark, OWN))] == [said]


def test_likes_are_not_asked_for(server: Server) -> None:
    mark = looks({}).mark
    happens("like")
    happens("follow")
    assert looks(mark).bodies == []


def test_password_that_may_not_read_direct_messages_reads_the_rest(server: Server) -> None:
    happens("mention")
    server.state.behaviours.append({"network": "bluesky", "do": "rejected", "path": "getLog", "times": 1})
    assert len(events(looks({}))) == 1


@pytest.mark.parametrize("failure", ["throttled", "expired", "unavailable", "timeout"])
def test_look_that_fails_tells_why(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "bluesky", "do": failure, "times": 1})
    wanted = {"throttled": base.Throttled, "expired": base.Expired}.get(failure, base.Unreachable)
    with pytest.raises(wanted):
        looks({"at": "2026-01-01T00:00:00.000Z"})


def test_answer_that_is_no_list_is_unreachable(server: Server) -> None:
    server.state.behaviours.append({"network": "bluesky", "do": "serve", "body": "<html>", "times": 1})
    with pytest.raises(base.Unreachable):
        looks({})
