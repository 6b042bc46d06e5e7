"""What happened in a conversation since somebody looked at it: two must not answer at once, nor past the customer.

Counters decide, and they are the condition of the transaction that speaks; who it was is told by our own clock, never
by the networks'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import errors, ids
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.replies import sendability
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply
from chalicelib.store.table import Condition

APART = 60 * 60 * 1000  # how far the clocks of the networks may be from each other


@dataclass(frozen=True)
class Snapshot:
    """How much a conversation had heard and spoken when somebody decided what to say.

    Who looked `closely` answers what was heard by then, and nobody may have said anything since. Else only that
    somebody else answered counts.
    """

    actor: Actor
    heard: int
    spoken: int
    closely: bool = True
    alone: bool = True

    def holds(self) -> Condition:
        """For the transaction that speaks."""
        same: Condition = Conversation.spoken == self.spoken
        return same & (Conversation.heard == self.heard) if self.closely else same

    def at(self, conversation: Conversation) -> "Snapshot":
        """The same look at what the conversation is by now."""
        return replace(self, heard=conversation.heard, spoken=conversation.spoken)

    def check(self, conversation: Conversation) -> None:
        """Conflict if what happened by now matters."""
        reasons = since((self.heard if self.closely else conversation.heard, self.spoken), conversation)
        if "answered" in reasons and not self.alone:
            _refuse_answered(self.actor, _latest(conversation, conversation.spoken - self.spoken))
            reasons.remove("answered")
        if reasons:
            raise outdated(reasons)


def counted(conversation: Conversation) -> tuple[int, int]:
    """How much the conversation has heard and spoken by now."""
    return conversation.heard, conversation.spoken


def since(seen: tuple[int, int], conversation: Conversation) -> list[str]:
    """Who spoke since it was seen."""
    heard, spoken = seen
    told = {"customer_wrote": conversation.heard > heard, "answered": conversation.spoken > spoken}
    return [reason for reason, happened in told.items() if happened]


def reasons_of_waiting(actor: Actor, reply: Reply, conversation: Conversation, now: int) -> list[str]:
    """Why a reply nobody sent yet needs another look: what happened in its conversation since it was last seen."""
    heard, spoken = reply.seen
    reasons = since((heard, spoken), conversation)
    allowed = sendability.of(
        conversations.network_of(conversation).capabilities, sendability.place_of(actor, conversation), now
    )
    if not allowed.lets(template=reply.template is not None, private=reply.private, tag=reply.tag or ""):
        reasons.append("unreachable" if allowed.cut_off else "window_closed")
    return reasons


def refuse(reasons: list[str], despite: Mapping[str, Any]) -> None:
    """Conflict unless whoever speaks said that they know of all of it."""
    if set(reasons) - set(despite.get("despite", ())):
        raise outdated(reasons)


def outdated(reasons: list[str]) -> errors.Conflict:
    """What is answered to somebody who did not see what happened."""
    return errors.Conflict("Something happened since it was written.", code="stale", more={"reasons": reasons})


def unread(actor: Actor, conversation: Conversation, seen: str | None) -> None:
    """Conflict if the customer, or somebody else for the brand, spoke after the message that was seen last."""
    if not seen:
        return
    last = (
        table.get(Message, conversation.pk, keys.message(seen))
        if ids.conversation_of(seen) == conversation.id
        else None
    )
    if last is None:
        raise errors.Invalid("No message of this conversation.", field="seen")
    place = (last.received_at, last.sk)
    later = [message for message in _recent(conversation, last.sent_at) if (message.received_at, message.sk) > place]
    _refuse_answered(actor, [message for message in later if not (last.reply and message.reply == last.reply)])
    if any(message.direction == "in" for message in later):
        raise outdated(["customer_wrote"])


def _recent(conversation: Conversation, at: int) -> list[Message]:
    """What was said since then, or came in since, without an imported past."""
    edge = keys.message(ids.message(conversation.id, max(0, at - APART), ""))
    some = table.query(Message, conversation.pk, keys.MESSAGES, after=edge, consistent=True)
    return [message for message in some if not (message.context or {}).get("history")]


def _latest(conversation: Conversation, count: int) -> list[Message]:
    """The messages of the last so many answers, however many messages each became."""
    answers: dict[str, list[Message]] = {}
    spoken = [message for message in _recent(conversation, conversation.last_at) if message.direction == "out"]
    for message in sorted(spoken, key=lambda message: message.received_at, reverse=True):
        answers.setdefault(message.reply or message.id, []).append(message)
    return [message for answer in list(answers.values())[:count] for message in answer]


def _refuse_answered(actor: Actor, later: list[Message]) -> None:
    """One's own answers do not count, nor does what never got through."""
    for message in later:
        author = message.author or {}
        if message.direction == "out" and message.status != "failed" and author.get("member") != actor.member:
            told = {"message": message.id, "by": author.get("name") or "the network's own app"}
            raise errors.Conflict("Somebody answered meanwhile.", code="answered_meanwhile", more={"changed": told})


def reasons(actor: Actor, reply: Reply, conversation: Conversation, now: int) -> list[str]:
    """Why a reply that waits, for approval or for its time, needs another look."""
    return reasons_of_waiting(actor, reply, conversation, now) if reply.state in ("pending", "approved") else []
