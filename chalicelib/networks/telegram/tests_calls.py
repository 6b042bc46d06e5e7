"""The exact calls for each message and act that we send."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.telegram import NETWORK
from chalicelib.networks.telegram.outbound import PERMISSIONS
from chalicelib.networks.telegram.places import Place
from chalicelib.networks.telegram.tests_expected import LARGEST
from local.double import Server

TOKEN = "123456:AAE-test_token"
CREDENTIALS = base.Credentials(account="123456", token=TOKEN)


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
PIXEL = b"\x89PNG\r\n\x1a\n...."
LOADED = base.Loaded(kind="image", url="", mime="image/png", name="menu.png", content=PIXEL)
IN_FORM = {"name": "menu.png", "type": "image/png", "sha256": hashlib.sha256(PIXEL).hexdigest()}
SENT: dict[str, tuple[Say, str, dict[str, Any]]] = {
    "words": (HELLO, "sendMessage", {"text": "Hello"}),
    "words to a person": (Say(thread="", to="23", text="Hi"), "sendMessage", {"text": "Hi"}),
    "picture by its bytes": (
        Say(thread="23", text="Look", attachments=(LOADED,)),
        "sendPhoto",
        {"photo": "attach://file0", "caption": "Look", "file0": IN_FORM},
    ),
    "document by its bytes": (
        Say(thread="23", attachments=(replace(LOADED, kind="file"),)),
        "sendDocument",
        {"document": "attach://file0", "file0": IN_FORM},
    ),
    "pictures by their bytes and address": (
        Say(thread="23", attachments=(A, LOADED)),
        "sendMediaGroup",
        {
            "media": [{"type": "photo", "media": A.url}, {"type": "photo", "media": "attach://file1"}],
            "file1": IN_FORM,
        },
    ),
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
    "restrict": (
        Act(verb="restrict", thread="-100123:9", to="7"),
        [("restrictChatMember", {"chat_id": -100123, "user_id": 7, "permissions": dict.fromkeys(PERMISSIONS, False)})],
    ),
    "unrestrict": (
        Act(verb="unrestrict", thread="-100123", to="7"),
        [("restrictChatMember", {"chat_id": -100123, "user_id": 7, "permissions": dict.fromkeys(PERMISSIONS, True)})],
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


def test_download_tells_an_address_nobody_may_keep(server: Server) -> None:
    assert NETWORK.download is not None
    download = NETWORK.download(CREDENTIALS, LARGEST)
    assert download.url.startswith(f"{server.url}/telegram/api.telegram.org/file/bot{TOKEN}/photos/")
    assert TOKEN not in repr(download)
    assert (download.mime, download.size) == ("image/jpeg", 70)
