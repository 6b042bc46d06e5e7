"""What a Page's feed becomes, and the exact calls our words become."""

import copy
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Attachment, Delete, Edit, Hide, Media, Message, Reaction, Say, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.facebook import NETWORK, double
from local.double import Server
from tests.networks import damage

HERE = Path(__file__).parent
SHARED = HERE.parents[2].parent / "shared" / "payloads"
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
SAMPLES = {path.name: json.loads(path.read_bytes()) for path in SHARED.glob("facebook/*.json")}
AT = 1790000000000
PAGE = "104100000000001"
ANA = base.Person(id="7600000000000001", name="Ana Silva")
POST, VISITED, STORY = f"{PAGE}_122100000000500", f"{PAGE}_122100000000700", "1029384756"
TOP, ANSWER = "122100000000500_900000000000001", "122100000000500_900000000000002"
ORIGIN = base.Origin(id=POST, url="https://www.facebook.com/cafesol/posts/500", kind="added_photos")
ABROAD = "7600000000000001_810"
CREDENTIALS = base.Credentials(account=PAGE, token="EAAGtest", secret="app-secret")


def image(url: str) -> Attachment:
    return Attachment(kind="image", url=f"https://scontent.xx.fbcdn.net/v/{url}", expires=True)


said = partial(Message, at=AT, surface="comment", person=ANA)
comment = partial(said, thread=TOP, id=TOP, origin=ORIGIN)
answer = partial(comment, id=ANSWER, reply_to=TOP)
edit = partial(Edit, at=AT + 60000, surface="comment")
reaction = partial(Reaction, thread=TOP, id=TOP, at=AT, by=ANA, surface="comment")
mention = partial(Message, at=AT, surface="mention", person=ANA)
review = partial(Message, thread=STORY, id=STORY, at=AT, surface="review", person=ANA, kind="review")


def visit(text: str, kind: str = "status", url: str = "", **fields: Any) -> Message:
    origin = base.Origin(id=VISITED, kind=kind, url=url)
    return said(thread=VISITED, id=VISITED, text=text, kind="post", origin=origin, **fields)


