"""Approvals of replies by somebody else than the writer.

An approval is bound to the exact content and addressee, and to what the customer had written by then.
"""

from dataclasses import asdict, replace

from chalicelib import clock, errors, room
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.plans import gates
from chalicelib.replies import leases, policy, replies, requirements, staleness, steps
from chalicelib.replies.replies import Sending
from chalicelib.replies.requirements import Case
from chalicelib.store import table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

MOST_COMMENTS, MOST_COMMENT_BYTES = 50, 100_000  # they are kept with the reply, which can always be approved


def approve(
    actor: Actor, reply: Reply, conversation: Conversation, now: int, *, hash: str, despite: str | None = None
) -> Reply:
    """Adds the actor's approval; the last approval that the reply needs releases it.

    Raises Forbidden for a writer of the reply, unless the brand allows own approvals, and for keys. Raises Conflict if
    `hash` is not the reply's, or if something happened in the conversation since, unless `despite` names the latest of
    it; earlier approvals then no longer count.
    """
    steps.state_after(reply, "approve")
    case = Case(actor, reply, conversation, brands.at_work(actor.agency, reply.brand), now)
    steps.check_approve(actor, case)
    if hash != reply.hash:
        raise errors.Conflict("The reply has changed since you read it. Read it again.", code="reply_changed")
    reasons = staleness.reasons(actor, reply, conversation, now) + (["line"] if case.against_the_line else [])
    staleness.refuse(reasons, conversation, despite)
    earlier = [] if reasons else case.approvals
    steps.check_first_approval(actor, earlier)
    approvals = [*earlier, requirements.approval(actor, reply, now)]
    changes = {
        "needs": asdict(case.needs),
        "approvals": approvals,
        "seen": staleness.counted(conversation),
        **replies.NO_REASON,
        **({"sender": actor.person} if case.lacks_sender else {}),
    }
    if not policy.satisfied(case.needs, approvals):
        return replies.move(actor, reply, "approve", now, changes)
    leases.check(actor, conversation, now, {writer["member"] for writer in reply.writers})
    sending = Sending(actor, reply, conversation, staleness.snapshot(actor, conversation), now)
    return replies.release(sending, changes)


def reject(actor: Actor, reply: Reply, conversation: Conversation, reason: str, now: int) -> Reply:
    """Sends the reply back to its author. Raises Forbidden as `steps.check_reject` does."""
    steps.check_reject(actor, Case(actor, reply, conversation, brands.find(actor.agency, reply.brand), now))
    return replies.move(actor, reply, "reject", now, {"reason": reason})


def let_through(actor: Actor, reply: Reply, conversation: Conversation, reason: str, now: int, *, hash: str) -> Reply:
    """Overrides what the brand's line has against the reply, for as long as the words of the reply stay the same.

    Raises Conflict if `hash` is not the reply's, and what `check_let_through` raises.
    """
    case = Case(actor, reply, conversation, brands.at_work(actor.agency, reply.brand), now)
    if hash != reply.hash:
        raise errors.Conflict("The reply has changed since you read it. Read it again.", code="reply_changed")
    asks = check_let_through(actor, case)
    kept = {
        "by": actor.member, "reason": reason, "at": clock.text(now), "words": requirements.words_of(reply), "asks": asks
    }  # fmt: skip
    return replies.move(
        actor, reply, "let_through", now, {"let_through": kept}, details={"reason": reason, "asks": asks}
    )


def check_let_through(actor: Actor, case: Case) -> list[str]:
    """What the line has against the reply. Raises Forbidden for keys, Conflict if the line has nothing against it."""
    actor.check_is_person()
    steps.state_after(case.reply, "let_through")
    asks = case.whole_verdict.asks if case.whole_verdict else []
    if not asks:
        raise errors.Conflict("The editorial line has no objection to the reply.", code="nothing_against_it")
    return asks


def withdraw(actor: Actor, reply: Reply, now: int) -> Reply:
    """Withdraw a reply. Raises Forbidden unless the actor wrote it or approves replies."""
    steps.check_withdraw(actor, reply)
    return replies.move(actor, reply, "withdraw", now)


def send_due(actor: Actor, reply: Reply, now: int) -> Reply:
    """Queues a reply whose time has come, if today's rules still allow it; else returns it for review, with the
    reasons.

    Raises Conflict, `stale`, if something happens in the conversation at this very moment: the next tick returns the
    reply.
    """
    case = Case(actor, reply, conversations.get(actor, reply.conversation), brands.find(actor.agency, reply.brand), now)
    stale = staleness.reasons(actor, reply, case.conversation, now)
    stale += ["brand_archived"] if case.brand.archived_at else []
    stale += ["line"] if case.against_the_line else []
    network = conversations.network_of(case.conversation)
    is_paid = gates.allows(actor.agency, "outbound", now) and gates.allows_charges(actor.agency, network, now)
    unpaid = [] if is_paid else ["subscription"]
    reasons = [*stale, *unpaid, *filter(None, [case.objection])]
    if reasons:
        case = replace(case, reply=replies.updated(reply, {"line": case.verdict.kept if case.verdict else None}))
        changes = {
            "approvals": [] if stale else case.approvals,
            "needs": asdict(case.needs),
            "line": case.reply.line,
        }
        return replies.wait(actor, case.brand, reply, "return", now, changes, because=reasons)
    sending = Sending(actor, reply, case.conversation, staleness.snapshot(actor, case.conversation), now)
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
    """Raises Conflict after 50 comments, or 100 KB of them."""
    check_comment(reply)
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
    raise _too_many_comments()


def check_comment(reply: Reply) -> None:
    """Raises Conflict if there are 50 comments."""
    if len(reply.comments) >= MOST_COMMENTS:
        raise _too_many_comments()


def _too_many_comments() -> errors.Conflict:
    return errors.Conflict(
        f"A reply takes at most {MOST_COMMENTS} comments, of {MOST_COMMENT_BYTES} bytes together.",
        code="too_many_comments",
    )
