"""Four eyes: an approval is bound to the very words and addressee, and to what the customer had said by then."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.inbox import conversations
from chalicelib.replies import leases, policy, replies, staleness
from chalicelib.replies.staleness import Snapshot
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

MOST_COMMENTS = 50  # each is kept with the reply


def approve(actor: Actor, reply: Reply, conversation: Conversation, body: Mapping[str, Any], now: int) -> Reply:
    """Count the actor's approval, and release the reply with the last one needed.

    Raises Forbidden to whoever wrote it and to keys, Conflict if the reply is not the one the approver read, or went
    stale and the approver has not said that they saw why. Approvals given before that happened no longer count.
    """
    replies.leads_to(reply, "approve")
    needs = policy.Requirement(**reply.needs)
    _refuse(actor, reply, needs)
    if body["hash"] != reply.hash:
        raise errors.Conflict("The reply is not the one you read.", code="reply_changed")
    reasons = staleness.reasons_of_waiting(actor, reply, conversation, now)
    staleness.refuse(reasons, body)
    earlier = [] if reasons else _standing(actor.agency, reply, needs)
    if any(_same(actor, given) for given in earlier):
        raise errors.Conflict("You approved this already.", code="already_approved")
    given = [*earlier, _given(actor, reply, now)]
    changes = {"approvals": given, "seen": staleness.counted(conversation)}
    if not policy.satisfied(needs, given):
        return replies.move(actor, reply, "approve", now, changes)
    leases.check(actor, conversation, now, {one["member"] for one in reply.writers})
    return replies.release(actor, conversation, reply, Snapshot(actor, *staleness.counted(conversation)), now, changes)


def _refuse(actor: Actor, reply: Reply, needs: policy.Requirement) -> None:
    """Forbidden to who does not approve this reply."""
    rules = settings.of(brands.at_work(actor.agency, reply.brand).settings).replies
    if actor.kind == "key":
        raise errors.Forbidden("A person has to approve it.", code="keys_do_not_approve")
    if not policy.may_approve(actor, reply.brand, needs):
        raise errors.Forbidden("Your role does not approve this.", code="cannot_approve")
    if any(_same(actor, one) for one in reply.writers) and not rules.own_approval:
        raise errors.Forbidden("Somebody else has to approve your reply.", code="four_eyes")


def _same(actor: Actor, one: Mapping[str, Any]) -> bool:
    """True for the same person, even if they are another member by now."""
    return actor.member == one["member"] or (bool(actor.subject) and actor.subject == one["subject"])


def _given(actor: Actor, reply: Reply, now: int) -> dict[str, Any]:
    official = actor.may("reply.official", brand=reply.brand)
    roles = sorted(policy.roles_of(actor, reply.brand))
    who = {"member": actor.member, "subject": actor.subject, "name": actor.name}
    return {**who, "roles": roles, "official": official, "at": clock.text(now)}


def _standing(agency: str, reply: Reply, needs: policy.Requirement) -> list[Mapping[str, Any]]:
    """The approvals of those who are still members and still may give them."""
    found = [(given, memberships.colleague(agency, given["subject"])) for given in reply.approvals]
    return [
        {**_given(approver, reply, 0), "at": given["at"]}
        for given, approver in found
        if approver and approver.member == given["member"] and policy.may_approve(approver, reply.brand, needs)
    ]


def reject(actor: Actor, reply: Reply, reason: str, now: int) -> Reply:
    """Send it back to its author; Forbidden to who could not approve it either."""
    replies.leads_to(reply, "reject")
    named = policy.may_approve(actor, reply.brand, policy.Requirement(**reply.needs))
    if not named and not actor.may("reply.approve", brand=reply.brand):
        raise errors.Forbidden("Your role does not approve this.", code="cannot_approve")
    return replies.move(actor, reply, "reject", now, {"reason": reason})


def withdraw(actor: Actor, reply: Reply, now: int) -> Reply:
    """Take it back; Forbidden unless it is the actor's own, or theirs to approve."""
    if not any(_same(actor, one) for one in reply.writers) and not actor.may("reply.approve", brand=reply.brand):
        raise errors.Forbidden("It is somebody else's reply.", code="not_yours")
    return replies.move(actor, reply, "withdraw", now)


def due(actor: Actor, reply: Reply, now: int) -> Reply:
    """A reply whose time has come: queued, or returned for review if its brand is away or the customer wrote first.

    Raises Conflict, `stale`, if that happens right now: the next time it is asked it is returned.
    """
    brand, conversation = brands.find(actor.agency, reply.brand), conversations.find(actor.agency, reply.conversation)
    if conversation is None or brand.archived_at or staleness.reasons(actor, reply, conversation, now):
        return replies.wait(actor, brand, reply, "return", now, {"approvals": []})
    return replies.queue(actor, conversation, reply, Snapshot(actor, *staleness.counted(conversation)), now, {})


def expire(actor: Actor, id: str, when: int, now: int) -> None:
    """Give a reply up that was to be approved by `when`, unless it no longer waits, or was submitted anew since."""
    reply, _ = replies.get(actor, id)
    while reply.state == "pending" and (reply.expires_at or 0) == when:
        try:
            reply = replies.move(actor, reply, "expire", now)
        except errors.Conflict:  # somebody commented on it, or decided
            reply, _ = replies.get(actor, id)


def comment(actor: Actor, reply: Reply, text: str, now: int) -> Reply:
    """Say something about a reply to its author; it changes nothing else. Conflict once enough was said."""
    said = {"by": actor.member, "name": actor.name, "text": text, "at": clock.text(now)}
    entry = audit.entry(actor, "reply.comment", reply.id, now, brand=reply.brand)
    while len(reply.comments) < MOST_COMMENTS:
        more = [Reply.comments.set([*reply.comments, said]), Reply.version.add(1)]
        try:
            table.transact(table.changing(Reply(reply.pk, reply.sk), more, Reply.version == reply.version), entry)
        except table.Refused:
            reply, _ = replies.get(actor, reply.id)
            continue
        return replies.get(actor, reply.id)[0]
    raise errors.Conflict("Enough was said about this reply.", code="too_many_comments")
