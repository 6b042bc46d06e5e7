"""What happened is told in order, nothing left out and nothing twice, to those whose business it is."""

import ast
from typing import Any

import pytest

from chalicelib.events import catalogue
from local.environment import ROOT
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

AUDIT_ALONE = {
    "access.denied", "agency.found", "api_key.create", "api_key.revoke", "api_key.sign_in",
    "ingest.replay", "job.cancel", "member.sign_out", "member.uninvite",
    "role.change", "role.create", "role.remove",
}  # fmt: skip


@pytest.fixture
def fan(stack: Stack) -> Fan:
    found = Fan(stack.connect("messenger"))
    found.starts("Where is my order?")
    return found


def news(member: Member, after: int, **query: Any) -> list[Any]:
    """All that happened after that number."""
    found: list[Any] = []
    while True:
        told = member.get("/events", after=after, **query)
        found, after = found + told["items"], told["after"]
        if not told["more"]:
            return found


def latest(member: Member) -> int:
    """The number of the last event by now."""
    after, more = 0, True
    while more:
        told = member.get("/events", after=after)
        after, more = told["after"], told["more"]
    return int(after)


def test_each_step_of_a_reply_is_told_with_who_took_it(stack: Stack, fan: Fan) -> None:
    owner, creator = stack.ours.owner, stack.ours.members["content_creator"]
    start, id = latest(owner), fan.channel.conversation()["id"]
    reply = creator.post(f"/conversations/{id}/replies", {"text": "It left today"})
    owner.post(f"/replies/{reply['id']}/approve", {"hash": reply["hash"]})
    steps = eventually(
        lambda: found if (found := _of(owner, start, reply["id"])) and found[-1][0] == "reply.sent" else None
    )
    me, them = owner.get("/me")["member"], creator.get("/me")["member"]
    assert steps == [
        ("reply.submitted", them), ("reply.approved", me), ("reply.queued", me), ("reply.sent", "system"),
    ]  # fmt: skip


def _of(member: Member, after: int, target: str) -> list[tuple[str, str]]:
    found = [one for one in news(member, after, type="reply") if one["target"] == target]
    assert {one["conversation"] for one in found} <= {"cnv_" + target[4:24]}
    return [(one["type"], one["performed_by"]["id"]) for one in found]


def test_reading_on_gives_each_event_once(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    start, path = latest(owner), f"/conversations/{fan.channel.conversation()['id']}"
    for priority in ("low", "high", "urgent"):
        owner.patch(path, {"priority": priority})
    assert eventually(lambda: len(_changes(owner, start, path)) == 3)
    assert [one["after"]["priority"] for one in _changes(owner, start, path)] == ["low", "high", "urgent"]
    numbers = [one["sequence"] for one in news(owner, start, limit=2)]
    assert numbers == sorted(set(numbers))


def _changes(member: Member, after: int, path: str) -> list[Any]:
    found = news(member, after, type="conversation.changed")
    return [one for one in found if one["target"] == path.rpartition("/")[2]]


def test_one_hears_of_the_conversations_one_sees(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    own = owner.post("/roles", {"name": f"Assigned {number()}", "permissions": ["inbox.view_assigned"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    start, conversation = latest(owner), fan.channel.conversation()["id"]
    owner.patch(f"/conversations/{conversation}", {"priority": "high"})
    assert eventually(lambda: _changes(owner, start, conversation))
    assert news(person, start) == []
    owner.post(f"/conversations/{conversation}/assign", {"to": id})
    told = eventually(lambda: found if len(found := news(person, start)) == 2 else None)
    assert [one["type"] for one in told] == ["conversation.changed", "conversation.assigned"]
    assert news(stack.theirs.owner, 0, type="conversation.changed") == []


def test_nothing_is_audited_that_the_catalogue_does_not_know() -> None:
    told = set()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.entry", "audit.note", "_write"):
                told |= {one.value for one in node.args if isinstance(one, ast.Constant) and "." in str(one.value)}
    assert told - set(catalogue.CATALOGUE) == AUDIT_ALONE


def test_key_that_comes_in_is_audited_as_itself(stack: Stack) -> None:
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    made = stack.ours.owner.post("/api-keys", {"name": "Robot", "grants": grants})
    robot = Member(stack.api, made["key"])
    assert [robot.call("GET", "/me").status for _ in range(2)] == [200, 200]
    entries = stack.ours.owner.get("/audit", target=made["id"], action="api_key.sign_in")["items"]
    assert [entry["performed_by"] for entry in entries] == [{"id": made["id"], "kind": "key"}]
