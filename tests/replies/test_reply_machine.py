"""The reply workflow against a model of it: whatever anybody tries, in any order, reply and model agree."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib import clock, errors
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.people import departures, members
from chalicelib.replies import approvals, replies, staleness
from chalicelib.replies.compose import Content, Draft
from chalicelib.store import fence
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply
from chalicelib.transport import arrivals
from local import seed
from tests.support.stack import Stack, number
from tests.support.thorough import tries

CREATOR = "creator"
ROLES = {CREATOR: "content_creator", "first": "community_manager", "second": "community_manager", "owner": "owner"}
ACTOR = st.sampled_from(list(ROLES))
RULE = {"roles": ["content_creator"], "approvals": 2}


def person(agency: str, held: str) -> Actor:
    """Somebody who joins the agency in that role."""
    subject = f"somebody{number()}"
    seed.join(agency, subject, held, f"{subject}@someone.example", [{"role": held, "brands": None}], clock.now())
    joined = memberships.colleague(agency, subject)
    assert joined is not None
    return joined


@pytest.fixture(scope="session")
def owner_of(stack: Stack) -> Owner:
    agency = stack.brand(replies={"rules": [RULE]})
    return Owner(agency.id, agency.brand, stack.connect("example", agency).id, "example")


class Workflow(RuleBasedStateMachine):
    """One reply of the content creator's, which takes two approvals.

    The model: its state, words and ends, who wrote the words and who approved them, who is still there, and whether the
    fan wrote since somebody looked.
    """

    owner: Owner

    def __init__(self) -> None:
        super().__init__()
        self.thread = number()
        self.hear()
        self.state, self.heard, self.text = "draft", False, "First"
        self.ends: list[int] = []
        self.writers, self.approvals = [CREATOR], list[str]()
        self.people = {name: person(self.owner.agency, held) for name, held in ROLES.items()}
        self.here = set(ROLES)
        first = Draft(Content(text="First"), keep=True)
        self.reply = replies.draft(self.people[CREATOR], self.conversation(), first, clock.now())

    def hear(self) -> None:
        who = base.Person(id=self.thread, name="Ana")
        said = base.Message(thread=self.thread, id=number(), at=clock.now(), person=who, text="Hello")
        arrivals.receive(self.owner, said, clock.now())

    def conversation(self) -> Conversation:
        conversation = conversations.find(self.owner.agency, conversations.find_id(self.owner, "dm", self.thread))
        assert conversation is not None
        return conversation

    def latest(self, despite: bool) -> str | None:
        return staleness.latest(self.conversation()) if despite else None

    def now(self) -> Reply:
        return replies.get(self.people["owner"], self.reply.id)

    def tries(self, allowed: bool, to: str, step: Any) -> None:
        """The step does what the model says, or is refused and changes nothing."""
        before = self.now().version
        try:
            step()
        except (errors.Conflict, errors.Forbidden):
            done = False
        else:
            done = True
        assert done == allowed
        assert done or self.now().version == before
        self.state = to if done else self.state

    @rule()
    def fan_writes(self) -> None:
        self.hear()
        self.heard = True

    @initialize(helped_by=ACTOR)
    def reply_is_submitted(self, helped_by: str) -> None:
        """Most of what may go wrong goes wrong while it waits."""
        self.somebody_edits(helped_by, "Second")
        self.somebody_edits(CREATOR, "Third")
        self.somebody_submits(CREATOR, despite=False)

    @rule()
    def second_leaves(self) -> None:
        gone = self.people["second"]
        if "second" in self.here:
            departures.remove(self.people["owner"], members.get(gone, gone.member), clock.now())
            self.here.remove("second")

    @rule(who=ACTOR, text=st.sampled_from(["Second", "Third"]))
    def somebody_edits(self, who: str, text: str) -> None:
        def step() -> None:
            replies.edit(self.people[who], self.now(), self.conversation(), {"text": text}, clock.now())
            self.text, self.approvals = text, []
            self.writers = [*(name for name in self.writers if name != who), who]

        if who in self.here:
            self.tries(self.state in ("draft", "pending", "rejected"), "draft", step)

    @rule(who=ACTOR, despite=st.booleans())
    def somebody_submits(self, who: str, despite: bool) -> None:
        def step() -> None:
            replies.submit(self.people[who], self.now(), self.conversation(), clock.now(), despite=self.latest(despite))
            self.heard, self.approvals = False, []
            self.ends += [int(self.now().expires_at or 0)] if waits else []

        waits = CREATOR in (who, self.writers[-1]) or self.writers[-1] not in self.here
        allowed = self.state == "draft" and who in self.writers and (despite or not self.heard)
        if who in self.here:
            self.tries(allowed, "pending" if waits else "queued", step)

    @precondition(lambda self: self.ends)
    @rule(data=st.data())
    def end_of_a_submission_comes(self, data: st.DataObject) -> None:
        when = data.draw(st.sampled_from(self.ends))
        expires = self.state == "pending" and when == self.ends[-1]
        system = Actor(self.owner.agency, "system", "Palabre", "system", self.people["owner"].grants)
        for _ in range(2):
            approvals.expire(system, self.reply.id, when, when)
        self.state = "expired" if expires else self.state

    @rule(who=ACTOR, despite=st.booleans())
    def somebody_approves(self, who: str, despite: bool) -> None:
        item, conversation = self.now(), self.conversation()
        earlier = [] if self.heard else [name for name in self.approvals if name in self.here]
        needed = item.needs.get("count")

        def step() -> None:
            given = self.latest(despite)
            approvals.approve(self.people[who], item, conversation, clock.now(), hash=item.hash, despite=given)
            self.heard, self.approvals = False, [*earlier, who]

        may = who != CREATOR and who not in self.writers and who not in earlier
        allowed = self.state == "pending" and may and (despite or not self.heard)
        if who in self.here:
            self.tries(allowed, "queued" if len(earlier) + 1 == needed else "pending", step)

    @rule(who=ACTOR)
    def somebody_sends_back(self, who: str) -> None:
        if who in self.here:
            step = partial(approvals.reject, self.people[who], self.now(), self.conversation(), "No", clock.now())
            self.tries(self.state == "pending" and who != CREATOR, "rejected", step)

    @rule()
    def author_withdraws(self) -> None:
        step = partial(approvals.withdraw, self.people[CREATOR], self.now(), clock.now())
        self.tries(self.state in ("draft", "pending"), "withdrawn", step)

    @invariant()
    def agrees(self) -> None:
        item = self.now()
        assert (item.state, item.text) == (self.state, self.text)
        assert [given["member"] for given in item.approvals] == [self.people[name].member for name in self.approvals]
        sent = replies.messages_of(item)
        assert [message.text for message in sent] == ([self.text] if self.state == "queued" else [])


def test_reply_and_model_agree(owner_of: Owner) -> None:
    Workflow.owner = owner_of
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    how = settings(max_examples=tries(15, 50), stateful_step_count=14, deadline=None, suppress_health_check=quiet)
    with fence.within(owner_of.agency):
        run_state_machine_as_test(Workflow, settings=how)
