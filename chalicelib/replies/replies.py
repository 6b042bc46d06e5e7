"""Replies, from draft to queued messages. Which steps a state has is in `steps`.

A reply that the network takes only in several calls becomes several messages, in order; each is sent at most once.
Whether a reply is stale is never stored: it follows from what happened in the conversation since.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from chalicelib import errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.editorial import verdicts
from chalicelib.editorial.verdicts import Verdict
from chalicelib.inbox import conversations, outgoing_files
from chalicelib.networks import base
from chalicelib.plans import gates, sendings
from chalicelib.replies import compose, lists, schedule, sendability, staleness, steps
from chalicelib.replies.compose import Draft
from chalicelib.replies.requirements import Case
from chalicelib.replies.staleness import Snapshot
from chalicelib.store import due, external_ids, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply

Changes = Mapping[str, Any]
NO_REASON: Changes = {"reason": None, "because": None}
_MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Sending:
    """A reply on its way to be sent, with a snapshot of the conversation from when the actor decided to send it."""

    actor: Actor
    reply: Reply
    conversation: Conversation
    snapshot: Snapshot
    now: int

    @cached_property
    def say(self) -> base.Say:
        """Raises what `compose.address` raises."""
        return compose.address(self.actor, self.conversation, compose.content_of(self.reply))


def draft(actor: Actor, conversation: Conversation, draft: Draft, now: int, key: str = "") -> Reply:
    """Creates a reply and, unless it stays a draft, submits it.

    A second call with the same idempotency key and draft returns the reply of the first, whatever became of it. Raises
    Invalid or Conflict if such a reply cannot be sent there now.
    """
    reply = _new(actor, conversation, draft, now, key)
    seen = Snapshot(
        actor, conversation.heard, conversation.spoken, strict=draft.seen is not None, own_answers_count=False
    )
    sending = Sending(actor, reply, conversation, seen, now)
    reply.hash = compose.hash_of(sending.say)
    earlier = table.get(Reply, reply.pk, reply.sk) if key else None
    if earlier:
        return earlier
    brand = brands.at_work(actor.agency, conversation.brand)
    staleness.refuse_unseen(actor, conversation, draft.seen)
    sendability.check(actor, conversation, sending.say, now)
    return move(actor, reply, "draft", now) if draft.keep else _submit_checked(sending, brand)


def _new(actor: Actor, conversation: Conversation, draft: Draft, now: int, key: str) -> Reply:
    """A reply that is not stored yet. With an idempotency key the same draft always gets the same id."""
    parts = (actor.member, key, json.dumps(asdict(draft), sort_keys=True))
    id = ids.repeated(conversation.id, "rpl", *parts) if key else ids.inside(conversation.id, "rpl")
    return Reply(
        conversation.pk, keys.reply(id), id=id, conversation=conversation.id, brand=conversation.brand,
        author=actor.member, author_name=actor.name, writers=[actor.person], official=draft.official, state=steps.NEW,
        version=0, send_at=draft.send_at, created_at=now, updated_at=now, seen=staleness.counted(conversation),
        external_id=draft.external_id, **compose.stored(draft.content),
    )  # fmt: skip


def edit(actor: Actor, reply: Reply, conversation: Conversation, changes: Changes, now: int) -> Reply:
    """Changes the content of a reply. It becomes a draft without approvals, with the actor as its last writer.

    `changes` are fields of Content in the form of the API, and `send_at` (ms, None for at once).
    """
    content = compose.changed(compose.content_of(reply), changes)
    say = compose.address(actor, conversation, content)
    steps.check_edit(actor, reply, conversation, private=say.private)
    sendability.check_content(conversation, say)
    new = {
        **compose.stored(content),
        "writers": [*steps.other_writers(actor, reply), actor.person],
        "approvals": [],
        **NO_REASON,
        "hash": compose.hash_of(say),
    }
    if "send_at" in changes:
        new["send_at"] = changes["send_at"]
    had, has = ([file["url"] for file in attachments] for attachments in (reply.attachments, new["attachments"]))
    return move(actor, reply, "edit", now, new, outgoing_files.dropping(actor.agency, had, has, now))


def submit(actor: Actor, reply: Reply, conversation: Conversation, now: int, *, despite: str | None = None) -> Reply:
    """Submits a draft: it is sent at once if the brand's rules allow its writer that, else it waits for approval.

    Raises Forbidden unless the actor wrote it; Conflict if something happened in the conversation since, unless
    `despite` names the latest of it.
    """
    brand = brands.at_work(actor.agency, reply.brand)
    steps.check_submit(actor, reply)
    staleness.refuse(staleness.since(reply, conversation), conversation, despite)
    sending = Sending(actor, reply, conversation, staleness.snapshot(actor, conversation), now)
    sendability.check(actor, conversation, sending.say, now)
    return _submit_checked(sending, brand)


def _submit_checked(sending: Sending, brand: Brand) -> Reply:
    sender, seen = sending.actor.person, staleness.counted(sending.conversation)
    asked = updated(sending.reply, {"sender": sender})
    case = Case(sending.actor, asked, sending.conversation, brand, sending.now)
    if case.verdict and case.verdict.blocks:
        raise _refusal(sending, case.verdict)
    line = {"line": case.verdict.kept if case.verdict else None}
    needs = replace(case, reply=updated(asked, line)).needs
    kept = _with_files_kept(sending) if sending.reply.attachments else {}
    sending = replace(sending, reply=updated(sending.reply, kept))
    changes: Changes = {
        "needs": asdict(needs),
        "approvals": [],
        "seen": seen,
        "sender": sender,
        **NO_REASON,
        **line,
        **kept,
    }
    if needs.count:
        return wait(sending.actor, brand, sending.reply, "submit", sending.now, changes)
    return release(sending, changes)


def _refusal(sending: Sending, verdict: Verdict) -> errors.Invalid:
    """Writes an audit entry that the line forbids the reply. A new reply is not stored, so the entry names its
    conversation.
    """
    reply = sending.reply
    target, after = sending.conversation.id if reply.state == steps.NEW else reply.id, verdicts.audit_details(verdict)
    audit.note(sending.actor, "reply.refuse", target, sending.now, brand=reply.brand, after=after)
    return verdicts.refusal_for(verdict)


def _with_files_kept(sending: Sending) -> Changes:
    """Copies the reply's files, and returns the new content and hash. Approvals are bound to the copies."""
    content = compose.keeping_files(sending.actor.agency, sending.reply, sending.now)
    say = compose.address(sending.actor, sending.conversation, content)
    sendability.check_content(sending.conversation, say)
    return {**compose.stored(content), "hash": compose.hash_of(say)}


