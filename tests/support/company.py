"""Others who use both agencies while a test runs: what they do is nothing that a test may count on, or be disturbed by.

They are at work in `make check`, and wherever COMPANY is set.
"""

import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.support.people import Fan
from tests.support.stack import Agency, Stack, number
from tests.support.thorough import tries

PAUSE = 0.3  # seconds between two of their steps, so that a test gets most of the machine
WAITING = {"field": "waiting", "is": True}
NETWORKS = ("messenger", "facebook", "telegram")
SAID = ("Where are you?", "You are idiots", "I want to kill myself", "Look at https://cheap.example", "👍")


@contextmanager
def beside(stack: Stack) -> Iterator[None]:
    """They work until the end; what went wrong for them fails the run."""
    if not (os.environ.get("COMPANY") or tries(False, True)):
        yield
        return
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(_work, stack, ended)
        try:
            yield
        finally:
            ended.set()
        work.result()


def _work(stack: Stack, ended: threading.Event) -> None:
    chance = random.Random()
    agencies = (stack.ours, stack.theirs)
    fans = [Fan(stack.connect(network, agency)) for agency in agencies for network in NETWORKS]
    while not ended.wait(PAUSE):
        fan = chance.choice(fans)
        chance.choice((_writes, _works_on, _works_on, _makes))(chance, fan)
        if chance.random() < 0.05:
            connected = stack.connect(chance.choice(NETWORKS), fan.channel.agency)
            _asked(connected.agency, "DELETE", f"/channels/{connected.id}")


def _writes(chance: random.Random, fan: Fan) -> None:
    """Somebody new writes, or one who wrote before."""
    somebody = chance.choice((fan, Fan(fan.channel, name=f"P{number()}")))
    somebody.says(f"{chance.choice(SAID)} {number()}")


def _works_on(chance: random.Random, fan: Fan) -> None:
    """A member does something with a conversation."""
    agency = fan.channel.agency
    listed = _asked(agency, "GET", "/conversations", channel=fan.channel.id)["items"]
    if not listed:
        return
    conversation = chance.choice(listed)
    address, contact = f"/conversations/{conversation['id']}", conversation["contact"]["id"]
    steps: tuple[tuple[str, str, Any], ...] = (
        ("PATCH", address, {"priority": chance.choice(("low", "urgent"))}),
        ("PATCH", address, {"status": chance.choice(("open", "resolved"))}),
        ("PATCH", address, {"labels": chance.sample(("vip", "late", "press"), 2)}),
        ("PATCH", f"/contacts/{contact}", {"own_name": f"P{number()}"}),
        ("POST", f"{address}/notes", {"text": f"Note {number()}"}),
        ("POST", f"{address}/replies", {"text": f"Answer {number()}"}),
        ("POST", f"{address}/read", {}),
        ("POST", f"{address}/lease", None),
        ("DELETE", f"{address}/lease", None),
        ("POST", f"/messages/{conversation['last_message']['id']}/hide", None),
    )
    _asked(agency, *chance.choice(steps))


def _makes(chance: random.Random, fan: Fan) -> None:
    """A member makes something, and removes it again."""
    agency, name = fan.channel.agency, number()
    things: tuple[tuple[str, Any], ...] = (
        ("/teams", {"name": f"Team {name}", "members": []}),
        ("/roles", {"name": f"Role {name}", "permissions": ["contact.view"]}),
        ("/canned-replies", {"title": name, "text": "We are open", "brand": agency.brand, "shortcut": f"c{name}"}),
        ("/views", {"name": name, "shared": True, "brands": [agency.brand], "condition": WAITING}),
        ("/term-lists", {"brand": agency.brand, "name": name, "entries": [f"w{name}x"]}),
    )
    path, body = chance.choice(things)
    made = _asked(agency, "POST", path, body)
    if "id" in made:
        _asked(agency, "DELETE", f"{path}/{made['id']}")


def _asked(agency: Agency, verb: str, path: str, body: Any = None, **query: Any) -> Any:
    answer = agency.owner.call(verb, path, body, by_chance=True, **query)
    assert answer.status < 500, answer
    return answer.json if answer.raw else {}
