"""Changes what an agency decides about a conversation: status, priority, labels, attributes. Each change is audited."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, moments
from chalicelib.access import permissions
from chalicelib.access.actors import Actor
from chalicelib.inbox import attributes, conversations
from chalicelib.store import due, keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Action
from chalicelib.teamwork import assignment

_TRIES = 10
# A conversation is written with each of its messages, and paid by the KB.
MOST_BYTES = 2_000


def change(actor: Actor, conversation: Conversation, body: Mapping[str, Any], now: int) -> Conversation:
    """Set what the body names of assignee, status, snoozed_until, priority, labels, attributes: all of it or nothing.

    Raises Forbidden for what the role does not change; Invalid for a snooze without a time to come, an attribute not
    defined so, or one missing that is required to resolve.
    """
    _check_role(actor, conversation, body)
    until = _until(body, now)
    actions: list[Action] = []
    writes: list[table.Write] = []
    if "assignee" in body:
        actions += assignment.assigning(actor, conversation, body["assignee"], now)
    if "status" in body:
        actions += _status(actor.agency, conversation, body["status"], until, now)
        if until:
            writes.append(due.at(actor.agency, until, "snooze", conversation.id))
    if "priority" in body:
        actions.append(Conversation.priority.set(body["priority"]))
    if "labels" in body:
        actions.append(Conversation.labels.set(sorted(set(body["labels"]))))
    if "attributes" in body or body.get("status") == "resolved":
        actions += _attributes(actor, conversation, body)
    before, after = ({name: tell(name) for name in body} for tell in (_held(conversation), _asked(body)))
    return conversations.change(actor, conversation, "conversation.change", actions, now, before, after, writes)


def _check_role(actor: Actor, conversation: Conversation, body: Mapping[str, Any]) -> None:
    if {"status", "snoozed_until"} & set(body) and not actor.may("conversation.resolve", brand=conversation.brand):
        raise errors.Forbidden("Your role does not change the status.", code="cannot_resolve")
    if "assignee" in body and not actor.may("conversation.assign", brand=conversation.brand):
        raise errors.Forbidden("Your role does not assign.", code="cannot_assign")
    if {"priority", "labels", "attributes"} & set(body) and not actor.may(
        *permissions.TRIAGE, brand=conversation.brand
    ):
        raise errors.Forbidden("Your role does not change this.", code="cannot_change")


def _held(conversation: Conversation) -> Callable[[str], Any]:
    return lambda name: _told(name, getattr(conversation, name))


def _asked(body: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda name: _told(name, body[name])


def _told(name: str, value: Any) -> Any:
    """As the audit keeps it for ever: of attributes only which, as they may hold people's own words."""
    if name == "attributes":
        return sorted(value or {})
    return clock.text(int(value)) if isinstance(value, int | float) and value else value


def _attributes(actor: Actor, conversation: Conversation, body: Mapping[str, Any]) -> list[Action]:
    """Set those named, if they may be. What the clock resolves is resolved whatever is missing."""
    definitions, given = attributes.of(actor.agency, conversation.brand), body.get("attributes", {})
    held = {name: value for name, value in (conversation.attributes or {}).items() if value is not None}
    attributes.check(definitions, given, held)
    held = {name: value for name, value in {**held, **given}.items() if value is not None}
    if given and len(json.dumps(held).encode()) > MOST_BYTES:
        raise errors.Invalid("Too much for one conversation.", code="attributes_too_long", field="attributes")
    if body.get("status") == "resolved" and actor.kind != "system":
        attributes.check_required(definitions, held)
    if not given:
        return []
    return [Conversation.attributes.set(held) if held else Conversation.attributes.remove()]


def _status(agency: str, conversation: Conversation, status: str, until: int, now: int) -> list[Action]:
    return [
        Conversation.status.set(status),
        Conversation.inbox.set(keys.inbox(agency, conversation.brand, status)),
        Conversation.snoozed_until.set(until) if until else Conversation.snoozed_until.remove(),
        *_opening(status, now),
    ]


def _opening(status: str, now: int) -> list[Action]:
    """What is resolved waits for nothing any more; what is opened again is counted from then on."""
    if status == "resolved":
        return [Conversation.opened_at.remove(), Conversation.waiting_since.remove()]
    return [Conversation.opened_at.set(Conversation.opened_at | now)]


def _until(body: Mapping[str, Any], now: int) -> int:
    if body.get("status") != "snoozed":
        if "snoozed_until" in body:
            raise errors.Invalid("Only what is snoozed ends at a time.", field="snoozed_until")
        return 0
    if "snoozed_until" not in body:
        return 0  # until the next message
    at = moments.parse(body["snoozed_until"], "snoozed_until")
    return moments.in_time(at, now, "snoozed_until")


def wake(actor: Actor, id: str, when: int, now: int) -> None:
    """Open a snoozed conversation whose time has come, unless it was snoozed anew or opened meanwhile."""
    conversation = conversations.find(actor.agency, id)
    if conversation and conversation.status == "snoozed" and (conversation.snoozed_until or 0) == when:
        actions = _status(actor.agency, conversation, "open", 0, now)
        conversations.change(actor, conversation, "conversation.wake", actions, now, None, {"status": "open"})


def bulk(actor: Actor, ids: Sequence[str], body: Mapping[str, Any], now: int) -> list[Mapping[str, Any]]:
    """The same change to each of them, each on its own: a result per id, `ok` or the code of what was wrong."""
    return [_one(actor, id, body, now) for id in dict.fromkeys(ids)]


def _one(actor: Actor, id: str, body: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    for _ in range(_TRIES):
        try:
            change(actor, conversations.get(actor, id), body, now)
        except errors.PreconditionFailed:
            continue  # somebody wrote meanwhile: what is set here does not depend on what they did
        except errors.Problem as problem:
            return {"id": id, "ok": False, "code": problem.code}
        return {"id": id, "ok": True, "code": None}
    return {"id": id, "ok": False, "code": "conflict"}
