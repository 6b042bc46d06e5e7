"""No item grows past what the table takes, whatever strangers and colleagues append to it (S14)."""

import json
from dataclasses import fields, is_dataclass
from typing import Any, cast, get_args

import pytest
from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib import room
from chalicelib.access import memberships
from chalicelib.brands import settings
from chalicelib.channels import troubles
from chalicelib.contacts import contacts
from chalicelib.deliveries import attempts, turns
from chalicelib.editorial import drafts, versions
from chalicelib.evaluation import reports
from chalicelib.events import lane
from chalicelib.figures import folds, gauges, hours
from chalicelib.inbox import attributes, conversations, early_events, messages, revisions
from chalicelib.moderation import acts, claims, decisions, escalations, standings
from chalicelib.networks import base
from chalicelib.people import accounts, members
from chalicelib.replies import approvals, compose, steps
from chalicelib.rules import banned, rulebooks, same_words, term_lists
from chalicelib.sockets import answers
from chalicelib.store.items import Item, Json
from chalicelib.store.models import (
    audit,
    brands,
    channels,
    events,
    figures,
    inbox,
    moderation,
    people,
    plans,
    requests,
    search,
    webhooks,
    work,
)
from chalicelib.store.models import contacts as contact_models
from chalicelib.store.models import replies as reply_models
from chalicelib.store.models import sockets as socket_models
from chalicelib.store.models.inbox import Message
from chalicelib.templates import templates
from chalicelib.texts import shelves
from chalicelib.transport import trim
from chalicelib.upkeep import looks
from chalicelib.webhooks import endpoints, sealing
from tests.support.models import MODELS

