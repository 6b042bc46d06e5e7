"""Two answers at once, an answer past the customer, a request that comes twice: one thing happens, and all are told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import ids
from chalicelib.store import fence, table
from chalicelib.store.models.requests import Idempotency
from tests.support.people import Fan
from tests.support.stack import GOING, Stack, eventually

TEXT = {"text": "Thank you for asking"}


@pytest.fixture
def fan(stack: Stack) -> Fan:
    fan = Fan(stack.connect("facebook"))
    fan.says("Is it open on Sundays?")
    fan.channel.conversation()
    return fan


def path_of(fan: Fan) -> str:
    return f"/conversations/{fan.channel.conversation()['id']}/replies"


def sent(fan: Fan) -> list[Any]:
    return [call for call in fan.channel.calls() if call["path"].endswith("/comments")]


def test_of_two_answers_at_once_one_is_sent(stack: Stack, fan: Fan) -> None:
    path, seen = path_of(fan), fan.channel.messages()[-1]["id"]
    people = [stack.ours.members[role] for role in ("owner", "community_manager", "conversation_manager")]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda member: member.call("POST", path, {**TEXT, "seen": seen}), people))
    assert sorted(answer.status for answer in answers) == [202, 409, 409]
    assert {answer.problem for answer in answers if answer.status == 409} <= {
        (409, "answered_meanwhile"), (409, "stale"),
    }  # fmt: skip


def test_of_two_replies_approved_at_once_one_is_sent(stack: Stack, fan: Fan) -> None:
    made = [stack.ours.members["content_creator"].post(path_of(fan), TEXT) for _ in range(2)]
    people = [stack.ours.owner, stack.ours.members["community_manager"]]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda member, item: member.call("POST", f"/replies/{item['id']}/approve", {"hash": item["hash"]}),
                people, made,
            )
        )  # fmt: skip
    assert sorted(answer.status for answer in answers) == [200, 409]


def test_what_the_customer_wrote_since_is_told(stack: Stack, fan: Fan) -> None:
    path, seen = path_of(fan), fan.channel.messages()[-1]["id"]
    fan.says("And on Mondays?")
    eventually(lambda: len(fan.channel.messages()) == 2)
    answer = stack.ours.owner.call("POST", path, {**TEXT, "seen": seen})
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["customer_wrote"])
    assert stack.ours.owner.post(path, TEXT)["status"] in GOING


def test_ones_own_answers_are_no_news(stack: Stack, fan: Fan) -> None:
    path, seen = path_of(fan), fan.channel.messages()[-1]["id"]
    stack.ours.owner.post(path, {**TEXT, "seen": seen})
    assert stack.ours.owner.post(path, {"text": "And on Mondays", "seen": seen})["status"] in GOING
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: stack.ours.owner.call("POST", path, TEXT).status, range(3)))
    assert answers == [202, 202, 202]


def test_answer_that_failed_is_no_news(stack: Stack, fan: Fan) -> None:
    path, seen = path_of(fan), fan.channel.messages()[-1]["id"]
    fan.channel.fails("rejected", "Never")
    reply = stack.ours.owner.post(path, {"text": "Never"})
    eventually(lambda: stack.ours.owner.get(f"/replies/{reply['id']}")["status"] == "failed")
    assert reply["id"] in [row["id"] for row in stack.ours.owner.every("/replies", status="failed")]
    of_conversation = {"conversation": reply["conversation"], "status": "failed"}
    assert [row["id"] for row in stack.ours.owner.every("/replies", **of_conversation)] == [reply["id"]]
    assert stack.ours.members["community_manager"].post(path, {**TEXT, "seen": seen})["status"] in GOING


def test_draft_knows_what_happened_since_it_was_written(stack: Stack, fan: Fan) -> None:
    path, owner = path_of(fan), stack.ours.owner
    draft = owner.post(path, {**TEXT, "draft": True})
    stack.ours.members["community_manager"].post(path, TEXT)
    answer = owner.call("POST", f"/replies/{draft['id']}/submit", {})
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["answered"])
    latest = {"despite": owner.get(f"/replies/{draft['id']}")["latest"]}
    assert owner.post(f"/replies/{draft['id']}/submit", latest)["status"] in GOING


def test_who_holds_the_conversation_is_not_overtaken(stack: Stack, fan: Fan) -> None:
    path, owner, manager = path_of(fan), stack.ours.owner, stack.ours.members["community_manager"]
    draft, asked = owner.post(path, {**TEXT, "draft": True}), stack.ours.members["content_creator"].post(path, TEXT)
    manager.post(path.replace("replies", "lease"))
    assert owner.call("POST", f"/replies/{draft['id']}/submit", {}).problem == (409, "leased")
    answer = owner.call("POST", f"/replies/{asked['id']}/approve", {"hash": asked["hash"]})
    assert answer.problem == (409, "leased")
    assert manager.call("POST", f"/replies/{asked['id']}/approve", {"hash": asked["hash"]}).status == 200


@pytest.mark.parametrize("step", ["submit", "approve", "reject", "withdraw"])
def test_step_is_taken_with_the_version_that_was_read(stack: Stack, fan: Fan, step: str) -> None:
    draft = stack.ours.owner.post(path_of(fan), {**TEXT, "draft": True})
    body = {"approve": {"hash": draft["hash"]}, "reject": {"reason": "No"}}.get(step, {})
    path = f"/replies/{draft['id']}/{step}"
    assert stack.ours.owner.call("POST", path, body, headers={"If-Match": '"7"'}).status == 412


def test_request_whose_answer_was_lost_finds_its_reply(stack: Stack, fan: Fan) -> None:
    path, owner, headers = path_of(fan), stack.ours.owner, {"Idempotency-Key": ids.new("key")}
    first = owner.call("POST", path, TEXT, headers=headers)
    me = owner.get("/me")["member"]
    with fence.within(stack.ours.id):
        place = f"idempotency#{me}#{ids.digest(headers['Idempotency-Key'])}"
        assert table.get(Idempotency, stack.ours.id, place)
        table.delete(Idempotency(stack.ours.id, place))
    again = owner.call("POST", path, TEXT, headers=headers)
    assert (again.status, again.json["id"]) == (202, first.json["id"])
    eventually(lambda: len(sent(fan)) == 1)


def test_edit_takes_away_what_it_says(stack: Stack, fan: Fan) -> None:
    quoted, creator = fan.channel.messages()[-1]["id"], stack.ours.members["content_creator"]
    reply = creator.post(path_of(fan), {**TEXT, "reply_to": quoted, "send_at": "2027-01-01T12:00:00Z"})
    stack.ours.owner.post(f"/replies/{reply['id']}/reject", {"reason": "Too late"})
    edited = creator.patch(f"/replies/{reply['id']}", {"reply_to": None, "send_at": None})
    assert (edited["reply_to"], edited["send_at"], edited["reason"]) == (None, None, None)
    creator.post(f"/replies/{reply['id']}/withdraw")
    assert reply["id"] in [row["id"] for row in creator.every("/replies", status="withdrawn")]