def wait(
    actor: Actor, brand: Brand, reply: Reply, step: str, now: int, changes: Changes, because: Sequence[str] = ()
) -> Reply:
    """Make a step after which the reply waits for approval, for as long as the brand's settings say."""
    until, expiry = schedule.expiry(actor.agency, reply.id, settings.of(brand.settings).replies, now)
    return move(actor, reply, step, now, {**changes, "expires_at": until}, [expiry], because=because)


def release(sending: Sending, changes: Changes) -> Reply:
    """Queue an approved reply, or keep it until its time comes.

    Raises PaymentRequired if the agency's subscription does not allow to send.
    """
    actor, reply, now = sending.actor, sending.reply, sending.now
    gates.check(actor, "outbound", now)
    gates.check_allows_charges(actor, conversations.network_of(sending.conversation), now)
    if reply.send_at and reply.send_at > now:
        later = due.at(actor.agency, reply.send_at, "reply", reply.id)
        return move(actor, reply, "release", now, changes, [later])
    approved = [_entry(actor, reply, "release", "approved", now)] if reply.state == "pending" else []
    return queue(sending, changes, approved)


def queue(sending: Sending, changes: Changes, writes: Sequence[table.Write] = ()) -> Reply:
    """Creates the messages of the reply and queues them, once.

    Raises Conflict if the customer wrote, or somebody answered, since the snapshot, where that matters to this reply.
    """
    for _ in range(_MOST_ATTEMPTS):
        actor, reply, now = sending.actor, sending.reply, sending.now
        messages = compose.as_messages(sending.conversation, sending.say, reply, now, actor.caused_by)
        queued = {**changes, "messages": [message.id for message in messages]}
        leaving = len(messages) if conversations.network_of(sending.conversation).play is None else 0
        counted = sendings.count(actor.agency, leaving, now, may_pay=gates.may_pay(actor)) if leaving else []
        try:
            return move(actor, reply, "queue", now, queued, [*writes, *counted, *_queueing(sending, messages)])
        except table.Refused:
            sending = _renewed(sending)
    raise conversations.busy()


