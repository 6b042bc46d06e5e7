"""What the brand is about to say, from draft to queued messages. One table says which move leads where.

A reply the network takes only in several calls becomes several messages, in order; each is sent at most once. Whether a
reply went stale is never stored: it is worked out from what happened in the conversation since.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib import errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.inbox import conversations
from chalicelib.replies import compose, leases, lists, policy, schedule, sendability, staleness
from chalicelib.replies.staleness import Snapshot
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply

Changes = Mapping[str, Any]
NEW = ""
MOVES: Mapping[tuple[str, str], str] = {
    (NEW, "draft"): "draft",
    (NEW, "submit"): "pending",
    (NEW, "release"): "approved",
    (NEW, "queue"): "queued",
    ("draft", "edit"): "draft",
    ("draft", "submit"): "pending",
    ("draft", "release"): "approved",
    ("draft", "queue"): "queued",
    ("draft", "withdraw"): "withdrawn",
    ("pending", "edit"): "draft",
    ("pending", "approve"): "pending",
    ("pending", "release"): "approved",
    ("pending", "queue"): "queued",
    ("pending", "reject"): "rejected",
    ("pending", "withdraw"): "withdrawn",
    ("pending", "expire"): "expired",
    ("rejected", "edit"): "draft",
    ("approved", "queue"): "queued",
    ("approved", "return"): "pending",
    ("approved", "withdraw"): "withdrawn",
}
_TRIES = 10


def draft(actor: Actor, conversation: Conversation, body: Mapping[str, Any], now: int, key: str = "") -> Reply:
    """Accept a reply and, unless it stays a draft, submit it. Raises Invalid or Conflict if it cannot be said.

    Asked again with the same idempotency key it gives the reply it made, however far that got.
    """
    reply = _new(actor, conversation, body, now, key)
    earlier = table.get(Reply, reply.pk, reply.sk) if key else None
    if earlier:
        return earlier
    brand = brands.at_work(actor.agency, conversation.brand)
    staleness.unread(actor, conversation, body.get("seen"))
    _check(actor, conversation, reply, now)
    if body.get("draft"):
        return move(actor, reply, "draft", now)
    look = Snapshot(actor, *staleness.counted(conversation), closely="seen" in body, alone=False)
    return _ask(actor, brand, conversation, reply, look, now)


def _new(actor: Actor, conversation: Conversation, body: Mapping[str, Any], now: int, key: str) -> Reply:
    """A reply nobody wrote down yet."""
    parts = (actor.member, key, json.dumps(body, sort_keys=True))
    id = ids.repeated(conversation.id, "rpl", *parts) if key else ids.inside(conversation.id, "rpl")
    say = compose.of_request(actor, conversation, body)
    return Reply(
        conversation.pk, keys.reply(id), id=id, conversation=conversation.id, brand=conversation.brand,
        author=actor.member, author_name=actor.name, writers=[_writer(actor)],
        official=body.get("official", False), state=NEW, version=0, send_at=body.get("send_at"), created_at=now,
        updated_at=now, **compose.kept(say, body),
        seen=staleness.counted(conversation), hash=compose.hash_of(say),
    )  # fmt: skip


def edit(actor: Actor, reply: Reply, body: Mapping[str, Any], now: int) -> Reply:
    """New words, and they are the actor's: earlier approvals no longer count, nor why it was sent back."""
    conversation = conversations.get(actor, reply.conversation)
    merged = {**compose.content(reply), **body}
    say = compose.of_request(actor, conversation, merged)
    _check_surface(actor, conversation, private=say.private)
    sendability.check_content(conversations.network_of(conversation).capabilities, say)
    writers = [*(one for one in reply.writers if one["member"] != actor.member), _writer(actor)]
    new = {"writers": writers, "approvals": [], "reason": None, "hash": compose.hash_of(say)}
    later = {"send_at": body["send_at"]} if "send_at" in body else {}
    return move(actor, reply, "edit", now, {**compose.kept(say, merged), **new, **later})


def submit(actor: Actor, reply: Reply, body: Mapping[str, Any], now: int) -> Reply:
    """Ask for it to be said: at once if the brand's policy lets whoever wrote the words, else once it is approved.

    Raises Forbidden to who did not write it; Conflict if something happened since that they did not say they saw.
    """
    brand = brands.at_work(actor.agency, reply.brand)
    conversation = conversations.get(actor, reply.conversation)
    leads_to(reply, "submit")
    if actor.member not in (reply.author, reply.writers[-1]["member"]):
        raise errors.Forbidden("It is somebody else's reply.", code="not_yours")
    heard, spoken = reply.seen
    staleness.refuse(staleness.since((heard, spoken), conversation), body)
    _check(actor, conversation, reply, now)
    return _ask(actor, brand, conversation, reply, Snapshot(actor, *staleness.counted(conversation)), now)


def _ask(actor: Actor, brand: Brand, conversation: Conversation, reply: Reply, look: Snapshot, now: int) -> Reply:
    needs = _required(actor, brand, conversation, reply)
    asked = {"needs": asdict(needs), "approvals": [], "seen": staleness.counted(conversation)}
    if needs.count:
        return wait(actor, brand, reply, "submit", now, asked)
    return release(actor, conversation, reply, look, now, asked)


def wait(actor: Actor, brand: Brand, reply: Reply, name: str, now: int, changes: Changes) -> Reply:
    """Make a move after which it waits for approval, as long as its brand says."""
    until, expiry = schedule.expiry(actor.agency, reply.id, settings.of(brand.settings).replies, now)
    return move(actor, reply, name, now, {**changes, "expires_at": until}, [expiry])


