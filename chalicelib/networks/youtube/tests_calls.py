"""The calls for each answer and act that we send, and what polling a channel finds."""

from typing import Any

import pytest

from chalicelib.networks import base, marks
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.youtube import NETWORK, connect, double, feed, polling
from local.double import Server

US = base.Credentials(account="UCus", token="ya29.UCus")
HELLO = Say(thread="Ug1", surface="comment", text="Hello", reply_to="Ug1.2")
MINUTE, HOUR = 60_000, 3_600_000
NOON = 1_790_942_400_000 // marks.SCAN_MS * marks.SCAN_MS  # a time at which we read further
NOW = NOON + HOUR


def called(server: Server) -> list[tuple[str, str, Any, Any]]:
    requests = server.state.requests
    assert {request["headers"]["authorization"] for request in requests} == {"Bearer ya29.UCus"}
    return [
        (call["method"], call["path"].removeprefix("/youtube/v3"), call["query"], call["json"]) for call in requests
    ]


def test_answer_goes_below_the_thread(server: Server) -> None:
    assert NETWORK.send(US, HELLO).id.startswith("Ug1.")
    body = {"snippet": {"parentId": "Ug1", "textOriginal": "Hello"}}
    assert called(server) == [("POST", "/comments", {"part": "snippet"}, body)]


