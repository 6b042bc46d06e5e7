"""The exact calls for each answer and act that we send."""

import hashlib
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.facebook import NETWORK, double
from chalicelib.networks.facebook.tests_expected import ANSWER, PAGE, STORY, TOP, VISITED
from local.double import Server

CREDENTIALS = base.Credentials(account=PAGE, token="EAAGtest", secret="app-secret")


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
    "app_removed": (base.Revoked, "190/458"),
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


def test_photo_goes_by_its_bytes(server: Server) -> None:
    photo = base.Loaded(kind="image", url="", mime="image/png", name="menu.png", content=b"a picture")
    NETWORK.send(CREDENTIALS, Say(thread=TOP, surface="comment", text="Look", attachments=(photo,)))
    [(_, _, body)] = calls(server)
    digest = hashlib.sha256(b"a picture").hexdigest()
    assert body == {"message": "Look", "source": {"name": "menu.png", "type": "image/png", "sha256": digest}}


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


# F27
def test_page_that_does_not_exist_or_cannot_be_seen_is_refused_for_good(server: Server) -> None:
    misbehave(server, "gone")
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(CREDENTIALS)
    assert raised.value.code == "100/33"


def test_post_that_is_an_advertisement_says_so(server: Server) -> None:
    assert NETWORK.publication is not None
    double.posted(double.comment_on_ad(post="601"))
    post = NETWORK.publication(CREDENTIALS, base.Origin(id=f"{PAGE}_601"))
    assert post.ad == base.Ad(creative=f"{PAGE}_601")


def test_a_post_is_asked_for_by_its_id(server: Server) -> None:
    assert NETWORK.publication is not None
    post = NETWORK.publication(CREDENTIALS, base.Origin(id=VISITED))
    assert post.ad is None
    assert (post.text, post.author, post.at) == ("Fresh pasta, every day", "Bella Pasta", 1769850000000)
    assert post.picture.endswith(".jpg")
    [(method, path, _)] = calls(server)
    assert (method, path) == ("GET", f"/{VISITED}")
    with pytest.raises(base.Rejected):
        NETWORK.publication(CREDENTIALS, base.Origin(id="../me"))


def test_use_of_the_page_and_of_the_app_is_told_in_percent(server: Server) -> None:
    assert NETWORK.quotas
    used = {quota.name: quota.used for quota in NETWORK.quotas(CREDENTIALS)}
    assert (used["pages_calls_percent"], used["app_calls_percent"]) == (12, 3)
    assert [call["query"]["fields"] for call in server.state.requests] == ["id"]
