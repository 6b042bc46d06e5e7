"""Each change of the table makes the events that it should, and no other."""

from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.channels import troubles
from chalicelib.events import catalogue, examples, news, schemas
from chalicelib.events.events import Event
from chalicelib.store import keys
from chalicelib.store.changes import Change
from chalicelib.store.items import Item
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.work import Job

AGENCY = "agc_1"
TALK = f"{AGENCY}#cnv_1"
CUSTOMER = {"contact": "ctc_1", "name": "Ana", "network_id": "1"}


def message(**fields: Any) -> Message:
    rest = {"direction": "in", "status": "received", "kind": "text", "author": CUSTOMER, "text": "Hello", **fields}
    return Message(
        TALK, "message#1", id="msg_1", channel="chn_1", brand="brd_1", surface="dm", sent_at=1, received_at=2, **rest
    )


def ours(status: str, **fields: Any) -> Message:
    return message(direction="out", status=status, author={}, **fields)


def talk(**fields: Any) -> Conversation:
    rest = {"inbox": f"{AGENCY}#brd_1#open", "last_message": {"id": "msg_1"}, **fields}
    return Conversation(
        TALK, keys.CONVERSATION, brand="brd_1", channel="chn_1", network="example", surface="dm", thread="1",
        created_at=1, **{"updated_at": 2, **rest},
    )  # fmt: skip


def channel(*happened: tuple[str, str], days: int = 0) -> Channel:
    """One to which that happened: a health, and the name of the trouble."""
    known: troubles.Troubles = {}
    more = {"days_left": days, "ends_at": 7} if days else {}
    for at, (state, name) in enumerate(happened):
        known = troubles.after(known, state, name, "", at, more if name == "consent.ends" else {})
    health, alert = troubles.worst(known)
    return Channel(
        AGENCY, "channel#chn_1", id="chn_1", brand="brd_1", network="example", account="1", name="", sealed="",
        created_at=1, health=health, alert=alert,
        troubles=known, connected_by="mbr_1",
    )  # fmt: skip


def contact(**fields: Any) -> Contact:
    rest = {"created_at": 1, "updated_at": 1, **fields}
    return Contact(f"{AGENCY}#ctc_1", keys.CONTACT, id="ctc_1", brand="brd_1", **rest)


def entry(action: str, kind: str = "member") -> AuditEntry:
    return AuditEntry(
        f"{AGENCY}#audit", "entry#aud_1", id="aud_1", at=5, actor="mbr_1", actor_kind=kind, action=action,
        target="cnv_1", brand="brd_1",
    )  # fmt: skip


def change(old: Item | None, new: Item | None) -> Change:
    item = new or old
    assert item is not None
    kind = "MODIFY" if old and new else "INSERT" if new else "REMOVE"
    images = old.serialize() if old else {}, new.serialize() if new else {}
    return Change(kind, item.pk, item.sk, *images, number="100", at=9_000)


def job(status: str) -> Job:
    return Job(
        AGENCY, "job#job_1", id="job_1", kind="export", status=status, by="mbr_1", subject="s", needs=[], parameters={},
        done=0, created_at=1, updated_at=1, expires=9,
    )  # fmt: skip


