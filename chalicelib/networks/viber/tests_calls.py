"""The exact calls for each message that we send on Viber, and the meaning of its answers."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.viber import NETWORK, double
from chalicelib.networks.viber.outbound import CODES
from local.double import Server

TOKEN = "4453b6ac7-12345e02d1b-d4d0ac59"
US = base.Credentials(account="pa:7", token=TOKEN, details={"name": "A shop with quite a long name in it"})
A = Media(kind="image", url="https://files.test/a.jpg")
CLIP = Media(kind="video", url="https://files.test/a.mp4", size=1000)
MENU = Media(kind="file", url="https://files.test/menu.pdf", name="menu.pdf", size=2000)
SAYS: dict[str, tuple[Say, dict[str, Any]]] = {
    "words": (Say(thread="ana=", text="Olá 🌊"), {"type": "text", "text": "Olá 🌊"}),
    "picture": (
        Say(thread="ana=", text="Look", attachments=(A,)),
        {"type": "picture", "text": "Look", "media": A.url},
    ),
    "video": (Say(thread="ana=", attachments=(CLIP,)), {"type": "video", "media": CLIP.url, "size": 1000}),
    "file": (
        Say(thread="ana=", attachments=(MENU,)),
        {"type": "file", "media": MENU.url, "size": 2000, "file_name": "menu.pdf"},
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_saying_is_one_call_under_the_bots_name(name: str, server: Server) -> None:
    say, content = SAYS[name]
    assert int(NETWORK.send(US, say).id) > 1 << 53
    [call] = server.state.requests
    assert (call["method"], call["path"]) == ("POST", "/pa/send_message")
    assert call["headers"]["x-viber-auth-token"] == TOKEN
    sender = {"name": "A shop with quite a long nam"}
    assert call["json"] == {"receiver": "ana=", "min_api_version": 1, "sender": sender, **content}


def test_longest_text_of_emoji_fits_into_a_body(server: Server) -> None:
    assert NETWORK.send(US, Say(thread="ana=", text="🌊" * 7000))


def test_files_go_one_by_one_and_only_a_picture_has_words() -> None:
    def split(text: str, *files: Media) -> list[tuple[str, int]]:
        return [
            (part.text, len(part.attachments)) for part in NETWORK.parts(Say(thread="a", text=text, attachments=files))
        ]

    assert split("Hi") == [("Hi", 0)]
    assert split("Look", A, MENU) == [("Look", 1), ("", 1)]
    assert split("Read", MENU, A) == [("Read", 0), ("", 1), ("", 1)]
    assert split("x" * 513, A) == [("x" * 513, 0), ("", 1)]
    assert split("", CLIP) == [("", 1)]


def test_video_of_unknown_size_is_refused() -> None:
    with pytest.raises(base.Rejected):
        NETWORK.send(US, Say(thread="ana=", attachments=(replace(CLIP, size=0),)))


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "2"),
    "no_bot": (base.Expired, "8"),
    "throttled": (base.Throttled, "12"),
    "gone": (base.Gone, "6"),
    "not_registered": (base.Gone, "5"),
    "old_device": (base.Gone, "11"),
    "rejected": (base.Rejected, "3"),
    "missing": (base.Rejected, "4"),
    "blocked": (base.Rejected, "7"),
    "suspended": (base.Rejected, "9"),
    "no_webhook": (base.Rejected, "10"),
    "bad_url": (base.Rejected, "1"),
    "spent": (base.Rejected, "24"),
    "strange": (base.Unknown, "99"),
    "unavailable": (base.Unknown, "503"),
    "silent": (base.Unknown, "no_id"),
}


def test_every_failure_is_tried_and_every_code_known() -> None:
    assert OUTCOMES.keys() == double.FAILURES.keys()
    assert set(CODES) == set(range(1, 25))


@pytest.mark.parametrize("failure", OUTCOMES)
def test_failure_becomes_its_outcome(failure: str, server: Server) -> None:
    server.state.behaviours.append({"network": "viber", "do": failure, "times": 1})
    kind, code = OUTCOMES[failure]
    with pytest.raises(kind) as raised:
        NETWORK.send(US, Say(thread="ana=", text="Hi"))
    assert (type(raised.value), raised.value.code) == (kind, code)


def test_nothing_else_can_be_done() -> None:
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="read", thread="ana=", id="1"))


def test_webhook_is_set_and_taken_away(server: Server) -> None:
    hook = "https://palabre.test/hooks/viber/chn_1"
    NETWORK.subscribe(US, hook, "")
    assert NETWORK.unheard
    assert NETWORK.unheard(US, hook) == []
    assert "seen" in NETWORK.unheard(US, f"{hook}2")
    NETWORK.unsubscribe(US)
    assert "seen" in NETWORK.unheard(US, hook)
    on, off = (call["json"] for call in server.state.requests if call["path"] == "/pa/set_webhook")
    assert on["url"] == "https://palabre.test/hooks/viber/chn_1"
    assert "seen" in on["event_types"]
    assert off == {"url": ""}


def test_bot_and_people_are_known_by_name(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account="pa:7", name="Our shop", details={"name": "Our shop"})
    assert NETWORK.profile
    assert NETWORK.profile(US, "ana=").name == "Ana"
    with pytest.raises(base.Gone):
        NETWORK.profile(US, "gone=")
