"""What an actor may do with something now: the actions that the API would accept from them.

Each action names its operation, whose permissions and class of payment count, and a function that raises what the
operation would. What depends on the content is not checked: an answer may still be too long.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.api import http
from chalicelib.brands import brands, settings
from chalicelib.inbox import conversations, message_actions
from chalicelib.networks import base
from chalicelib.plans import gates
from chalicelib.replies import approvals, leases, policy, sendability, staleness, steps
from chalicelib.replies.requirements import Case
from chalicelib.replies.sendability import Place
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.replies import Lease, Reply
from chalicelib.teamwork import assignment, triage

T = TypeVar("T")


@dataclass(frozen=True)
class Gate:
    """Whether the agency's subscription allows a class of operations; each is looked up once."""

    agency: str
    now: int
    known: dict[str, bool] = field(default_factory=dict)

    def allows(self, pays: str) -> bool:
        if pays not in self.known:
            self.known[pays] = gates.allows(self.agency, pays, self.now)
        return self.known[pays]

    def sends_through(self, network: base.Network) -> bool:
        """True if the agency may send now, and on this network."""
        return self.allows("outbound") and gates.allows_charges(self.agency, network, self.now)


@dataclass(frozen=True)
class Talk:
    """A conversation with everything that decides about actions on it. `channel` is None once it is disconnected."""

    actor: Actor
    conversation: Conversation
    brand: Brand
    channel: Channel | None
    contact: Contact | None
    lease: Lease | None
    gate: Gate
    now: int

    @property
    def place(self) -> Place:
        return sendability.place_from(self.actor, self.conversation, self.channel, self.contact)


@dataclass(frozen=True)
class Said:
    """A message in its conversation."""

    talk: Talk
    message: Message


@dataclass(frozen=True)
class Proposal:
    """A reply in its conversation."""

    talk: Talk
    reply: Reply

    @property
    def case(self) -> Case:
        talk = self.talk
        return Case(talk.actor, self.reply, talk.conversation, talk.brand, talk.now)


@dataclass(frozen=True)
class Action(Generic[T]):
    """`operation` is the name of the API's operation; `check` raises the Problem with which it would be refused."""

    operation: str
    check: Callable[[T], None]

    def passes(self, actor: Actor, brand: str, gate: Gate, subject: T) -> bool:
        """True if the API would accept the action from the actor."""
        permissions, pays = _requirements(self.operation)
        if not actor.may(*permissions, brand=brand) or not gate.allows(pays):
            return False
        try:
            self.check(subject)
        except errors.Problem:
            return False
        return True


@cache
def _requirements(operation: str) -> tuple[tuple[str, ...], str]:
    """The permissions of which one is needed for an operation, and its class of payment."""
    http.load()  # it may be of a module that nobody has asked for yet
    [route] = [route for route in http.ROUTES if route.view.__name__ == operation]
    return route.permissions, route.pays


def of_conversation(talk: Talk) -> list[str]:
    return _passing(CONVERSATION, talk, talk)


def of_message(talk: Talk, message: Message) -> list[str]:
    return _passing(MESSAGE, talk, Said(talk, message))


def of_reply(talk: Talk, reply: Reply) -> list[str]:
    return _passing(REPLY, talk, Proposal(talk, reply))


def _passing(actions: Mapping[str, Action[T]], talk: Talk, subject: T) -> list[str]:
    brand = talk.conversation.brand
    return [name for name, action in actions.items() if action.passes(talk.actor, brand, talk.gate, subject)]


def _nothing(_: Any) -> None:
    """Nothing but the permission decides."""


def _draft(talk: Talk) -> None:
    """Raises a Problem if no answer of the actor is accepted here, in any way."""
    brands.check_at_work(talk.brand)
    leases.refuse(talk.actor, talk.lease)
    _possible_ways(talk)


def _possible_ways(talk: Talk) -> list[bool]:
    """Whether the actor may answer in private (True), in public (False), or both. Raises Conflict if neither."""
    is_private = talk.conversation.surface == "dm"
    capabilities = conversations.network_of(talk.conversation).capabilities
    allowed = sendability.of(capabilities, talk.place, talk.now)
    ways = {is_private or way == "private_reply" for way in allowed.ways}
    theirs = [private for private in ways if policy.may_answer(talk.actor, talk.brand.id, private=private)]
    if not theirs:
        raise errors.Conflict
    return theirs


