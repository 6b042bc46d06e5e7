"""Four eyes: an approval is bound to the very words and addressee, and to what the customer had said by then."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, errors
from chalicelib.api.actor import Actor
from chalicelib.inbox import conversation, delivery, policy, reply, sendability, wording
from chalicelib.store import table
from chalicelib.store.models import Conversation, Message, Reply
from chalicelib.tenancy import brand


def approve(actor: Actor, item: Reply, found: Conversation, body: Mapping[str, Any], now: int) -> Reply:
    """Count the actor's approval, and release the reply with the last one needed.

    Raises Forbidden for an author's own draft, Conflict if the reply is not the one the approver read, or went stale
    and the approver has not said that they saw why.
    """
    reply.leads_to(item, "approve")
    settings = brand.at_work(actor.agency, item.brand).settings
    needs = policy.Requirement(item.needs["count"], tuple(item.needs["roles"]), item.needs["every"])
    if not policy.may_approve(actor, item.brand, needs, official=bool(item.official)):
        raise errors.Forbidden("Your role does not approve this.", code="cannot_approve")
    if item.author == actor.member and not settings.get("replies", {}).get("own_approval", False):
        raise errors.Forbidden("Somebody else has to approve your reply.", code="four_eyes")
    if any(given["by"] == actor.member for given in item.approvals):
        raise errors.Conflict("You approved this already.", code="already_approved")
    if body["hash"] != item.hash:
        raise errors.Conflict("The reply is not the one you read.", code="reply_changed")
    reasons = stale(actor, item, found, now)
    if reasons and set(reasons) - set(body.get("despite", ())):
        raise errors.Conflict("Something happened since it was written.", code="stale", more={"reasons": reasons})
    roles = sorted({grant.role for grant in actor.grants if grant.covers(item.brand)})
    given = [*item.approvals, {"by": actor.member, "name": actor.name, "roles": roles, "at": clock.text(now)}]
    seen = [Reply.approvals.set(given), Reply.seen.set(reply.seen_in(found))]
    if policy.satisfied(needs, given):
        return reply.release(actor, found, item, now, seen)
    return reply.move(actor, item, "approve", now, seen)


def stale(actor: Actor, item: Reply, found: Conversation, now: int) -> list[str]:
    """Why an unsent reply needs another look: what happened in its conversation since it was submitted."""
    if item.state not in ("pending", "approved"):
        return []
    reasons = []
    heard, spoken = item.seen
    if int(found.heard) > heard:
        reasons.append("customer_wrote")
    if int(found.spoken) > spoken:
        reasons.append("answered")
    network = wording.network_of(found)
    allowed = sendability.of(network.capabilities, wording.place_of(actor, found), now)
    if not allowed.lets(template=item.template is not None, private=item.private, tag=item.tag or ""):
        reasons.append("unreachable" if allowed.cut_off else "window_closed")
    return reasons


def due(actor: Actor, item: Reply, now: int) -> Reply:
    """A reply whose time has come: queued, or returned for review if its brand is away or the customer wrote first."""
    of, found = brand.find(actor.agency, item.brand), conversation.find(actor.agency, item.conversation)
    if found is None or of.archived_at or stale(actor, item, found, now):
        return reply.wait(actor, of, item, "return", now, [Reply.approvals.set([])])
    return reply.queue(actor, found, item, now)


def expire(actor: Actor, id: str, when: int, now: int) -> None:
    """Give a reply up that was to be approved by `when`, unless it no longer waits, or was submitted anew since."""
    item, _ = reply.get(actor, id)
    while item.state == "pending" and int(item.expires_at or 0) == when:
        try:
            item = reply.move(actor, item, "expire", now)
        except errors.Conflict:  # somebody commented on it, or decided
            item, _ = reply.get(actor, id)


def comment(actor: Actor, item: Reply, text: str, now: int) -> Reply:
    """Say something about a reply to its author; it changes nothing else."""
    said = {"by": actor.member, "name": actor.name, "text": text, "at": clock.text(now)}
    while not table.update(
        item,
        [Reply.comments.set([*item.comments, said]), Reply.version.set(item.version + 1)],
        Reply.version == item.version,
    ):
        item, _ = reply.get(actor, item.id)
    return item


def status_of(item: Reply, messages: Sequence[Message], reasons: Sequence[str]) -> str:
    """How far it got: before it was queued its own state, after as far as the message that got least far."""
    if item.state != "queued":
        return "stale" if reasons else item.state
    states = [message.status for message in messages]
    for bad in ("failed", "unknown"):
        if bad in states:
            return bad
    return min(states, key=lambda state: delivery.RANK[state]) if states else "queued"


def view(actor: Actor, item: Reply, found: Conversation, now: int) -> Mapping[str, Any]:
    """A reply as the API tells it."""
    messages, reasons = reply.messages_of(item), stale(actor, item, found, now)
    return {
        "id": item.id,
        "conversation": item.conversation,
        "author": item.author,
        "official": bool(item.official),
        "text": item.text,
        "attachments": item.attachments,
        "private": item.private,
        "reply_to": item.reply_to,
        "template": item.template,
        "tag": item.tag,
        "status": status_of(item, messages, reasons),
        "stale": reasons,
        "hash": item.hash,
        "needs": item.needs or None,
        "approvals": item.approvals,
        "comments": item.comments,
        "reason": item.reason,
        "error": next((message.error for message in messages if message.error), None),
        "messages": item.messages,
        "send_at": clock.text(int(item.send_at)) if item.send_at else None,
        "expires_at": clock.text(int(item.expires_at)) if item.state == "pending" and item.expires_at else None,
        "version": int(item.version),
        "created_at": clock.text(int(item.created_at)),
        "updated_at": clock.text(int(item.updated_at)),
    }