LARGEST_ITEM = 400_000
ID, TEXT, WORD = 70, room.LONGEST_BYTES, 800  # bytes of an id, of a stranger's text, of a name of 200 characters
# A character of what our own people say is at most 4 bytes; what they may say at most is in the schemas.
SAID = 4 * 8000
FILE = 3300
OFFER = 24 * (64 + 4 * 64 + 60)  # of options, each with an id, a title, and their names in JSON
REPLIES = decisions.MOST_SAID * (4 * 2000 + ID) + 4 * 10_000 + ID  # those of a line, and a canned one
PERSON = 6 * ID  # a member or a key, and whom a key rests on
GRANTS = members.MOST_BRANDS * ID + 20 * 100
# What is in each attribute at most, in bytes; all texts that are not here are ids or words.
MOST: dict[type[Item], dict[str, int]] = {
    Message: {
        "text": messages.LONGEST_TEXT_BYTES, "attachments": trim.MOST_FILE_BYTES,
        "context": trim.MOST_DETAIL_BYTES + 50,
        "revisions": revisions.MOST_REVISION_BYTES, "reactions": revisions.MOST_REACTION_BYTES, "left_out": 100,
        "author": 2 * TEXT, "network_id": TEXT, "reply_to": TEXT, "error": 2500,
        "say": SAID + 10 * FILE + compose.MOST_TEMPLATE_BYTES + conversations.MOST_CONTEXT_BYTES + 5 * TEXT
        + OFFER,
    },
    inbox.Conversation: {
        "context": conversations.MOST_CONTEXT_BYTES, "people": conversations.MOST_PEOPLE * ID, "participants": 10 * ID,
        "labels": 20 * 210, "attributes": attributes.MOST_DEFINITIONS * (4 * 1000 + 60), "clocks": 500,
        "origin": 4 * TEXT + 4 * WORD, "last_message": 3000, "thread": TEXT, "to": TEXT,
    },
    inbox.Post: {"ad": 4 * WORD + 100},
    inbox.Attributes: {"definitions": attributes.MOST_BYTES},
    inbox.EarlyEvent: {"raw": early_events.LARGEST_BYTES},
    contact_models.Contact: {"identities": contacts.MOST_IDENTITY_BYTES, "context": 2 * ID, "avatar": TEXT,
                             "labels": 20 * 210, "note": 4 * 4000},
    contact_models.Identity: {"thread": TEXT},
    plans.StoredSubscription: {"facts": 4000, "checkout": 5 * TEXT, "wanted": 200, "charged": 50, "contacts": 20 * ID},
    reply_models.Reply: {
        "text": SAID, "attachments": 10 * FILE, "template": compose.MOST_TEMPLATE_BYTES,
        "comments": approvals.MOST_COMMENT_BYTES, "approvals": 20 * 20 * 110, "writers": steps.MOST_WRITERS * PERSON,
        "sender": PERSON, "needs": 20 * 20 * 70, "seen": 50, "messages": 20 * ID, "reason": 4 * 1000,
        "because": 500, "interactive": OFFER, "let_through": 4 * 1000 + 5000,
        "line": 20 * 100 + 50, "purposes": 10 * (4 * 60 + 4),
    },
    brands.Rulebook: {"rules": rulebooks.MOST_BYTES * 5 // 4},
    brands.StoredTermList: {"entries": term_lists.MOST_BYTES * 5 // 4, "allowed": 0},
    moderation.StoredBackTest: {"report": reports.MOST_SAMPLES * (2 * ID + 100 + reports.MOST_SPANS * 60) + 20_000},
    moderation.Decision: {
        "findings": 3 * (3 * (4 * decisions.LONGEST_QUOTE + 100) + 1500), "matches": decisions.MOST_MATCHES * 3 * ID,
        "acts": decisions.MOST_ACTS * 5 * ID, "replies": REPLIES,
        "features": decisions.MOST_FEATURES * (3 * (4 * decisions.LONGEST_QUOTE + 100) + TEXT),
        "reason": 4 * 1000, "person": PERSON, "appeal": 4 * 4000 + 4 * 4000 + 2000,
    },
    moderation.SameWords: {"names": same_words.MOST_KEPT * ID},
    moderation.Case: {"why": 500, "skipped": claims.MOST_SKIPPED * ID, "outcome": 6000,
                      "passed_on": claims.MOST_SKIPPED * ID + 4 * 1000, "judged_by": PERSON, "replies": REPLIES,
                      "named": acts.MOST_NAMED * ID, "cites": 4 * ID, "told": (escalations.MOST_TOLD + 1) * ID},
    moderation.Ban: {"networks": 40 * 60, "reason": 4 * 1000, "decided_reason": 4 * 1000, "by": PERSON},
    moderation.Banned: {"contacts": banned.MOST_BANNED * (ID + 20)},
    moderation.Standing: {"strikes": standings.MOST_STRIKES * 2 * ID, "about": 40 * ID},
    reply_models.CannedReply: {"text": 4 * 10_000},
    work.Note: {"text": 4 * 4000, "mentions": 20 * ID},
    work.Rota: {"loads": 3000 * 2 * ID // 3},
    search.Shelf: {"blocks": shelves.MOST_BLOCKS * 90},
    people.App: {"callbacks": 10 * 1100, "scopes": 5 * 30},
    people.SignInProvider: {"told": 3 * 1100},
    people.Approval: {"scopes": 5 * 30},
    requests.Call: {"things": 5 * ID},
    brands.StoredLine: {  # packed: what cannot be made smaller takes a quarter more
        "content": drafts.MOST_BYTES * 5 // 4, "retired": versions.MOST_RETIRED * 64 * 5 // 4, "note": 4 * 1000,
    },
    brands.Brand: {"settings": settings.MOST_BYTES},
    audit.AuditEntry: {"before": settings.MOST_BYTES, "after": settings.MOST_BYTES},
    channels.Channel: {
        "also": 20 * ID, "details": 10 * 250, "sealed": 20_000, "alert": 2 * TEXT, "move": 3 * ID,
        "incidents": troubles.MOST_INCIDENTS * (4 * troubles.LONGEST_TEXT + 100),
        "troubles": troubles.MOST * (4 * (troubles.LONGEST_TEXT + troubles.LONGEST_NAME) + 60),
    },
    channels.Template: {"components": templates.MOST_BYTES * 5 // 4, "told": 10 * (TEXT + 50)},
    channels.Upkeep: {"mark": looks.LARGEST_MARK_BYTES, "scopes": 100 * 100},
    channels.ConnectLink: {"connected": 100 * (800 + ID), "networks": 30 * 40, "logo": 2100, "return_to": 2100},
    channels.StoredConsent: {"sealed": 200_000, "return_to": 2100, "reason": 1200},
    channels.NetworkApp: {"sealed": 5000, "app_id": 300},
    figures.Batch: {"facts": hours.MOST_FACTS * 150},
    figures.Gauge: {"channels": gauges.MOST_CHANNELS * 95, "seats": 31 * 12},
    figures.Hour: {"cells": folds.MOST_CELLS * 60, "networks": 500 * ID},
    plans.Metered: {"sums": 200, "counted": 200},
    people.Member: {"grants": GRANTS, "accounts": accounts.MOST_ACCOUNTS * 2 * 4 * accounts.LONGEST_NAME},
    people.Membership: {
        "grants": GRANTS, "teams": 1000 * ID, "ranges": 20 * 70, "maker": PERSON, "ended": memberships.MOST_ENDED * 40,
        "shield": 200,
    },
    people.Invitation: {"grants": GRANTS, "inviter": PERSON},
    people.Heir: {"person": PERSON},
    people.ApiKey: {"grants": GRANTS, "ranges": 20 * 70},
    people.Team: {"members": 40 * ID},
    people.Role: {"permissions": 100 * 70},
    requests.Call: {"things": 20 * ID},
    search.Shelf: {"blocks": 1000 * 150},
    search.SavedView: {"condition": 8192 * 4, "brands": 100 * ID},
    work.Job: {"outcomes": 500, "needs": 500, "parameters": rulebooks.MOST_BYTES + 5000},
    socket_models.Socket: {"wanted": answers.MOST_WANTED_BYTES},
    events.StoredSegment: {"events": lane.MOST_EVENTS * 10 * ID},
    webhooks.Endpoint: {
        "url": 2048, "wants": 350 * 90, "header_names": sealing.MOST_HEADERS * 110, "maker": PERSON,
        "sealed": 2 * (sealing.MOST_HEADERS * sealing.LONGEST_VALUE + sealing.MOST_SECRETS * 150),
    },
    webhooks.Addresses: {"digests": endpoints.MOST * ID},
    webhooks.Standing: {"ahead": 2 * turns.MOST_EVENTS * ID, "tries": turns.MOST_EVENTS * ID, "breaker": 300},
    webhooks.Delivery: {"entries": turns.MOST_EVENTS * (3 * ID + 2 * attempts.MOST_EXCERPT)},
    requests.Idempotency: {"answer": 350_000},
}  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_item_outgrows_the_table(model: type[Item]) -> None:
    named, every = MOST.get(model, {}), model.get_attributes()
    assert [
        name for name, kind in every.items() if isinstance(kind, Json | UnicodeSetAttribute) and name not in named
    ] == []
    words = [name for name, kind in every.items() if isinstance(kind, UnicodeAttribute) and name not in named]
    assert sum(named.values()) + len(words) * WORD < LARGEST_ITEM


HUGE = "語" * 200_000
LONG = "語" * 10_000
FILES = tuple(base.Attachment(kind="image", url=f"https://x.example/{LONG}", details={LONG: LONG}) for _ in range(300))


def _huge(kind: Any, name: str) -> Any:
    """A value of a field of an event as a stranger would have it."""
    hints: dict[str, Any] = {
        "person": base.Person(id=HUGE, name=HUGE, aliases=(HUGE,)),
        "by": base.Person(id=HUGE, name=HUGE),
    }
    hints |= {
        "attachments": FILES,
        "origin": base.Origin(id=HUGE, url=HUGE),
        "context": {str(n): HUGE for n in range(9)},
    }
    return hints.get(name, HUGE if kind in (str, "str") else 1)


@pytest.mark.parametrize("kind", get_args(base.Event), ids=lambda kind: kind.__name__)
def test_event_is_trimmed_to_what_there_is_room_for(kind: Any) -> None:
    values = {field.name: _huge(field.type, field.name) for field in fields(kind)}
    values.update({name: "" for name in ("text", "ids") if name in values})
    cut = trim.event(kind(**values))
    assert room.size(_plain(cut)) < trim.MOST_FILE_BYTES + trim.MOST_DETAIL_BYTES + 8 * TEXT


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value


def test_ids_that_are_too_long_stay_two() -> None:
    assert room.short(HUGE + "a") != room.short(HUGE + "b")
    assert len(room.short(HUGE).encode()) <= TEXT


def test_what_an_event_of_usual_size_says_is_not_cut() -> None:
    said = base.Message(
        thread="t", id="x" * TEXT, at=1, text=HUGE, attachments=(base.Attachment(kind="image", url="u"),)
    )
    assert trim.event(said) == said


def _reacts(message: Message, name: str, person: str, emoji: str, at: int) -> None:
    """What PynamoDB would write, written into the object."""
    for action in revisions.actions_for_reaction(message, name, person, emoji, at):
        path, value = cast("tuple[Any, Any]", action.values)
        [stored] = value.value.values()
        setattr(message, path.path[0], json.loads(stored))


def test_reactions_beyond_a_hundred_are_counted() -> None:
    message = Message("agc_a#cnv_1", "message#1", text="", reactions=None, left_out=None)
    for number in range(150):
        _reacts(message, f"Fan {number}", f"p{number}", "❤️", number)
    assert len(message.reactions) == 100
    assert message.reactions[0]["id"] == "p50"
    assert message.left_out == {"reactions": 50}
    assert list(revisions.actions_for_reaction(message, "Fan 3", "p3", "❤️", 3)) == []


def test_reactions_are_bounded_in_bytes_too() -> None:
    message = Message("agc_a#cnv_1", "message#1", text="", reactions=None, left_out=None)
    for number in range(60):
        _reacts(message, HUGE, f"{number}{'x' * 4000}", HUGE, number)
    assert room.size(message.reactions) <= revisions.MOST_REACTION_BYTES + 200
    assert len(message.reactions) + message.left_out["reactions"] == 60
