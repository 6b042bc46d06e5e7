"""The example of a receiver, as a process that the stack posts to: what is genuine is printed once."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from standardwebhooks import Webhook

from local.cloud import RECEIVERS
from local.environment import ROOT
from tests.support import origins
from tests.support.people import Fan
from tests.support.stack import Stack, eventually

OLD, NEW = ("whsec_" + letter * 43 + "=" for letter in "AB")
EVENT = {
    "id": "evt_1",
    "at": "2026-11-27T07:16:30.000Z",
    "type": "message.received",
    "target": "m",
    "conversation": "c",
}
BODY = json.dumps({"type": EVENT["type"], "timestamp": EVENT["at"], "data": EVENT})


class Receiver:
    """The example's process; what it prints is in a file, so that nobody waits for a line."""

    def __init__(self, place: Path, origin: str) -> None:
        self.origin, self._file, self._printed = origin, place / "events.sqlite", place / "printed"

    @contextmanager
    def running(self, secrets: str) -> Iterator[None]:
        command = [sys.executable, str(ROOT / "examples" / "webhooks" / "receiver.py"), self.origin.rpartition(":")[2]]
        variables = {**os.environ, "SECRETS": secrets, "FILE": str(self._file)}
        with self._printed.open("a") as printed, subprocess.Popen(command, env=variables, stdout=printed) as process:
            try:
                eventually(lambda: self.is_there(process), 30)
                yield
            finally:
                process.send_signal(signal.SIGKILL)

    def is_there(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None
        try:
            return urllib3.request("POST", self.origin, retries=False).status == 401
        except urllib3.exceptions.HTTPError:
            return False

    def lines(self) -> list[str]:
        return self._printed.read_text().splitlines()

    def is_idle(self) -> bool:
        """True if it did all that it was told."""
        with closing(sqlite3.connect(self._file)) as file:
            count, left = file.execute("SELECT count(*), count(body) FROM events").fetchone()
        return bool(count and not left)

    def told(self, secret: str, at: datetime, body: str = BODY, signed: str = BODY, **headers: str) -> int:
        """The status with which it answers a delivery of that moment."""
        signature = Webhook(secret).sign("evt_1", at, signed)
        mine = {"webhook-id": "evt_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
        wanted = {**mine, **headers}
        return urllib3.request("POST", self.origin, body=body.encode(), headers=wanted, retries=False).status


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with origins.taken(RECEIVERS) as origin:
        yield Receiver(tmp_path, origin)


def test_comment_that_is_delivered_twice_is_printed_once_and_a_forged_one_never(
    receiver: Receiver, stack: Stack
) -> None:
    owner, fan = stack.ours.owner, Fan(stack.connect("facebook", stack.brand()))
    wanted = {"url": f"{receiver.origin}/palabre", "classes": ["comments"], "brands": [fan.channel.agency.brand]}
    endpoint = owner.post("/webhook-endpoints", wanted)
    path = f"/webhook-endpoints/{endpoint['id']}"
    with receiver.running(endpoint["secret"]):
        comment = fan.channel.message(fan.says("How much are they?"))
        [line] = eventually(lambda: received(receiver, comment))
        assert line.split()[1:] == ["message.received", comment["id"], comment["conversation"]]
        [first] = eventually(lambda: deliveries(stack, path, comment))
        owner.post(f"{path}/deliveries/{first}/redeliver")
        eventually(lambda: len(deliveries(stack, path, comment)) == 2)
        assert receiver.told(OLD, datetime.now(UTC)) == 401
        owner.delete(path)
        assert len(received(receiver, comment)) == 1
        assert not [line for line in receiver.lines() if EVENT["at"] in line]


def received(receiver: Receiver, comment: Any) -> list[str]:
    return [line for line in receiver.lines() if re.search(rf"message\.received {comment['id']}\b", line)]


def deliveries(stack: Stack, path: str, comment: Any) -> list[str]:
    """The ids of the event of that comment, once for each time that it was taken."""
    rows = stack.ours.owner.get(f"{path}/deliveries", limit=100)["items"]
    return [row["event"] for row in rows if row["type"] == "message.received" and row["delivered"]]


def test_what_nobody_with_a_secret_said_just_now_is_refused(receiver: Receiver) -> None:
    now = datetime.now(UTC)
    with receiver.running(f"{OLD} {NEW}"):
        assert receiver.told(OLD, now - timedelta(minutes=6)) == 401
        assert receiver.told(OLD, now, body=BODY.replace("evt_1", "evt_2")) == 401
        assert receiver.told(OLD, now, **{"webhook-signature": "nonsense"}) == 401
        assert receiver.told(OLD, now, body="x" * ((1 << 20) + 1)) == 413
        assert receiver.lines() == []


def test_either_of_two_secrets_will_do_and_what_is_known_is_known_after_a_restart(receiver: Receiver) -> None:
    now = datetime.now(UTC)
    with receiver.running(f"{OLD} {NEW}"):
        assert receiver.told(OLD, now) == 204
        eventually(receiver.is_idle)
        assert receiver.lines() == [f"{EVENT['at']} message.received m c"]
    with receiver.running(NEW):
        assert receiver.told(NEW, now) == 204
        assert receiver.told(OLD, now) == 401
        assert receiver.is_idle()
        assert len(receiver.lines()) == 1
