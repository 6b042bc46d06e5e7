"""S8: what is older than what is known changes nothing, whichever kind of event it is and however it comes in again."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, messages, presentation
from chalicelib.networks import base
from chalicelib.store import fence
from chalicelib.transport import apply
from tests.support.stack import Stack, number

SAID, FIRST, SECOND = (clock.now() - seconds * 1000 for seconds in (90, 60, 30))
Pair = tuple[base.Event, base.Event]


def pairs(thread: str) -> Mapping[str, Pair]:
    """Of each kind of event whose last one wins: one about that thread, and a later one that says otherwise."""
    ana, id = base.Person(id=thread, name="Ana"), f"said{thread}"
    return {
        "trouble": (
            base.AccountEvent(name="policy.block", at=FIRST, health="paused", detail="Spam"),
            base.AccountEvent(name="policy.unblock", at=SECOND),
        ),
        "reachability": (
            base.Profile(person=ana, at=FIRST, reachable=False),
            base.Profile(person=ana, at=SECOND, reachable=True),
        ),
        "name": (
            base.Profile(person=base.Person(id=thread, name="Ana Sousa"), at=FIRST),
            base.Profile(person=base.Person(id=thread, name="Ana Silva"), at=SECOND),
        ),
        "hiding": (
            base.Hide(thread=thread, id=id, at=FIRST, hidden=True, created=SAID, surface="dm"),
            base.Hide(thread=thread, id=id, at=SECOND, hidden=False, created=SAID, surface="dm"),
        ),
        "wording": (
            base.Edit(thread=thread, id=id, at=FIRST, text="Helo", created=SAID),
            base.Edit(thread=thread, id=id, at=SECOND, text="Hello", created=SAID),
        ),
        "reaction": (
            base.Reaction(thread=thread, id=id, at=FIRST, by=ana, emoji="+"),
            base.Reaction(thread=thread, id=id, at=SECOND, by=ana, emoji="-"),
        ),
        "thread": (
            base.ThreadEvent(thread=thread, name="handover", at=FIRST, context={"to": "them"}),
            base.ThreadEvent(thread=thread, name="handover", at=SECOND, context={"to": "us"}),
        ),
    }


# These happen once, only move forward, or say only that something is another.
ONCE = {base.Message, base.Delete, base.Receipt, base.Moved, base.PostEdited, base.Hint, base.Unhandled}


class Place:
    """A thread on a channel of ours, in which Ana said something."""

    def __init__(self, owner: Owner, thread: str) -> None:
        self.owner, self.thread = owner, thread
        self.ana = base.Person(id=thread, name="Ana")
        self.hears(base.Message(thread=thread, id=f"said{thread}", at=SAID, person=self.ana, text="Hi"), SAID)

    def hears(self, event: base.Event, received_at: int) -> None:
        with fence.within(self.owner.agency):
            apply.event(self.owner, base.Inbound(account="", event=event, raw={}), received_at)

    def known(self) -> Any:
        """All that members see of the channel, the person and what was said, but for counts of looks."""
        everybody = actors.system(self.owner.agency)
        with fence.within(self.owner.agency):
            channel = channels.get(self.owner.agency, self.owner.channel)
            contact = contacts.get(self.owner.agency, contacts.id_of(self.owner, self.ana))
            id = conversations.find_id(self.owner, "dm", self.thread)
            conversation = conversations.find(self.owner.agency, id)
            message = messages.find(self.owner.agency, id, f"said{self.thread}", SAID)
        assert conversation
        assert message
        seen = (
            channels.view(channel, ""),
            contacts.view(everybody, contact),
            presentation.conversation(everybody, conversation),
            presentation.view(everybody, message),
        )
        return [{name: value for name, value in view.items() if name not in ("version", "updated_at")} for view in seen]


@pytest.fixture
def place(stack: Stack) -> Place:
    return Place(Owner(stack.ours.id, stack.ours.brand, stack.connect("example").id, "example"), number())


def test_every_kind_of_event_is_tried_here() -> None:
    assert ONCE | {type(event) for pair in pairs("").values() for event in pair} == set(get_args(base.Event))


@pytest.mark.parametrize("kind", pairs(""))
def test_older_event_that_comes_in_again_changes_nothing(place: Place, kind: str) -> None:
    first, second = pairs(place.thread)[kind]
    place.hears(first, FIRST)
    between = place.known()
    place.hears(second, SECOND)
    known = place.known()
    assert known != between
    place.hears(first, FIRST)
    assert place.known() == known


@pytest.mark.parametrize("kind", pairs(""))
def test_older_event_that_comes_late_changes_nothing(place: Place, kind: str) -> None:
    first, second = pairs(place.thread)[kind]
    place.hears(second, SECOND)
    known = place.known()
    place.hears(first, FIRST)
    assert place.known() == known
