"""What the brand is about to say, from draft to queued messages. One table says which move leads where.

A reply the network takes only in several calls becomes several messages, in order; each is sent at most once. Whether a
reply went stale is never stored: it is worked out from what happened in the conversation since.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib import errors, ids, page
from chalicelib.api.actor import Actor
from chalicelib.inbox import conversation, lease, message, policy, sendability, timing, wording
from chalicelib.insight import audit
from chalicelib.networks import base
from chalicelib.store import due, keys, table
from chalicelib.store.models import Brand, Conversation, Message, Reply
from chalicelib.tenancy import brand

MOVES: Mapping[tuple[str, str], str] = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "pending",
    ("draft", "release"): "approved",
    ("draft", "withdraw"): "withdrawn",
    ("pending", "edit"): "draft",
    ("pending", "approve"): "pending",
    ("pending", "release"): "approved",
    ("pending", "reject"): "rejected",
    ("pending", "withdraw"): "withdrawn",
    ("pending", "expire"): "expired",
    ("rejected", "edit"): "draft",
    ("approved", "queue"): "queued",
    ("approved", "return"): "pending",
    ("approved", "withdraw"): "withdrawn",
}
LISTED = ("draft", "pending", "approved", "rejected")


def draft(actor: Actor, found: Conversation, body: Mapping[str, Any], now: int) -> Reply:
    """Accept a reply and, unless it stays a draft, submit it. Raises Invalid or Conflict if it cannot be said."""
    of = brand.at_work(actor.agency, found.brand)
    answered_since(found, body.get("seen"))
    lease.check(actor, found, now)
    say = wording.asked(actor, found, body)
    sendability.check(wording.network_of(found).capabilities, wording.place_of(actor, found), say, now)
    id = ids.inside(found.id, "rpl")
    reply = Reply(
        found.pk, keys.reply(id), id=id, conversation=found.id, brand=found.brand, author=actor.member,
        author_name=actor.name, official=body.get("official", False), state="draft", send_at=body.get("send_at"),
        created_at=now, updated_at=now, **_content(say, body),
        seen=seen_in(found), hash=wording.hash_of(say),
    )  # fmt: skip
    place = _listed(actor, found.brand, "draft", id, now)
    reply.inbox, reply.activity = place["inbox"], place["activity"]
    made = audit.entry(actor, "reply.draft", id, now, brand=found.brand, after={"state": "draft"})
    if body.get("draft"):
        table.transact(table.putting(reply, Reply.pk.does_not_exist()), made)
        return reply
    return _submit_new(actor, of, found, reply, say, now)


def _submit_new(actor: Actor, of: Brand, found: Conversation, reply: Reply, say: base.Say, now: int) -> Reply:
    """Most replies need nobody else: those are written down and queued in one transaction."""
    needs = _required(actor, of, found, reply)
    reply.needs = asdict(needs)
    reply.state = "pending" if needs.count else "approved" if reply.send_at else "queued"
    place = _listed(actor, found.brand, reply.state, reply.id, now)
    reply.inbox, reply.activity = place.get("inbox"), place.get("activity")
    items = [] if reply.state != "queued" else wording.messages(found, say, reply, now)
    reply.messages = [item.id for item in items]
    told = audit.entry(actor, f"reply.{reply.state}", reply.id, now, brand=reply.brand, after={"state": reply.state})
    later = [due.at(actor.agency, int(reply.send_at), "reply", reply.id)] if reply.state == "approved" else []
    if reply.state == "pending":
        reply.expires_at, expiry = timing.waits(actor.agency, reply.id, of.settings, now)
        later.append(expiry)
    table.transact(table.putting(reply, Reply.pk.does_not_exist()), told, *_queueing(actor, found, items, now), *later)
    return reply


def move(
    actor: Actor, reply: Reply, name: str, now: int, actions: Sequence[Action] = (), writes: Sequence[table.Write] = ()
) -> Reply:
    """Make a move, whole or not at all. Raises Conflict if the state does not have it, or if somebody was faster."""
    to = leads_to(reply, name)
    place = _listed(actor, reply.brand, to, reply.id, now)
    changes: list[Action] = [
        Reply.state.set(to),
        Reply.version.set(reply.version + 1),
        Reply.updated_at.set(now),
        Reply.inbox.set(place["inbox"]) if place else Reply.inbox.remove(),
        Reply.activity.set(place["activity"]) if place else Reply.activity.remove(),
        *actions,
    ]
    told = audit.entry(
        actor, f"reply.{name}", reply.id, now, brand=reply.brand, before={"state": reply.state}, after={"state": to}
    )
    try:
        table.transact(
            table.changing(Reply(reply.pk, reply.sk), changes, Reply.version == reply.version), told, *writes
        )
    except table.Refused as refused:
        raise errors.Conflict("Somebody changed this reply meanwhile.", code="changed_meanwhile") from refused
    return get(actor, reply.id)[0]


def leads_to(reply: Reply, name: str) -> str:
    """The state a move leads to from the reply's own; Conflict if it has no such move."""
    to = MOVES.get((reply.state, name))
    if to is None:
        raise errors.Conflict(f"A reply that is {reply.state} has no such step.", code="wrong_state")
    return to


def submit(actor: Actor, reply: Reply, now: int) -> Reply:
    """Ask for it to be said: at once if the brand's policy lets its author, else once it is approved."""
    of = brand.at_work(actor.agency, reply.brand)
    found = conversation.get(actor, reply.conversation)
    needs = _required(actor, of, found, reply)
    seen = [Reply.needs.set(asdict(needs)), Reply.approvals.set([]), Reply.seen.set(seen_in(found))]
    if needs.count:
        return wait(actor, of, reply, "submit", now, seen)
    return release(actor, found, reply, now, seen)


