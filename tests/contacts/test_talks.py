"""A contact leads to the conversations in which they speak, the newest first, of those that one may see."""

from dataclasses import replace

from chalicelib import clock
from chalicelib.access.actors import Actor, Grant
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, talks
from chalicelib.networks import base
from chalicelib.people import members
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Talk
from chalicelib.store.models.inbox import Conversation
from chalicelib.transport import arrivals
from tests.support.people import Fan
from tests.support.stack import Stack, eventually, number

NOW = clock.now()
ANA = base.Person(id="1", name="Ana")
asks = base.Message(thread="t0", id="m0", at=NOW, surface="comment", person=ANA, text="How much?")


def comments(owner: Owner, count: int) -> list[str]:
    """Ana comments so many times, each time in a thread of its own; the conversations, the newest first."""
    for place in range(count):
        arrivals.receive(owner, replace(asks, thread=f"t{place}", id=f"m{place}"), NOW + place)
    return [conversations.find_id(owner, "comment", f"t{place}") for place in reversed(range(count))]


def somebody(owner: Owner) -> str:
    """A member who works for the brand: from anybody else, conversations would be taken away."""
    return next(member.id for member in members.every(owner.agency) if members.works_for(member, owner.brand))


def listed(owner: Owner, *permissions: str, limit: int = 20) -> list[list[str]]:
    """The pages, of whoever has these permissions, as ids of conversations."""
    contact = contacts.get(owner.agency, contacts.id_of(owner, ANA))
    actor = Actor(owner.agency, somebody(owner), "Member", grants=(Grant("role", frozenset(permissions)),))
    pages = [talks.page_of(actor, contact, limit, None)]
    while pages[-1][1]:
        pages.append(talks.page_of(actor, contact, limit, pages[-1][1]))
    return [[conversation.id for conversation in shown] for shown, _ in pages]


def own(owner: Owner) -> Owner:
    """The same place with a network's id of Ana that no other test has."""
    return replace(owner, network=f"example{number()}")


def test_conversations_of_a_contact_have_pages_newest_first(owner: Owner) -> None:
    owner = own(owner)
    ids = comments(owner, 5)
    pages = listed(owner, "inbox.view_all", limit=2)
    assert [id for page in pages for id in page] == ids
    assert max(map(len, pages)) == 2


def test_only_those_are_listed_that_one_may_see(owner: Owner) -> None:
    owner = own(owner)
    ids = comments(owner, 3)
    mine = Conversation(keys.within(owner.agency, ids[1]), keys.CONVERSATION)
    table.update(mine, [Conversation.assignee.set(somebody(owner))])
    assert listed(owner, "inbox.view_assigned") == [[ids[1]]]
    assert listed(owner, "inbox.view_unassigned") == [[ids[0], ids[2]]]
    assert listed(owner, "contact.view") == [[]]


def test_conversation_is_listed_once_however_often_it_is_begun(owner: Owner) -> None:
    owner = own(owner)
    [id] = comments(owner, 1)
    for later in (1, 2):
        conversations.create(owner, asks, NOW + later)
    conversation = conversations.find(owner.agency, id)
    assert conversation
    conversations.record_person(owner, conversation, replace(ANA, name="Anna"), NOW + 3)
    assert listed(owner, "inbox.view_all") == [[id]]
    contact = keys.within(owner.agency, contacts.id_of(owner, ANA))
    assert len(list(table.query(Talk, contact, keys.TALKS))) == 1


def test_conversations_of_a_contact_are_asked_for_over_the_api(stack: Stack) -> None:
    fan = Fan(stack.connect("facebook"))
    contact = fan.starts("One comment")["contact"]["id"]
    fan.top = ""
    fan.says("Another")
    known = eventually(lambda: every if len(every := fan.channel.conversations()) == 2 else None)
    shown = stack.ours.owner.every(f"/contacts/{contact}/conversations")
    assert sorted(shown, key=lambda conversation: str(conversation["id"])) == sorted(
        known, key=lambda conversation: str(conversation["id"])
    )
    assert stack.theirs.owner.call("GET", f"/contacts/{contact}/conversations").problem == (404, "not_found")
