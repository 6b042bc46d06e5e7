"""Changes the status, priority, labels and attributes of conversations. Each change is audited."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor
from chalicelib.brands import moments
from chalicelib.inbox import attributes, conversations
from chalicelib.store import counters, due, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Action
from chalicelib.teamwork import assignment, labels

_MOST_ATTEMPTS = 10
# A conversation is written with each of its messages, and paid by the KB.
MOST_ATTRIBUTE_BYTES = 2_000
Changes = Mapping[str, Any]


def change(actor: Actor, conversation: Conversation, changes: Changes, now: int) -> Conversation:
    """Makes all of the changes or none: any of assignee, status, snoozed_until, priority, labels, attributes,
    approval_required.

    Raises Forbidden for what the actor's role may not change; Invalid for a snooze that does not end in the future, for
    an attribute that is undefined or of a wrong type, and for resolving without a required attribute.
    """
    check_permissions(actor, conversation, changes)
    if "assignee" in changes:
        changes = {**changes, "assignee": assignment.assignee_id(actor, changes["assignee"])}
    until = _snoozed_until(actor.agency, conversation.brand, changes, now)
    if until:
        changes = {**changes, "snoozed_until": until}
    actions: list[Action] = []
    writes: list[table.Write] = []
    if "assignee" in changes:
        actions += assignment.checked_actions(actor, conversation, changes["assignee"], now)
    if "status" in changes:
        move = counters.move_known(conversation, changes["status"])
        actions += [*move.actions, *_actions_for_status(changes["status"], until, now)]
        writes += [*move.writes, *_reschedule(actor.agency, conversation, until)]
    if "priority" in changes:
        actions.append(Conversation.priority.set(changes["priority"]))
    if "approval_required" in changes:
        wanted = Conversation.approval_required
        actions.append(wanted.set(True) if changes["approval_required"] else wanted.remove())
    if "labels" in changes:
        actions.append(Conversation.labels.set(sorted(set(changes["labels"]))))
        writes += labels.counting(conversation, changes["labels"])
    if "attributes" in changes or changes.get("status") == "resolved":
        actions += _actions_for_attributes(actor, conversation, changes)
    actions += _note_by_hand(actor, changes, now)
    before = {name: _audited(name, getattr(conversation, name)) for name in changes}
    after = {name: _audited(name, value) for name, value in changes.items()}
    return conversations.change(actor, conversation, "conversation.change", actions, now, before, after, writes)


def _note_by_hand(actor: Actor, changes: Collection[str], now: int) -> list[Action]:
    """Notes that a person or key set labels or approval. From then on a rule that earlier set them no longer takes them
    back.
    """
    kept = {"labels": Conversation.labelled_at, "approval_required": Conversation.approval_at}
    return [] if actor.kind == "system" else [at.set(now) for name, at in kept.items() if name in changes]


def check_permissions(actor: Actor, conversation: Conversation, changes: Collection[str]) -> None:
    """Raises Forbidden if the actor's role does not change all of these."""
    brand = conversation.brand
    if {"status", "snoozed_until"} & set(changes) and not actor.may("conversation.resolve", brand=brand):
        raise errors.Forbidden("Your role does not allow you to change the status.", code="cannot_resolve")
    if "assignee" in changes and not actor.may("conversation.assign", brand=brand):
        raise errors.Forbidden("Your role does not allow you to assign conversations.", code="cannot_assign")
    if "approval_required" in changes and not actor.may("reply.approve", brand=brand):
        raise errors.Forbidden("Your role does not allow you to change `approval_required`.", code="cannot_change")
    if {"priority", "labels", "attributes"} & set(changes) and not actor.may(*permissions.TRIAGE, brand=brand):
        raise errors.Forbidden(
            "Your role does not allow you to change the priority, labels or attributes.", code="cannot_change"
        )


def _audited(name: str, value: Any) -> Any:
    """A value as the audit keeps it for ever: of attributes only the names, as values may be people's own words."""
    if name == "attributes":
        return sorted(value or {})
    return clock.text(int(value)) if isinstance(value, int | float) and value else value