MODERATED = ("POST", "/comments/setModerationStatus")
ACTS: dict[str, tuple[Act, list[Any]]] = {
    "hide": (
        Act(verb="hide", thread="Ug1", id="Ug1"),
        [(*MODERATED, {"id": "Ug1", "moderationStatus": "heldForReview"}, {})],
    ),
    "unhide": (
        Act(verb="unhide", thread="Ug1", id="Ug1"),
        [(*MODERATED, {"id": "Ug1", "moderationStatus": "published"}, {})],
    ),
    "delete our own": (Act(verb="delete", thread="Ug1", id="Ug1"), [("DELETE", "/comments", {"id": "Ug1"}, {})]),
    "delete others": (
        Act(verb="delete", thread="Ug1", id="Ug1.others"),
        [
            ("DELETE", "/comments", {"id": "Ug1.others"}, {}),
            (*MODERATED, {"id": "Ug1.others", "moderationStatus": "rejected"}, {}),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_acting_is_one_call_or_two(name: str, server: Server) -> None:
    act, calls = ACTS[name]
    NETWORK.act(US, act)
    assert called(server) == calls


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "authError"),
    "throttled": (base.Throttled, "quotaExceeded"),
    "throttled_for_seconds": (base.Throttled, "RESOURCE_EXHAUSTED"),
    "forbidden": (base.Rejected, "forbidden"),
    "gone": (base.Gone, "commentNotFound"),
    "parent_gone": (base.Gone, "parentCommentNotFound"),
    "rejected": (base.Rejected, "commentTextTooLong"),
    "disabled": (base.Rejected, "commentsDisabled"),
    "failed": (base.Rejected, "processingFailure"),
    "closed": (base.Expired, "authenticatedUserAccountClosed"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "502"),
    "page_gone": (base.Rejected, "400"),
    "nameless": (base.Unknown, "no_id"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, server: Server) -> None:
    server.state.behaviours.append({"network": "youtube", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 3600, "throttled_for_seconds": 17}.get(name, 0)


def test_what_youtube_does_not_take_is_rejected(server: Server) -> None:
    picture = Media(kind="image", url="https://a.test/a")
    for say in (Say(thread="a/b", text="Hi"), Say(thread="Ug1"), Say(thread="Ug1", text="Hi", attachments=(picture,))):
        with pytest.raises(base.Rejected):
            NETWORK.send(US, say)
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="like", thread="Ug1", id="Ug1"))
    assert server.state.requests == []
    with pytest.raises(base.Rejected):
        NETWORK.send(US, Say(thread="Ug1", text="x" * 10_001))


def test_connecting_names_the_channel_and_asks_its_hub(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="UCus", name="Bella Pasta")
    [account] = connect.accounts(base.Tokens(token="ya29.UCus"))
    assert (account.id, account.picture) == ("UCus", "https://yt3.ggpht.com/us")
    for other in (
        base.Credentials(account="UCother", token="ya29.UCus"),
        base.Credentials(account="", token="ya29.nobody"),
    ):
        with pytest.raises(base.Rejected):
            NETWORK.check(other)
    NETWORK.subscribe(US, "https://palabre.test/hooks/youtube/chn_1", "secret")
    NETWORK.unsubscribe(US)
    form = server.state.requests[-1]["json"]
    assert form["hub.topic"] == "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UCus"
    assert form["hub.callback"] == f"https://palabre.test/hooks/youtube/chn_1?word={feed.word('secret')}"
    assert (form["hub.secret"], form["hub.lease_seconds"]) == ("secret", "864000")
    with pytest.raises(base.Rejected):
        NETWORK.subscribe(base.Credentials(account="?", token="-"), "https://palabre.test", "secret")


def test_video_is_asked_for(server: Server) -> None:
    assert NETWORK.publication
    video = NETWORK.publication(US, base.Origin(id="vid_1"))
    assert (video.text, video.author, video.at) == ("Carbonara\n\nNo cream!", "Bella Pasta", 1788253200000)
    assert video.picture == "https://i.ytimg.com/1.jpg"
    with pytest.raises(base.Gone):
        NETWORK.publication(US, base.Origin(id="gone"))


class Channel:
    """A channel of its own, on which people comment."""

    def __init__(self) -> None:
        self.us = base.Credentials(account=f"UC{number()}", token="ya29.UCus")

    def says(self, text: str, at: int = NOW, **fields: Any) -> str:
        payload = double.comment(text, account=self.us.account, at=at, **fields)
        double.posted(payload)
        return str(payload["items"][0]["id"])

    def look(self, mark: base.Json, now: int = NOW) -> tuple[list[Any], base.Pulled]:
        pulled = polling.look(self.us, mark, now)
        events = [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
        return [(type(event).__name__, getattr(event, "text", "")) for event in events], pulled


def test_first_look_gives_the_past_as_history(server: Server) -> None:
    channel = Channel()
    channel.says("Long ago", NOW - 31 * 24 * HOUR)
    top = channel.says("Yesterday", NOW - 24 * HOUR)
    channel.says("An answer", NOW - HOUR, parent=top)
    events, pulled = channel.look({})
    assert events == [("Message", "Yesterday"), ("Message", "An answer")]
    assert [body["history"] for body in pulled.bodies] == [True]
    assert channel.look(pulled.mark, NOW + MINUTE)[0] == []


def test_nothing_new_is_one_call_and_the_same_mark(server: Server) -> None:
    channel = Channel()
    channel.says("Hello")
    mark = channel.look({})[1].mark
    server.state.clear()
    events, pulled = channel.look(mark, NOW + 20 * MINUTE)
    assert (events, pulled.mark, pulled.calls, len(server.state.requests)) == ([], mark, 1, 1)


def test_comments_answers_and_edits_are_found(server: Server) -> None:
    channel = Channel()
    top = channel.says("Hello", NOW - 2 * HOUR)
    mark = channel.look({})[1].mark
    channel.says("An answer", NOW + MINUTE, parent=top)
    channel.says("Another", NOW + 2 * MINUTE)
    channel.says("Hello!", NOW - 2 * HOUR, id=top, edited=NOW + 3 * MINUTE)
    events, pulled = channel.look(mark, NOW + 5 * MINUTE)
    assert sorted(events) == [
        ("Edit", "Hello!"),
        ("Message", "An answer"),
        ("Message", "Another"),
        ("Message", "Hello!"),
    ]
    assert channel.look(pulled.mark, NOW + 6 * MINUTE)[0] == []


def test_thread_with_many_answers_is_asked_for_all_of_them(server: Server) -> None:
    channel = Channel()
    top = channel.says("Hello", NOW - 2 * HOUR)
    mark = channel.look({})[1].mark
    for minute in range(1, 8):
        channel.says(f"Answer {minute}", NOW + minute * MINUTE, parent=top)
    events, pulled = channel.look(mark, NOW + 9 * MINUTE)
    assert events == [("Message", f"Answer {minute}") for minute in range(1, 8)]
    assert pulled.calls == 2
    assert pulled.bodies[0]["items"][0]["snippet"]["videoId"] == double.VIDEO


def test_more_than_a_page_and_more_than_a_look_are_read_on(server: Server) -> None:
    channel = Channel()
    mark = channel.look({}, NOW - HOUR)[1].mark
    for number_ in range(520):
        channel.says(str(number_), NOW + number_ * 1000)
    events, pulled = channel.look(mark, NOW + HOUR)
    assert (len(events), pulled.calls, pulled.more) == (500, 5, True)
    rest, pulled = channel.look(pulled.mark, NOW + HOUR)
    assert (rest, pulled.more) == ([("Message", str(number_)) for number_ in range(20)], False)


def test_some_times_a_day_what_was_held_back_is_found(server: Server) -> None:
    channel = Channel()
    channel.says("Hello")
    mark = channel.look({})[1].mark
    channel.says("Held back for a day", NOW - 24 * HOUR)
    assert channel.look(mark, NOW + HOUR)[0] == []
    events, pulled = channel.look(mark, NOON + marks.SCAN_MS)
    assert events == [("Message", "Held back for a day"), ("Message", "Hello")]
    assert pulled.mark == mark


@pytest.mark.parametrize("minutes", [15, 30, 45, 60, 90, 120, 180, 240, 360])
@pytest.mark.parametrize("first", [0, 7, 14])
def test_channel_is_read_further_four_times_a_day_however_rarely_it_is_looked_at(minutes: int, first: int) -> None:
    looks = range(first, 10 * 24 * 60, minutes)
    assert sum(marks.is_scan(minute * 60_000, minutes * 60) for minute in looks) == 40


def test_account_that_is_throttled_says_for_how_long(server: Server) -> None:
    server.state.behaviours.append({"network": "youtube", "do": "throttled", "times": 1})
    with pytest.raises(base.Throttled) as raised:
        polling.pull(US, {}, 60)
    assert raised.value.after == 3600