EXPECTED: dict[str, list[base.Event]] = {
    "comment_created": [comment(text="How much is the café? ☕")],
    "comment_answering_a_comment": [answer(text="Me too")],
    "comment_with_photo": [comment(text="Like this one", attachments=(image("1.jpg?oe=6572"),))],
    "comment_with_two_photos": [comment(text="Both", attachments=(image("1.jpg"), image("2.jpg")))],
    "comment_with_video_only": [
        comment(attachments=(Attachment(kind="video", url="https://video.xx.fbcdn.net/v/1.mp4", expires=True),))
    ],
    "comment_with_nothing_we_can_show": [comment(kind="unsupported")],
    "comment_without_author": [comment(text="Who am I?", person=base.Person(id="", name="Facebook user"))],
    "comment_with_old_fields": [
        said(thread="900000000000003", id="900000000000003", text="Hola", origin=base.Origin(id="122100000000500"))
    ],
    "comment_without_time": [comment(text="When?", at=AT + 1000, exact=False)],
    "own_comment_created": [answer(text="Two euros", direction="out", person=None)],
    "comment_edited": [edit(thread=TOP, id=TOP, text="How much is a café?")],
    "comment_removed": [Delete(thread=TOP, ids=(TOP,), at=AT + 60000, surface="comment")],
    "comment_hidden_by_page": [Hide(thread=TOP, id=TOP, at=AT + 60000, hidden=True)],
    "comment_shown_again": [Hide(thread=TOP, id=TOP, at=AT + 120000, hidden=False)],
    "comment_blocked": [Unhandled(reason="unknown_verb")],
    "reaction_on_comment": [reaction(emoji="❤️")],
    "reaction_on_answer_removed": [reaction(id=ANSWER, emoji="")],
    "reaction_on_post": [reaction(thread=POST, id=POST, emoji="😆")],
    "reaction_of_a_new_kind": [reaction(thread="", id=ANSWER, emoji="pride")],
    "page_liked": [Unhandled(reason="page_like")],
    "visitor_post_created": [visit("Lovely place", url="https://www.facebook.com/700")],
    "visitor_post_with_photo": [visit("Our table", "photo", attachments=(image("3.jpg"),))],
    "visitor_post_sharing_a_link": [
        visit("Read this", "share", attachments=(Attachment(kind="link", url="https://example.com/review"),))
    ],
    "visitor_post_awaiting_approval": [visit("Buy now", hidden=True)],
    "visitor_post_edited": [edit(thread=VISITED, id=VISITED, text="Lovely, lovely place")],
    "visitor_post_edited_to_nothing": [Unhandled(reason="empty_edit")],
    "visitor_post_removed": [Delete(thread=VISITED, ids=(VISITED,), at=AT, surface="comment")],
    "own_post_created": [Unhandled(reason="own_post")],
    "own_post_edited": [Unhandled(reason="own_post")],
    "mention_in_post": [mention(thread=ABROAD, id=ABROAD, text="At Café Sol", origin=base.Origin(id=ABROAD))],
    "mention_in_comment": [
        mention(thread="811_900", id="811_900", text="Ask Café Sol", origin=base.Origin(id="7600000000000002_811"))
    ],
    "mention_removed": [Delete(thread=ABROAD, ids=(ABROAD,), at=AT, surface="mention")],
    "recommendation_created": [review(text="Great food", context={"recommendation": "positive"})],
    "stars_given": [review(thread="1029384757", id="1029384757", context={"rating": "4"})],
    "recommendation_edited": [
        edit(thread=STORY, id=STORY, text="Great food, slow", surface="review", context={"recommendation": "positive"})
    ],
    "own_answer_to_recommendation": [
        review(id=f"{STORY}_1", text="Thank you!", direction="out", person=None, kind="", reply_to=STORY)
    ],
    "live_video_started": [Unhandled(reason="unknown_item")],
    "batch_of_two_pages_with_unreadable_items": [
        comment(text="One"),
        Unhandled(reason="malformed"),
        Unhandled(reason="malformed"),
        answer(text="Two"),
        said(
            thread="104100000000002_9",
            id="104100000000002_9",
            text="Three",
            kind="post",
            origin=base.Origin(id="104100000000002_9", kind="status"),
        ),
        Unhandled(reason="sibling"),
    ],
}

# What each sample shared between the networks must give: the kind of event and some of its fields.
SAMPLED: dict[str, tuple[type, dict[str, Any]]] = {
    "bottender-comment-add.json": (Message, {"text": "Good", "thread": "139560936744456_139562213411528"}),
    "bottender-comment-remove.json": (Delete, {"ids": ("139560936744456_139597043408045",)}),
    "bottender-page-like-add.json": (Unhandled, {"reason": "page_like"}),
    "bottender-post-reaction.json": (Reaction, {"id": "137542570280222_139560936744456", "emoji": "👍"}),
    "bottender-reaction-add.json": (Reaction, {"id": "139560936744456_139597090074707", "emoji": "👍"}),
    "bottender-status-add.json": (Message, {"text": "test", "thread": "137542570280222_139610053406744"}),
    "bottender-status-edited.json": (Edit, {"text": "1234", "id": "137542570280222_139560936744456"}),
    "doc-comment-hide.json": (Hide, {"hidden": True, "id": "122100000000000_122200000000000"}),
    "doc-comment-no-from.json": (Message, {"person": base.Person(id="", name="Facebook user")}),
    "doc-ratings-recommendation.json": (
        Message,
        {"text": "Great service", "thread": "1029384756", "context": {"recommendation": "positive"}},
    ),
}