def _check_answer(talk: Talk, *, at_once: bool) -> None:
    """Raises a Problem unless an ordinary answer of the actor would be sent at once, or (without `at_once`) need
    approval.
    """
    _draft(talk)
    rules = settings.of(talk.brand.settings).replies.rules
    needs = [
        policy.required(talk.actor, talk.brand.id, rules, private=way, official=False) for way in _possible_ways(talk)
    ]
    if at_once not in [needed.count == 0 for needed in needs]:
        raise errors.Forbidden
    if at_once and not talk.gate.sends_through(conversations.network_of(talk.conversation)):
        raise errors.PaymentRequired


def _check_lease(talk: Talk) -> None:
    leases.refuse(talk.actor, talk.lease)


def _take_over(talk: Talk) -> None:
    if talk.lease and talk.lease.holder != talk.actor.member:
        leases.check_take_over(talk.actor, talk.conversation)


def _message_action(verb: base.Verb) -> Action[Said]:
    def check(said: Said) -> None:
        talk = said.talk
        message_actions.check(said.message, talk.conversation.surface, talk.brand, talk.channel, verb)

    return Action(f"{verb}_message" if verb != "react" else "react_to_message", check)


def _edit(proposal: Proposal) -> None:
    steps.check_edit(
        proposal.talk.actor, proposal.reply, proposal.talk.conversation, private=bool(proposal.reply.private)
    )


def _submit(proposal: Proposal) -> None:
    brands.check_at_work(proposal.talk.brand)
    steps.check_submit(proposal.talk.actor, proposal.reply)
    leases.refuse(proposal.talk.actor, proposal.talk.lease)
    _check_way(proposal)


def _check_way(proposal: Proposal) -> None:
    """Raises Conflict if the reply cannot be sent the way it is meant to."""
    talk, reply = proposal.talk, proposal.reply
    allowed = sendability.of(conversations.network_of(talk.conversation).capabilities, talk.place, talk.now)
    if not allowed.allows(template=reply.template is not None, private=bool(reply.private), tag=reply.tag or ""):
        raise errors.Conflict


def _approve(proposal: Proposal) -> None:
    steps.state_after(proposal.reply, "approve")
    brands.check_at_work(proposal.talk.brand)
    case = proposal.case
    steps.check_approve(proposal.talk.actor, case)
    _check_way(proposal)
    is_stale = staleness.since(proposal.reply, proposal.talk.conversation)  # then earlier approvals no longer count
    steps.check_first_approval(proposal.talk.actor, [] if is_stale else case.approvals)


def _let_through(proposal: Proposal) -> None:
    brands.check_at_work(proposal.talk.brand)
    approvals.check_let_through(proposal.talk.actor, proposal.case)


def _reject(proposal: Proposal) -> None:
    steps.check_reject(proposal.talk.actor, proposal.case)


CONVERSATION: Mapping[str, Action[Talk]] = {
    "draft": Action("draft_reply", _draft),
    "reply": Action("draft_reply", lambda talk: _check_answer(talk, at_once=True)),
    "propose": Action("draft_reply", lambda talk: _check_answer(talk, at_once=False)),
    "take_lease": Action("take_lease", _check_lease),
    "take_over_lease": Action("take_lease", _take_over),
    "read": Action("read_conversation", _nothing),
    "typing": Action(
        "show_typing", lambda talk: message_actions.check_typing(talk.conversation, talk.brand, talk.channel)
    ),
    "assign": Action("assign_conversation", lambda talk: assignment.check_may_assign(talk.actor, talk.conversation)),
    "change_status": Action(
        "change_conversation", lambda talk: triage.check_permissions(talk.actor, talk.conversation, {"status"})
    ),
    "change_labels": Action(
        "change_conversation", lambda talk: triage.check_permissions(talk.actor, talk.conversation, {"labels"})
    ),
    "involve": Action("involve_members", _nothing),
    "note": Action("write_note", _nothing),
}
MESSAGE: Mapping[str, Action[Said]] = {
    "hide": _message_action("hide"),
    "unhide": _message_action("unhide"),
    "delete": _message_action("delete"),
    "report": _message_action("report"),
    "like": _message_action("like"),
    "react": _message_action("react"),
}
REPLY: Mapping[str, Action[Proposal]] = {
    "edit": Action("edit_reply", _edit),
    "submit": Action("submit_reply", _submit),
    "approve": Action("approve_reply", _approve),
    "let_through": Action("let_reply_through", _let_through),
    "reject": Action("reject_reply", _reject),
    "withdraw": Action("withdraw_reply", lambda proposal: steps.check_withdraw(proposal.talk.actor, proposal.reply)),
    "comment": Action("comment_on_reply", lambda proposal: approvals.check_comment(proposal.reply)),
}
