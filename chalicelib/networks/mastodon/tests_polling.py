"""A Mastodon account is asked for news: all of it once, in order, with what was edited or deleted meanwhile."""

import json
import time
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Delete, Edit, Message, Pulled
from chalicelib.networks.mastodon import NETWORK, double, polling
from chalicelib.networks.mastodon.tests_calls import US
from local.double import Server

DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def forgetful(server: Server) -> None:
    double.forget()


def happens(event: str, **fields: Any) -> str:
    """Gives the id of the post."""
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    return str(body["items"][0].get("status", {}).get("id"))


def looks(mark: base.Json) -> Pulled:
    assert NETWORK.polling
    pulled = NETWORK.polling.pull(US, mark)
    assert len(json.dumps(pulled.mark)) <= 2048
    assert pulled.calls <= 5
    return pulled


def events(pulled: Pulled) -> list[Any]:
    return [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]


def ids(pulled: Pulled) -> list[str]:
    return [event.id for event in events(pulled) if isinstance(event, Message)]


def catches_up(mark: base.Json) -> tuple[list[str], base.Json, int]:
    found: list[str] = []
    count = 0
    while True:
        pulled = looks(mark)
        found, mark, count = [*found, *ids(pulled)], pulled.mark, count + 1
        if not pulled.more:
            return found, mark, count


def test_first_look_gives_what_there_is_as_history(server: Server) -> None:
    old, young = happens("mention"), happens("dm")
    pulled = looks({})
    assert [(event.id, event.history) for event in events(pulled)] == [(old, True), (young, True)]
    assert (pulled.more, pulled.calls) == (False, 1)
    new = happens("mention")
    assert [(event.id, event.history) for event in events(looks(pulled.mark))] == [(new, False)]


def test_first_look_at_nothing_is_the_first(server: Server) -> None:
    mark = looks({}).mark
    assert mark
    happens("mention")
    assert [event.history for event in events(looks(mark))] == [False]


def test_what_is_older_than_a_month_is_left_out(server: Server) -> None:
    body = double.EVENTS["mention"](account=US.account)
    body["items"][0]["created_at"] = "2020-01-01T00:00:00.000Z"
    double.posted(body)
    mark = looks({}).mark
    assert ids(looks(mark)) == []


def test_nothing_new_costs_one_call_and_leaves_the_mark(server: Server) -> None:
    happens("mention")
    mark = looks({}).mark
    pulled = looks(mark)
    assert (pulled.bodies, pulled.mark, pulled.calls, pulled.more) == ([], mark, 1, False)


def test_what_came_in_many_pages_is_all_there_once_and_in_order(server: Server) -> None:
    mark = looks({}).mark
    said = [happens("mention") for _ in range(2 * polling.PAGE + 5)]
    found, mark, count = catches_up(mark)
    assert (found, count) == (said, 3)
    assert looks(mark).bodies == []


def test_first_look_goes_back_some_pages(server: Server) -> None:
    said = [happens("mention") for _ in range(polling.PAGE + 5)]
    found, _, _ = catches_up({})
    assert found == said


def test_same_mark_gives_the_same_again(server: Server) -> None:
    mark = looks({}).mark
    happens("mention")
    assert looks(mark) == looks(mark)


def test_notification_of_the_mark_may_be_gone(server: Server) -> None:
    happens("delete", id=happens("mention"))
    first = happens("mention")
    mark = looks({}).mark
    double._boxes[US.account].clear()  # somebody dismissed all of them
    second = happens("mention")
    assert ids(looks(mark)) == [second]
    assert first in double._statuses


def test_other_kinds_of_news_are_not_asked_for(server: Server) -> None:
    mark = looks({}).mark
    happens("favourite")
    happens("follow")
    happens("warning", action="suspend")
    assert [type(event) for event in events(looks(mark))] == [base.AccountEvent]


def test_answers_are_in_the_thread_of_the_first_that_speaks_to_us(server: Server) -> None:
    mark = looks({}).mark
    post = double.status("shop1", "New bread")
    double._statuses[post["id"]] = post
    top = happens("comment", reply_to=post["id"])
    ours = double.status("shop1", "Thanks", parent=top)
    double._statuses[ours["id"]] = ours
    below = happens("comment", reply_to=ours["id"])
    first, second = events(looks(mark))
    assert [(one.id, one.thread, one.surface) for one in (first, second)] == [
        (top, top, "comment"), (below, top, "comment"),
    ]  # fmt: skip
    assert first.origin == second.origin == base.Origin(id=post["id"], url=post["url"])


def test_answers_under_a_mention_stay_with_it(server: Server) -> None:
    mark = looks({}).mark
    mention = happens("mention")
    ours = double.status("shop1", "Thanks", parent=mention)
    double._statuses[ours["id"]] = ours
    happens("comment", reply_to=ours["id"])
    first, second = events(looks(mark))
    assert (first.thread, first.surface, first.origin) == (second.thread, second.surface, second.origin)


def test_more_answers_than_there_are_calls_take_several_looks(server: Server) -> None:
    mark = looks({}).mark
    top = happens("mention")
    said = [top, *(happens("comment", reply_to=top) for _ in range(9))]
    found, _, count = catches_up(mark)
    assert (found, count) == (said, 3)


def test_what_was_edited_is_told_once(server: Server) -> None:
    id = happens("mention", text="Helo")
    mark = looks({}).mark
    happens("edit", id=id, text="Hello")
    pulled = looks(mark)
    [edit] = events(pulled)
    assert isinstance(edit, Edit)
    assert (edit.id, edit.thread, edit.surface, edit.text) == (id, id, "mention", "Hello")
    assert looks(pulled.mark).bodies == []


def test_what_was_deleted_is_told_once(server: Server) -> None:
    kept, gone = happens("dm"), happens("dm", person="88")
    mark = looks({}).mark
    happens("delete", id=gone)
    pulled = looks(mark)
    assert events(pulled) == [Delete(thread="88", ids=(gone,), at=0, surface="dm")]
    assert looks(pulled.mark).calls == 1
    assert kept


@pytest.mark.parametrize("failure", ["throttled", "expired", "unavailable", "timeout"])
def test_look_that_fails_tells_why(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "mastodon", "do": failure, "times": 1})
    wanted = {"throttled": base.Throttled, "expired": base.Expired}.get(failure, base.Unreachable)
    with pytest.raises(wanted) as raised:
        looks({"last": "1"})
    assert failure != "throttled" or raised.value.after > time.time() / 1000


def test_answer_that_is_no_list_is_unreachable(server: Server) -> None:
    server.state.behaviours.append({"network": "mastodon", "do": "serve", "body": "<html>", "times": 1})
    with pytest.raises(base.Unreachable):
        looks({})
