"""Approvals of replies by somebody else than the writer.

An approval is bound to the exact content and addressee, and to what the customer had written by then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, room
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.inbox import conversations
from chalicelib.replies import leases, policy, replies, staleness
from chalicelib.replies.replies import Sending
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

MOST_COMMENTS, MOST_COMMENT_BYTES = 50, 100_000  # they are kept with the reply, which can always be approved


def approve(
    actor: Actor, reply: Reply, conversation: Conversation, now: int, *, hash: str, despite: Sequence[str] = ()
) -> Reply:
    """Add the actor's approval; the last approval that the reply needs releases it.

    Raises Forbidden for a writer of the reply and for keys; Conflict if `hash` is not the reply's, or if something
    happened in the conversation that `despite` does not name. If something did, earlier approvals no longer count.
    """
    replies.state_after(reply, "approve")
    needs = policy.Requirement(**reply.needs)
    _check_approver(actor, reply, needs)
    if hash != reply.hash:
        raise errors.Conflict("The reply is not the one you read.", code="reply_changed")
    reasons = staleness.reasons(actor, reply, conversation, now)
    staleness.refuse(reasons, despite)
    earlier = [] if reasons else _valid_approvals(actor.agency, reply, needs)
    if any(_is_same_person(actor, approval) for approval in earlier):
        raise errors.Conflict("You approved this already.", code="already_approved")
    approvals = [*earlier, _approval(actor, reply, now)]
    changes = {"approvals": approvals, "seen": staleness.counted(conversation)}
    if not policy.satisfied(needs, approvals):
        return replies.move(actor, reply, "approve", now, changes)
    leases.check(actor, conversation, now, {writer["member"] for writer in reply.writers})
    sending = Sending(actor, reply, conversation, staleness.snapshot(actor, conversation), now)
    return replies.release(sending, changes)


def _check_approver(actor: Actor, reply: Reply, needs: policy.Requirement) -> None:
    """Raises Forbidden if the actor may not approve the reply."""
    rules = settings.of(brands.at_work(actor.agency, reply.brand).settings).replies
    if actor.kind == "key":
        raise errors.Forbidden("A person has to approve it.", code="keys_do_not_approve")
    if not policy.may_approve(actor, reply.brand, needs):
        raise errors.Forbidden("Your role does not approve this.", code="cannot_approve")
    if _wrote(actor, reply) and not rules.own_approval:
        raise errors.Forbidden("Somebody else has to approve your reply.", code="four_eyes")


def _wrote(actor: Actor, reply: Reply) -> bool:
    return any(_is_same_person(actor, writer) for writer in reply.writers)


def _is_same_person(actor: Actor, person: Mapping[str, Any]) -> bool:
    """True if a writer or approver is the actor, even if they are another member by now."""
    return actor.member == person["member"] or (bool(actor.subject) and actor.subject == person["subject"])


def _approval(actor: Actor, reply: Reply, now: int) -> dict[str, Any]:
    return {
        "member": actor.member,
        "subject": actor.subject,
        "name": actor.name,
        "roles": sorted(policy.roles_of(actor, reply.brand)),
        "official": actor.may("reply.official", brand=reply.brand),
        "at": clock.text(now),
    }


def _valid_approvals(agency: str, reply: Reply, needs: policy.Requirement) -> list[Mapping[str, Any]]:
    """The approvals of those who are still the same members and still may approve, with the roles they have now."""
    valid: list[Mapping[str, Any]] = []
    for approval in reply.approvals:
        approver = memberships.colleague(agency, approval["subject"])
        is_member = approver is not None and approver.member == approval["member"]
        if approver and is_member and policy.may_approve(approver, reply.brand, needs):
            valid.append({**_approval(approver, reply, 0), "at": approval["at"]})
    return valid


def reject(actor: Actor, reply: Reply, reason: str, now: int) -> Reply:
    """Send the reply back to its author. Raises Forbidden if the actor could not approve it either."""
    replies.state_after(reply, "reject")
    needs = policy.Requirement(**reply.needs)
    if not policy.may_approve(actor, reply.brand, needs) and not actor.may("reply.approve", brand=reply.brand):
        raise errors.Forbidden("Your role does not approve this.", code="cannot_approve")
    return replies.move(actor, reply, "reject", now, {"reason": reason})


def withdraw(actor: Actor, reply: Reply, now: int) -> Reply:
    """Withdraw a reply. Raises Forbidden unless the actor wrote it or approves replies."""
    if not _wrote(actor, reply) and not actor.may("reply.approve", brand=reply.brand):
        raise errors.Forbidden("It is somebody else's reply.", code="not_yours")
    return replies.move(actor, reply, "withdraw", now)


def send_due(actor: Actor, reply: Reply, now: int) -> Reply:
    """Queue a reply whose time has come; return it for review if its brand is archived or something happened.

    Raises Conflict, `stale`, if something happens at this very moment: the next tick returns it.
    """
    brand, conversation = brands.find(actor.agency, reply.brand), conversations.find(actor.agency, reply.conversation)
    if conversation is None or brand.archived_at or staleness.reasons(actor, reply, conversation, now):
        return replies.wait(actor, brand, reply, "return", now, {"approvals": []})
    sending = Sending(actor, reply, conversation, staleness.snapshot(actor, conversation), now)
    return replies.queue(sending, {})


def expire(actor: Actor, id: str, when: int, now: int) -> None:
    """Expire a reply that waits for approval until `when`, unless it was decided or submitted again meanwhile."""
    reply = replies.get(actor, id)
    while reply.state == "pending" and (reply.expires_at or 0) == when:
        try:
            reply = replies.move(actor, reply, "expire", now)
        except errors.Conflict:  # somebody commented on it, or decided
            reply = replies.get(actor, id)


def comment(actor: Actor, reply: Reply, text: str, now: int) -> Reply:
    """Add a comment to a reply. Raises Conflict if enough was said: 50 comments, or 100 KB."""
    comment = {"by": actor.member, "name": actor.name, "text": text, "at": clock.text(now)}
    entry = audit.entry(actor, "reply.comment", reply.id, now, brand=reply.brand)
    while room.first(comments := [*reply.comments, comment], MOST_COMMENTS, MOST_COMMENT_BYTES) == comments:
        actions = [Reply.comments.set(comments), Reply.version.add(1)]
        unchanged = Reply.version == reply.version
        try:
            table.transact(table.changing(Reply(reply.pk, reply.sk), actions, unchanged), entry)
        except table.Refused:
            reply = replies.get(actor, reply.id)
            continue
        return replies.updated(reply, {"comments": comments, "version": reply.version + 1})
    raise errors.Conflict("Enough was said about this reply.", code="too_many_comments")