def test_every_fixture_has_its_expected_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    assert [found.event for found in NETWORK.parse(FIXTURES[name])] == EXPECTED[name]


def test_batch_keeps_each_page_apart() -> None:
    found = list(NETWORK.parse(FIXTURES["batch_of_two_pages_with_unreadable_items"]))
    assert [inbound.account for inbound in found] == [*[PAGE] * 4, "104100000000002", PAGE]


@pytest.mark.skipif(not SAMPLES, reason="the shared samples are not here")
def test_every_shared_sample_is_listed() -> None:
    assert SAMPLES.keys() == SAMPLED.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_shared_sample_gives_what_it_must(name: str) -> None:
    kind, fields = SAMPLED[name]
    (found,) = NETWORK.parse(SAMPLES[name])
    assert type(found.event) is kind
    assert {field: getattr(found.event, field) for field in fields} == fields
    assert found.account == SAMPLES[name]["entry"][0]["id"]


# F16
@pytest.mark.parametrize("parent", [f"6600_{POST[-15:]}", POST[-15:], POST, f"{PAGE}_6600_{POST[-15:]}"])
def test_people_under_a_photo_post_have_a_conversation_each_however_the_post_is_spelled(parent: str) -> None:
    comments = [f"{POST[-15:]}_1", f"{POST[-15:]}_2"]
    placed = {"post_id": POST, "parent_id": parent}
    bodies = [double.comment("How much?", comment_id=comment, **placed) for comment in comments]
    events = [inbound.event for body in bodies for inbound in NETWORK.parse(body)]
    assert [event.thread for event in events if isinstance(event, Message)] == comments
    assert [event.reply_to for event in events if isinstance(event, Message)] == ["", ""]


# F16
@pytest.mark.parametrize("place", ["6600_", POST[-15:] + "_", f"{PAGE}_6600_", ""])
def test_answer_is_in_the_thread_of_its_comment_however_that_is_spelled(place: str) -> None:
    spelled = {"post_id": POST, "comment_id": ANSWER, "parent_id": f"{place}900000000000001"}
    [said] = NETWORK.parse(double.comment("Me too", **spelled))
    [liked] = NETWORK.parse(double.reaction(**spelled))
    assert isinstance(said.event, Message) and (said.event.thread, said.event.reply_to) == (TOP, TOP)
    assert isinstance(liked.event, Reaction) and liked.event.thread == TOP


@pytest.mark.parametrize("identity", [{"$ne": 1}, ["1"], True, None, ""])
def test_comment_is_malformed_if_what_it_answers_cannot_be_read(identity: Any) -> None:
    payload = copy.deepcopy(FIXTURES["comment_answering_a_comment"])
    payload["entry"][0]["changes"][0]["value"]["parent_id"] = identity
    assert [found.event for found in NETWORK.parse(payload)] == [Unhandled(reason="malformed")]


@pytest.mark.parametrize("name", sorted(double.EVENTS))
def test_double_posts_bodies_that_are_read_and_verify(name: str) -> None:
    body = double.EVENTS[name]()
    (found,) = NETWORK.parse(body)
    expected = {"own_post": "own_post", "page_like": "page_like"}.get(name)
    assert (found.event.reason if isinstance(found.event, Unhandled) else None) == expected
    headers = {header.lower(): value for header, value in double.sign(wire(body), "secret").items()}
    assert NETWORK.verify(wire(body), headers, base.Secrets(signing=("old", "secret")))


def calls(server: Server) -> list[tuple[str, str, Any]]:
    """Method, path and body of each call, all of them accepted by the double."""
    assert {call["status"] for call in server.state.requests} <= {200}
    assert {call["headers"]["authorization"] for call in server.state.requests} <= {"Bearer EAAGtest"}
    return [(call["method"], call["path"].removeprefix("/v25.0"), call["json"]) for call in server.state.requests]


def misbehave(server: Server, what: str) -> None:
    server.state.behaviours.append({"network": "facebook", "times": 1, "do": what})


