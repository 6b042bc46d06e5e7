"""The reply workflow against a model of it: whatever anybody tries, in any order, reply and model agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chalicelib import clock, errors
from chalicelib.api.actor import Actor, Grant
from chalicelib.inbox import approval, conversation, message, reply
from chalicelib.networks import base
from chalicelib.store import fence
from chalicelib.store.models import Conversation, Reply
from chalicelib.tenancy import role
from chalicelib.tenancy.channel import Owner
from tests.stack import Stack, number

PEOPLE = ("content_creator", "community_manager", "owner")
ACTOR = st.sampled_from(PEOPLE)


def person(agency: str, held: str) -> Actor:
    return Actor(agency, f"mbr_{held}", held, grants=(Grant(held, role.TEMPLATES[held]),))


@pytest.fixture(scope="session")
def owner_of(stack: Stack) -> Owner:
    made = stack.connect("example")
    return Owner(stack.ours.id, stack.ours.brand, made.id, "example")


class Workflow(RuleBasedStateMachine):
    """One reply of the content creator's. The model: its state, words, ends, and whether the fan wrote since."""

    owner: Owner

    def __init__(self) -> None:
        super().__init__()
        self.thread = number()
        self.hear()
        self.state, self.heard, self.text = "draft", False, "First"
        self.ends: list[int] = []
        found = self.conversation()
        self.reply = reply.draft(self.actor("content_creator"), found, {"text": "First", "draft": True}, clock.now())

    def actor(self, held: str) -> Actor:
        return person(self.owner.agency, held)

    def hear(self) -> None:
        who = base.Person(id=self.thread, name="Ana")
        said = base.Message(thread=self.thread, id=number(), at=clock.now(), person=who, text="Hello")
        message.receive(self.owner, said, clock.now())

    def conversation(self) -> Conversation:
        found = conversation.find(self.owner.agency, conversation.locate(self.owner, "dm", self.thread))
        assert found is not None
        return found

    def now(self) -> Reply:
        return reply.get(self.actor("owner"), self.reply.id)[0]

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

    @rule(text=st.sampled_from(["Second", "Third"]))
    def author_edits(self, text: str) -> None:
        def step() -> None:
            reply.edit(self.actor("content_creator"), self.now(), {"text": text}, clock.now())
            self.text = text

        self.tries(self.state in ("draft", "pending", "rejected"), "draft", step)

    @rule()
    def author_submits(self) -> None:
        def step() -> None:
            reply.submit(self.actor("content_creator"), self.now(), clock.now())
            self.heard = False
            self.ends.append(int(self.now().expires_at or 0))

        self.tries(self.state == "draft", "pending", step)

    @precondition(lambda self: self.ends)
    @rule(data=st.data())
    def end_of_a_submission_comes(self, data: st.DataObject) -> None:
        when = data.draw(st.sampled_from(self.ends))
        expires = self.state == "pending" and when == self.ends[-1]
        system = Actor(self.owner.agency, "system", "Palabre", "system", self.actor("owner").grants)
        for _ in range(2):
            approval.expire(system, self.reply.id, when, when)
        self.state = "expired" if expires else self.state

    @rule(who=ACTOR, despite=st.booleans())
    def somebody_approves(self, who: str, despite: bool) -> None:
        item = self.now()
        body = {"hash": item.hash, "despite": ["customer_wrote"] if despite else []}
        allowed = self.state == "pending" and who != "content_creator" and (despite or not self.heard)
        found = self.conversation()
        self.tries(allowed, "queued", lambda: approval.approve(self.actor(who), item, found, body, clock.now()))

    @rule(who=ACTOR)
    def somebody_sends_back(self, who: str) -> None:
        step = lambda: reply.move(self.actor(who), self.now(), "reject", clock.now())  # noqa: E731
        self.tries(self.state == "pending", "rejected", step)

    @rule()
    def author_withdraws(self) -> None:
        step = lambda: reply.move(self.actor("content_creator"), self.now(), "withdraw", clock.now())  # noqa: E731
        self.tries(self.state in ("draft", "pending"), "withdrawn", step)

    @invariant()
    def agrees(self) -> None:
        item = self.now()
        assert (item.state, item.text) == (self.state, self.text)
        sent = reply.messages_of(item)
        assert [one.text for one in sent] == ([self.text] if self.state == "queued" else [])


def test_reply_and_model_agree(owner_of: Owner) -> None:
    Workflow.owner = owner_of
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    how = settings(max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=quiet)
    with fence.within(owner_of.agency):
        run_state_machine_as_test(Workflow, settings=how)
