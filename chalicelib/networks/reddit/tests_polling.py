"""Polling a Reddit inbox: every item once and in order, and each answer in its thread."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Message, Pulled
from chalicelib.networks.double import number
from chalicelib.networks.reddit import NETWORK, double, own_answers, polling
from chalicelib.networks.reddit.tests_calls import US
from local.double import Server

NOW, MINUTE = 1_790_000_000_000, 60_000


@pytest.fixture(autouse=True)
def forgetful(server: Server) -> None:
    double.forget()


def writes(event: str, at: int = NOW, **fields: Any) -> str:
    """Plays an event and gives the name of what was written."""
    body = double.EVENTS[event](account=US.account, at=at, **fields)
    double.posted(body)
    return str(body["items"][0]["data"]["name"])


NAMED = replace(US, details={"name": "our_shop"})
SLOT = 900_000
COMMENTS = (NOW // SLOT // 2 * 2 + 3) * SLOT  # times at which what the account itself said is asked for
SENT = COMMENTS + SLOT


def looks(mark: base.Json, now: int = NOW + MINUTE) -> Pulled:
    pulled = polling.look(NAMED, mark, now)
    assert len(json.dumps(pulled.mark)) <= 2048
    assert pulled.calls <= 5
    return pulled


def said(pulled: Pulled) -> list[Message]:
    events = [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
    assert all(isinstance(event, Message) for event in events)
    return [event for event in events if isinstance(event, Message)]


def test_first_look_gives_the_last_month_as_history_the_oldest_first(server: Server) -> None:
    writes("dm", NOW - 31 * 24 * 60 * MINUTE)
    old, young = writes("mention", NOW - MINUTE), writes("dm")
    assert [(message.id, message.history) for message in said(looks({}))] == [(old, True), (young, True)]


def test_nothing_new_costs_one_call_and_leaves_the_mark(server: Server) -> None:
    writes("comment")
    mark = looks({}).mark
    pulled = looks(mark, NOW + 9 * MINUTE)
    assert (pulled.bodies, pulled.mark, pulled.calls, pulled.more) == ([], mark, 1, False)


def test_what_is_new_is_given_once_with_what_was_written_in_the_same_second(server: Server) -> None:
    writes("dm")
    mark = looks({}).mark
    same, later = writes("mention"), writes("dm", NOW + MINUTE)
    pulled = looks(mark)
    assert [(message.id, message.history) for message in said(pulled)] == [(same, False), (later, False)]
    assert said(looks(pulled.mark)) == []


def test_many_pages_are_given_once_over_several_looks(server: Server) -> None:
    mark = looks({}).mark
    wanted = {writes("dm", NOW + second * 1000) for second in range(6 * polling.PAGE)}
    first = looks(mark, NOW + 60 * MINUTE)
    assert (first.calls, first.more) == (5, True)
    second = looks(first.mark, NOW + 60 * MINUTE)
    ids = [message.id for message in [*said(first), *said(second)]]
    assert (second.more, set(ids), len(ids)) == (False, wanted, len(wanted))


def test_place_that_is_gone_ends_the_list_and_loses_nothing_new(server: Server) -> None:
    gone = {"since": NOW, "known": [], "floor": NOW - MINUTE, "page": "t4_gone"}
    name = writes("dm", NOW + MINUTE)
    assert said(looks(gone)) == []
    assert name in [message.id for message in said(looks(looks(gone).mark))]


def test_answer_is_in_the_thread_of_the_first_comment_that_is_not_ours(server: Server) -> None:
    mark = looks({}).mark
    first = writes("comment", NOW + 1000)
    ours, deep = f"t1_o{number()}", f"t1_d{number()}"
    double.add_comment(ours, first, US.account)
    answer = writes("answer", NOW + 2000, parent=ours)
    double.add_comment(deep, answer, US.account)
    deeper = writes("answer", NOW + 3000, parent=deep)
    pulled = looks(mark)
    assert [(message.id, message.thread) for message in said(pulled)] == [
        (first, first),
        (answer, first),
        (deeper, first),
    ]
    asked = [call["query"]["id"] for call in server.state.requests if call["path"] == "/api/info"]
    assert asked[0] == f"{ours},{deep},{double.POST}"  # for all answers together


def test_what_follows_a_mention_stays_with_it_whoever_says_it(server: Server) -> None:
    mark, above = looks({}, NOW).mark, f"t1_m{number()}"
    double.add_comment(above, double.POST, "t2_mo")
    named = writes("mention", NOW + 1000, parent=above, text="Ask u/our_shop")
    ours = writes("own_comment", NOW + 2000, parent=named)
    answer = writes("answer", NOW + 3000, parent=ours, text="And in blue?")
    below = writes("own_comment", NOW + 4000, parent=answer)
    deeper = writes("answer", NOW + 5000, parent=below)
    first = looks(mark)
    messages = [*said(first), *said(looks(first.mark, COMMENTS))]
    assert [message.id for message in messages] == [named, answer, deeper, ours, below]
    assert {(message.thread, message.surface) for message in messages} == {(named, "mention")}


def test_comment_that_names_the_account_below_its_own_post_is_no_mention(server: Server) -> None:
    mark = looks({}, NOW).mark
    first = writes("comment", NOW + 1000, text="Hey u/our_shop")
    ours = writes("own_comment", NOW + 2000, parent=first)
    writes("answer", NOW + 3000, parent=ours)
    assert {(message.thread, message.surface) for message in said(looks(mark, COMMENTS))} == {(first, "comment")}


def own(pulled: Pulled) -> list[Message]:
    return [message for message in said(pulled) if message.direction == "out"]


def test_comments_of_the_account_are_told_once_in_the_threads_of_whom_they_answer(server: Server) -> None:
    mark = looks({}, NOW).mark
    first = writes("comment", NOW + 1000)
    named = writes("mention", NOW + 2000, parent="t3_9zzz", text="ask u/our_shop about it")
    ours = writes("own_comment", NOW + 3000, parent=first)
    deeper = writes("answer", NOW + 4000, parent=ours)
    below = writes("own_comment", NOW + 5000, parent=deeper, text="Twelve")
    to_named = writes("own_comment", NOW + 6000, parent=named, link_author="somebody")
    mark = looks(mark).mark
    pulled = looks(mark, COMMENTS)
    assert [
        (message.id, message.thread, message.surface, message.person, message.history) for message in own(pulled)
    ] == [
        (ours, first, "comment", None, False),
        (below, first, "comment", None, False),
        (to_named, named, "mention", None, False),
    ]
    assert own(looks(pulled.mark, COMMENTS)) == []


def test_private_messages_of_the_account_are_told_in_the_next_turn(server: Server) -> None:
    asked = writes("dm")
    mark = looks({}).mark
    answer = writes("own_dm", NOW + 2 * MINUTE, first=asked)
    assert own(looks(mark, COMMENTS)) == []
    pulled = looks(mark, SENT)
    assert [(message.id, message.thread, message.surface) for message in own(pulled)] == [(answer, asked, "dm")]
    assert (pulled.calls, own(looks(pulled.mark, SENT))) == (2, [])


def test_comment_of_the_account_that_answers_nobody_who_spoke_to_it_is_no_message(server: Server) -> None:
    mark = looks({}).mark
    writes("own_comment", NOW + 2 * MINUTE)
    double.add_comment("t1_stranger", "t3_9zzz", "t2_mo")
    writes("own_comment", NOW + 2 * MINUTE, parent="t1_stranger", link_author="mo")
    writes("own_comment", NOW + 2 * MINUTE, parent="t1_gone")
    assert looks(mark, COMMENTS).bodies == []


def test_what_is_answered_through_us_is_told_as_the_same_message_in_the_same_thread(server: Server) -> None:
    mark = looks({}, double.now() - MINUTE).mark
    asked = writes("comment", double.now())
    sent = NETWORK.send(NAMED, base.Say(thread=asked, reply_to=asked, surface="comment", text="Yes"))
    turn = (double.now() // SLOT // 2 * 2 + 3) * SLOT
    answers = [(message.id, message.thread, message.surface, message.text) for message in own(looks(mark, turn))]
    assert answers == [(sent.id, asked, "comment", "Yes")]


def test_account_that_was_connected_without_the_right_is_asked_for_the_rest(server: Server) -> None:
    mark = looks({}).mark
    name = writes("dm", NOW + 2 * MINUTE)
    server.state.behaviours.append({"network": "reddit", "do": "forbidden", "path": "/user/", "times": 1})
    assert [message.id for message in said(looks(mark, COMMENTS))] == [name]


def below(levels: int, at: int) -> str:
    """The account answers somebody who answers it, that many levels below a post of its own."""
    chain = [double.POST, *(f"t1_n{number()}" for _ in range(levels))]
    for depth, name in enumerate(chain[1:], 1):
        double.add_comment(name, chain[depth - 1], US.account if (levels - depth) % 2 else "t2_mo")
    return writes("own_comment", at, parent=chain[-1])


def test_comment_of_the_account_far_below_is_seen_where_its_thread_began(server: Server) -> None:
    mark = looks({}).mark
    ours = below(15, NOW + 2 * MINUTE)
    pulled = looks(mark, COMMENTS)
    assert [message.id for message in own(pulled)] == [ours]
    assert pulled.calls == 4


def test_what_one_look_does_not_come_to_is_left_to_the_next(server: Server) -> None:
    mark = looks({}).mark
    wanted = [below(15, NOW + minute * MINUTE) for minute in (2, 3, 4)]
    ids: list[str] = []
    for turn in range(0, 6, 2):
        pulled = looks(mark, COMMENTS + turn * SLOT)
        ids, mark = [*ids, *(message.id for message in own(pulled))], pulled.mark
    assert ids == wanted
    assert own(looks(mark, COMMENTS + 6 * SLOT)) == []


def test_comment_of_the_account_so_far_below_that_its_thread_is_not_seen_is_left_out(server: Server) -> None:
    mark = looks({}).mark
    below(40, NOW + 2 * MINUTE)
    pulled = looks(mark, COMMENTS)
    assert (pulled.bodies, pulled.calls) == ([], 5)
    assert looks(pulled.mark, COMMENTS + 2 * SLOT).calls == 2  # it is not asked for again


def test_comment_that_no_look_comes_to_is_left_out_after_a_day(server: Server) -> None:
    mark = looks({}).mark
    below(15, NOW + 2 * MINUTE)
    full = 4  # the inbox leaves one call, for the list
    for wait, is_left in ((0, True), (26 * 60 * MINUTE, False)):
        now = COMMENTS + wait
        _, known, calls = own_answers.since(NAMED, mark["own"], now, 1, full)
        assert calls == 5
        assert (known["comments"] < NOW + 2 * MINUTE) == is_left


def test_levels_are_asked_for_one_by_one_where_a_community_does_not_show_them(server: Server) -> None:
    mark = looks({}).mark
    near = below(1, NOW + 2 * MINUTE)
    server.state.behaviours.append({"network": "reddit", "do": "forbidden", "path": "/comments/", "times": 1})
    pulled = looks(mark, COMMENTS)
    assert ([message.id for message in own(pulled)], pulled.calls) == ([near], 4)


def test_comments_that_answer_each_other_in_a_circle_end(server: Server) -> None:
    mark = looks({}).mark
    double.add_comment("t1_a", "t1_b", "t2_mo")
    double.add_comment("t1_b", "t1_a", "t2_mo")
    writes("own_comment", NOW + 2 * MINUTE, parent="t1_a")
    assert looks(mark, COMMENTS).bodies == []


def test_answer_to_what_began_with_us_or_is_gone_is_a_thread_of_its_own(server: Server) -> None:
    mark = looks({}).mark
    ours = f"t1_o{number()}"
    double.add_comment(ours, double.POST, US.account)
    first, second = writes("answer", parent=ours), writes("answer", NOW + 1000, parent="t1_gone")
    assert [(each.id, each.thread) for each in said(looks(mark))] == [(first, first), (second, second)]


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [("too_many", base.Throttled), ("expired", base.Expired), ("unavailable", base.Unreachable)],
)
def test_look_that_cannot_be_made_is_an_outcome(failure: str, outcome: type[base.Outcome], server: Server) -> None:
    server.state.behaviours.append({"network": "reddit", "do": failure, "times": 1})
    with pytest.raises(outcome):
        looks({})


def test_answer_that_is_no_list_is_tried_again(server: Server) -> None:
    server.state.behaviours.append({"network": "reddit", "do": "silent", "times": 1})
    with pytest.raises(base.Unreachable):
        looks({})


def test_now_is_the_present(server: Server) -> None:
    assert NETWORK.polling
    assert NETWORK.polling.pull(US, {}, 60).calls == 1
