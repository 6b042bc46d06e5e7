"""F19. What the person does opens the time to answer anew, if it does on their network, whenever we hear of it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.channels.channels import Owner
from chalicelib.clock import HOUR
from chalicelib.inbox import conversations, windows
from chalicelib.networks import base, names
from chalicelib.transport import apply, arrivals
from tests.networks.folders import of
from tests.support.people import Fan, now
from tests.support.stack import Stack, eventually

AT = 1_790_000_000_000
NOW = AT + 200 * HOUR
ANA, BRAND = base.Person(id="1", name="Ana"), base.Person(id="100")
LIKED = base.Reaction(thread="1", id="m1", at=AT + 30 * HOUR, by=ANA, emoji="👍")
DEEDS: dict[str, base.Event] = {
    "reaction": LIKED,
    "referral": base.ThreadEvent(thread="1", name="referral", at=AT + 30 * HOUR, person=ANA),
    "handover": base.ThreadEvent(thread="1", name="handover", at=AT + 30 * HOUR, person=ANA),
    "optin": base.ThreadEvent(thread="1", name="optin", at=AT + 30 * HOUR, person=ANA),
}
LIMITED = [key for key in names() if of(key).capabilities.window]
said = base.Message(thread="1", id="m1", at=AT, person=ANA, text="Hello")


def tell(owner: Owner, event: base.Event) -> None:
    apply.event(owner, base.Inbound(account="", event=event, raw={}), NOW)


def opened(owner: Owner) -> int:
    conversation = conversations.find(owner.agency, conversations.find_id(owner, "dm", "1"))
    assert conversation
    return conversation.last_in_at


@pytest.mark.parametrize("network", LIMITED)
@pytest.mark.parametrize("deed", DEEDS)
def test_window_opens_by_what_the_network_says_opens_it(owner: Owner, network: str, deed: str) -> None:
    owner = replace(owner, network=network)
    tell(owner, said)
    tell(owner, DEEDS[deed])
    opens = deed in of(network).capabilities.opens
    assert opened(owner) == (AT + 30 * HOUR if opens else AT)


@pytest.mark.parametrize(
    "changes",
    [{"emoji": ""}, {"by": BRAND}, {"at": AT - HOUR}, {"thread": "2", "by": replace(ANA, id="2")}],
    ids=["taken back", "of the brand", "before the message", "elsewhere"],
)
def test_window_stays_as_it_was_otherwise(owner: Owner, changes: Any) -> None:
    owner = replace(owner, network="messenger")
    tell(owner, said)
    tell(owner, replace(LIKED, **changes))
    assert opened(owner) == AT


def test_late_message_does_not_shorten_the_window(owner: Owner) -> None:
    owner = replace(owner, network="messenger")
    tell(owner, said)
    tell(owner, LIKED)
    tell(owner, replace(said, id="m2", at=AT + 20 * HOUR, text="Sent before I liked it"))
    assert opened(owner) == AT + 30 * HOUR
    conversation = conversations.find(owner.agency, conversations.find_id(owner, "dm", "1"))
    assert conversation
    assert (conversation.last_at, conversation.heard) == (AT + 20 * HOUR, 2)


def test_window_opens_though_the_message_of_the_reaction_is_not_here_yet(owner: Owner) -> None:
    owner = replace(owner, network="messenger")
    tell(owner, said)
    tell(owner, replace(LIKED, id="still to come"))
    assert opened(owner) == AT + 30 * HOUR


@pytest.mark.parametrize("person", [replace(ANA, id="x", aliases=("1",)), ANA])
def test_window_opens_by_whichever_id_names_the_person(owner: Owner, person: base.Person) -> None:
    owner = replace(owner, network="messenger")
    tell(owner, said)
    tell(owner, replace(LIKED, by=person, at=NOW + HOUR))
    assert opened(owner) == NOW


@pytest.mark.parametrize("repeated", [1, 2])
def test_message_that_comes_late_opens_the_window_all_the_same(owner: Owner, repeated: int) -> None:
    tell(owner, said)
    tell(owner, replace(said, id="ours", direction="out", at=AT + 50 * HOUR))
    for _ in range(repeated):
        tell(owner, replace(said, id="late", at=AT + 49 * HOUR))
    tell(owner, replace(said, id="later still", at=AT + 40 * HOUR))
    assert opened(owner) == AT + 49 * HOUR


def test_window_that_was_not_opened_before_the_end_is_opened_by_the_next_try(owner: Owner) -> None:
    tell(owner, said)
    late = replace(said, id="late", at=AT + 49 * HOUR)
    tell(owner, replace(said, id="ours", direction="out", at=AT + 50 * HOUR))
    arrivals.receive(owner, late, NOW)
    conversation = conversations.find(owner.agency, conversations.find_id(owner, "dm", "1"))
    assert conversation
    conversation.update([type(conversation).last_in_at.set(AT)])  # as if the first try had died in between
    tell(owner, late)
    assert opened(owner) == AT + 49 * HOUR
    assert windows.closes_at(conversation)


@pytest.mark.parametrize("fan", ["messenger", "instagram"], indirect=True)
def test_reaction_lets_the_brand_answer_again(stack: Stack, fan: Fan) -> None:
    id = fan.says("Hello", at=now() - 30 * HOUR)
    conversation = fan.channel.conversation()["id"]
    owner = stack.ours.owner
    assert owner.get(f"/conversations/{conversation}/sendability")["why"] == "window_closed"
    fan.does("reacts", id, "❤️", at=now())
    eventually(lambda: "reply" in owner.get(f"/conversations/{conversation}/sendability")["ways"])