def _actions_for_attributes(actor: Actor, conversation: Conversation, changes: Changes) -> list[Action]:
    """Raises Invalid for a value that is not allowed and, if a person or key resolves, for a required value that is
    missing.
    """
    definitions = attributes.for_brand(actor.agency, conversation.brand)
    new = changes.get("attributes", {})
    values = _without_none(conversation.attributes or {})
    attributes.check(definitions, new, values)
    values = _without_none({**values, **new})
    if new and len(json.dumps(values).encode()) > MOST_ATTRIBUTE_BYTES:
        raise errors.Invalid(
            f"The attributes of a conversation take at most {MOST_ATTRIBUTE_BYTES} bytes.",
            code="attributes_too_long",
            field="attributes",
        )
    if changes.get("status") == "resolved" and actor.kind != "system":
        attributes.check_required(definitions, values)
    if not new:
        return []
    return [Conversation.attributes.set(values) if values else Conversation.attributes.remove()]


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _actions_for_status(status: str, until: int, now: int) -> list[Action]:
    return [
        Conversation.snoozed_until.set(until) if until else Conversation.snoozed_until.remove(),
        *_actions_for_clocks(status, now),
    ]


def _actions_for_clocks(status: str, now: int) -> list[Action]:
    """Resolving stops the service-level clocks; opening again starts them anew."""
    if status == "resolved":
        return [Conversation.opened_at.remove(), Conversation.waiting_since.remove()]
    return [Conversation.opened_at.set(Conversation.opened_at | now)]


def _reschedule(agency: str, conversation: Conversation, until: int) -> list[table.Write]:
    """For transact: schedules the end of the snooze at `until` (0: none), and cancels the one scheduled before."""
    before = conversation.snoozed_until or 0
    cancelled = [due.no_longer(agency, before, "snooze", conversation.id)] if before not in (0, until) else []
    return [*cancelled, *([due.at(agency, until, "snooze", conversation.id)] if until else [])]


def _snoozed_until(agency: str, brand: str, changes: Changes, now: int) -> int:
    """When the snooze ends (ms); 0 for none, and for one that ends with the next message."""
    if changes.get("status") != "snoozed":
        if "snoozed_until" in changes:
            raise errors.Invalid(
                "`snoozed_until` needs the status `snoozed`.", code="not_together", field="snoozed_until"
            )
        return 0
    if "snoozed_until" not in changes:
        return 0
    return moments.to_come(agency, brand, changes["snoozed_until"], now, "snoozed_until")


def wake(actor: Actor, id: str, when: int, now: int) -> None:
    """Open a conversation that was snoozed until `when`, unless it was opened or snoozed again meanwhile."""
    conversation = conversations.find(actor.agency, id)
    if conversation and conversation.status == "snoozed" and (conversation.snoozed_until or 0) == when:
        move = counters.move_known(conversation, "open")
        actions, after = [*move.actions, *_actions_for_status("open", 0, now)], {"status": "open"}
        conversations.change(actor, conversation, "conversation.wake", actions, now, None, after, move.writes)


def change_all(actor: Actor, ids: Sequence[str], changes: Changes, now: int) -> list[Mapping[str, Any]]:
    """Makes the same changes to each conversation on its own.

    Returns a result per id: `ok` and the conversation's new version, or the error's code.
    """
    return [_change_one(actor, id, changes, now) for id in dict.fromkeys(ids)]


def _change_one(actor: Actor, id: str, changes: Changes, now: int) -> Mapping[str, Any]:
    for _ in range(_MOST_ATTEMPTS):
        try:
            changed = change(actor, conversations.get(actor, id), changes, now)
        except errors.PreconditionFailed:
            continue  # somebody wrote meanwhile, which the changes do not depend on
        except errors.Problem as problem:
            return _refused(id, problem.code)
        return {"id": id, "ok": True, "code": None, "version": changed.version}
    return _refused(id, "conflict")


def _refused(id: str, code: str) -> Mapping[str, Any]:
    return {"id": id, "ok": False, "code": code, "version": None}
