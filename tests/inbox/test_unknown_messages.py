"""Events about messages that we do not have: looked for once, kept, and not lost when the message comes meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages
from chalicelib.networks import base
from chalicelib.store import connection, keys
from chalicelib.transport import apply
from tests.support.stack import number

SAID, NOW = clock.now() - clock.HOUR, clock.now()
READ_AGAIN = {"account": "1", "events": ()}  # nothing: what was kept has been applied by then
ANA = base.Person(id="1", name="Ana")
Call = Callable[[str], None]


def hears(owner: Owner, event: base.Event) -> None:
    apply.event(owner, base.Inbound(account="", event=event, raw=READ_AGAIN), NOW)


def message(thread: str, id: str, at: int) -> base.Message:
    return base.Message(thread=thread, id=id, at=at, person=ANA, text=id)


def about(thread: str, id: str, created: int) -> dict[str, base.Event]:
    return {
        "edit": base.Edit(thread=thread, id=id, at=NOW, text="New", created=created),
        "deletion": base.Delete(thread=thread, ids=(id,), at=NOW, created=created),
        "hiding": base.Hide(thread=thread, id=id, at=NOW, hidden=True, created=created, surface="dm"),
        "reaction": base.Reaction(thread=thread, id=id, at=NOW, by=ANA, emoji="+"),
    }


@contextmanager
def called(operation: str, call: Call) -> Iterator[None]:
    """Inside, `call` is given the body of each such request to the table before it is sent."""
    events = connection.opened().connection.client.meta.events
    edge = f"before-call.dynamodb.{operation}"
    events.register(edge, lambda params, **_: call(params["body"].decode()), unique_id="called")
    try:
        yield
    finally:
        events.unregister(edge, unique_id="called")


@pytest.mark.parametrize("created", [0, SAID], ids=["time unknown", "time told"])
@pytest.mark.parametrize("kind", about("", "", 0))
def test_message_that_we_never_had_is_looked_for_once(owner: Owner, kind: str, created: int) -> None:
    thread, read = number(), list[str]()
    for count in range(20):
        hears(owner, message(thread, f"{thread}.{count}", NOW - count * clock.MINUTE))
    with called("Query", lambda body: read.append(body) if f'"{keys.MESSAGES}' in body else None):
        hears(owner, about(thread, "never", created)[kind])
    portions = 2  # 8 and 32 of the newest
    assert len(read) <= portions


@pytest.mark.parametrize("kind", about("", "", 0))
def test_message_of_a_thread_that_we_never_had_is_not_looked_for(owner: Owner, kind: str) -> None:
    read: list[str] = []
    with called("Query", lambda body: read.append(body) if f'"{keys.MESSAGES}' in body else None):
        hears(owner, about(number(), "never", 0)[kind])
    assert read == []


@pytest.mark.parametrize("kind", about("", "", 0))
def test_event_is_not_lost_when_its_message_comes_just_before_it_is_kept(owner: Owner, kind: str) -> None:
    thread, late = number(), f"late{number()}"
    hears(owner, message(thread, f"first{thread}", SAID))

    def comes(body: str) -> None:
        if f'"{keys.PARKED}' in body and not waiting:
            waiting.append(body)
            hears(owner, message(thread, late, SAID - clock.DAY))

    waiting: list[str] = []
    with called("PutItem", comes):
        hears(owner, about(thread, late, 0)[kind])
    assert waiting
    stored: Any = messages.find(owner.agency, conversations.find_id(owner, "dm", thread), late)
    assert stored.edited_at or stored.deleted_at or stored.hidden or stored.reactions


def test_time_that_the_network_tells_is_searched_for_a_minute_about(owner: Owner) -> None:
    thread, id = number(), f"said{number()}"
    for count in range(3):
        hears(owner, message(thread, f"{thread}.{count}", SAID + count * clock.HOUR))
    hears(owner, message(thread, id, SAID))
    hears(owner, about(thread, id, SAID + clock.SECOND)["edit"])
    stored = messages.find(owner.agency, conversations.find_id(owner, "dm", thread), id)
    assert stored and stored.text == "New"
