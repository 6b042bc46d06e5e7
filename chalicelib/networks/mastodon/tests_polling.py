"""Polling a Mastodon account: every notification once and in order, with the edits and deletions meanwhile."""

import json
import time
from dataclasses import replace
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
    """Plays an event and gives the id of its post."""
    body = double.EVENTS[event](account=US.account, **fields)
    double.posted(body)
    return str(body["items"][0].get("status", {}).get("id"))


MINUTE, OWN = 60_000, 300_000  # a time at which what the account said is asked for


def looks(mark: base.Json, at: int = MINUTE) -> Pulled:
    pulled = polling.look(US, mark, at)
    assert len(json.dumps(pulled.mark)) <= 2048
    assert pulled.calls <= 5
    return pulled


def events(pulled: Pulled) -> list[Any]:
    return [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]


def ids(pulled: Pulled) -> list[str]:
    return [event.id for event in events(pulled) if isinstance(event, Message)]


def catches_up(mark: base.Json) -> tuple[list[str], base.Json, int]:
    all_ids: list[str] = []
    count = 0
    while True:
        pulled = looks(mark)
        all_ids, mark, count = [*all_ids, *ids(pulled)], pulled.mark, count + 1
        if not pulled.more:
            return all_ids, mark, count


def test_first_look_gives_what_there_is_as_history(server: Server) -> None:
    old, young = happens("mention"), happens("dm")
    pulled = looks({})
    assert [(event.id, event.history) for event in events(pulled)] == [(old, True), (young, True)]
    assert (pulled.more, pulled.calls) == (False, 2)  # the second for what the account said until now
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
    all_ids, mark, count = catches_up(mark)
    assert (all_ids, count) == (said, 3)
    assert looks(mark).bodies == []


def test_first_look_goes_back_some_pages(server: Server) -> None:
    said = [happens("mention") for _ in range(polling.PAGE + 5)]
    all_ids, _, _ = catches_up({})
    assert all_ids == said


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
    assert [(message.id, message.thread, message.surface) for message in (first, second)] == [
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
    all_ids, _, count = catches_up(mark)
    assert (all_ids, count) == (said, 3)


def says(text: str, parent: str = "", **more: Any) -> str:
    """The account posts in another app; gives the id of the post."""
    post = double.status("shop1", text, parent=parent, **more)
    double._statuses[post["id"]] = post
    return str(post["id"])


def test_what_the_account_answered_elsewhere_is_told_once_within_five_minutes(server: Server) -> None:
    post = says("New bread")
    comment, mention = happens("comment", reply_to=post), happens("mention")
    mark = looks({}).mark
    below, to_mention = says("@ana @bo Thanks", comment), says("Soon", mention)
    assert [events(looks(mark, minute * MINUTE)) for minute in range(1, 5)] == [[]] * 4
    pulled = looks(mark, OWN)
    assert [(message.id, message.thread, message.surface, message.text) for message in events(pulled)] == [
        (below, comment, "comment", "Thanks"),
        (to_mention, mention, "mention", "Soon"),
    ]
    assert {(message.direction, message.person, message.history) for message in events(pulled)} == {
        ("out", None, False)
    }
    assert (pulled.calls, looks(pulled.mark, OWN).bodies) == (4, [])


def test_direct_message_of_the_account_is_in_the_thread_of_whom_it_names(server: Server) -> None:
    mark = looks({}).mark
    ana = {"id": "77", "acct": "ana77@other.example", "username": "ana77"}
    said = says("@ana77 Your bread is ready", shown="direct", mentions=[ana])
    [event] = events(looks(mark, OWN))
    assert (event.id, event.thread, event.surface, event.direction) == (said, "77", "dm", "out")
    assert event.text == "Your bread is ready"


def test_posts_of_the_account_that_answer_nobody_who_spoke_to_it_are_no_messages(server: Server) -> None:
    mark = looks({}).mark
    says("And so on", says("New bread"))
    stranger = double.status("mo@other.example", "Who bakes well?")
    double._statuses[stranger["id"]] = stranger
    says("We do", stranger["id"])
    pulled = looks(mark, OWN)
    assert pulled.bodies == []
    assert looks(pulled.mark, OWN).calls == 2


def test_more_answers_of_the_account_than_there_are_calls_take_several_looks(server: Server) -> None:
    mention = happens("mention")
    mark = looks({}).mark
    said = [says(f"{number}", mention) for number in range(7)]
    all_ids: list[str] = []
    for _ in range(3):
        pulled = looks(mark, OWN)
        all_ids, mark = [*all_ids, *ids(pulled)], pulled.mark
    assert (all_ids, pulled.more) == (said, False)


def test_what_is_answered_through_us_is_told_as_the_same_message_in_the_same_thread(server: Server) -> None:
    mark = looks({}).mark
    asked = happens("mention", text="Open?")
    [event] = events(looks(mark))
    sent = NETWORK.send(US, base.Say(thread=event.thread, reply_to=asked, surface="mention", text="Yes"))
    [answer] = [message for message in events(looks(mark, OWN)) if message.direction == "out"]
    assert (answer.id, answer.thread, answer.text) == (sent.id, event.thread, "Yes")


def test_account_whose_name_there_is_not_known_is_asked_for_news_only(server: Server) -> None:
    unnamed = replace(US, details={"server": "mastodon.example"})
    mark = polling.look(unnamed, {}, MINUTE).mark
    says("Yes", happens("mention"))
    assert polling.look(unnamed, mark, OWN).calls == 1


def test_mark_of_before_these_were_asked_for_begins_with_what_comes(server: Server) -> None:
    mention = happens("mention")
    mark: base.Json = {name: value for name, value in looks({}).mark.items() if name != "own"}
    says("Before", mention)
    mark = looks(mark, OWN).mark
    said = says("After", mention)
    assert ids(looks(mark, OWN)) == [said]


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
