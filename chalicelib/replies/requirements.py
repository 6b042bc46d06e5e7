"""Which approvals a reply needs by today's rules, and which of those it has still count today.

This is worked out again at each approval, and when the time of a planned reply comes. The `sender` is the member
responsible for a reply: who submitted it or, if that member may no longer send it, who approved it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from chalicelib import clock, ids
from chalicelib.access import memberships
from chalicelib.access.actors import Actor, Person
from chalicelib.brands import settings
from chalicelib.brands.settings import ReplySettings
from chalicelib.editorial import verdicts
from chalicelib.editorial.verdicts import Occasion, Verdict
from chalicelib.replies import compose, policy
from chalicelib.replies.compose import Content
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Reply

Approval = Mapping[str, Any]
_MOST_READ = 10  # messages, to find what the customer said last
# Why a planned reply comes back instead of being sent.
RETURNED = (
    "customer_wrote", "answered", "window_closed", "unreachable", "brand_archived", "subscription", "sender_left",
    "sender_not_allowed", "not_approved", "line", "template",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A reply, with its conversation and brand, as it is judged at `now`. `actor` is who asks; others are looked up."""

    actor: Actor
    reply: Reply
    conversation: Conversation
    brand: Brand
    now: int

    @cached_property
    def needs(self) -> policy.Requirement:
        """The stricter of what the rules ask of the last writer and of the sender.

        A reply that the brand's line wants approved needs one approval at least, whoever wrote it; so does each reply
        in a conversation marked with `approval_required`.
        """
        people = [person for person in (self.reply.writers[-1], self.reply.sender) if person]
        asked = [self._needs_of(person) for person in {person["member"]: person for person in people}.values()]
        most = max(asked, key=lambda needs: (needs.count, needs.every))
        is_asked = bool((self.reply.line or {}).get("asks") or self.conversation.approval_required)
        count = max(most.count, 1) if is_asked else most.count
        return replace(most, count=count, official=any(needs.official for needs in asked))

    @cached_property
    def verdict(self) -> Verdict | None:
        """What the brand's line has against it now, except what somebody let through; None if there is no line."""
        return self.whole_verdict and self.whole_verdict.without(let_through(self.reply).get("asks", ()))

    @cached_property
    def whole_verdict(self) -> Verdict | None:
        """What the brand's line has against it now, including what somebody let through; None if there is no line."""
        content = compose.content_of(self.reply)
        return line_on(content, self.conversation, official=bool(self.reply.official))

    @property
    def against_the_line(self) -> bool:
        """True if the line now has something against it that it did not have at the last submission or return."""
        return self.verdict is not None and self.verdict.goes_beyond(self.reply.line)

    def _needs_of(self, person: Person) -> policy.Requirement:
        author = self._today(person) or Actor(self.actor.agency, person["member"], "")
        return policy.required(
            author, self.brand.id, self._rules.rules, private=self._private, official=bool(self.reply.official)
        )

    @cached_property
    def approvals(self) -> list[Approval]:
        """The approvals by people who are still the same members and may still approve it, with the roles they have
        now.
        """
        standing: list[Approval] = []
        for given in self.reply.approvals:
            approver = memberships.colleague(self.actor.agency, given["subject"])
            if approver and approver.member == given["member"] and self.may_approve(approver):
                standing.append({**approval(approver, self.reply, 0), "at": given["at"]})
        return standing

    def may_approve(self, actor: Actor) -> bool:
        is_free = self._rules.own_approval or not has_written(actor, self.reply)
        return is_free and policy.may_approve(actor, self.brand.id, self.needs)

    @cached_property
    def lacks_sender(self) -> str:
        """Empty if the sender may answer, or has approved the reply; else the reason: `sender_left` or
        `sender_not_allowed`.
        """
        sender = self._today(self.reply.sender)
        if sender is None:
            return "sender_left"
        took_over = any(sender.member == given["member"] for given in self.approvals)
        may_answer = policy.may_answer(sender, self.brand.id, private=self._private)
        return "" if took_over or may_answer else "sender_not_allowed"

    @property
    def objection(self) -> str:
        """Why the reply may not go; empty if it may."""
        return self.lacks_sender or ("" if policy.satisfied(self.needs, self.approvals) else "not_approved")

    def _today(self, person: Person | None) -> Actor | None:
        if person and person["member"] == self.actor.member:
            return self.actor
        return memberships.answering(self.actor.agency, person, self.now)

    @property
    def _private(self) -> bool:
        return bool(self.reply.private) or self.conversation.surface == "dm"

    @property
    def _rules(self) -> ReplySettings:
        return settings.of(self.brand.settings).replies


def line_on(content: Content, conversation: Conversation, *, official: bool) -> Verdict | None:
    """What the brand's line has against the content, as an answer there; None if there is no line."""
    private = content.private or conversation.surface == "dm"
    known = {"official": official, "private": private, conversation.surface: True}
    purposes = [*content.purposes, *(name for name, holds in known.items() if holds)]
    occasion = Occasion(not private, purposes, partial(_customers_words, conversation, content.reply_to))
    agency = keys.agency_of(conversation.pk)
    return verdicts.of(agency, conversation.brand, content.text, compose.words(content), occasion)


def _customers_words(conversation: Conversation, answered: str | None) -> str:
    """The customer's words: of the message that is answered, or else of their last message."""
    last = conversation.last_message or {}
    if answered and ids.conversation_of(answered) == conversation.id:
        said = table.get(Message, conversation.pk, keys.message(answered))
        return (said.text or "") if said and said.direction == "in" else ""
    if last.get("direction") == "in":
        return str(last.get("text") or "")
    recent = table.query(Message, conversation.pk, keys.MESSAGES, newest=True, limit=_MOST_READ)
    return next((message.text for message in recent if message.direction == "in" and message.text), "")


def words_of(reply: Reply) -> str:
    return ids.digest(reply.text, *compose.words(compose.content_of(reply)))


def let_through(reply: Reply) -> Mapping[str, Any]:
    """What somebody let through, see `approvals.let_through`; empty if nothing, or if the words changed since."""
    kept = reply.let_through or {}
    return kept if kept and kept["words"] == words_of(reply) else {}


def has_written(actor: Actor, reply: Reply) -> bool:
    """True if the actor wrote any of the reply's words, also under another membership or with a key of theirs."""
    return any(actor.is_same_as(writer) for writer in reply.writers)


def approval(actor: Actor, reply: Reply, now: int) -> dict[str, Any]:
    return {
        "member": actor.member,
        "subject": actor.subject,
        "name": actor.name,
        "roles": sorted(policy.roles_of(actor, reply.brand)),
        "official": actor.may("reply.official", brand=reply.brand),
        "at": clock.text(now),
    }
