"""A network that posts something again may stamp the new attempt with another time. It is the same message.

Where the message has a time of its own, both attempts tell it. Where it has none, the id alone decides.
"""

import copy
from typing import Any

from chalicelib.channels.channels import Owner
from chalicelib.networks.base import Message, Person
from chalicelib.transport import arrivals
from tests.networks.folders import everywhere, fixtures, of

LATER = 90
ANA = Person(id="1", name="Ana")


def again(body: Any) -> Any:
    """The body as Meta's networks would post it at a later time; the others put no time of their own on an attempt."""
    resent = copy.deepcopy(body)
    for entry in resent.get("entry", ()) if isinstance(resent, dict) else ():
        if isinstance(entry.get("time"), int):
            entry["time"] += LATER
    return resent


@everywhere
def test_another_attempt_tells_the_same_time_or_none(key: str) -> None:
    for body in fixtures(key):
        for first, second in zip(of(key).parse(body), of(key).parse(again(body)), strict=True):
            if isinstance(first.event, Message) and isinstance(second.event, Message):
                assert first.event.id == second.event.id
                assert first.event.at == second.event.at or not (first.event.exact or second.event.exact), body


def test_without_a_time_the_id_alone_decides(owner: Owner) -> None:
    now = 1_790_000_500_000
    attempts = [
        Message(thread="1", id="m", at=now - 1000 * number, exact=False, person=ANA) for number in range(9, 0, -1)
    ]
    received = [arrivals.receive(owner, attempt, now) for attempt in attempts]
    assert [outcome.new for outcome in received] == [True] + [False] * 8
    assert len({outcome.id for outcome in received}) == 1