def wait(actor: Actor, of: Brand, reply: Reply, name: str, now: int, actions: Sequence[Action] = ()) -> Reply:
    """Make a move after which it waits for approval, as long as its brand says."""
    until, expiry = timing.waits(actor.agency, reply.id, of.settings, now)
    return move(actor, reply, name, now, [*actions, Reply.expires_at.set(until)], [expiry])


def release(actor: Actor, found: Conversation, reply: Reply, now: int, actions: Sequence[Action] = ()) -> Reply:
    """Approved: queue its messages, or keep them until it is time."""
    say = wording.said(actor, found, reply)
    sendability.check(wording.network_of(found).capabilities, wording.place_of(actor, found), say, now)
    if reply.send_at and int(reply.send_at) > now:
        return move(
            actor, reply, "release", now, actions, [due.at(actor.agency, int(reply.send_at), "reply", reply.id)]
        )
    approved = move(actor, reply, "release", now, actions)
    return queue(actor, found, approved, now)


def queue(actor: Actor, found: Conversation, reply: Reply, now: int) -> Reply:
    """Make its messages and queue them, once."""
    items = wording.messages(found, wording.said(actor, found, reply), reply, now)
    queued = [Reply.messages.set([item.id for item in items])]
    return move(actor, reply, "queue", now, queued, _queueing(actor, found, items, now))


def edit(actor: Actor, reply: Reply, body: Mapping[str, Any], now: int) -> Reply:
    """New words: earlier approvals no longer count."""
    found = conversation.get(actor, reply.conversation)
    merged = {**wording.content(reply), **body}
    say = wording.asked(actor, found, merged)
    sendability.check_content(wording.network_of(found).capabilities, say)
    content = _content(say, merged)
    actions = [getattr(Reply, name).set(value) for name, value in content.items() if value is not None]
    return move(actor, reply, "edit", now, [*actions, Reply.hash.set(wording.hash_of(say)), Reply.approvals.set([])])


def _content(say: base.Say, body: Mapping[str, Any]) -> dict[str, Any]:
    attachments = [asdict(media) for media in say.attachments]
    told = {"text": say.text, "attachments": attachments, "private": say.private}
    return {**told, **{name: body.get(name) for name in ("reply_to", "template", "tag")}}


def _required(actor: Actor, of: Brand, found: Conversation, reply: Reply) -> policy.Requirement:
    rules = of.settings.get("replies", {}).get("rules", [])
    private = reply.private or found.surface == "dm"
    return policy.required(actor, reply.brand, rules, private=private, official=bool(reply.official))


def seen_in(found: Conversation) -> list[int]:
    """How much the conversation has heard and spoken by now."""
    return [int(found.heard), int(found.spoken)]


def answered_since(found: Conversation, seen: str | None) -> None:
    """Conflict if the brand said something after the message the author saw last: two must not answer at once."""
    if not seen:
        return
    latest = message.latest(found.pk, "out")
    if latest and latest.sk > keys.message(seen):
        told = {"message": latest.id, "by": (latest.author or {}).get("name") or "the network's own app"}
        raise errors.Conflict("Somebody answered meanwhile.", code="answered_meanwhile", more={"changed": told})


def _queueing(actor: Actor, found: Conversation, items: Sequence[Message], now: int) -> list[table.Write]:
    if not items:
        return []
    newest = conversation.heard(items[-1], actor.agency, newest=True, unread=False, now=now)
    return [
        *(table.putting(item, Message.pk.does_not_exist()) for item in items),
        table.changing(Conversation(found.pk, found.sk), newest, Conversation.pk.exists()),
    ]


def _listed(actor: Actor, brand: str, state: str, id: str, now: int) -> dict[str, str]:
    if state not in LISTED:
        return {}
    return {"inbox": keys.inbox(actor.agency, brand, f"reply.{state}"), "activity": keys.activity(now, id)}


def listing(
    actor: Actor, brands: Sequence[str], state: str, limit: int, cursor: str | None
) -> tuple[list[Reply], str | None]:
    """A page of the replies of these brands in one state, those that came into it last first; and the next cursor."""
    scope = "|".join(["replies", actor.agency, *sorted(brands), state])
    before = page.position(scope, cursor) or ""
    table.connection()
    wanted = [
        Reply.index.query(
            keys.inbox(actor.agency, brand, f"reply.{state}"),
            Reply.activity < before if before else None,
            scan_index_forward=False,
            page_size=limit + 1,
        )
        for brand in brands
    ]
    merged = heapq.merge(*wanted, key=lambda item: item.activity, reverse=True)
    found = list(islice(merged, limit + 1))
    return found[:limit], page.cursor(scope, found[limit - 1].activity) if len(found) > limit else None


def get(actor: Actor, id: str) -> tuple[Reply, Conversation]:
    """A reply and its conversation; NotFound unless the actor may see that."""
    if not ids.is_id(id, "rpl"):
        raise errors.NotFound
    of = conversation.get(actor, ids.conversation_of(id))
    found = table.get(Reply, of.pk, keys.reply(id))
    if found is None:
        raise errors.NotFound
    return found, of


def messages_of(reply: Reply) -> list[Message]:
    """The messages it became, in order; none before it was queued."""
    found = table.many(Message, [(reply.pk, keys.message(id)) for id in reply.messages])
    return sorted(found, key=lambda item: item.sk)