SILENT, DEAD, ENDS = ("alert", "silence"), ("expired", "token.expired"), ("alert", "consent.ends")
BANNED = ("disconnected", "account")
HIDDEN = message(hidden=True, hidden_at=5)
LIKE = [{"emoji": "+", "id": "1", "by": "Ana", "at": 4}]
CASES: dict[str, tuple[Item | None, Item | None, list[str]]] = {
    "a customer writes": (None, message(), ["message.received"]),
    "a past is imported": (None, message(context={"history": True}), ["message.imported"]),
    "a reply is queued": (None, ours("queued", reply="rpl_1"), ["message.queued"]),
    "somebody answers with the network's app": (None, ours("sent", source="native_app"), ["message.sent"]),
    "a reply is being sent": (ours("queued"), ours("sending"), []),
    "the network has a reply": (ours("sending"), ours("sent"), ["message.sent"]),
    "a reply arrives": (ours("sent"), ours("delivered"), ["message.delivered"]),
    "a reply is seen": (ours("delivered"), ours("read"), ["message.read"]),
    "a reply fails": (ours("sending"), ours("failed", error={"code": "1"}), ["message.failed"]),
    "words change": (message(), message(text="Bye", edited_at=4, revisions=[{"text": "Hello"}]), ["message.edited"]),
    "a second half comes": (message(text=""), message(), ["message.changed"]),
    "a file is copied": (
        message(attachments=[{"kind": "image"}]),
        message(attachments=[{"kind": "image", "state": "stored"}]),
        ["message.changed"],
    ),
    "a message is taken back": (message(), message(text="", deleted_at=4), ["message.deleted"]),
    "the network hides it": (message(), HIDDEN, ["message.hidden"]),
    "the network hides it again": (HIDDEN, message(hidden=True, hidden_at=7), []),
    "the network shows it": (HIDDEN, message(hidden=False, hidden_at=7), ["message.shown"]),
    "a member hides it": (message(), message(hidden=True, acted="aud_1"), []),
    "a member deletes it": (message(), message(text="", deleted_at=4, acted="aud_1"), []),
    "the network hides what a member liked": (message(acted="aud_1"), message(acted="aud_1", hidden=True),
                                              ["message.hidden"]),
    "somebody reacts": (message(), message(reactions=LIKE), ["message.reacted"]),
    "a reaction is taken back": (
        message(reactions=LIKE),
        message(reactions=[{**LIKE[0], "emoji": ""}]),
        ["message.reaction_removed"],
    ),
    "work is done about it": (message(todo="profile"), message(), []),
    "an echo is replaced": (ours("sent"), None, ["message.removed"]),
    "a conversation begins": (None, talk(), ["conversation.created"]),
    "a conversation is prepared": (None, talk(inbox=None), []),
    "a prepared conversation begins": (talk(inbox=None), talk(), ["conversation.created"]),
    "a message comes": (talk(heard=1), talk(heard=2, unread=2), []),
    "a resolved conversation is written in": (
        talk(status="resolved", heard=1), talk(status="open", heard=2), ["conversation.reopened"],
    ),
    "a member resolves it": (talk(), talk(status="resolved"), []),
    "somebody reads it": (talk(unread=2), talk(unread=0, updated_at=4), ["conversation.read"]),
    "a name becomes known": (talk(), talk(contact_name="Ana"), ["conversation.changed"]),
    "a deadline moves": (talk(), talk(look_at=7, clocks={"answer": [7, 0]}), []),
    "a channel is in trouble": (channel(), channel(SILENT), ["channel.in_trouble"]),
    "a channel works again": (channel(SILENT), channel(SILENT, ("ok", "silence")), ["channel.recovered"]),
    "a channel rests": (channel(), channel(), []),
    "a channel is connected": (None, channel(), []),
    "a token is dead": (channel(), channel(DEAD), ["channel.expired"]),
    "a token is dead in another way": (channel(DEAD), channel(DEAD, ("expired", "token.revoked")), []),
    "a channel has a new token": (channel(DEAD), channel(DEAD, ("ok", "token")), ["channel.recovered"]),
    "something is left after that": (channel(DEAD, SILENT), channel(DEAD, SILENT, ("ok", "token")),
                                     ["channel.in_trouble"]),
    "a consent will end": (channel(), channel(ENDS, days=14), ["channel.expiring"]),
    "it is looked at again": (channel(ENDS, days=14), channel(ENDS, ENDS, days=14), []),
    "it ends sooner": (channel(ENDS, days=14), channel(ENDS, days=7), ["channel.expiring"]),
    "it ends where all is bad": (channel(BANNED), channel(BANNED, ENDS, days=7), ["channel.expiring"]),
    "it was renewed": (channel(ENDS, days=7), channel(ENDS, ("ok", "consent")), ["channel.recovered"]),
    "it has ended": (channel(ENDS, days=1), channel(ENDS, DEAD, days=1), ["channel.expired"]),
    "somebody is new": (None, contact(), ["contact.created"]),
    "their name changes": (contact(), contact(name="Ana", version=2), ["contact.changed"]),
    "the agency calls them something": (contact(), contact(own_name="Ana", version=2), ["contact.changed"]),
    "nothing new is told of them": (contact(), contact(updated_at=8, version=2), []),
    "an id leads to another contact": (None, contact(context={"same_as": "ctc_2"}), []),
    "a member assigns": (None, entry("conversation.assign"), ["conversation.assigned"]),
    "a job begins": (None, job("running"), []),
    "a job goes on": (job("running"), job("running"), []),
    "a job is done": (job("running"), job("done"), ["job.finished"]),
    "a job is stopped": (job("running"), job("cancelled"), ["job.finished"]),
    "a job is forgotten": (job("done"), None, []),
    "a key signs in": (None, entry("api_key.sign_in"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_change_makes_its_events(name: str) -> None:
    old, new, types = CASES[name]
    assert [event.type for event in told(old, new)] == types


def told(old: Item | None, new: Item | None) -> list[Event]:
    """What happened, but for what it means in numbers, which test_tallies.py has."""
    return [event for event in news.of_change(change(old, new)) if event.type != "counters.changed"]


@pytest.mark.parametrize(
    ("old", "new", "deltas"),
    [
        (None, talk(unread=1), {"open": 1, "unread": 1, "unassigned": 1}),
        (talk(unread=1), talk(assignee="mbr_1"), {"unread": -1, "unassigned": -1, "mbr_1/assigned": 1}),
        (talk(), None, {"open": -1, "unassigned": -1}),
        (talk(unread=1), talk(unread=2, heard=2), None),
    ],
    ids=["begins", "is assigned", "is erased", "is written in"],
)
def test_conversation_tells_what_it_adds_to_the_counters_of_its_brand(old: Any, new: Any, deltas: Any) -> None:
    counters = [event for event in news.of_change(change(old, new)) if event.type == "counters.changed"]
    assert [(event.brand, event.target, event.deltas) for event in counters] == (
        [("brd_1", "brd_1", deltas)] if deltas else []
    )


def test_every_type_that_is_derived_from_a_change_is_in_the_catalogue() -> None:
    made = {type for _, _, types in CASES.values() for type in types}
    assert made <= set(catalogue.TYPES)
    of_moderation = {
        "case.opened",
        "decision.made",
        "decision.failed",
        "strike.added",
        "strike.removed",
    }  # see test_moderated.py
    of_the_tick = {"network.status_changed"}
    others = {"counters.changed", "message.unknown"} | of_the_tick | of_moderation
    assert set(catalogue.AUDITED.values()) | made | others == set(catalogue.TYPES)


def test_same_change_gives_the_same_ids_and_another_change_others() -> None:
    once, again = (news.of_change(change(None, message()))[0] for _ in range(2))
    other = news.of_change(change(message(), message(text="", deleted_at=4)))[0]
    assert once == again
    assert once.id != other.id


SOURCES = {
    "what a member did": (entry("conversation.assign"), "person"),
    "what a key did": (entry("conversation.assign", "key"), "key"),
    "what a rule did": (entry("conversation.assign", "system"), "rule"),
    "a planned reply": (entry("reply.queue", "system"), "planned"),
    "what became of a reply": (entry("reply.sent", "system"), "network"),
    "what a customer wrote": (message(), "network"),
    "what was sent with the network's app": (ours("sent", source="native_app"), "native_app"),
    "what a person answered": (ours("queued", reply="rpl_1", source="person"), "person"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_event_says_why_it_happened(name: str) -> None:
    item, source = SOURCES[name]
    assert [event.source for event in news.of_change(change(None, item))] == [source]


def test_who_reads_is_a_person_and_who_takes_back_is_not() -> None:
    read = told(talk(unread=2), talk(unread=0, updated_at=4))
    taken_back = told(talk(unread=2), talk(unread=1))
    assert [event.source for event in (*read, *taken_back)] == ["person", "network"]


def test_event_names_ids_only() -> None:
    old, new = message(), message(text="My card is 4111", edited_at=4, author={**CUSTOMER, "name": "Ana Lopez"})
    packed = str([event.packed() for event in told(old, new)])
    assert "4111" not in packed
    assert "Ana" not in packed


def test_every_type_has_an_example_that_fits_its_schema() -> None:
    described = examples.described(schemas.EVENT)
    assert [item["type"] for item in described if item["sample"] is None] == []
    for item in described:
        Draft202012Validator(item["schema"]).validate(item["sample"])


def test_message_that_a_webhooks_receiver_asked_for_is_told_as_caused_by_it_until_it_is_sent() -> None:
    states = [None, *(ours(status, caused_by="whk_1") for status in ("queued", "sent", "read"))]
    events = [event for pair in pairwise(states) for event in news.of_change(change(*pair))]
    assert [(event.type, event.caused_by) for event in events] == [
        ("message.queued", "whk_1"), ("message.sent", "whk_1"), ("message.read", ""),
    ]  # fmt: skip


REASONS = {
    "token.expired": "expired", "token.other_account": "expired", "token.withdrawn": "revoked",
    "token.revoked": "revoked", "token.scope_lost": "scope_lost", "account.expired": "expired",
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_dead_token_says_why_and_who_connected_it(name: str) -> None:
    [event] = told(channel(), channel(("expired", name)))
    assert event.facts == {"reason": REASONS[name], "connected_by": "mbr_1"}


def test_end_of_a_consent_says_when_and_who_connected_it() -> None:
    [event] = told(channel(), channel(ENDS, days=7))
    assert event.facts == {"days_left": 7, "ends_at": 7, "connected_by": "mbr_1"}