PHOTO, OTHER = (Media(kind="image", url=f"https://example.com/{name}.jpg", mime="image/jpeg") for name in "ab")
HELLO = Say(thread=TOP, surface="comment", text="Hello")
SENT: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "answer to a thread": (HELLO, f"/{TOP}/comments", {"message": "Hello"}),
    "answer to an answer": (
        Say(thread=TOP, surface="comment", text="Hi", reply_to=ANSWER),
        f"/{ANSWER}/comments",
        {"message": "Hi"},
    ),
    "answer to a visitor's post": (
        Say(thread=VISITED, surface="comment", text="Thanks"),
        f"/{VISITED}/comments",
        {"message": "Thanks"},
    ),
    "answer to a recommendation": (
        Say(thread=STORY, surface="review", text="Thanks"),
        f"/{STORY}/comments",
        {"message": "Thanks"},
    ),
    "words and a photo": (
        Say(thread=TOP, surface="comment", text="Look", attachments=(PHOTO,)),
        f"/{TOP}/comments",
        {"message": "Look", "attachment_url": PHOTO.url},
    ),
    "photo alone": (
        Say(thread=TOP, surface="comment", attachments=(PHOTO,)),
        f"/{TOP}/comments",
        {"attachment_url": PHOTO.url},
    ),
    "private answer to a comment": (
        Say(thread=TOP, surface="comment", text="In private", reply_to=ANSWER, private=True),
        f"/{PAGE}/messages",
        {"recipient": {"comment_id": ANSWER}, "messaging_type": "RESPONSE", "message": {"text": "In private"}},
    ),
    "private answer to a post": (
        Say(thread=VISITED, surface="comment", text="In private", private=True),
        f"/{PAGE}/messages",
        {"recipient": {"post_id": VISITED}, "messaging_type": "RESPONSE", "message": {"text": "In private"}},
    ),
}
ACTED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "hide": ("POST", f"/{TOP}", {"is_hidden": True}),
    "unhide": ("POST", f"/{TOP}", {"is_hidden": False}),
    "delete": ("DELETE", f"/{TOP}", {}),
    "like": ("POST", f"/{TOP}/likes", {}),
}
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "app_removed": (base.Expired, "190/458"),
    "throttled": (base.Throttled, "80001"),
    "app_throttled": (base.Throttled, "4"),
    "window_closed": (base.WindowClosed, "10/2018278"),
    "gone": (base.Gone, "100/33"),
    "person_gone": (base.Gone, "551/1545041"),
    "blocked": (base.Gone, "200/1545041"),
    "cannot_answer": (base.Gone, "10903"),
    "answered_already": (base.Rejected, "10900"),
    "rejected": (base.Rejected, "100"),
    "no_permission": (base.Rejected, "200"),
    "duplicate": (base.Rejected, "506"),
    "spam": (base.Rejected, "368/1446036"),
    "unavailable": (base.Unknown, "2"),
    "no_success": (base.Unknown, "no_id"),
}


@pytest.mark.parametrize("name", SENT)
def test_saying_is_one_exact_call(server: Server, name: str) -> None:
    say, path, body = SENT[name]
    sent = NETWORK.send(CREDENTIALS, say)
    assert calls(server) == [("POST", path, body)]
    assert sent.id == server.state.requests[0]["answer"]["message_id" if say.private else "id"]
    assert server.state.requests[0]["query"].keys() == {"appsecret_proof"}


@pytest.mark.parametrize("verb", ACTED)
def test_acting_is_one_exact_call(server: Server, verb: Any) -> None:
    NETWORK.act(CREDENTIALS, Act(verb=verb, thread=TOP, id=TOP, surface="comment"))
    assert calls(server) == [ACTED[verb]]


@pytest.mark.parametrize("name", double.FAILURES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    misbehave(server, name)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 420, "app_throttled": 300}.get(name, 0)


