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
from tests.support.dying import dying
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
