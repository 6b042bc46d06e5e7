"""Instagram: what its webhook gives, and what is asked of it under both logins, against its double."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.instagram import NETWORK, double
from local.double import Server
from tests.networks import damage

HERE = Path(__file__).parent
SAMPLES = HERE.parents[2].parent / "shared" / "payloads" / "instagram"
ACCOUNT, PAGE, PERSON, AT = "17841400000000001", "104100000000001", "8190000000000001", 1784990000123
MEDIA, COMMENT, MARIA = "17920000000000001", "17950000000000001", "1306862164000001"
OWN = base.Credentials(account=ACCOUNT, token="IGAAtoken", details={"product": "instagram_login"})
LINKED = base.Credentials(
    account=ACCOUNT, token="EAAGtoken", secret="app-secret", details={"product": "facebook_login", "page": PAGE}
)
SAY = base.Say(thread=PERSON, to=PERSON, text="Hello", correlation="msg_1")


def fixture(name: str) -> Any:
    return json.loads((HERE / "fixtures" / f"{name}.in.json").read_text())


FIXTURES = sorted(path.name.removesuffix(".in.json") for path in (HERE / "fixtures").glob("*.in.json"))


def look(number: int) -> str:
    return f"https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id={number}&signature=x"


def said(id: str, **fields: Any) -> base.Message:
    return base.Message(thread=PERSON, id=id, at=AT, person=base.Person(id=PERSON), **fields)


def sent(id: str, **fields: Any) -> base.Message:
    return replace(said(id), direction="out", **fields)


COMMENTED = base.Message(
    thread=COMMENT,
    id=COMMENT,
    at=1784990000000,
    surface="comment",
    person=base.Person(id=MARIA, username="maria"),
    text="How much? 😍",
    origin=base.Origin(id=MEDIA, kind="feed"),
    exact=False,
)
ANSWERED = replace(COMMENTED, direction="out", person=None, text="Thanks!", reply_to=COMMENT)
MENTIONED = base.Message(
    thread="17920000000000008",
    id="17920000000000008",
    at=1784990000000,
    surface="mention",
    origin=base.Origin(id="17920000000000008"),
    exact=False,
    context={"media": "17920000000000008"},
)


def shared(id: str, url: str, media: str, title: str = "") -> base.Message:
    link = base.Attachment(kind="link", url=url, media=media, title=title, expires=True)
    return said(id, kind="share", attachments=(link,))


def files(*kinds: base.AttachmentKind, first: int = 1) -> tuple[base.Attachment, ...]:
    return tuple(base.Attachment(kind=kind, url=look(n), expires=True) for n, kind in enumerate(kinds, first))


def thread_event(name: str, **context: Any) -> base.ThreadEvent:
    return base.ThreadEvent(thread=PERSON, name=name, at=AT, person=base.Person(id=PERSON), context=context)


def reacted(emoji: str) -> base.Reaction:
    return base.Reaction(thread=PERSON, id="ig11", at=AT, by=base.Person(id=PERSON), emoji=emoji)


EXPECTED: Mapping[str, list[base.Event]] = {
    "batch_of_comments_and_messages": [
        COMMENTED,
        base.Unhandled(reason="malformed"),
        MENTIONED,
        said("ig20", text="other account"),
    ],
    "comment_created": [COMMENTED],
    "comment_created_flat": [COMMENTED],
    "comment_on_an_ad": [
        replace(
            COMMENTED,
            origin=base.Origin(id="17920000000000009", kind="ad"),
            context={"ad_id": "120", "ad_title": "Spring"},
        )
    ],
    "comment_own": [replace(ANSWERED, id="17950000000000004")],
    "comment_own_by_scoped_id": [replace(ANSWERED, thread="17950000000000005", id="17950000000000005", reply_to="")],
    "comment_reply": [replace(COMMENTED, id="17950000000000003", reply_to=COMMENT)],
    "comment_with_the_other_id_name": [replace(COMMENTED, thread="17950000000000002", id="17950000000000002")],
    "comment_without_text": [replace(COMMENTED, text="", kind="unsupported")],
    "echo": [sent("ig11", text="Hi!")],
    "echo_taken_back": [base.Delete(thread=PERSON, ids=("ig11",), at=AT)],
    "edit": [base.Edit(thread=PERSON, id="ig1", at=AT, text="Hello!")],
    "live_comment": [
        replace(COMMENTED, origin=base.Origin(id="17920000000000007", kind="live"), context={"live": True})
    ],
    "mention_in_caption": [MENTIONED],
    "mention_in_comment": [replace(MENTIONED, thread="17950000000000006", id="17950000000000006")],
    "message_audio_and_file": [said("ig2b", attachments=files("audio", "file"))],
    "message_quick_reply": [said("ig4", text="Order", context={"payload": "ORDER"})],
    "message_quoting": [said("ig3", text="Yes", reply_to="ig1")],
    "message_taken_back": [base.Delete(thread=PERSON, ids=("ig1",), at=AT)],
    "message_text": [said("ig1", text="Hello")],
    "message_to_oneself": [sent("ig12", text="note", thread=ACCOUNT, person=base.Person(id=ACCOUNT))],
    "message_unsupported": [said("ig10", kind="unsupported")],
    "message_with_image_and_video": [said("ig2", attachments=files("image", "video"))],
    "postback": [said("ig13", text="Where is my order?", kind="postback", context={"payload": "ORDER_STATUS"})],
    "reaction": [reacted("❤️")],
    "reaction_by_name_only": [reacted("❤️")],
    "reaction_taken_back": [reacted("")],
    "read": [base.Receipt(thread=PERSON, status="read", at=AT, id="ig11", and_older=True)],
    "referral": [thread_event("referral", ref="summer", source="IGME-SOURCE-LINK", type="OPEN_THREAD")],
    "shared_post": [shared("ig7", look(5), "18091", "A post")],
    "shared_reel": [shared("ig8", look(6), "18092", "A reel")],
    "shared_story": [shared("ig9", look(7), "18093")],
    "story_insights": [base.Unhandled(reason="unknown_event")],
    "story_mention": [said("ig6", kind="story_mention", attachments=files("image", first=4))],
    "story_reply": [said("ig5", text="Wow", kind="story_reply", context={"story": {"id": "178", "url": look(3)}})],
    "test_from_the_dashboard": [
        base.Message(
            thread="12334", id="random_mid", at=1527459824000, person=base.Person(id="12334"), text="random_text"
        )
    ],
    "thread_passed": [thread_event("handover", action="pass", new_owner_app_id="123", metadata="agent")],
}


@pytest.mark.parametrize("name", FIXTURES)
def test_each_recorded_body_gives_its_events(name: str) -> None:
    assert [inbound.event for inbound in NETWORK.parse(fixture(name))] == EXPECTED[name]


def test_every_account_of_a_body_is_told() -> None:
    inbounds = list(NETWORK.parse(fixture("batch_of_comments_and_messages")))
    assert [inbound.account for inbound in inbounds] == [ACCOUNT, ACCOUNT, ACCOUNT, "17841400000000002"]


def test_a_body_about_something_else_is_malformed() -> None:
    body = {**fixture("message_text"), "object": "page"}
    assert [inbound.event for inbound in NETWORK.parse(body)] == [base.Unhandled(reason="malformed")]


# What the public samples give: the event's class, then some of its fields.
SAMPLED: Mapping[str, tuple[type[base.Event], Mapping[str, Any]]] = {
    "chatwoot-ig-post-event": (base.Message, {"kind": "share", "direction": "in"}),
    "chatwoot-message-attachment-event": (base.Message, {"kind": "share"}),
    "chatwoot-message-create-event": (base.Message, {"text": "This is the first message from the customer"}),
    "chatwoot-message-reply-event": (base.Message, {"reply_to": "message-id-1"}),
    "chatwoot-message-unsupported-event": (base.Message, {"kind": "unsupported", "thread": "8193492834562147"}),
    "chatwoot-messaging-seen-event": (base.Receipt, {"status": "read", "id": "message-id-1"}),
    "chatwoot-story-mention-event": (base.Message, {"kind": "story_mention"}),
    "chatwoot-test-event": (base.Message, {"at": 1527459824000}),
    "doc-comment-changes": (base.Message, {"surface": "comment", "direction": "in", "text": "¿Precio? 😍"}),
    "doc-comment-own-self-scoped": (base.Message, {"direction": "out", "thread": "17950148842640099"}),
    "doc-mention-in-caption": (base.Message, {"surface": "mention", "id": "17920238422030998"}),
    "doc-message-edit": (base.Edit, {"text": "edited by user"}),
    "doc-postback-icebreaker": (base.Message, {"text": "Where is my order?", "kind": "postback"}),
    "doc-quick-reply": (base.Message, {"text": "Order", "context": {"payload": "ORDER"}}),
    "doc-reaction": (base.Reaction, {"emoji": "❤️", "id": "aWdfZAG1faXRlbTox"}),
    "doc-referral-igme": (base.ThreadEvent, {"name": "referral"}),
    "doc-two-attachments": (base.Message, {"text": ""}),
}
SAMPLED_KINDS = {
    "chatwoot-ig-post-event": ["link"],
    "chatwoot-message-attachment-event": ["link"],
    "chatwoot-story-mention-event": ["image"],
    "doc-two-attachments": ["image", "video"],
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no public samples here")
def test_every_public_sample_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(SAMPLED)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no public samples here")
@pytest.mark.parametrize("name", SAMPLED)
def test_each_public_sample_gives_what_it_should(name: str) -> None:
    [inbound] = NETWORK.parse(json.loads((SAMPLES / f"{name}.json").read_text()))
    kind, fields = SAMPLED[name]
    assert type(inbound.event) is kind
    assert {field: getattr(inbound.event, field) for field in fields} == fields
    attachments = inbound.event.attachments if isinstance(inbound.event, base.Message) else ()
    assert [file.kind for file in attachments] == SAMPLED_KINDS.get(name, [])


# Whatever comes


def test_ids_beyond_doubles_are_kept_exactly() -> None:
    body = fixture("message_text")
    body["entry"][0]["messaging"][0]["sender"]["id"] = 9007199254740993
    event = next(NETWORK.parse(body)).event
    assert isinstance(event, base.Message)
    assert event.thread == "9007199254740993"


# What goes out


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """The double remembers which comments it answered or deleted."""
    double._answered.clear()
    double._deleted.clear()


def behave(server: Server, failure: str) -> None:
    server.state.behaviours.append({"network": "instagram", "do": failure, "times": 1})


TO = {"recipient": {"id": PERSON}}
IMAGES = tuple(base.Media(kind="image", url=f"https://media.example/{n}.jpg") for n in range(2))
ON_COMMENT = base.Say(thread=COMMENT, surface="comment", reply_to=COMMENT, text="Thanks!", origin=MEDIA)
ON_MENTION = base.Say(thread=MEDIA, surface="mention", text="Thanks!", origin=MEDIA)


def attached(url: str, kind: str = "image") -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url}}


@pytest.mark.parametrize(
    ("say", "path", "body"),
    [
        (SAY, "{node}/messages", {**TO, "message": {"text": "Hello"}}),
        (
            base.Say(thread=PERSON, text="Yes", reply_to="ig1"),
            "{node}/messages",
            {**TO, "message": {"text": "Yes"}, "reply_to": {"mid": "ig1"}},
        ),
        (
            base.Say(thread=PERSON, text="Yes", context={"tag": "HUMAN_AGENT"}),
            "{node}/messages",
            {**TO, "message": {"text": "Yes"}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES[:1]),
            "{node}/messages",
            {**TO, "message": {"attachment": attached(IMAGES[0].url)}},
        ),
        (
            base.Say(thread=PERSON, attachments=IMAGES),
            "{node}/messages",
            {**TO, "message": {"attachments": [attached(image.url) for image in IMAGES]}},
        ),
        (ON_COMMENT, f"{COMMENT}/replies", {"message": "Thanks!"}),
        (replace(ON_COMMENT, reply_to=""), f"{MEDIA}/comments", {"message": "Thanks!"}),
        (ON_MENTION, f"{ACCOUNT}/mentions", {"media_id": MEDIA, "message": "Thanks!"}),
        (
            replace(ON_MENTION, thread=COMMENT),
            f"{ACCOUNT}/mentions",
            {"media_id": MEDIA, "comment_id": COMMENT, "message": "Thanks!"},
        ),
    ],
)
@pytest.mark.parametrize(
    ("credentials", "host", "node"),
    [(OWN, "graph.instagram.com", ACCOUNT), (LINKED, "graph.facebook.com", PAGE)],
)
def test_each_kind_of_say_is_one_exact_call(
    server: Server, credentials: base.Credentials, host: str, node: str, say: base.Say, path: str, body: object
) -> None:
    made = NETWORK.send(credentials, say)
    [call] = server.state.requests
    assert (call["method"], call["host"], call["path"]) == ("POST", host, f"/v25.0/{path.format(node=node)}")
    assert call["json"] == body
    assert made.id == call["answer"].get("message_id", call["answer"].get("id"))


def test_calls_prove_that_they_know_the_app_secret(server: Server) -> None:
    NETWORK.send(LINKED, SAY)
    proof = hmac.new(b"app-secret", b"EAAGtoken", hashlib.sha256).hexdigest()
    [call] = server.state.requests
    assert (call["query"], call["headers"]["authorization"]) == ({"appsecret_proof": proof}, "Bearer EAAGtoken")


def test_a_comment_is_answered_privately_only_once(server: Server) -> None:
    comment = str(17950000000000000 + number())
    private = base.Say(thread=comment, surface="comment", private=True, reply_to=comment, text="Here is the price")
    NETWORK.send(OWN, private)
    [call] = server.state.requests
    assert call["json"] == {"recipient": {"comment_id": comment}, "message": {"text": "Here is the price"}}
    with pytest.raises(base.Rejected) as raised:
        NETWORK.send(OWN, private)
    assert raised.value.code == "10900"


def test_files_go_in_messages_only(server: Server) -> None:
    for say in (ON_COMMENT, ON_MENTION, replace(SAY, private=True, reply_to=COMMENT)):
        with pytest.raises(base.Rejected):
            NETWORK.send(OWN, replace(say, attachments=IMAGES))
    with pytest.raises(base.Rejected):
        NETWORK.send(OWN, base.Say(thread="1", surface="review", text="Hi"))
    assert server.state.requests == []


def test_text_and_files_are_said_in_parts() -> None:
    parts = NETWORK.parts(base.Say(thread=PERSON, text="Look", attachments=IMAGES, reply_to="ig1"))
    assert [(part.text, len(part.attachments), part.reply_to) for part in parts] == [("Look", 0, "ig1"), ("", 2, "")]
    assert NETWORK.parts(ON_COMMENT) == [ON_COMMENT]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        (base.Act(verb="typing", thread=PERSON), {**TO, "sender_action": "typing_on"}),
        (base.Act(verb="read", thread=PERSON, id="ig1"), {**TO, "sender_action": "mark_seen"}),
        (
            base.Act(verb="react", thread=PERSON, id="ig1", emoji="❤️"),
            {**TO, "sender_action": "react", "payload": {"message_id": "ig1", "reaction": "love"}},
        ),
        (
            base.Act(verb="unreact", thread=PERSON, id="ig1"),
            {**TO, "sender_action": "unreact", "payload": {"message_id": "ig1"}},
        ),
    ],
)
def test_each_act_on_a_message_is_one_exact_call(server: Server, act: base.Act, body: object) -> None:
    NETWORK.act(OWN, act)
    [call] = server.state.requests
    assert (call["path"], call["json"], call["status"]) == (f"/v25.0/{ACCOUNT}/messages", body, 200)


@pytest.mark.parametrize(
    ("verb", "method", "query"),
    [("hide", "POST", {"hide": "true"}), ("unhide", "POST", {"hide": "false"}), ("delete", "DELETE", {})],
)
def test_each_act_on_a_comment_is_one_exact_call(
    server: Server, verb: base.Verb, method: str, query: Mapping[str, str]
) -> None:
    comment = str(17950000000000000 + number())
    NETWORK.act(OWN, base.Act(verb=verb, thread=comment, id=comment, surface="comment"))
    [call] = server.state.requests
    assert (call["method"], call["path"], call["query"]) == (method, f"/v25.0/{comment}", query)
    assert call["status"] == 200


def test_deleting_a_comment_twice_finds_it_gone(server: Server) -> None:
    comment = str(17950000000000000 + number())
    act = base.Act(verb="delete", thread=comment, id=comment, surface="comment")
    NETWORK.act(OWN, act)
    with pytest.raises(base.Gone):
        NETWORK.act(OWN, act)


@pytest.mark.parametrize("verb", ["like", "react", "typing"])
def test_what_comments_cannot_have_is_rejected_without_a_call(server: Server, verb: base.Verb) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(OWN, base.Act(verb=verb, thread=COMMENT, id=COMMENT, surface="comment"))
    assert server.state.requests == []


OUTCOMES: Mapping[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "190/463"),
    "throttled": (base.Throttled, "80002"),
    "messages_throttled": (base.Throttled, "613/2534040"),
    "quota": (base.Throttled, "9/2207042"),
    "window_closed": (base.WindowClosed, "10/2534022"),
    "gone": (base.Gone, "100/2534014"),
    "no_such_person": (base.Gone, "9010"),
    "unavailable_person": (base.Gone, "551/1545041"),
    "no_such_comment": (base.Gone, "100/33"),
    "media_gone": (base.Gone, "24/2207006"),
    "rejected": (base.Rejected, "100"),
    "messages_disabled": (base.Rejected, "200/2534041"),
    "no_consent": (base.Rejected, "230"),
    "account_restricted": (base.Rejected, "25/2207050"),
    "no_permission": (base.Rejected, "10"),
    "not_sent": (base.Unreachable, "1200"),
    "unavailable_to_us": (base.Gone, "200/1545041"),  # F17
    "made_anyway": (base.Unknown, "20/1772107"),  # kind 10
    "sent_anyway": (base.Unknown, "1/1357046"),
    "unavailable": (base.Unknown, "2"),
    "bad_gateway": (base.Unknown, "502"),
    "no_id": (base.Unknown, "no_id"),
}


def test_every_failure_of_the_double_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(double.FAILURES)


@pytest.mark.parametrize(
    ("failure", "say"),
    [
        (failure, say)
        for failure in OUTCOMES
        for say in (SAY, ON_COMMENT, ON_MENTION)
        if (failure, say) != ("made_anyway", SAY)  # only comments are made like that
    ],
)
def test_each_failure_is_one_outcome(server: Server, failure: str, say: base.Say) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(OWN, say)
    assert (type(raised.value), raised.value.code) == OUTCOMES[failure]
    assert raised.value.text


@pytest.mark.parametrize(("failure", "seconds"), [("throttled", 720), ("messages_throttled", 300), ("gone", 0)])
def test_throttling_tells_how_long_to_wait(server: Server, failure: str, seconds: float) -> None:
    behave(server, failure)
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(OWN, SAY)
    assert raised.value.after == seconds


# Connecting


def test_check_gives_both_ids_under_instagram_login(server: Server) -> None:
    details = {"product": "instagram_login"}
    found = base.Connected(account=double.ACCOUNT, name="bella", also=(double.SCOPED,), details=details)
    assert NETWORK.check(replace(OWN, account="")) == found
    [call] = server.state.requests
    assert (call["host"], call["path"]) == ("graph.instagram.com", "/v25.0/me")
    behave(server, "expired")
    with pytest.raises(base.Expired):
        NETWORK.check(OWN)


def test_check_of_a_named_account_needs_a_token_that_reads_it(server: Server) -> None:
    found = NETWORK.check(replace(LINKED, account="17841400000000042"))
    assert (found.account, found.details["page"]) == ("17841400000000042", PAGE)
    behave(server, "gone")
    with pytest.raises(base.Rejected):  # F27
        NETWORK.check(LINKED)


@pytest.mark.parametrize(("given", "path"), [({"page": PAGE}, PAGE), ({}, "me")])
def test_check_gives_the_linked_account_under_facebook_login(
    server: Server, given: Mapping[str, str], path: str
) -> None:
    details = {"product": "facebook_login", "page": PAGE}
    found = base.Connected(account=double.ACCOUNT, name="bella", details=details)
    assert NETWORK.check(replace(LINKED, account="", details=given)) == found
    [call] = server.state.requests
    assert (call["host"], call["path"]) == ("graph.facebook.com", f"/v25.0/{path}")


@pytest.mark.parametrize(("credentials", "node"), [(OWN, ACCOUNT), (LINKED, PAGE)])
def test_subscribing_turns_the_webhook_on_and_off(server: Server, credentials: base.Credentials, node: str) -> None:
    NETWORK.subscribe(credentials, "https://palabre.example/hooks/instagram", "")
    NETWORK.unsubscribe(credentials)
    on, off = server.state.requests
    assert (on["method"], off["method"]) == ("POST", "DELETE")
    assert on["path"] == off["path"] == f"/v25.0/{node}/subscribed_apps"
    assert "messages" in on["query"]["subscribed_fields"].split(",")
    assert (on["status"], off["status"]) == (200, 200)


@pytest.mark.parametrize("failure", ["gone", "no_such_person", "no_consent"])
def test_a_profile_that_cannot_be_asked_for_is_gone(server: Server, failure: str) -> None:
    assert NETWORK.profile is not None
    picture = "https://scontent.cdninstagram.com/p.jpg"
    found = base.Person(id=PERSON, name="Ana Silva", username="ana.silva", avatar=picture)
    assert NETWORK.profile(OWN, PERSON) == found
    behave(server, failure)
    with pytest.raises(base.Gone):
        NETWORK.profile(OWN, PERSON)


def bare(id: str, media: str) -> base.Message:
    """A mention as it is kept: its ids, and the publication in its context."""
    return base.Message(thread="cnv_1", id=id, at=1784990000000, surface="mention", context={"media": media})


SAID_AT = 1769850000000


@pytest.mark.parametrize("credentials", [OWN, LINKED])
def test_a_mention_in_a_comment_is_completed(server: Server, credentials: base.Credentials) -> None:
    assert NETWORK.complete is not None
    found = NETWORK.complete(credentials, bare(COMMENT, MEDIA))
    assert (found.text, found.at, found.exact) == ("Ask @bella", SAID_AT, True)
    assert (found.person, found.attachments) == (base.Person(id="ana.silva", username="ana.silva"), ())


@pytest.mark.parametrize("credentials", [OWN, LINKED])
def test_a_mention_in_a_caption_is_completed(server: Server, credentials: base.Credentials) -> None:
    assert NETWORK.complete is not None
    found = NETWORK.complete(credentials, bare(MEDIA, MEDIA))
    assert (found.text, found.at) == ("Lunch at @bella", SAID_AT)
    assert found.origin == base.Origin(id=MEDIA, url=f"https://www.instagram.com/p/{MEDIA}/")
    [image] = found.attachments
    assert (image.kind, image.url, image.expires) == ("image", "https://scontent.cdninstagram.com/1.jpg", True)


def test_whole_messages_are_left_as_they_are(server: Server) -> None:
    assert NETWORK.complete is not None
    for message in (COMMENTED, replace(MENTIONED, text="known")):
        assert NETWORK.complete(OWN, message) == message
    assert server.state.requests == []


# The double itself


@pytest.mark.parametrize("name", double.EVENTS)
def test_each_event_of_the_double_is_handled(name: str) -> None:
    needed: Mapping[str, dict[str, Any]] = {
        "event": {"message": {"mid": "m", "text": "x"}},
        "change": {"field": "mentions", "value": {"media_id": "1"}},
    }
    [inbound] = NETWORK.parse(double.EVENTS[name](**needed.get(name, {})))
    assert inbound.account == double.ACCOUNT
    assert not isinstance(inbound.event, base.Unhandled)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**TO},
        {"recipient": {"id": PERSON, "comment_id": COMMENT}, "message": {"text": "a"}},
        {"recipient": {"id": "not an id"}, "message": {"text": "a"}},
        {**TO, "message": {"text": "é" * 501}},
        {**TO, "message": {"text": ""}},
        {**TO, "message": {"text": "a", "metadata": "b"}},
        {**TO, "message": {"attachments": [attached("https://a", "video"), attached("https://b", "video")]}},
        {**TO, "message": {"attachments": [attached("https://a")] * 11}},
        {**TO, "message": {"attachment": attached("http://a")}},
        {**TO, "message": {"text": "a"}, "tag": "ACCOUNT_UPDATE", "messaging_type": "MESSAGE_TAG"},
        {**TO, "message": {"text": "a"}, "sender_action": "typing_on"},
        {**TO, "sender_action": "react", "payload": {"message_id": "m", "reaction": "🎉"}},
        {"recipient": {"comment_id": COMMENT}, "message": {"attachment": attached("https://a")}},
    ],
)
def test_the_double_refuses_what_the_network_refuses(server: Server, body: Mapping[str, Any]) -> None:
    url = f"{server.url}/instagram/graph.instagram.com/v25.0/{ACCOUNT}/messages"
    answer = urllib3.request("POST", url, json=body, headers={"Authorization": "Bearer IGAAtoken"})
    assert (answer.status, answer.json()["error"]["code"]) == (400, 100)


def test_the_double_refuses_strangers_and_other_paths(server: Server) -> None:
    headers = {"Authorization": "Bearer IGAAtoken"}
    root = f"{server.url}/instagram/graph.instagram.com"
    assert urllib3.request("GET", f"{root}/v25.0/me").status == 401
    assert urllib3.request("GET", f"{root}/v19.0/me", headers=headers).status == 400
    assert urllib3.request("PUT", f"{root}/v25.0/me", headers=headers).status == 400


NEEDED = (
    *("object", "entry.id", "entry.field", "entry.changes.field", "entry.messaging.message.is_echo"),
    *("entry.messaging.sender.id", "entry.messaging.recipient.id", "entry.messaging.message.mid"),
    *("entry.messaging.postback.mid", "entry.messaging.read.mid"),
    *("entry.changes.value.sender.id", "entry.changes.value.message.mid"),
    *(
        f"entry.{value}.{name}"
        for value in ("value", "changes.value")
        for name in ("id", "comment_id", "parent_id", "media_id", "from.id", "from.self_ig_scoped_id")
    ),
)


# F25
@pytest.mark.parametrize("name", FIXTURES)
def test_nothing_optional_loses_a_message(name: str) -> None:
    assert damage.lost(NETWORK, [fixture(name)], NEEDED) == []