def release(
    actor: Actor, conversation: Conversation, reply: Reply, look: Snapshot, now: int, changes: Changes
) -> Reply:
    """Approved: queue its messages, or keep them until it is time. One transaction either way."""
    if reply.send_at and reply.send_at > now:
        later = due.at(actor.agency, reply.send_at, "reply", reply.id)
        return move(actor, reply, "release", now, changes, [later])
    approved = [_told(actor, reply, "release", "approved", now)] if reply.state == "pending" else []
    return queue(actor, conversation, reply, look, now, changes, approved)


def queue(
    actor: Actor,
    conversation: Conversation,
    reply: Reply,
    look: Snapshot,
    now: int,
    changes: Changes,
    writes: Sequence[table.Write] = (),
) -> Reply:
    """Make its messages and queue them, once. Conflict if what happened since the look matters."""
    for _ in range(_TRIES):
        items = compose.as_messages(conversation, compose.of_reply(actor, conversation, reply), reply, now)
        said = {**changes, "messages": [message.id for message in items]}
        try:
            return move(actor, reply, "queue", now, said, [*writes, *_saying(actor, conversation, items, look, now)])
        except table.Refused:
            conversation = conversations.find(actor.agency, conversation.id) or conversation
            look.check(conversation)
            look = look.at(conversation)
    raise errors.Unavailable("The conversation is too busy.")


def _saying(
    actor: Actor, conversation: Conversation, items: Sequence[Message], look: Snapshot, now: int
) -> list[table.Write]:
    newest = conversations.heard(items[-1], actor.agency, newest=True, unread=False, now=now)
    return [
        *(table.putting(message, Message.pk.does_not_exist()) for message in items),
        table.changing(Conversation(conversation.pk, conversation.sk), newest, look.holds()),
    ]


def move(
    actor: Actor,
    reply: Reply,
    name: str,
    now: int,
    changes: Changes | None = None,
    writes: Sequence[table.Write] = (),
) -> Reply:
    """Make a move, whole or not at all; a change to None takes that away.

    Raises Conflict if the state does not have it, or if somebody was faster; table.Refused if another write's condition
    does not hold.
    """
    to = leads_to(reply, name)
    listed = lists.place(actor.agency, reply.brand, to, reply.id, now)
    new = {**(changes or {}), **listed, "state": to, "version": reply.version + 1, "updated_at": now}
    made = Reply(**{**reply.attribute_values, **new}) if reply.state == NEW else None
    written = table.putting(made, Reply.pk.does_not_exist()) if made else _changing(reply, new)
    try:
        table.transact(written, *writes, _told(actor, reply, name, to, now))
    except table.Refused as refused:
        if not refused.failed[0]:
            raise
        raise errors.Conflict("Somebody changed this reply meanwhile.", code="changed_meanwhile") from refused
    return made or get(actor, reply.id)[0]


def _changing(reply: Reply, new: Changes) -> table.Write:
    actions = [
        getattr(Reply, name).remove() if value is None else getattr(Reply, name).set(value)
        for name, value in new.items()
    ]
    return table.changing(Reply(reply.pk, reply.sk), actions, Reply.version == reply.version)


def _told(actor: Actor, reply: Reply, name: str, to: str, now: int) -> table.Write:
    before = {"state": reply.state} if reply.state else None
    return audit.entry(actor, f"reply.{name}", reply.id, now, brand=reply.brand, before=before, after={"state": to})


def leads_to(reply: Reply, name: str) -> str:
    """The state a move leads to from the reply's own; Conflict if it has no such move."""
    to = MOVES.get((reply.state, name))
    if to is None:
        raise errors.Conflict(f"A reply that is {reply.state} has no such step.", code="wrong_state")
    return to


def _check(actor: Actor, conversation: Conversation, reply: Reply, now: int) -> None:
    """Raises Forbidden, Invalid or Conflict if it cannot be said there now, or not by the actor."""
    leases.check(actor, conversation, now)
    _check_surface(actor, conversation, private=bool(reply.private))
    say = compose.of_reply(actor, conversation, reply)
    sendability.check(
        conversations.network_of(conversation).capabilities, sendability.place_of(actor, conversation), say, now
    )


def _check_surface(actor: Actor, conversation: Conversation, *, private: bool) -> None:
    if not policy.may_answer(actor, conversation.brand, private=private or conversation.surface == "dm"):
        raise errors.Forbidden("Your role does not answer this way.", code="cannot_reply_here")


def _required(actor: Actor, brand: Brand, conversation: Conversation, reply: Reply) -> policy.Requirement:
    """What the words need of whoever wrote them, or if those need nothing, of whoever submits them."""
    rules = settings.of(brand.settings).replies.rules
    private = reply.private or conversation.surface == "dm"
    last = reply.writers[-1]
    wrote = actor if last["member"] == actor.member else memberships.colleague(actor.agency, last["subject"])
    asked = [
        policy.required(actor, reply.brand, rules, private=private, official=bool(reply.official))
        for actor in (wrote or Actor(actor.agency, last["member"], ""), actor)
    ]
    return next((needs for needs in asked if needs.count), policy.NOTHING)


def _writer(actor: Actor) -> dict[str, str]:
    return {"member": actor.member, "subject": actor.subject}


def get(actor: Actor, id: str) -> tuple[Reply, Conversation]:
    """A reply and its conversation; NotFound unless the actor may see that."""
    if not ids.is_id(id, "rpl"):
        raise errors.NotFound
    conversation = conversations.get(actor, ids.conversation_of(id))
    reply = table.get(Reply, conversation.pk, keys.reply(id))
    if reply is None:
        raise errors.NotFound
    return reply, conversation


def messages_of(reply: Reply) -> list[Message]:
    """The messages it became, in order; none before it was queued."""
    found = table.many(Message, [(reply.pk, keys.message(id)) for id in reply.messages])
    return sorted(found, key=lambda message: message.sk)
