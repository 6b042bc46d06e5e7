"""What happened in a conversation since somebody looked at it. So two people do not answer at once, and nobody answers
without having seen what the customer wrote last.

The conversation's counters of messages in and out decide; they are the condition of the transaction that queues a
reply. Which messages are later than another goes by our own clock, never by the networks' clocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.replies import sendability
from chalicelib.replies.sendability import Place
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply
from chalicelib.store.table import Condition
from chalicelib.templates import offers

SINCE = ("customer_wrote", "answered")
STALE = (*SINCE, "window_closed", "unreachable", "template")
WAITING = ("pending", "approved")
_STALE = "The reply may not fit any more: `reasons` says what has changed. Read the conversation again."
CLOCKS_APART = clock.HOUR  # the clocks of two networks may differ by this much


@dataclass(frozen=True)
class Snapshot:
    """The conversation's counters `heard` and `spoken` when the actor decided what to say.

    `strict`: refuse if anybody wrote since. Otherwise refuse only if somebody answered. `own_answers_count`: refuse
    after any answer. Otherwise only after a colleague's.
    """

    actor: Actor
    heard: int
    spoken: int
    strict: bool = True
    own_answers_count: bool = True

    def condition(self) -> Condition:
        """The condition that the conversation has no new messages of the kind that this snapshot refuses."""
        unanswered: Condition = Conversation.spoken == self.spoken
        return unanswered & (Conversation.heard == self.heard) if self.strict else unanswered

    def renewed(self, conversation: Conversation) -> "Snapshot":
        return replace(self, heard=conversation.heard, spoken=conversation.spoken)

    def check(self, conversation: Conversation) -> None:
        """Raises Conflict if the customer wrote since and the snapshot is strict, or if somebody answered, as
        `own_answers_count` says.
        """
        reasons = []
        if self.strict and conversation.heard > self.heard:
            reasons.append("customer_wrote")
        answers = conversation.spoken - self.spoken
        if answers > 0 and self.own_answers_count:
            reasons.append("answered")
        elif answers > 0:
            _refuse_answered(self.actor, _latest_answers(conversation, answers))
        if reasons:
            raise _stale(reasons)


def snapshot(actor: Actor, conversation: Conversation) -> Snapshot:
    return Snapshot(actor, conversation.heard, conversation.spoken)


def counted(conversation: Conversation) -> tuple[int, int]:
    """The conversation's counters in the form in which a reply keeps them in `seen`."""
    return conversation.heard, conversation.spoken


def since(reply: Reply, conversation: Conversation) -> list[str]:
    """What happened in the conversation since the reply's `seen`: `customer_wrote`, `answered`."""
    heard, spoken = reply.seen
    happened = conversation.heard > heard, conversation.spoken > spoken
    return [reason for reason, is_so in zip(SINCE, happened, strict=True) if is_so]


def reasons(actor: Actor, reply: Reply, conversation: Conversation, now: int, place: Place | None = None) -> list[str]:
    """Why a reply that waits for approval or for its time needs another look; nothing in any other state.

    The `place` that decides whether it can be sent is read unless it is given.
    """
    if reply.state not in WAITING:
        return []
    reasons = since(reply, conversation)
    allowed = sendability.of_conversation(conversation, place or sendability.place_of(actor, conversation), now)
    if not allowed.allows(template=reply.template is not None, private=reply.private, tag=reply.tag or ""):
        reasons.append("unreachable" if allowed.cut_off else "window_closed")
    if reply.template is not None and _is_stopped(actor, conversation, reply.template):
        reasons.append("template")
    return reasons


def _is_stopped(actor: Actor, conversation: Conversation, template: Mapping[str, Any]) -> bool:
    """True if the network would refuse the template as it is now."""
    network = conversations.network_of(conversation)
    return any(True for _ in offers.objections(actor.agency, conversation.channel, network, template))


def latest(conversation: Conversation) -> str:
    """A token for the conversation's present state: its last message, and a count of what was said, edited and deleted
    so far.
    """
    last = (conversation.last_message or {}).get("id", "")
    return f"{last}.{conversation.heard + conversation.spoken}"


def refuse(reasons: list[str], conversation: Conversation, despite: str | None) -> None:
    """Raises Conflict for any reasons, unless they all are that somebody wrote and `despite` is the conversation's
    `latest`.

    So nobody goes ahead despite messages that they have not seen.
    """
    confirmed = SINCE if despite == latest(conversation) else ()
    if set(reasons) - set(confirmed):
        raise _stale(reasons)


def _stale(reasons: list[str]) -> errors.Conflict:
    return errors.Conflict(_STALE, code="stale", more={"reasons": reasons})


def refuse_unseen(actor: Actor, conversation: Conversation, seen: str | None) -> None:
    """Raises Conflict if the customer or a colleague wrote after `seen`, the id of the last message that the actor saw.

    Raises Invalid if `seen` is no message of the conversation.
    """
    if not seen:
        return
    is_of_conversation = ids.conversation_of(seen) == conversation.id
    last = table.get(Message, conversation.pk, keys.message(seen)) if is_of_conversation else None
    if last is None:
        raise errors.Invalid(
            "`seen` has to be the id of a message of the conversation.", code="unknown_reference", field="seen"
        )
    position = (last.received_at, last.sk)
    later = [
        message
        for message in _messages_since(conversation, last.sent_at)
        if (message.received_at, message.sk) > position
    ]
    # The other messages of the same reply are no other answer.
    _refuse_answered(actor, [message for message in later if not (last.reply and message.reply == last.reply)])
    if any(message.direction == "in" for message in later):
        raise _stale(["customer_wrote"])


def _messages_since(conversation: Conversation, at: int) -> list[Message]:
    """The messages sent or received since `at` (ms), without an imported past. Clocks may differ by an hour, so it
    reads from an hour before.
    """
    edge = keys.message(ids.message(conversation.id, max(0, at - CLOCKS_APART), ""))
    messages = table.query(Message, conversation.pk, keys.MESSAGES, after=edge, consistent=True)
    return [message for message in messages if not (message.context or {}).get("history")]


def _latest_answers(conversation: Conversation, count: int) -> list[Message]:
    """The messages of the last `count` answers; an answer may have become several messages."""
    answers: dict[str, list[Message]] = {}
    spoken = [message for message in _messages_since(conversation, conversation.last_at) if message.direction == "out"]
    for message in sorted(spoken, key=lambda message: message.received_at, reverse=True):
        answers.setdefault(message.reply or message.id, []).append(message)
    return [message for answer in list(answers.values())[:count] for message in answer]


def _refuse_answered(actor: Actor, later: list[Message]) -> None:
    """Raises Conflict if one of the messages is an answer of somebody else that did not fail."""
    for message in later:
        author = message.author or {}
        if message.direction == "out" and message.status != "failed" and author.get("member") != actor.member:
            changed = {"message": message.id, "by": author.get("name") or None}
            raise errors.Conflict(
                "Somebody else has answered in the meantime.", code="answered_meanwhile", more={"changed": changed}
            )