@pytest.mark.parametrize(
    ("verb", "target"), [("react", TOP), ("typing", TOP), ("delete", "me"), ("like", "1/../me"), ("hide", "")]
)
def test_what_a_page_cannot_do_is_rejected(server: Server, verb: Any, target: str) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, Act(verb=verb, thread=TOP, id=target, surface="comment", emoji="👍"))
    assert calls(server) == []


def test_act_that_changed_nothing_is_rejected(server: Server) -> None:
    misbehave(server, "no_success")
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, Act(verb="hide", thread=TOP, id=TOP, surface="comment"))


@pytest.mark.parametrize(
    "say",
    [
        Say(thread=TOP, surface="comment"),
        Say(thread=TOP, surface="comment", text="x" * 8001),
        Say(thread=TOP, surface="comment", attachments=(PHOTO, OTHER)),
        Say(thread=TOP, surface="comment", attachments=(Media(kind="video", url="https://example.com/a.mp4"),)),
        Say(thread=TOP, surface="comment", attachments=(PHOTO,), private=True),
        Say(thread="", surface="comment", text="Hello"),
    ],
)
def test_what_facebook_does_not_take_is_rejected(server: Server, say: Say) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, say)


def test_every_photo_is_a_comment_of_its_own(server: Server) -> None:
    parts = NETWORK.parts(Say(thread=TOP, surface="comment", text="Look", attachments=(PHOTO, OTHER)))
    for part in parts:
        NETWORK.send(CREDENTIALS, part)
    bodies = [body for _, _, body in calls(server)]
    assert bodies == [{"message": "Look", "attachment_url": PHOTO.url}, {"attachment_url": OTHER.url}]


def test_connecting_names_the_page_and_what_it_listens_to(server: Server) -> None:
    assert NETWORK.check(CREDENTIALS) == base.Connected(account=double.PAGE, name="Bella Pasta")
    NETWORK.subscribe(CREDENTIALS, "https://palabre.example/hooks/facebook", "secret")
    NETWORK.unsubscribe(CREDENTIALS)
    edge = f"/{PAGE}/subscribed_apps"
    assert calls(server) == [("GET", f"/{PAGE}", {}), ("POST", edge, {}), ("DELETE", edge, {})]
    fields = server.state.requests[1]["query"]["subscribed_fields"].split(",")
    assert {"feed", "mention", "ratings"} <= set(fields)


def test_dead_token_is_expired(server: Server) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(base.Credentials(account=PAGE, token="dead"))


NEEDED = (
    *("object", "entry.id", "entry.changes.field"),
    *(
        f"entry.changes.value.{name}"
        for name in ("item", "verb", "comment_id", "post_id", "parent_id", "open_graph_story_id")
    ),
    *("entry.changes.value.from.id", "entry.changes.value.sender_id", "entry.changes.value.reviewer_id"),
)


# F25
@pytest.mark.parametrize("name", FIXTURES)
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [FIXTURES[name]], NEEDED) == []


# F25
@pytest.mark.parametrize("fixture", ["comment_created", "comment_answering_a_comment"])
@pytest.mark.parametrize("post", [None, True, {"$ne": 1}, ["1"], ""])
def test_comment_is_kept_in_its_thread_if_its_post_cannot_be_read(fixture: str, post: Any) -> None:
    payload = copy.deepcopy(FIXTURES[fixture])
    payload["entry"][0]["changes"][0]["value"] |= {"post_id": post, "post": {}}
    [inbound] = NETWORK.parse(payload)
    [expected] = EXPECTED[fixture]
    assert isinstance(expected, Message) and inbound.event == replace(expected, origin=None)


# F27
def test_page_that_does_not_exist_or_cannot_be_seen_is_refused_for_good(server: Server) -> None:
    misbehave(server, "gone")
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(CREDENTIALS)
    assert raised.value.code == "100/33"
