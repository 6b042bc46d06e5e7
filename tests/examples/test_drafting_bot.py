"""The example of a bot that drafts, as a process: it drafts once for each message, and sends nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.environment import ROOT
from tests.support import receivers
from tests.support.people import Fan
from tests.support.stack import Channel, Member, Stack, eventually, number

RIGHTS = ["inbox.view_all", "reply.public.propose", "reply.private.propose"]


class Bot:
    """The example's process, and the file in which it keeps how far it has read."""

    def __init__(self, folder: Path, api: str, key: str, canned_reply: str) -> None:
        self.place, self._printed = folder / "place.txt", folder / "printed"
        settings = {"PALABRE_API": api, "PALABRE_KEY": key, "CANNED_REPLY": canned_reply, "PLACE": str(self.place)}
        self._variables = {**os.environ, **settings}

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [sys.executable, str(ROOT / "examples" / "drafting_bot" / "bot.py")]
        with (
            self._printed.open("a") as printed,
            subprocess.Popen(command, env=self._variables, stdout=printed) as process,
        ):
            try:
                eventually(lambda: self._has_begun(process), 30)
                yield
            finally:
                process.send_signal(signal.SIGKILL)

    def _has_begun(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, "It ended by itself."
        return self.place.exists()

    def lines(self) -> list[str]:
        return self._printed.read_text().splitlines()


class Desk:
    """A brand whose people have a canned reply, and the key of a bot that may propose."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.agency, self.owner = stack, stack.brand(), stack.ours.owner
        wanted = {"brand": self.agency.brand, "shortcut": "soon", "title": "Soon"}
        text = "Hello {{contact.first_name|there}}, we look into it."
        self.canned_reply = self.owner.post("/canned-replies", {**wanted, "text": text})["id"]
        role = self.owner.post("/roles", {"name": f"Drafts {number()}", "permissions": RIGHTS})["id"]
        grants = [{"role": role, "brands": [self.agency.brand]}]
        self.key = Member(stack.api, self.owner.post("/api-keys", {"name": "Bot", "grants": grants})["key"])

    def someone(self) -> Member:
        return self.stack.someone(self.agency, "conversation_manager", [self.agency.brand])

    def replies(self, channel: Channel) -> list[Any]:
        return list(self.owner.every("/replies", conversation=channel.conversation()["id"]))


def sent(channel: Channel) -> list[Any]:
    """What the network was asked to tell people."""
    return [call for call in channel.calls() if "/send" in call["path"]]


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def test_each_message_has_one_draft_though_the_bot_dies_and_nothing_is_sent(
    stack: Stack, desk: Desk, tmp_path: Path
) -> None:
    first, second = (stack.connect("telegram", desk.agency) for _ in range(2))
    bot = Bot(tmp_path, stack.api, desk.key.token, desk.canned_reply)
    with bot.running():
        began = bot.place.read_text()
        Fan(first).says("Are you open?")
        eventually(lambda: desk.replies(first))
    Fan(second).says("Where are you?")
    eventually(second.conversations)
    bot.place.write_text(began)  # as if it had died before it noted that it drafted the first
    with bot.running():
        eventually(lambda: desk.replies(second))
        eventually(lambda: bot.place.read_text() != began)
    for channel in (first, second):
        [reply] = desk.replies(channel)
        assert (reply["status"], reply["text"]) == ("draft", "Hello Ana, we look into it.")
        assert reply["author"] == desk.key.get("/me")["member"]
        assert [said["direction"] for said in channel.messages()] == ["in"]
        assert sent(channel) == []
    somebody, path = desk.someone(), f"/replies/{desk.replies(first)[0]['id']}"
    assert somebody.call("POST", f"{path}/submit", {}).problem == (403, "not_yours")
    somebody.patch(path, {"text": "We are, until ten."})
    somebody.post(f"{path}/submit")
    eventually(lambda: sent(first))


def test_what_the_bot_may_not_do_is_refused(stack: Stack, desk: Desk) -> None:
    channel = stack.connect("telegram", desk.agency)
    conversation = Fan(channel).starts()["id"]
    reply = desk.key.post(f"/conversations/{conversation}/replies", {"text": "Hello"})
    assert reply["status"] == "pending"
    approval = desk.key.call("POST", f"/replies/{reply['id']}/approve", {"hash": reply["hash"]})
    assert approval.status == 403
    assert sent(channel) == []


def test_the_bot_waits_as_long_as_it_is_told_and_asks_again_with_the_same_key(tmp_path: Path) -> None:
    heard: list[tuple[float, str, str]] = []
    row = {"id": "cnv_1", "waiting_since": "2026-11-27T07:16:30.000Z"}
    event = {"target": "msg_1", "data": {"conversation": row}}
    feeds = iter([{"items": [event], "more": True, "cursor": "two", "next_in": 1}])

    def answer(line: str) -> tuple[int, Any]:
        if "/canned-replies/can_1 " in line:
            return 200, {"brand": "brd_1"}
        if "/render" in line:
            return 200, {"text": "Hello"}
        if "/events" in line:
            last: Any = {"items": [], "more": False, "cursor": "three", "next_in": 60}
            return 200, last if "after=now" in line else next(feeds, last)
        tries = [said for _, said, _ in heard if said == line]
        return (429, {}) if len(tries) == 1 else (202, {"id": "rpl_1"})

    def behave(connection: socket.socket) -> None:
        head, _, _ = receivers.heard(connection).decode().partition("\r\n\r\n")
        line, *headers = head.split("\r\n")
        keys = [header.partition(": ")[2] for header in headers if header.startswith("Idempotency-Key: ")]
        heard.append((time.monotonic(), line, "".join(keys)))
        status, body = answer(line)
        raw = json.dumps(body)
        more = f"Retry-After: 1\r\nContent-Length: {len(raw)}\r\nConnection: close"
        connection.sendall(f"HTTP/1.1 {status} Said\r\n{more}\r\n\r\n{raw}".encode())

    with receivers.serving(behave) as port:
        bot = Bot(tmp_path, f"http://127.0.0.1:{port}/v1", "pal_part_x", "can_1")
        with bot.running():
            eventually(lambda: bot.lines() == ["msg_1 drafted rpl_1"], 30)
    (at, line, key), (later, *again) = (request for request in heard if "/replies " in request[1])
    assert later - at >= 1
    assert [line, key] == again
    assert key == "draft-msg_1"
