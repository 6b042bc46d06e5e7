"""A version of the line takes effect at a time that was named before, and can be taken back until then."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.editorial import changeovers
from chalicelib.rules import policies
from chalicelib.store import fence
from tests.editorial.test_answering import CLAIMS
from tests.editorial.test_answering import Desk as Answering
from tests.editorial.test_publishing import LINE, Desk
from tests.support import audits
from tests.support.stack import Stack, eventually


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def comes(stack: Stack, brand: str, at: str) -> list[bool]:
    """What the clock does at that time, twice."""
    when = clock.parse(at)
    with fence.within(stack.ours.id):
        system = actors.system(stack.ours.id)
        return [changeovers.take_effect(system, brand, when, when) for _ in range(2)]


def audited(stack: Stack, desk: Desk) -> list[str]:
    return [entry["action"] for entry in audits.recent(stack.ours.owner, target=desk.brand)]


def later(days: float) -> str:
    return clock.text(clock.now() + int(days * clock.DAY))


def test_a_version_that_is_planned_takes_effect_when_its_time_comes_and_not_before(stack: Stack, desk: Desk) -> None:
    desk.publish()
    desk.save(LINE)
    at = later(30)
    planned = desk.publish(effective_at=at).json
    assert (planned["number"], planned["effective_at"]) == (2, at)
    draft = desk.editor.get(desk.path)
    assert (draft["in_force"], draft["planned"]) == (1, {"number": 2, "effective_at": at})
    assert desk.check("It heals")["version"] == 1
    assert desk.publish().problem == (409, "line_planned")
    assert desk.editor.call("DELETE", desk.path).json["planned"] == draft["planned"]
    assert len(desk.editor.get(desk.path)["line"]["clauses"]) == 6
    assert comes(stack, desk.brand, at) == [True, False]
    assert desk.check("It heals")["version"] == 2
    draft = desk.editor.get(desk.path)
    assert (draft["in_force"], draft["planned"]) == (2, None)
    assert desk.editor.call("POST", f"{desk.path}/withdraw").problem == (409, "nothing_planned")

    def told() -> bool:
        happened = audited(stack, desk)
        return (happened.count("line.plan"), happened.count("line.publish")) == (1, 2)

    assert eventually(told)


def test_a_version_that_is_taken_back_never_takes_effect(stack: Stack, desk: Desk) -> None:
    for number in (1, 2):  # the first version of all, and one after it
        desk.save({**LINE, "summary": f"Number {number}"})
        at = later(number)
        assert desk.publish(effective_at=at).json["number"] == number
        back = desk.editor.post(f"{desk.path}/withdraw")
        assert (back["in_force"], back["planned"]) == (number - 1 or None, None)
        assert comes(stack, desk.brand, at) == [False, False]
        assert len(desk.editor.every(f"{desk.path}/versions")) == number - 1
        assert desk.publish().json["number"] == number
    assert audited(stack, desk).count("line.withdraw") == 2


def test_a_clause_is_not_lost_with_a_version_that_was_taken_back(desk: Desk) -> None:
    desk.publish()
    first = desk.editor.get(desk.path)["line"]
    desk.save(LINE)
    desk.publish(effective_at=later(1))
    desk.editor.post(f"{desk.path}/withdraw")
    desk.save({**first, "summary": "As it was, nearly"})
    assert desk.publish().json["number"] == 2


def test_a_time_that_is_over_or_too_far_away_is_refused(desk: Desk) -> None:
    """MO-25"""
    for at in (later(-1), later(2 * 365), "soon", ""):
        answer = desk.publish(effective_at=at)
        assert (answer.status, answer.json["field"]) == (422, "effective_at")
    assert desk.editor.get(desk.path)["planned"] is None


def test_a_new_rule_cites_no_clause_that_a_planned_version_leaves_out(stack: Stack, desk: Desk) -> None:
    desk.publish()
    desk.save(LINE)
    desk.publish(effective_at=later(1))
    with fence.within(stack.ours.id):
        assert policies.lasting_clauses(stack.ours.id, desk.brand) == frozenset()
    said = {"when": {"field": "category", "is": "insult"}, "then": [{"do": "hide"}]}
    for clause in ("respect.insults", "law.health"):
        body = {"brand": desk.brand, "name": "Insults", "clause": clause, **said}
        assert desk.editor.call("POST", "/rules", body).problem == (422, "unknown_clause")


def test_a_reply_that_waits_is_looked_at_again_once_the_version_is_in_force(stack: Stack) -> None:
    desk = Answering(stack)
    desk.publishes()
    waiting = [desk.says(text, official=True).json for text in ("Our best price heals", "Thank you")]
    voice = {"forbidden_claims": CLAIMS[1:]}
    desk.editor.put(desk.path, {**desk.editor.get(desk.path)["line"], "voice": voice})
    at = later(1)
    desk.editor.post(f"{desk.path}/publish", {"effective_at": at})

    def approved(reply: dict[str, Any]) -> Any:
        return desk.editor.call("POST", f"/replies/{reply['id']}/approve", {"hash": reply["hash"]})

    assert comes(stack, desk.path.split("/")[2], at) == [True, False]
    stale, fine = map(approved, waiting)
    assert (stale.problem, stale.json["reasons"]) == ((409, "stale"), ["line"])
    assert fine.status == 200