def _queueing(sending: Sending, messages: Sequence[Message]) -> list[table.Write]:
    """For transact: the new messages, and the change of the conversation, if the snapshot still holds."""
    conversation = Conversation(sending.conversation.pk, sending.conversation.sk)
    actions = conversations.actions_for_message(messages[-1], newest=True, unread=False, now=sending.now)
    return [
        *(table.putting(message, Message.pk.does_not_exist()) for message in messages),
        table.changing(conversation, actions, sending.snapshot.condition()),
    ]


def _renewed(sending: Sending) -> Sending:
    """The same with the conversation as it is now; raises what `Snapshot.check` raises."""
    conversation = conversations.find(sending.actor.agency, sending.conversation.id) or sending.conversation
    sending.snapshot.check(conversation)
    return replace(sending, conversation=conversation, snapshot=sending.snapshot.renewed(conversation))


def move(
    actor: Actor,
    reply: Reply,
    step: str,
    now: int,
    changes: Changes | None = None,
    writes: Sequence[table.Write] = (),
    because: Sequence[str] = (),
    details: Changes = MappingProxyType({}),
) -> Reply:
    """Makes a step, changes attributes (None removes one) and makes the other `writes`, all or nothing.

    `because` are the reasons for a return to review; they are stored in the reply and the audit entry, which also gets
    `details`.

    Returns the reply after that. Raises Conflict if the state has no such step or the reply changed meanwhile;
    table.Refused if the condition of one of `writes` does not hold.
    """
    state = steps.state_after(reply, step)
    index = lists.index_fields(actor.agency, reply.brand, state, reply.id, now)
    new = {**(changes or {}), **index, "state": state, "version": reply.version + 1, "updated_at": now}
    if because:
        new["because"] = list(because)
    moved = updated(reply, new)
    faster = errors.Conflict("The reply has changed since you read it. Read it again.", code="changed_meanwhile")
    if reply.state == steps.NEW:
        write = table.putting(moved, Reply.pk.does_not_exist(), otherwise=faster)
    else:
        unchanged = Reply.version == reply.version
        write = table.changing(Reply(reply.pk, reply.sk), _actions(new), unchanged, otherwise=faster)
    claims = external_ids.claiming(actor.agency, reply.id, reply.brand, reply.external_id if not reply.state else None)
    cancelled = schedule.cancellations(actor.agency, reply, moved, now)
    table.transact(write, *writes, *claims, *cancelled, _entry(actor, reply, step, state, now, because, details))
    return moved


def updated(reply: Reply, changes: Changes) -> Reply:
    """The reply as it is after these changes were written; None removes an attribute."""
    values = {**reply.attribute_values, **changes}
    return Reply(**{name: value for name, value in values.items() if value is not None})


def _actions(changes: Changes) -> list[table.Action]:
    return [
        getattr(Reply, name).remove() if value is None else getattr(Reply, name).set(value)
        for name, value in changes.items()
    ]


def _entry(
    actor: Actor, reply: Reply, step: str, state: str, now: int, because: Sequence[str] = (),
    details: Changes = MappingProxyType({}),
) -> table.Write:  # fmt: skip
    before = {"state": reply.state} if reply.state else None
    after = {"state": state, **({"reasons": list(because)} if because else {}), **details}
    return audit.entry(actor, f"reply.{step}", reply.id, now, brand=reply.brand, before=before, after=after)


def get(actor: Actor, id: str) -> Reply:
    """Raises NotFound or Forbidden as `conversations.get` does for the conversation of the reply."""
    return with_conversation(actor, id)[0]


def with_conversation(actor: Actor, id: str) -> tuple[Reply, Conversation]:
    """Raises what `get` raises."""
    if not ids.is_id(id, "rpl"):
        raise errors.NotFound
    return conversations.with_part(actor, Reply, id, keys.reply(id))


def messages_of(reply: Reply) -> list[Message]:
    """The messages the reply became, in order; none before it was queued."""
    messages = table.many(Message, [(reply.pk, keys.message(id)) for id in reply.messages])
    return sorted(messages, key=lambda message: message.sk)
