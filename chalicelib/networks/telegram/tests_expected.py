"""The events that Telegram's fixtures and the shared samples must give."""

from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Edit, Message, Reaction, Unhandled

AT = 1790000000000
CONNECTION = "eooW3KF5WB5HxTD7T826"
BUSINESS = f"5171248001@{CONNECTION}"
ASKED, ANSWERED = f"5171248001:88@{CONNECTION}", f"5171248001:89@{CONNECTION}"
GROUP, CHANNEL, DIRECT = "-1002010000007", "-1002010000008", "-1002010000012"
ANA = base.Person(id="5171248001", name="Ana Ruiz", username="ana_ruiz")
NEWS = base.Person(id=CHANNEL, name="Café news", username="cafenews")
SPOT = {"latitude": 41.3874, "longitude": 2.1686}


def private(number: int, text: str = "", *attachments: Attachment, **fields: Any) -> Message:
    place = {"thread": ANA.id, "id": f"{ANA.id}:{number}", "order": number, "at": AT, "person": ANA}
    return Message(**{**place, "text": text, "attachments": attachments, **fields})


def group(number: int, text: str, **fields: Any) -> Message:
    room = {"thread": GROUP, "id": f"{GROUP}:{number}", "context": {"group": "Café fans"}}
    return private(number, text, **{**room, **fields})


def direct(number: int, text: str, **fields: Any) -> Message:
    place = {"thread": f"{DIRECT}~{ANA.id}", "id": f"{DIRECT}:{number}", "context": {"channel": "Café news"}}
    return private(number, text, **{**place, **fields})


def post(number: int, text: str) -> Message:
    place = {"thread": CHANNEL, "id": f"{CHANNEL}:{number}", "context": {"channel": "Café news"}}
    return private(number, text, **place, direction="out", person=None)


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
