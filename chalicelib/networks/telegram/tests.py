"""What Telegram's updates become, and the exact calls our words become."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Attachment, Edit, Media, Message, Reaction, Say, Unhandled
from chalicelib.networks.http import Response
from chalicelib.networks.telegram import NETWORK, double
from chalicelib.networks.telegram.calls import outcome_of
from chalicelib.networks.telegram.content import NOTICES
from chalicelib.networks.telegram.places import Place
from local.double import Server

HERE = Path(__file__).parent
SHARED = HERE.parents[2].parent / "shared" / "payloads"
FIXTURES = {path.name.removesuffix(".in.json"): json.loads(path.read_bytes()) for path in HERE.glob("fixtures/*.json")}
SAMPLES = {path.name: json.loads(path.read_bytes()) for path in SHARED.glob("telegram/*.json")}
AT = 1790000000000
CONNECTION = "eooW3KF5WB5HxTD7T826"
BUSINESS = f"5171248001@{CONNECTION}"
ASKED, ANSWERED = f"5171248001:88@{CONNECTION}", f"5171248001:89@{CONNECTION}"
GROUP, CHANNEL, DIRECT = "-1002010000007", "-1002010000008", "-1002010000012"
ANA = base.Person(id="5171248001", name="Ana Ruiz", username="ana_ruiz")
NEWS = base.Person(id=CHANNEL, name="Café news", username="cafenews")
SPOT = {"latitude": 41.3874, "longitude": 2.1686}
TOKEN = "123456:AAE-test_token"
CREDENTIALS = base.Credentials(account="123456", token=TOKEN)


def private(number: int, text: str = "", *attachments: Attachment, **fields: Any) -> Message:
    place = {"thread": ANA.id, "id": f"{ANA.id}:{number}", "at": AT, "person": ANA}
    return Message(**{**place, "text": text, "attachments": attachments, **fields})


def group(number: int, text: str, **fields: Any) -> Message:
    room = {"thread": GROUP, "id": f"{GROUP}:{number}", "context": {"group": "Café fans"}}
    return private(number, text, **{**room, **fields})


def direct(number: int, text: str, **fields: Any) -> Message:
    place = {"thread": f"{DIRECT}~{ANA.id}", "id": f"{DIRECT}:{number}", "context": {"channel": "Café news"}}
    return private(number, text, **{**place, **fields})


def post(number: int, text: str) -> Message:
    place = {"thread": CHANNEL, "id": f"{CHANNEL}:{number}", "context": {"channel": "Café news"}}
    return private(0, text, **place, direction="out", person=None)


def press(number: int, text: str, payload: str, asked: int) -> Message:
    how = {"kind": "postback", "exact": False, "at": 0, "context": {"payload": payload}}
    return private(0, text, id=f"callback:{number}", reply_to=f"{ANA.id}:{asked}", **how)


def file(kind: base.AttachmentKind, media: str, mime: str = "", **fields: Any) -> Attachment:
    return Attachment(kind=kind, media=media, mime=mime, expires=True, **fields)


reaction = partial(Reaction, thread=ANA.id, id=f"{ANA.id}:501", at=AT, by=ANA)
LARGEST = file("image", "AgACx", "image/jpeg", size=90211)
MOVED = base.Moved(old="-225456171", new=GROUP, at=AT)

EXPECTED: dict[str, base.Event] = {
    "message_created": private(501, "Do you open on Sunday? ☕"),
    "message_answering_another": private(
        502, "And on Monday?", reply_to=f"{ANA.id}:501", context={"quote": "on Sunday"}
    ),
    "message_forwarded": private(503, "They said it is free", context={"forwarded": "Leo"}),
    "message_with_entities": private(
        504,
        "😀😀 see bold and link",
        context={
            "entities": [
                {"offset": 7, "length": 4, "type": "bold"},
                {"offset": 16, "length": 4, "type": "text_link", "url": "https://example.com/"},
            ]
        },
    ),
    "message_from_deep_link": private(
        505,
        "/start summer_ad",
        context={"entities": [{"offset": 0, "length": 6, "type": "bot_command"}], "referral": "summer_ad"},
    ),
    "message_with_photo": private(506, "Look", LARGEST),
    "album_first_photo": private(
        507, "Two of them", file("image", "AgACa", "image/jpeg"), context={"album": "13900000000000001"}
    ),
    "album_second_photo": private(
        508, "", file("image", "AgACb", "image/jpeg"), context={"album": "13900000000000001"}
    ),
    "message_with_document": private(509, "", file("file", "BQACd", "application/pdf", name="menú.pdf", size=536392)),
    "message_with_voice": private(510, "", file("audio", "AwACv", "audio/ogg", size=9087)),
    "message_with_animation": private(511, "", file("video", "CgACg", "video/mp4", name="wave.mp4", size=40000)),
    "message_with_video_note": private(512, "", file("video", "DQACn", "video/mp4", size=700000)),
    "message_with_moving_sticker": private(
        513, "", file("sticker", "AAMCt", size=4690, title="👍", details={"set_name": "Cats"})
    ),
    "message_with_still_sticker": private(514, "", file("sticker", "CAACs", "image/webp", size=21000, title="👍")),
    "message_with_location": private(515, "", Attachment(kind="location", details=SPOT)),
    "message_with_venue": private(
        516, "", Attachment(kind="location", title="Café Sol", details={**SPOT, "address": "Gran Via 1"})
    ),
    "message_with_contact": private(
        517, "", Attachment(kind="contact", title="Leo Mas", details={"phone_number": "+34600111222"})
    ),
    "message_with_poll": private(518, kind="unsupported", context={"content": "poll"}),
    "group_message_created": group(21, "Hi all"),
    "group_message_by_anonymous_admin": group(22, "Rules are pinned", direction="out", person=None),
    "group_message_forwarded_from_channel": group(
        23, "New menu", direction="out", person=None, context={"group": "Café fans", "forwarded": "Café news"}
    ),
    "group_message_by_a_channel": group(25, "We like it", person=base.Person(id="-1002010000099", name="Partner")),
    "channel_direct_message_created": direct(41, "Do you open on Sunday?"),
    "channel_direct_message_by_channel": direct(42, "We do!", direction="out", reply_to=f"{DIRECT}:41"),
    "group_message_pinned": Unhandled(reason="notice"),
    "topic_message_created": group(24, "Where is the menu?", thread=f"{GROUP}:9"),
    "group_migrated_to_supergroup": MOVED,
    "group_migrated_from_group": MOVED,
    "channel_post_created": post(31, "New menu"),
    "channel_post_by_another_channel": post(32, "Hello from us"),
    "channel_post_edited": Edit(
        thread=CHANNEL,
        id=f"{CHANNEL}:31",
        at=AT + 90000,
        text="New menu!",
        attachments=(),
        created=AT,
        context={"channel": "Café news"},
    ),
    "message_edited": Edit(
        thread=ANA.id,
        id=f"{ANA.id}:501",
        at=AT + 60000,
        text="Do you open on Saturday?",
        attachments=(),
        created=AT,
        context={},
    ),
    "caption_edited": Edit(
        thread=ANA.id,
        id=f"{ANA.id}:506",
        at=AT + 60000,
        text="Look here",
        attachments=(LARGEST,),
        created=AT,
        context={},
    ),
    "business_message_created": private(88, "Is the table free?", thread=BUSINESS, id=ASKED),
    "business_message_by_owner": private(89, "It is!", thread=BUSINESS, id=ANSWERED, direction="out", reply_to=ASKED),
    "business_message_edited": Edit(
        thread=BUSINESS, id=ASKED, at=AT + 30000, text="Is a table free?", attachments=(), created=AT, context={}
    ),
    "business_messages_deleted": base.Delete(thread=BUSINESS, ids=(ASKED, ANSWERED), at=0),
    "reaction_set": reaction(emoji="👍"),
    "reaction_changed_to_custom": reaction(emoji="5368324170671202286"),
    "reaction_removed": reaction(emoji=""),
    "reaction_in_forum_by_channel": reaction(thread="", id=f"{GROUP}:24", by=NEWS, emoji="⭐"),
    "button_pressed": press(2342342309929423, "Yes, please", "yes", 500),
    "button_pressed_on_old_message": press(2342342309929424, "no", "no", 400),
    "button_pressed_in_inline_result": Unhandled(reason="inline_callback"),
    "bot_blocked": base.Profile(person=ANA, at=AT, reachable=False),
    "bot_unblocked": base.Profile(person=ANA, at=AT, reachable=True),
    "bot_removed_from_group": base.ThreadEvent(
        thread=GROUP, name="membership", at=AT, context={"status": "left", "group": "Café fans"}
    ),
    "business_connected": base.AccountEvent(
        name=f"business_connection {CONNECTION}", at=AT, detail="John: can_read_messages, can_reply"
    ),
    "business_disconnected": base.AccountEvent(
        name=f"business_connection {CONNECTION}", at=AT, health="alert", detail="John: disabled"
    ),
    "poll_closed": Unhandled(reason="poll"),
}

# What each sample shared between the networks must give: kind of event, id, and some of its fields.
SAMPLED: dict[str, tuple[type, dict[str, Any]]] = {
    "bottender-channel-post.json": (Message, {"text": "post~~~", "context": {"channel": "channel_12345"}}),
    "bottender-edited-channel-post.json": (Edit, {"id": "-1001305240521:2", "text": "post~~~edited"}),
    "bottender-group-text.json": (Message, {"thread": "-225456171", "text": "hi"}),
    "bottender-poll.json": (Unhandled, {"reason": "poll"}),
    "chatwoot-audio.json": (Message, {"text": ""}),
    "chatwoot-business-message-in.json": (Message, {"thread": f"23@{CONNECTION}", "direction": "in"}),
    "chatwoot-callback-query.json": (Message, {"text": "Option 1", "kind": "postback"}),
    "chatwoot-caption-only.json": (Message, {"text": "test"}),
    "chatwoot-document.json": (Message, {"id": "23:1"}),
    "chatwoot-edited-message.json": (Edit, {"thread": "789", "id": "789:48", "text": "updated message"}),
    "chatwoot-location.json": (Message, {"text": ""}),
    "chatwoot-photo.json": (Message, {"text": ""}),
    "chatwoot-sticker-legacy.json": (Message, {"text": ""}),
    "chatwoot-text.json": (Message, {"person": base.Person(id="23", name="Sojan Jose", username="sojan")}),
    "chatwoot-video.json": (Message, {"text": ""}),
    "doc-business-connection.json": (base.AccountEvent, {"health": "ok"}),
    "doc-entities-utf16.json": (Message, {"text": "😀 hello bold"}),
    "doc-message-reaction.json": (Reaction, {"id": "23:501", "emoji": "👍"}),
    "doc-migrate-to-supergroup.json": (base.Moved, {"old": "-225456171", "new": "-1001305240999"}),
}
FILES = {"audio": "audio", "document": "file", "location": "location", "photo": "image", "video": "video"}


def event(payload: base.Json) -> base.Event:
    (found,) = NETWORK.parse(payload)
    return found.event


def test_every_failure_is_tried() -> None:
    assert {*OUTCOMES, "migrated"} == set(double.FAILURES)


def test_every_fixture_has_its_expected_event() -> None:
    assert FIXTURES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_becomes_its_event(name: str) -> None:
    assert event(FIXTURES[name]) == EXPECTED[name]


@pytest.mark.skipif(not SAMPLES, reason="the shared samples are not here")
def test_every_shared_sample_is_listed() -> None:
    assert SAMPLES.keys() == SAMPLED.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_shared_sample_gives_what_it_must(name: str) -> None:
    kind, fields = SAMPLED[name]
    found = event(SAMPLES[name])
    assert type(found) is kind
    assert {field: getattr(found, field) for field in fields} == fields


@pytest.mark.parametrize("name", [name for name in SAMPLES if name[9:-5] in FILES])
def test_shared_sample_has_one_attachment(name: str) -> None:
    found = event(SAMPLES[name])
    assert isinstance(found, Message)
    assert [attachment.kind for attachment in found.attachments] == [FILES[name[9:-5]]]


def with_content(**fields: Any) -> base.Event:
    """The event of a private message that holds only these fields besides who, where, when and which it is."""
    message = {name: value for name, value in FIXTURES["message_created"]["message"].items() if name != "text"}
    return event({"message": {**message, **fields}})


@pytest.mark.parametrize(
    "name",
    [
        *("successful_payment", "refunded_payment", "unique_gift", "gift_upgrade_sent", "giveaway_winners"),
        *("users_shared", "chat_shared", "passport_data", "live_photo", "suggested_post_paid"),
        *("something_of_next_year", "photo", "rich_message"),
    ],
)
@pytest.mark.parametrize("value", [{}, {"a": {"b": 1}}, True, [], "x"], ids=repr)
def test_unknown_content_is_kept_as_unsupported(name: str, value: Any) -> None:  # F1, F2
    found = with_content(**{name: value})
    assert isinstance(found, Message)
    assert (found.kind, found.text, found.id) == ("unsupported", "", f"{ANA.id}:501")


def test_payment_names_its_sum() -> None:  # F2
    found = with_content(successful_payment={"currency": "EUR", "total_amount": 1250, "invoice_payload": "order 7"})
    assert isinstance(found, Message)
    assert found.context == {
        "content": "successful_payment",
        "payment": {"currency": "EUR", "total_amount": 1250},
    }


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_known_notice_is_dropped(name: str) -> None:  # F2
    assert with_content(**{name: {}}) == Unhandled(reason="notice")


RICH = {
    "blocks": [
        {"type": "heading", "size": 2, "text": "Order 12"},
        {
            "type": "paragraph",
            "text": ["It came ", {"type": "bold", "text": ["in ", {"type": "italic", "text": "two"}]}],
        },
        {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "lid"}]}]},
        {"type": "table", "cells": [[{"text": "cup"}, {"text": {"type": "custom_emoji", "alternative_text": "☕"}}]]},
        {"type": "photo", "photo": [{"file_id": "P1", "width": 9, "height": 9}], "caption": {"text": "Here"}},
        {"type": "invented", "text": "and more"},
    ]
}


def test_rich_message_shows_its_words_and_files() -> None:  # F1
    found = with_content(rich_message=RICH)
    assert isinstance(found, Message)
    assert found.text == "Order 12\nIt came in two\nlid\ncup\n☕\nHere\nand more"
    assert found.attachments == (file("image", "P1", "image/jpeg"),)
    assert found.kind == ""


def test_rich_message_of_any_depth_is_read() -> None:  # F1
    deep: Any = "words"
    for _ in range(500):
        deep = {"blocks": [{"text": [deep]}, deep if isinstance(deep, dict) else {}]}
    assert isinstance(with_content(rich_message=deep), Message)


def test_edit_of_a_rich_message_has_its_words() -> None:  # F1
    message = {**FIXTURES["message_edited"]["edited_message"], "rich_message": RICH, "text": None}
    found = event({"edited_message": message})
    assert isinstance(found, Edit)
    assert found.text.startswith("Order 12")


PUBLIC = (
    *("channel_post_created", "channel_post_by_another_channel"),
    *("group_message_by_anonymous_admin", "group_message_forwarded_from_channel"),
)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_the_brand_says_in_public_is_outgoing(name: str) -> None:  # F7
    found = event(FIXTURES[name])
    assert isinstance(found, Message)
    assert (found.direction, found.person) == ("out", None)


@pytest.mark.parametrize("name", ["group_message_created", "group_message_by_a_channel", "topic_message_created"])
def test_what_people_say_in_public_is_incoming(name: str) -> None:  # F7
    found = event(FIXTURES[name])
    assert isinstance(found, Message)
    assert found.direction == "in"
    assert found.person


@pytest.mark.parametrize("date", [0, -1, 253402300799000000, "x", None, True, [], float("nan"), float("inf"), 10**400])
def test_unusable_date_is_marked_inexact(date: Any) -> None:
    found = event({"message": {**FIXTURES["message_created"]["message"], "date": date}})
    assert isinstance(found, Message)
    assert (found.at, found.exact) == (0, False)


@pytest.mark.parametrize("identity", [{"$ne": 1}, ["1"], True, None, "1:2", "", 1.5])
def test_id_of_another_kind_is_malformed(identity: Any) -> None:
    damaged = {"message": {**FIXTURES["message_created"]["message"], "message_id": identity}}
    assert event(damaged) == Unhandled(reason="malformed")


def test_ids_beyond_double_precision_are_kept() -> None:
    found = event({"message": {**FIXTURES["message_created"]["message"], "message_id": 2**53 + 1}})
    assert isinstance(found, Message)
    assert found.id == f"{ANA.id}:9007199254740993"


@pytest.mark.parametrize("name", sorted(double.EVENTS))
def test_double_posts_updates_that_are_read(name: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "edit": {"message_id": 5},
        "reaction": {"message_id": 5},
        "business_deleted": {"message_ids": [5]},
    }
    assert not isinstance(event(double.EVENTS[name](**fields.get(name, {}))), Unhandled)


@pytest.mark.parametrize("place", ["23", "-100:7", "23@bc:1@x", "-100:7@bc", "-100~7", "-100~7:9"])
def test_place_survives_a_round_trip(place: str) -> None:
    assert str(Place.read(place)) == place


@pytest.mark.parametrize(
    ("fields", "health", "detail"),
    [
        ({}, "ok", "John: can_reply"),
        ({"is_enabled": False}, "alert", "John: disabled"),
        ({"is_enabled": None}, "alert", "John: disabled"),
        ({"rights": {}}, "alert", "John: no rights"),
        ({"rights": None}, "alert", "John: no rights"),
        ({"rights": {"can_reply": False, "can_read_messages": True}}, "alert", "John: can_read_messages"),
        ({"user": None, "date": "x"}, "ok", ": can_reply"),
    ],
)
def test_connection_that_cannot_answer_is_an_alert(fields: Any, health: str, detail: str) -> None:  # F22
    connection = {"id": "bc1", "user": {"id": 42, "first_name": "John"}, "is_enabled": True}
    found = event({"business_connection": {**connection, "rights": {"can_reply": True}, **fields}})
    assert isinstance(found, base.AccountEvent)
    assert (found.name, found.health, found.detail) == ("business_connection bc1", health, detail)


def test_connection_of_another_owner_is_another_trouble() -> None:  # F22
    names = {getattr(event({"business_connection": {"id": id, "user": {}}}), "name", "") for id in ("bc1", "bc2")}
    assert names == {"business_connection bc1", "business_connection bc2"}


@pytest.mark.parametrize("name", ["business_message_created", "business_message_edited", "business_messages_deleted"])
@pytest.mark.parametrize("connection", [None, "", 7, {}, "absent"])
def test_business_chat_is_never_taken_for_a_chat_of_the_bot(name: str, connection: Any) -> None:  # F6, F25
    body = json.loads(json.dumps(FIXTURES[name]))
    [message] = (value for field, value in body.items() if field != "update_id")
    message["business_connection_id"] = connection
    if connection == "absent":
        del message["business_connection_id"]
    assert event(body) == Unhandled(reason="malformed")


def test_two_people_who_write_to_a_channel_have_a_conversation_each() -> None:  # F6
    ana, bo = (event(double.EVENTS["channel_direct"](user=user)) for user in (23, 24))
    assert isinstance(ana, Message)
    assert isinstance(bo, Message)
    assert ana.thread != bo.thread
    assert [found.person and found.person.id for found in (ana, bo)] == ["23", "24"]


@pytest.mark.parametrize("topic", [{}, {"topic_id": None}, {"topic_id": "a"}, None, []])
def test_direct_message_of_nobody_knows_whom_is_malformed(topic: Any) -> None:  # F6
    assert event(double.EVENTS["channel_direct"](direct_messages_topic=topic or {})) == Unhandled(reason="malformed")


def test_direct_message_without_its_person_is_of_its_author() -> None:  # F6, F25
    found = event(double.EVENTS["channel_direct"](direct_messages_topic={"topic_id": 23}))
    assert isinstance(found, Message)
    assert (found.direction, found.person and found.person.id) == ("in", "23")


def test_only_the_secret_token_verifies() -> None:
    known = base.Secrets(signing=("", "old", "new"))
    header = "x-telegram-bot-api-secret-token"
    verified = [NETWORK.verify(b"{}", {header: token}, known) for token in ("new", "old", "", "ne", "néw", "\udc80")]
    assert verified == [True, True, False, False, False, False]
    assert not NETWORK.verify(b"{}", {}, known)
    assert not NETWORK.verify(b"{}", {header: ""}, base.Secrets())


def calls(server: Server) -> list[tuple[str, Any]]:
    """Method and fields of each call, all of them accepted by the double."""
    assert {call["status"] for call in server.state.requests} <= {200}
    assert all(call["path"].startswith(f"/bot{TOKEN}/") for call in server.state.requests)
    return [(call["path"].rpartition("/")[2], call["json"]) for call in server.state.requests]


def misbehave(server: Server, what: str) -> None:
    server.state.behaviours.append({"network": "telegram", "times": 1, "do": what})


def media(kind: Any, name: str = "a", mime: str = "") -> Media:
    return Media(kind=kind, url=f"https://example.com/{name}", mime=mime)


HELLO = Say(thread="23", text="Hello")
A, B, SPEECH = media("image", "a.jpg"), media("image", "b.jpg"), media("audio", "a.ogg", "audio/ogg; codecs=opus")
MENU, CLIP, CAT = media("file", "menu.pdf"), media("video", "a.mp4"), media("sticker", "cat.webp")
SENT: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "words": (HELLO, "sendMessage", {"text": "Hello"}),
    "words to a person": (Say(thread="", to="23", text="Hi"), "sendMessage", {"text": "Hi"}),
    "quote": (
        Say(thread="23", text="Yes", reply_to="23:501"),
        "sendMessage",
        {"reply_parameters": {"message_id": 501, "allow_sending_without_reply": True}, "text": "Yes"},
    ),
    "answer to a button": (Say(thread="23", text="Ok", reply_to="callback:77"), "sendMessage", {"text": "Ok"}),
    "topic": (
        Say(thread="-100:9", text="Here"),
        "sendMessage",
        {"chat_id": -100, "message_thread_id": 9, "text": "Here"},
    ),
    "direct message of a channel": (  # F6
        Say(thread="-100~9", to="9", text="Here", reply_to="-100:4"),
        "sendMessage",
        {
            "chat_id": -100,
            "direct_messages_topic_id": 9,
            "reply_parameters": {"message_id": 4, "allow_sending_without_reply": True},
            "text": "Here",
        },
    ),
    "business": (
        Say(thread="23@bc1", text="Hi", reply_to="23:88@bc1"),
        "sendMessage",
        {
            "business_connection_id": "bc1",
            "reply_parameters": {"message_id": 88, "allow_sending_without_reply": True},
            "text": "Hi",
        },
    ),
    "photo": (Say(thread="23", text="Look", attachments=(A,)), "sendPhoto", {"photo": A.url, "caption": "Look"}),
    "video": (Say(thread="23", attachments=(CLIP,)), "sendVideo", {"video": CLIP.url}),
    "audio": (Say(thread="23", attachments=(media("audio"),)), "sendAudio", {"audio": "https://example.com/a"}),
    "voice": (Say(thread="23", attachments=(SPEECH,)), "sendVoice", {"voice": SPEECH.url}),
    "file": (Say(thread="23", attachments=(MENU,)), "sendDocument", {"document": MENU.url}),
    "sticker": (Say(thread="23", attachments=(CAT,)), "sendSticker", {"sticker": CAT.url}),
    "album": (
        Say(thread="23", text="Both", attachments=(A, CLIP)),
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": A.url, "caption": "Both"}, {"type": "video", "media": CLIP.url}]},
    ),
}
ACTED: dict[str, tuple[Act, list[tuple[str, dict[str, Any]]]]] = {
    "typing": (Act(verb="typing", thread="23"), [("sendChatAction", {"chat_id": 23, "action": "typing"})]),
    "typing in direct messages of a channel": (Act(verb="typing", thread="-100~9"), []),
    "typing in a business topic": (
        Act(verb="typing", thread="23:9@bc1"),
        [
            (
                "sendChatAction",
                {"chat_id": 23, "message_thread_id": 9, "business_connection_id": "bc1", "action": "typing"},
            )
        ],
    ),
    "react": (
        Act(verb="react", thread="23", id="23:5", emoji="❤️"),
        [
            (
                "setMessageReaction",
                {"chat_id": 23, "message_id": 5, "reaction": [{"type": "emoji", "emoji": "❤"}]},
            )
        ],
    ),
    "unreact": (
        Act(verb="unreact", thread="23", id="23:5", emoji="❤"),
        [("setMessageReaction", {"chat_id": 23, "message_id": 5, "reaction": []})],
    ),
    "read": (Act(verb="read", thread="23", id="23:5"), []),
    "read a button": (
        Act(verb="read", thread="23", id="callback:77"),
        [("answerCallbackQuery", {"callback_query_id": "77"})],
    ),
    "read in a business chat": (
        Act(verb="read", thread="23@bc1", id="23:5@bc1"),
        [("readBusinessMessage", {"chat_id": 23, "message_id": 5, "business_connection_id": "bc1"})],
    ),
    "delete": (Act(verb="delete", thread="23", id="23:5"), [("deleteMessage", {"chat_id": 23, "message_id": 5})]),
    "delete in a business chat": (
        Act(verb="delete", thread="23@bc1", id="23:5@bc1"),
        [("deleteBusinessMessages", {"business_connection_id": "bc1", "message_ids": [5]})],
    ),
}
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "401"),
    "not_found": (base.Expired, "404"),
    "throttled": (base.Throttled, "429"),
    "window_closed": (base.WindowClosed, "400"),
    "connection_gone": (base.Gone, "400"),
    "gone": (base.Gone, "403"),
    "deactivated": (base.Gone, "403"),
    "kicked": (base.Gone, "403"),
    "rejected": (base.Rejected, "400"),
    "closed": (base.Rejected, "400"),
    "unwritable": (base.Rejected, "403"),
    "chat_gone": (base.Gone, "400"),  # F12
    "topic_gone": (base.Gone, "400"),  # F12
    "group_gone": (base.Gone, "403"),
    "quoted_gone": (base.Gone, "400"),  # F12
    "already_deleted": (base.Gone, "400"),
    "too_late": (base.Gone, "400"),
    "unavailable": (base.Unknown, "502"),
    "unreadable": (base.Unknown, ""),
}


@pytest.mark.parametrize("name", SENT)
def test_saying_is_one_exact_call(server: Server, name: str) -> None:
    say, method, fields = SENT[name]
    sent = NETWORK.send(CREDENTIALS, say)
    assert calls(server) == [(method, {"chat_id": 23, **fields})]
    place = Place.read(sent.id)
    assert (place.chat, place.connection) == (str(fields.get("chat_id", 23)), fields.get("business_connection_id", ""))


@pytest.mark.parametrize("name", ACTED)
def test_acting_is_one_exact_call(server: Server, name: str) -> None:
    act, expected = ACTED[name]
    NETWORK.act(CREDENTIALS, act)
    assert calls(server) == expected


@pytest.mark.parametrize("say", [*(say for say, *_ in SENT.values())], ids=[*SENT])
def test_answer_to_a_deleted_message_is_sent(server: Server, say: Say) -> None:  # F11
    deleted = str(Place.read(say.thread or say.to)._replace(number=str(double.DELETED)))
    NETWORK.send(CREDENTIALS, replace(say, reply_to=deleted))
    [(_, fields)] = calls(server)
    assert fields["reply_parameters"] == {"message_id": double.DELETED, "allow_sending_without_reply": True}


def test_answer_goes_without_a_quote_that_is_refused(server: Server) -> None:  # F11
    misbehave(server, "quoted_gone")
    sent = NETWORK.send(CREDENTIALS, Say(thread="23", text="Yes", reply_to="23:501"))
    assert sent.id.startswith("23:")
    assert server.state.requests[-1]["json"] == {"chat_id": 23, "text": "Yes"}


NEW = "-1001305240999"


def test_answer_follows_a_group_to_its_new_id(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    sent = NETWORK.send(CREDENTIALS, Say(thread="-225", text="Yes", reply_to="-225:21"))
    old, new = (call["json"] for call in server.state.requests)
    assert old["reply_parameters"]["message_id"] == 21
    assert new == {"chat_id": int(NEW), "text": "Yes"}
    assert sent.id.startswith(f"{NEW}:")


def test_quote_from_the_new_group_is_kept(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    NETWORK.send(CREDENTIALS, Say(thread="-225", text="Yes", reply_to=f"{NEW}:2"))
    old, new = (call["json"] for call in server.state.requests)
    assert "reply_parameters" not in old
    assert new["reply_parameters"]["message_id"] == 2


def test_typing_follows_a_group_to_its_new_id(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    NETWORK.act(CREDENTIALS, Act(verb="typing", thread="-225"))
    assert server.state.requests[-1]["json"] == {"chat_id": int(NEW), "action": "typing"}


def test_message_of_a_group_that_moved_is_gone(server: Server) -> None:  # F9
    misbehave(server, "migrated")
    with pytest.raises(base.Gone):
        NETWORK.act(CREDENTIALS, Act(verb="delete", thread="-225", id="-225:21"))


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    misbehave(server, name)
    outcome, code = OUTCOMES[name]
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(CREDENTIALS, HELLO)
    assert (type(raised.value), raised.value.code) == (outcome, code)
    assert raised.value.after == (7 if name == "throttled" else 0)
    assert TOKEN not in raised.value.text


@pytest.mark.parametrize("after", ["7", "soon", None, -1, 0])
def test_pause_is_read_in_any_form(after: Any) -> None:  # F25
    body = {"description": "Too Many Requests", "parameters": {"retry_after": after}}
    assert outcome_of(Response(429, {}, body), reads=False).after in (7, 30, 1)


@pytest.mark.parametrize("token", ["", "nonsense", "1:a/../getMe", "1:a?b"])
def test_no_other_token_gets_into_an_address(server: Server, token: str) -> None:
    with pytest.raises(base.Expired):
        NETWORK.check(base.Credentials(account="1", token=token))
    assert calls(server) == []


def test_deleting_what_is_deleted_changes_nothing(server: Server) -> None:
    misbehave(server, "already_deleted")
    NETWORK.act(CREDENTIALS, Act(verb="delete", thread="23", id="23:5"))


@pytest.mark.parametrize(
    "act",
    [
        Act(verb="hide", thread="23", id="23:5"),
        Act(verb="delete", thread="23", id="nowhere"),
        Act(verb="react", thread="23@bc1", id="23:5@bc1", emoji="👍"),
        Act(verb="react", thread="23", id="23:5", emoji="🚲"),
    ],
)
def test_what_a_bot_cannot_do_is_rejected(server: Server, act: Act) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(CREDENTIALS, act)


@pytest.mark.parametrize("text", ["", "x" * 4097])
def test_text_of_a_wrong_length_is_rejected(server: Server, text: str) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, Say(thread="23", text=text))


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        (HELLO, [("Hello", 0)]),
        (Say(thread="23", text="Hi", attachments=(A,)), [("Hi", 1)]),
        (Say(thread="23", text="Hi", attachments=(A, CLIP, MENU)), [("Hi", 2), ("", 1)]),
        (Say(thread="23", attachments=(A,) * 12), [("", 10), ("", 2)]),
        (Say(thread="23", text="Hi", attachments=(CAT, A)), [("", 1), ("", 1), ("Hi", 0)]),
        (Say(thread="23", text="x" * 1025, attachments=(A, B)), [("", 2), ("x" * 1025, 0)]),
        (Say(thread="23", text="Hi", attachments=(MENU, MENU)), [("Hi", 1), ("", 1)]),
    ],
)
def test_parts_are_what_one_call_can_take(server: Server, say: Say, expected: list[tuple[str, int]]) -> None:
    parts = NETWORK.parts(say)
    assert [(part.text, len(part.attachments)) for part in parts] == expected
    for part in parts:
        NETWORK.send(CREDENTIALS, part)
    assert len(calls(server)) == len(expected)


def test_only_the_first_part_quotes() -> None:
    parts = NETWORK.parts(Say(thread="23", text="Hi", attachments=(CAT, A), reply_to="23:5"))
    assert [part.reply_to for part in parts] == ["23:5", "", ""]


def test_album_of_other_files_is_rejected(server: Server) -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(CREDENTIALS, Say(thread="23", attachments=(CAT, A)))


def test_connecting_names_the_bot_and_what_it_listens_to(server: Server) -> None:
    assert NETWORK.check(CREDENTIALS) == base.Connected(
        account="123456", name="Bot 123456", details={"username": "bot_123456_bot"}
    )
    NETWORK.subscribe(CREDENTIALS, "https://palabre.example/hooks/telegram/chn_1", "a-Secret_1")
    NETWORK.unsubscribe(CREDENTIALS)
    _, (_, webhook), (last, _) = calls(server)
    assert webhook["url"] == "https://palabre.example/hooks/telegram/chn_1"
    assert webhook["secret_token"] == "a-Secret_1"
    assert {"message", "message_reaction", "deleted_business_messages"} <= set(webhook["allowed_updates"])
    assert last == "deleteWebhook"


def test_hook_that_telegram_cannot_reach_is_rejected(server: Server) -> None:
    for hook in ("http://palabre.example/hooks", "https://palabre.example:9000/hooks", "https://["):
        with pytest.raises(base.Rejected):
            NETWORK.subscribe(CREDENTIALS, hook, "secret")


def test_download_tells_an_address_nobody_may_keep(server: Server) -> None:
    assert NETWORK.download is not None
    found = NETWORK.download(CREDENTIALS, LARGEST)
    assert found.url.startswith(f"{server.url}/telegram/api.telegram.org/file/bot{TOKEN}/photos/")
    assert TOKEN not in repr(found)
    assert (found.mime, found.size) == ("image/jpeg", 70)
