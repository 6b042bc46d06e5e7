"""What a message has no more leaves the bucket, wherever the process died that took it from the message."""

from collections.abc import Callable, Mapping

import pytest

from chalicelib import clock
from chalicelib.aws import storage
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages
from chalicelib.networks import base
from chalicelib.store.models.inbox import Message
from chalicelib.transport import apply
from tests.support.dying import MOMENTS, dying
from tests.support.stack import eventually, number

SAID, NOW = clock.now() - clock.HOUR, clock.now()
LONG = "A long letter. " * 5_000


def hears(owner: Owner, event: base.Event) -> None:
    apply.event(owner, base.Inbound(account="", event=event, raw={}), NOW)


def stored(owner: Owner, thread: str) -> Message:
    message = messages.find(owner.agency, conversations.find_id(owner, "dm", thread), thread, SAID)
    assert message
    return message


EVENTS: Mapping[str, Callable[[str], base.Event]] = {
    "deletion": lambda thread: base.Delete(thread=thread, ids=(thread,), at=NOW, created=SAID),
    "edit": lambda thread: base.Edit(thread=thread, id=thread, at=NOW, text="Never mind", created=SAID),
}


@pytest.mark.parametrize("moment", [0, 1, 2])
@pytest.mark.parametrize("kind", EVENTS)
def test_long_text_is_gone_with_its_message_wherever_the_process_died(owner: Owner, kind: str, moment: int) -> None:
    thread = number()
    hears(owner, base.Message(thread=thread, id=thread, at=SAID, person=base.Person(id="1", name="Ana"), text=LONG))
    key = stored(owner, thread).full_text or ""
    assert storage.get(key) == LONG.encode()
    event = EVENTS[kind](thread)
    with dying(moment):
        hears(owner, event)
    if moment == 0:
        assert storage.get(key)
        hears(owner, event)  # as the queue does
    assert stored(owner, thread).full_text is None
    eventually(lambda: storage.get(key) is None)


def test_long_text_of_a_deleted_message_does_not_come_back_with_it(owner: Owner) -> None:
    thread = number()
    said = base.Message(thread=thread, id=thread, at=SAID, person=base.Person(id="1", name="Ana"), text=LONG)
    edited = base.Edit(thread=thread, id=thread, at=NOW - clock.MINUTE, text=f"{LONG}!", created=SAID)
    hears(owner, said)
    keys = [stored(owner, thread).full_text or ""]
    hears(owner, edited)
    keys.append(stored(owner, thread).full_text or "")
    assert storage.get(keys[1]) == f"{LONG}!".encode()
    hears(owner, EVENTS["deletion"](thread))
    eventually(lambda: [storage.get(key) for key in keys] == [None, None])
    for event in (said, edited):
        hears(owner, event)
    assert [storage.get(key) for key in keys] == [None, None]


@pytest.mark.parametrize("moment", MOMENTS)
def test_long_text_is_whole_wherever_the_process_died(owner: Owner, moment: int) -> None:
    thread = number()
    said = base.Message(thread=thread, id=thread, at=SAID, person=base.Person(id="1", name="Ana"), text=LONG)
    edited = base.Edit(thread=thread, id=thread, at=NOW - clock.MINUTE, text=f"{LONG}!", created=SAID)
    for event in (said, edited):
        with dying(moment):
            hears(owner, event)
        hears(owner, event)  # as the queue does
    assert storage.get(stored(owner, thread).full_text or "") == f"{LONG}!".encode()
