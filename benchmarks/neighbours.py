"""One agency beside another that asks too much: how long a message takes to the inbox, and an answer to its network.

Everything runs on this machine, so whoever asks much also takes the processor's time; the attacks therefore ask as much
as a few people do, and never wait for each other.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

from benchmarks import stand
from benchmarks.figure import Figure
from local import ports
from local.cloud import Platform
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

SAMPLES = 9
PAUSE_SECONDS = 0.2
Attack = Callable[[Member, Fan], None]


def figures() -> list[Figure]:
    """Each attack beside a quiet minute of the same run, on a stack of its own and from a process of its own."""
    with stand.apart() as fresh:
        return fresh(_measure)


def _measure() -> list[Figure]:
    platform = Platform(ports.free(), stand.LOGS)
    try:
        platform.start()
        platform.deploy()
        stack = Stack(platform, platform.seed())
        ours, theirs = Fan(stack.connect("telegram", stack.ours)), Fan(stack.connect("telegram", stack.theirs))
        ours.is_answered("Good morning")
        theirs.is_answered("Good morning")
        client = stack.someone(stack.theirs, "client", [stack.theirs.brand])
        return [figure for name, attack in ATTACKS.items() for figure in _beside(name, attack, ours, client, theirs)]
    finally:
        platform.stop()


def _beside(name: str, attack: Attack, ours: Fan, client: Member, theirs: Fan) -> Iterator[Figure]:
    quiet = _times(ours)
    with _going_on(lambda: attack(client, theirs)):
        meanwhile = _times(ours)
    for what, before, during in zip(("to the inbox", "answer to its network"), quiet, meanwhile, strict=True):
        times = during / before
        yield Figure(
            f"beside {name}: {what}", round(during, 3), "s", round(before, 3), round(times, 2), "<= 2x", times <= 2
        )


def _times(fan: Fan) -> tuple[float, float]:
    """The medians, in seconds: from a webhook to the inbox, and from an answer to its network."""
    conversation = f"/conversations/{fan.channel.conversation()['id']}"
    arrived, sent = [], []
    for _ in range(SAMPLES):
        arrived.append(_time(partial(_arrives, fan, conversation)))
        sent.append(_time(lambda: fan.is_answered(f"Answer {number()}")))
    return median(arrived), median(sent)


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _arrives(fan: Fan, conversation: str) -> None:
    fan.says(text := f"Question {number()}")
    # Telegram tells whole seconds: a question stands below all answers of its second.
    owner, newest = fan.channel.agency.owner, f"{conversation}/messages"
    eventually(lambda: text in [message["text"] for message in owner.get(newest, limit=2 * SAMPLES)["items"]])


@contextmanager
def _going_on(work: Callable[[], None]) -> Iterator[None]:
    """Does the work again and again, with a short rest, until the measurement inside is over."""
    over = threading.Event()

    def again() -> None:
        while not over.wait(PAUSE_SECONDS):
            work()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _refused_replies(client: Member, fan: Fan) -> None:
    fan.channel.fails("rejected", text := f"No luck {number()}")
    fan.hears(text)


def _refused_requests(client: Member, fan: Fan) -> None:
    for _ in range(5):
        client.call("GET", "/audit")


def _hostile_bodies(client: Member, fan: Fan) -> None:
    view = {"name": "x", "brands": [{f"a{count}": 1} for count in range(4_000)], "condition": {}}
    client.call("POST", "/views", view)


def _snoozes(client: Member, fan: Fan) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    change = {"status": "snoozed", "snoozed_until": until}
    ids = [conversation["id"] for conversation in fan.channel.conversations()]
    fan.channel.agency.owner.call("POST", "/conversations/bulk", {"ids": ids, "change": change})


def _replays(client: Member, fan: Fan) -> None:
    range_ = {"since": fan.channel.since, "until": "2100-01-01T00:00:00Z"}
    fan.channel.agency.owner.call("POST", "/ingest/entries/replay", range_)


def _slow_files(client: Member, fan: Fan) -> None:
    """A picture whose address answers a byte a second, as often as it is tried."""
    channel = fan.channel
    channel.stack.behave(channel.network, "drip", method="GET", path=f"/file/bot{channel.token}", times=3)
    channel.tell("dm_with_image", user=int(fan.id))


ATTACKS: dict[str, Attack] = {
    "refused replies": _refused_replies,
    "refused requests": _refused_requests,
    "hostile bodies": _hostile_bodies,
    "snoozes": _snoozes,
    "replays": _replays,
    "slow files": _slow_files,  # the last: they are still being fetched when it is over
}
