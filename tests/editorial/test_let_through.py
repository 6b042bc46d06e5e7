"""A forbidden claim goes by no way, unless somebody who may publish the line lets these words through."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.replies import approvals, replies
from chalicelib.store import fence
from tests.editorial.test_answering import CLAIMS, Desk
from tests.support import audits
from tests.support.stack import GOING, Member, Stack

WHY = {"reason": "The study is on our page."}


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def later() -> str:
    return clock.text(clock.now() + clock.HOUR)


def lets(person: Member, reply: Any, **more: Any) -> Any:
    return person.call("POST", f"/replies/{reply['id']}/let-through", {"hash": reply["hash"], **WHY, **more})


def submits(desk: Desk, reply: Any) -> Any:
    return desk.agent.call("POST", f"/replies/{reply['id']}/submit")


def test_a_forbidden_claim_goes_by_no_way_and_a_warning_goes(desk: Desk) -> None:
    pending = desk.says("It heals", official=True).json
    desk.publishes(*CLAIMS)
    harmless = desk.says("It helps", draft=True).json
    edited = desk.agent.patch(f"/replies/{harmless['id']}", {"text": "It heals"})
    tried = [
        desk.says("It heals"),
        desk.says("It h3als"),
        desk.says("It heals", official=True),
        desk.says("It heals", send_at=later()),
        desk.editor.call("POST", f"/conversations/{desk.conversation}/replies", {"text": "It heals"}),
        submits(desk, desk.says("It heals", draft=True).json),
        submits(desk, edited),
    ]
    assert {answer.problem for answer in tried} == {(422, "against_the_line")}
    approved = desk.editor.call("POST", f"/replies/{pending['id']}/approve", {"hash": pending["hash"]})
    assert (approved.problem, approved.json["reasons"]) == ((409, "stale"), ["line"])
    assert desk.says("It is cheap").json["status"] in GOING


def test_who_publishes_the_line_lets_these_words_through_and_the_audit_keeps_why(stack: Stack, desk: Desk) -> None:
    desk.publishes(*CLAIMS)
    draft = desk.says("It heals", draft=True).json
    assert lets(desk.agent, draft).problem == (403, "forbidden")
    assert lets(desk.editor, draft, hash="0" * 64).problem == (409, "reply_changed")
    assert lets(desk.editor, draft).json["let_through"]["reason"] == WHY["reason"]
    [entry] = audits.recent(stack.ours.owner, target=draft["id"], action="reply.let_through")
    assert (entry["after"]["reason"], entry["after"]["asks"]) == (WHY["reason"], ["forbidden_claim:law.health"])
    changed = desk.agent.patch(f"/replies/{draft['id']}", {"text": "It heals everybody"})
    assert changed["let_through"] is None
    assert submits(desk, changed).problem == (422, "against_the_line")
    back = desk.agent.patch(f"/replies/{draft['id']}", {"text": "It heals"})
    assert submits(desk, back).json["status"] in GOING
    fine = desk.says("It helps", draft=True).json
    assert lets(desk.editor, fine).problem == (409, "nothing_against_it")


def test_what_a_later_line_has_against_it_besides_does_count(desk: Desk) -> None:
    desk.publishes(CLAIMS[0])
    draft = desk.says("It heals, best price", draft=True).json
    assert lets(desk.editor, draft).status == 200
    desk.publishes(*CLAIMS)
    assert submits(desk, draft).json["needs"]["count"] == 1


def test_a_planned_reply_comes_back_if_the_line_forbids_it_by_then(stack: Stack, desk: Desk) -> None:
    desk.publishes()
    planned = [desk.says(text, send_at=later()).json for text in ("It heals", "It helps")]
    assert [reply["status"] for reply in planned] == ["approved", "approved"]
    desk.publishes(*CLAIMS)
    system, at = actors.system(stack.ours.id), clock.now() + 2 * clock.HOUR
    with fence.within(stack.ours.id):
        returned = approvals.send_due(system, replies.get(system, planned[0]["id"]), at)
        assert (returned.state, returned.because) == ("pending", ["line"])
        assert approvals.send_due(system, replies.get(system, planned[1]["id"]), at).state == "queued"
