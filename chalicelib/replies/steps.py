"""The steps of a reply. MOVES gives the steps of each state, and the state after each; the functions check who may make
them.

A step is refused, and shown as allowed in the API, by the same functions.
"""

from collections.abc import Mapping, Sequence

from chalicelib import errors
from chalicelib.access.actors import Actor, Person
from chalicelib.replies import policy, requirements
from chalicelib.replies.requirements import Case
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

NEW = ""
MOVES: Mapping[str, Mapping[str, str]] = {
    NEW: {"draft": "draft", "submit": "pending", "release": "approved", "queue": "queued"},
    "draft": {
        "edit": "draft", "submit": "pending", "release": "approved", "queue": "queued", "withdraw": "withdrawn",
        "let_through": "draft",
    },
    "pending": {
        "edit": "draft", "approve": "pending", "release": "approved", "queue": "queued", "reject": "rejected",
        "withdraw": "withdrawn", "expire": "expired", "let_through": "pending",
    },
    "rejected": {"edit": "draft"},
    "approved": {"queue": "queued", "return": "pending", "withdraw": "withdrawn", "let_through": "approved"},
}  # fmt: skip
MOST_WRITERS = 100  # each writer is kept, because none of them may approve it


def state_after(reply: Reply, step: str) -> str:
    """The state after a step. Raises Conflict if the reply's state has no such step."""
    state = MOVES.get(reply.state, {}).get(step)
    if state is None:
        raise errors.Conflict(f"A reply that is {reply.state} does not allow this step.", code="wrong_state")
    return state


def other_writers(actor: Actor, reply: Reply) -> Sequence[Person]:
    return [writer for writer in reply.writers if writer["member"] != actor.member]


def check_edit(actor: Actor, reply: Reply, conversation: Conversation, *, private: bool) -> None:
    """Raises Forbidden or Conflict if the actor cannot change the reply into one that is `private`, or public."""
    policy.check_may_answer(actor, conversation, private=private)
    if len(other_writers(actor, reply)) >= MOST_WRITERS:
        raise errors.Conflict(f"A reply has at most {MOST_WRITERS} writers.", code="too_many_writers")
    state_after(reply, "edit")


def check_submit(actor: Actor, reply: Reply) -> None:
    """Raises Forbidden unless the actor wrote any of the reply's words, Conflict in a wrong state."""
    state_after(reply, "submit")
    if not requirements.has_written(actor, reply):
        raise errors.Forbidden("Only the writers of a reply can submit it.", code="not_yours")


def check_approve(actor: Actor, case: Case) -> None:
    """Raises Forbidden if the actor may not approve the reply, Conflict in a wrong state."""
    state_after(case.reply, "approve")
    if actor.kind == "key":
        raise errors.Forbidden(
            "An API key cannot approve a reply: a member has to sign in.", code="keys_do_not_approve"
        )
    if not policy.may_approve(actor, case.brand.id, case.needs):
        raise errors.Forbidden("Your role does not allow you to approve or reject the reply.", code="cannot_approve")
    if not case.may_approve(actor):
        raise errors.Forbidden("The reply is your own: another member has to approve it.", code="four_eyes")


def check_first_approval(actor: Actor, approvals: Sequence[Person]) -> None:
    """Raises Conflict if one of the approvals is the actor's."""
    if any(actor.is_same_as(given) for given in approvals):
        raise errors.Conflict("You have already approved the reply.", code="already_approved")


def check_reject(actor: Actor, case: Case) -> None:
    """Raises Forbidden unless the actor may approve replies, Conflict in a wrong state. The writer may reject, too."""
    state_after(case.reply, "reject")
    if not policy.may_approve(actor, case.brand.id, case.needs) and not actor.may("reply.approve", brand=case.brand.id):
        raise errors.Forbidden("Your role does not allow you to approve or reject the reply.", code="cannot_approve")


def check_withdraw(actor: Actor, reply: Reply) -> None:
    """Raises Forbidden unless the actor wrote the reply or approves replies, Conflict in a wrong state."""
    if not requirements.has_written(actor, reply) and not actor.may("reply.approve", brand=reply.brand):
        raise errors.Forbidden(
            "Only writers of a reply, and those who approve replies, can withdraw it.", code="not_yours"
        )
    state_after(reply, "withdraw")
