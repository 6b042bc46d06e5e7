"""The events of both shapes of X's posts, which posts are signed by X, and the signed hand-shake."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import AccountEvent, Attachment, Message, Receipt, Secrets, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.x import NETWORK, double
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
US, ANA, RUI = "1100000000000000001", "2200000000000000002", "2200000000000000003"
M, ROOT, AT = "2000000000000000001", "2000000000000000100", 1790000000000
UNCOUNTED = base.Person(id=ANA, name="Ana Prata", username="anap", avatar="https://pbs.twimg.com/anap.jpg")
PERSON, FOLLOWED = (replace(UNCOUNTED, followers=count) for count in (1, 2))
OTHER = base.Person(id=RUI, name="Rui", username="rui", avatar="https://pbs.twimg.com/rui.jpg", followers=1)
SECRET_PICTURE = "https://ton.twitter.com/1.1/ton/data/dm/3/1/a.jpg"
Shape = tuple[type[base.Event], dict[str, Any]]


def heard(text: str, surface: base.Surface = "dm", thread: str = ANA, **fields: Any) -> Shape:
    return Message, {"text": text, "surface": surface, "thread": thread, "direction": "in", "person": PERSON, **fields}


def ours(text: str, surface: base.Surface, thread: str, **fields: Any) -> Shape:
    return Message, {"text": text, "surface": surface, "thread": thread, "direction": "out", **fields}


def ignored(reason: str) -> Shape:
    return Unhandled, {"reason": reason}


REPLY = heard("How much?", "comment", ROOT, id="2000000000000000002", reply_to=ROOT, at=AT)
READ: Shape = (Receipt, {"thread": ANA, "id": "3000000000000000004", "status": "read", "and_older": True, "at": AT + 7})
REVOKED: Shape = (AccountEvent, {"name": "token.revoked", "health": "expired", "at": AT})
ENCRYPTED: dict[str, Any] = {"kind": "unsupported", "context": {"content": "encrypted"}, "at": AT + 8}
PICTURE = Attachment(kind="image", url="https://pbs.twimg.com/media/1.jpg", title="A cup")
VIDEO = Attachment(kind="video", url="https://video.twimg.com/high.mp4", details={"duration_ms": "9000"})
GIF = Attachment(kind="video", url="https://video.twimg.com/g.mp4")
LONG = "2000000000000000003"

EXPECTED: dict[str, list[Shape]] = {
    "mention": [heard("Tea & cake @cafe <3", "mention", M, at=AT, exact=True)],
    "reply_told_as_a_mention": [REPLY],
    "reply_told_as_a_reply": [REPLY],
    "long_mention_with_picture_and_video": [
        heard("The whole long text @cafe", "mention", LONG, attachments=(PICTURE, VIDEO))
    ],
    "quote_of_ours": [heard("Look at this", "mention", "2000000000000000004", context={"quoted": ROOT})],
    "own_post": [ours("New roast", "comment", ROOT, kind="post", person=None, origin=None)],
    "own_answer_to_a_mention": [ours("Thanks!", "mention", M, reply_to=M, kind="")],
    "own_answer_to_a_reply": [ours("Ten euros", "comment", ROOT, reply_to="2000000000000000002")],
    "own_post_deleted": [(base.Delete, {"ids": (ROOT,), "surface": "comment", "at": AT + 9000})],
    "repost": [ignored("engagement")],
    "like": [ignored("engagement")],
    "profile_changed": [ignored("silent")],
    "unknown_kind": [ignored("unknown_type")],
    "direct_message": [heard("Are you open?", at=AT + 5, context={"app": "13"})],
    "two_direct_messages": [
        heard("One"), (Message, {"text": "Two", "thread": RUI, "person": OTHER}),
    ],
    "direct_message_of_ours": [ours("From ten", "dm", ANA, person=PERSON)],
    "direct_message_with_picture": [
        heard("Look", attachments=(Attachment(kind="image", media=SECRET_PICTURE, expires=True),))
    ],
    "direct_messages_read": [READ],
    "encrypted_message": [(Message, {"thread": ANA, "direction": "in", "person": base.Person(id=ANA), **ENCRYPTED})],
    "encrypted_message_of_ours": [ours("", "dm", ANA, **ENCRYPTED)],
    "consent_withdrawn": [REVOKED],
    "older_direct_messages": [
        heard("Old road", person=FOLLOWED),
        heard("Still old", context={"app": "13", "payload": "size=m"}, person=FOLLOWED),
    ],
    "older_posts": [
        heard("@cafe the whole text", "comment", ROOT, reply_to=ROOT, at=AT, attachments=(GIF,), person=UNCOUNTED),
        heard("@cafe hi", "mention", "2000000000000000022", at=AT, person=UNCOUNTED),
        ignored("engagement"), ignored("malformed"),
    ],
    "older_notices": [
        ignored("engagement"), ignored("typing"), (base.Delete, {"ids": (ROOT,), "at": AT + 9}), READ,
        ignored("own_reading"), ignored("unknown_type"),
    ],
    "older_consent_withdrawn": [REVOKED],
}  # fmt: skip


def check(inbounds: list[base.Inbound], wanted: list[Shape]) -> None:
    assert [type(inbound.event) for inbound in inbounds] == [kind for kind, _ in wanted]
    for inbound, (_, fields) in zip(inbounds, wanted, strict=True):
        assert {name: getattr(inbound.event, name) for name in fields} == fields


def test_every_fixture_has_its_events() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_events(name: str) -> None:
    inbounds = list(NETWORK.parse(FIXTURES[name]))
    check(inbounds, EXPECTED[name])
    assert {inbound.account for inbound in inbounds} == {US}


def test_what_is_kept_of_a_message_names_its_two_people_alone() -> None:
    first, _ = NETWORK.parse(FIXTURES["two_direct_messages"])
    assert first.raw["data"]["payload"]["users"].keys() == {US, ANA}
    assert first.raw["data"]["payload"]["users"][ANA].keys() == {
        "id", "name", "username", "profile_image_url", "followers_count",
    }  # fmt: skip


NEEDED = (
    *("data.event_type", "data.filter.user_id", "data.payload.id", "data.payload.author_id"),
    *("data.payload.conversation_id", "data.payload.in_reply_to_user_id", "data.payload.referenced_tweets.type"),
    *("data.payload.referenced_tweets.id", "data.includes.tweets.id", "data.includes.tweets.author_id"),
    *("data.payload.sender_id", "for_user_id", "tweet_create_events.id_str", "tweet_create_events.user.id_str"),
    *("tweet_create_events.in_reply_to_user_id_str", "tweet_create_events.in_reply_to_status_id_str"),
    *("data.payload.direct_message_mark_read_events.sender_id", "direct_message_mark_read_events.sender_id"),
    *("data.payload.direct_message_mark_read_events.last_read_event_id", "data.payload.direct_message_events.id"),
    *("direct_message_mark_read_events.last_read_event_id", "direct_message_events.id"),
    *(
        f"{above}direct_message_events.message_create.{name}"
        for above in ("data.payload.", "")
        for name in ("sender_id", "target.recipient_id")
    ),
)


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    said = {name: body for name, body in FIXTURES.items() if "encrypted" not in name}
    assert lost(NETWORK, said.values(), NEEDED) == []


def test_newer_signature_decides_alone_if_it_is_there() -> None:
    raw = wire(double.EVENTS["dm"]())
    [right] = double.sign(raw, "client").values()
    [old] = double.sign(raw, "consumer").values()
    newer, older = "x-twitter-webhooks-signature-oauth2", "x-twitter-webhooks-signature"
    secrets = Secrets(signing=("client", "consumer"))
    assert NETWORK.verify(raw, {newer: right}, secrets)
    assert NETWORK.verify(raw, {older: old}, secrets)
    assert not NETWORK.verify(raw, {newer: "sha256=wrong", older: old}, secrets)
    assert not NETWORK.verify(raw, {newer: "", older: old}, secrets)
    assert not NETWORK.verify(raw, {newer: right.removeprefix("sha256=")}, secrets)
    hexadecimal = "sha256=" + base64.b64decode(right.removeprefix("sha256=")).hex()
    assert not NETWORK.verify(raw, {newer: hexadecimal}, secrets)


def test_hand_shake_signs_a_challenge_with_the_newest_secret() -> None:
    answer = NETWORK.handshake({"crc_token": "MWU5ZjJi+/=_-"}, Secrets(signing=("client", "before")))
    assert answer is not None
    [signed] = double.sign(b"MWU5ZjJi+/=_-", "client").values()
    assert json.loads(answer) == {"response_token": signed}
    assert NETWORK.handshake_type == "application/json"


@pytest.mark.parametrize(
    "challenge", ['{"for_user_id":"1"}', " {}", "[]", '"a"', "", "a" * 257, "a\n", "é", "{", "a b"], ids=range(10)
)
def test_hand_shake_signs_nothing_that_could_be_posted(challenge: str) -> None:
    with pytest.raises(base.Unreadable):
        NETWORK.handshake({"crc_token": challenge}, Secrets(signing=("client",)))


def test_hand_shake_without_a_secret_is_refused() -> None:
    for secrets in (Secrets(), Secrets(signing=("",)), Secrets(verify=("word",))):
        assert NETWORK.handshake({"crc_token": "abc"}, secrets) is None
    with pytest.raises(base.Unreadable):
        NETWORK.handshake({}, Secrets(signing=("client",)))


def test_account_is_named_early_in_the_body() -> None:
    assert NETWORK.about(wire(double.EVENTS["dm"](account="11"))) == "11"
    assert NETWORK.about(wire(double.EVENTS["dm_older"](account="11"))) == "11"
