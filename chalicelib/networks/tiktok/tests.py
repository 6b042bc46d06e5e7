"""What TikTok's events become, and which posts are signed by TikTok."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Hide, Message, Person, Receipt, Secrets, ThreadEvent, Unhandled
from chalicelib.networks.double import wire
from chalicelib.networks.tiktok import NETWORK, double, inbound
from tests.networks.damage import lost

HERE = Path(__file__).parent
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
US, CHAT, AT = "-000open_ours", "conv-1", 1790000000000
ANA, VIDEO = Person(id="ana-id", username="ana.p"), 7312345678901234567


def said(n: int, text: str = "", *files: Attachment, kind: str = "", reply_to: str = "", **context: Any) -> Message:
    return Message(
        thread=CHAT, id=f"tm-{n}", at=AT + n, person=ANA, text=text, attachments=files, kind=kind, reply_to=reply_to,
        context=context,
    )  # fmt: skip


def comment(n: int, text: str, above: int = 0, *, own: bool = False) -> Message:
    thread = str(VIDEO + (above or n))
    return Message(
        thread=thread, id=str(VIDEO + n), at=AT + n, surface="comment", text=text,
        direction="out" if own else "in", person=None if own else Person(id="ana-id"),
        reply_to=thread if above else "", origin=base.Origin(id=str(VIDEO), kind="video"),
        context={"video": str(VIDEO)},
    )  # fmt: skip


def hide(n: int, above: int = 0, *, hidden: bool) -> Hide:
    return Hide(thread=str(VIDEO + (above or n)), id=str(VIDEO + n), at=AT + n, hidden=hidden)


PICTURE = Attachment(
    kind="image", media="md-9", expires=True, details={"conversation": CHAT, "message": "tm-3"}
)  # fmt: skip
SHARED_VIDEO = Attachment(
    kind="link", url=f"https://www.tiktok.com/embed/{VIDEO}", details={"video_id": str(VIDEO)}
)  # fmt: skip
REMOVED = base.AccountEvent(name="token.revoked", at=1790000100000, health="expired", detail="3")
EXPECTED: dict[str, base.Event] = {
    "text": said(1, "Aberto hoje? 🌊", scene="AD", is_follower=True),
    "text_quoting_from_the_eu": said(2, "And this?", reply_to="tm-1"),
    "image": said(3, "", PICTURE),
    "shared_video": said(4, "", SHARED_VIDEO, kind="share"),
    "sticker": said(5, kind="unsupported", content="sticker"),
    "own_message": Message(thread=CHAT, id="tm-6", at=AT + 6, direction="out", person=ANA, text="From ten"),
    "read": Receipt(thread=CHAT, status="read", at=AT + 7, watermark=AT + 7),
    "own_reading": Unhandled(reason="own_reading"),
    "led_by_an_advertisement": ThreadEvent(
        thread=CHAT, name="referral", at=AT + 8, person=ANA, context={"source": "ad", "ad_id": "55"}
    ),
    "comment": comment(11, "How much?"),
    "comment_reply": comment(12, "Me too", 11),
    "comment_of_ours": comment(13, "Ten euros", 11, own=True),
    "comment_asked_for": replace(
        comment(12, "Me too", 11), at=AT, person=ANA, exact=False, coarse=True, history=True, hidden=True
    ),
    "comment_deleted": base.Delete(thread=str(VIDEO + 11), ids=(str(VIDEO + 11),), at=AT + 11, surface="comment"),
    "comment_hidden": hide(12, 11, hidden=True),
    "comment_for_friends": hide(11, hidden=True),
    "comment_shown": hide(11, hidden=False),
    "authorization_removed": REMOVED,
    "post_published": Unhandled(reason="own_post"),
    "high_intent_comment": Unhandled(reason="high_intent_comment"),
    "unknown_event": Unhandled(reason="unknown_type"),
    "content_that_is_no_json": Unhandled(reason="malformed"),
}  # fmt: skip


def test_every_fixture_has_its_event() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_event(name: str) -> None:
    [arrival] = NETWORK.parse(FIXTURES[name])
    assert (arrival.account, arrival.event) == (US, EXPECTED[name])
    assert not isinstance(arrival.raw.get("content"), str)


OF_COMMENTS = ("comment_id", "video_id", "comment_type", "parent_comment_id", "comment_action", "unique_identifier")
NEEDED = (
    *("event", "user_openid", "content.conversation_id", "content.message_id", "content.from_user.id"),
    *("content.to_user.id", *(f"{where}.{name}" for where in ("content", "comments") for name in OF_COMMENTS)),
)


def test_what_is_damaged_but_not_needed_loses_nothing() -> None:
    assert lost(NETWORK, FIXTURES.values(), NEEDED) == []


@pytest.mark.parametrize("inner", ['{"a":' * 600 + "1" + "}" * 600, '{"a":1,"a":2}', '{"a":NaN}', "[1]", "1", ""])
def test_text_that_holds_nothing_to_read_is_malformed(inner: str) -> None:
    [arrival] = NETWORK.parse({"event": "im_receive_msg", "user_openid": US, "content": inner})
    assert arrival.event == Unhandled(reason="malformed")


def test_half_a_character_inside_the_text_is_mended() -> None:
    content = FIXTURES["text"]["content"].replace("Aberto", "\\ud83c")
    [arrival] = NETWORK.parse({**FIXTURES["text"], "content": content})
    assert isinstance(arrival.event, Message)
    assert arrival.event.text.encode()


def test_signature_holds_for_five_minutes() -> None:
    raw, secrets = wire(double.EVENTS["dm"]()), Secrets(signing=("new", "old"))
    headers = {name.lower(): value for name, value in double.sign(raw, "old", now=AT / 1000).items()}
    for off, right in ((0, True), (300, True), (-300, True), (301, False), (-301, False)):
        assert inbound.verify(raw, headers, secrets, now=AT / 1000 + off) is right
    value = headers["tiktok-signature"]
    another = value.replace(f"t={AT // 1000}", f"t={AT // 1000 + 1}")
    for wrong in (another, value.upper(), f"{value},s=", value.partition(",")[2], "t=,s="):
        assert not inbound.verify(raw, {"tiktok-signature": wrong}, secrets, now=AT / 1000)
    assert NETWORK.about(raw) == "open-1"
