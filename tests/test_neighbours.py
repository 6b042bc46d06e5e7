"""Two agencies side by side: whatever the one asks, with whichever ids, it learns and changes nothing of the other."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from chalicelib.api import http
from tests.support.agencies import founded
from tests.support.answer_contract import Answer
from tests.support.any_body import IDS, one_of, value
from tests.support.one_of_each import WITH_ID, everything
from tests.support.routes import GUARDED, OF_BILLING
from tests.support.smallest_bodies import unknown
from tests.support.stack import Agency, Stack, eventually, number
from tests.support.thorough import tries

LISTS = [route for route in GUARDED if route.verb == "GET" and "{" not in route.path and route not in OF_BILLING]
OUTSIDE = ("/sign-in-domains/{id}/verify",)  # asks name servers, of which there are none here
ASKED = [route for route in GUARDED if not route.newcomers and route.path not in OUTSIDE]
SHOWN = [route for route in WITH_ID if route.verb == "GET"]
# What all see, and what is counted later than it happens.
UNSETTLED = ("/networks", "/networks/status", "/ingest/entries", "/billing/usage")
PART = re.compile(r"{\w+}")
MOVING = ("lease", "used_at", "seen_at", "cursor", "next_in", "since", "until")  # what time alone changes


def seen_in(*answers: Answer) -> set[str]:
    return {id for answer in answers for id in IDS.findall(answer.raw.decode())}


class Neighbours(RuleBasedStateMachine):
    """`ours` asks; what belongs to `theirs` is known from all that their owner was ever answered."""

    ours: Agency
    theirs: Agency
    things: dict[str, str]
    mine: set[str]
    before: dict[str, Any]
    foreign: set[str]
    sent: set[str]
    words: str

    @rule(route=st.sampled_from(ASKED), whose=st.sampled_from(["theirs", "mine", "anybody's"]), data=st.data())
    def we_ask(self, route: http.Route, whose: str, data: st.DataObject) -> None:
        pool = {"theirs": self.foreign, "mine": self.mine, "anybody's": self.foreign | self.mine}[whose]
        known, kind = sorted(pool), self.things.get(route.path.split("/")[1], "")[:3]
        fitting = [id for id in known if id.startswith(kind)] or [unknown(kind)]
        path = PART.sub(one_of(data.draw, fitting), route.path)
        body = value(data.draw, route.body, known) if route.body else None
        query = {
            name: value(data.draw, field, known) for name, field in route.query.items() if data.draw(st.booleans())
        }
        query.pop("cursor", None)
        self.sent |= set(IDS.findall(json.dumps([path, body, query])))
        answer = self.ours.owner.call(route.verb, path, body, by_chance=True, **query)
        self.check(answer)
        self.mine |= seen_in(answer) - self.foreign

    @rule(route=st.sampled_from(ASKED))
    def we_ask_in_their_name(self, route: http.Route) -> None:
        path = PART.sub(self.things.get(route.path.split("/")[1], "nothing"), route.path)
        answer = self.ours.owner.call(route.verb, path, headers={"Palabre-Agency": self.theirs.id})
        assert answer.problem == (403, "other_agency")
        self.check(answer)

    def check(self, answer: Answer) -> None:
        assert answer.status not in (500, 503), answer
        assert seen_in(answer) & (self.foreign - self.sent) == set()
        assert self.words not in answer.raw.decode()

    def teardown(self) -> None:
        assert state(self.theirs, self.things) == self.before


def state(agency: Agency, things: dict[str, str]) -> dict[str, Any]:
    """All that the owner of the agency can see of it, once nothing is under way."""
    eventually(lambda: agency.owner.get(f"/replies/{things['replies']}")["status"] == "sent")
    eventually(lambda: agency.owner.get(f"/jobs/{things['jobs']}")["status"] == "done")
    eventually(lambda: agency.owner.get("/audit/verification")["waiting"] == 0)
    return eventually(lambda: now if (now := _read(agency, things)) == _read(agency, things) else None)


def _read(agency: Agency, things: dict[str, str]) -> dict[str, Any]:
    answers = {path: agency.owner.call("GET", path) for path in paths(things)}
    return {path: shown(answer) for path, answer in answers.items()}


def shown(answer: Answer) -> Any:
    """What is to be seen; of what is not there, or not told of such a thing, that it is not."""
    if answer.status in (404, 422):
        return answer.problem
    assert answer.status < 300, answer
    return settled(answer.json)


def paths(things: dict[str, str]) -> Iterator[str]:
    asking = {"/search": "/search?q=you"}  # which finds nothing unless one says what
    lists = (route.path for route in LISTS if route.path not in UNSETTLED)
    yield from (asking.get(path, path) for path in lists)
    yield from (route.path.replace("{id}", things[route.path.split("/")[1]]) for route in SHOWN)


def settled(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: settled(part) for name, part in answer.items() if name not in MOVING}
    return [settled(part) for part in answer] if isinstance(answer, list) else answer


@pytest.mark.timeout(300)
def test_neighbours_learn_and_change_nothing_of_each_other(stack: Stack) -> None:
    Neighbours.words = f"Not for you {number()}"
    Neighbours.ours, Neighbours.theirs = (founded(stack, name) for name in ("Curious", Neighbours.words))
    Neighbours.things = everything(stack, Neighbours.theirs, Neighbours.words)
    our_things = everything(stack, Neighbours.ours)
    answers = [Neighbours.theirs.owner.call("GET", path) for path in paths(Neighbours.things)]
    # These are for everybody: the examples of events, and an app with the name of who made it.
    public = seen_in(Neighbours.theirs.owner.call("GET", "/events/schemas")) | {Neighbours.things["apps"]}
    Neighbours.foreign = (seen_in(*answers) | {*Neighbours.things.values(), Neighbours.theirs.id}) - public
    Neighbours.mine, Neighbours.sent = {*our_things.values()}, set()
    Neighbours.before = state(Neighbours.theirs, Neighbours.things)
    how = settings(
        max_examples=tries(2, 20), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(Neighbours, settings=how)
