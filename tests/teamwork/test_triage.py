"""Work on conversations: whose they are, what they are about, when they are done, and who sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Stack, eventually


@pytest.fixture
def fan(stack: Stack) -> Fan:
    customer = Fan(stack.connect("messenger"))
    customer.says("Where is my order?")
    return customer


def work_on(stack: Stack, conversation: Any, **change: Any) -> Any:
    return stack.ours.owner.patch(f"/conversations/{conversation['id']}", change)


def test_conversation_is_resolved_and_opens_when_the_fan_writes(stack: Stack, fan: Fan) -> None:
    done = work_on(
        stack, fan.channel.conversation(), status="resolved", priority="high", labels=["vip", "order", "vip"]
    )
    assert (done["status"], done["priority"], done["labels"]) == ("resolved", "high", ["order", "vip"])
    assert fan.channel.conversations() == []
    assert [conversation["id"] for conversation in fan.channel.conversations(status="resolved")] == [done["id"]]
    fan.says("It is not here yet")
    assert eventually(lambda: fan.channel.conversation()["status"] == "open")


def test_snoozed_conversation_wakes_in_its_time(stack: Stack, fan: Fan) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    asleep = work_on(stack, fan.channel.conversation(), status="snoozed", snoozed_until=until)
    assert (asleep["status"], asleep["snoozed_until"] is not None) == ("snoozed", True)
    time_passes(3_600_000, asleep["id"])
    assert eventually(lambda: fan.channel.conversation()["snoozed_until"] is None)


def test_edit_of_an_old_version_is_refused(stack: Stack, fan: Fan) -> None:
    conversation = fan.channel.conversation()
    path, old = f"/conversations/{conversation['id']}", {"If-Match": f'"{conversation["version"]}"'}
    first = stack.ours.owner.call("PATCH", path, {"priority": "low"}, headers=old)
    assert (first.status, first.headers["etag"].partition(".")[0]) == (200, f'"{first.json["version"]}')
    second = stack.ours.owner.call("PATCH", path, {"priority": "urgent"}, headers=old)
    assert second.problem == (412, "precondition_failed")
    assert fan.channel.conversation()["priority"] == "low"


def test_member_of_assigned_only_sees_what_is_theirs(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    own = owner.post("/roles", {"name": "Assigned only", "permissions": ["inbox.view_assigned", "reply.private.send"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    conversation = fan.channel.conversation()
    path = f"/conversations/{conversation['id']}"
    assert person.call("GET", path).status == 404
    assert person.call("GET", f"{path}/messages").status == 404
    assert person.call("GET", f"/messages/{conversation['last_message']['id']}").status == 404
    assert person.every("/conversations", channel=fan.channel.id) == []
    owner.post(f"{path}/assign", {"to": id})
    assert person.get(path)["assignee"] == id
    assert len(person.every("/conversations", channel=fan.channel.id)) == 1


def test_what_is_anothers_is_not_taken_without_permission(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    own = owner.post("/roles", {"name": "Assigns", "permissions": ["inbox.view_all", "conversation.assign"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    path = f"/conversations/{fan.channel.conversation()['id']}/assign"
    owner.post(path, {"to": owner.get("/me")["member"]})
    assert person.call("POST", path, {"to": id}).problem == (403, "cannot_take_over")
    assert owner.call("POST", path, {"to": "mbr_nobody"}).status == 422


def test_teams_conversation_is_each_members(stack: Stack, fan: Fan) -> None:
    owner = stack.ours.owner
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    team = owner.post("/teams", {"name": "Evening", "members": [person.get("/me")["member"]]})
    conversation = fan.channel.conversation()
    owner.post(f"/conversations/{conversation['id']}/assign", {"to": team["id"]})
    assert person.get(f"/conversations/{conversation['id']}")["assignee"] == team["id"]


def test_bulk_change_tells_of_each_what_became_of_it(stack: Stack, fan: Fan) -> None:
    conversation = fan.channel.conversation()
    foreign = Fan(stack.connect("messenger", stack.theirs))
    foreign.says("Hello")
    theirs = foreign.channel.conversation()["id"]
    asked = {"ids": [conversation["id"], theirs, conversation["id"]], "change": {"status": "resolved"}}
    answer = stack.ours.owner.post("/conversations/bulk", asked)["items"]
    version = fan.channel.conversations(status="resolved")[0]["version"]
    assert answer == [
        {"id": conversation["id"], "ok": True, "code": None, "version": version},
        {"id": theirs, "ok": False, "code": "not_found", "version": None},
    ]
    assert foreign.channel.conversation()["status"] == "open"
    too_many = {"ids": [conversation["id"]] * 101, "change": {"status": "open"}}
    assert stack.ours.owner.call("POST", "/conversations/bulk", too_many).status == 422


def test_note_is_for_colleagues_only(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}"
    me = stack.ours.owner.get("/me")["member"]
    written = stack.ours.members["moderator"].post(f"{path}/notes", {"text": f"Ask @{me} about this one"})
    assert written["mentions"] == [me]
    assert [note["text"] for note in stack.ours.owner.every(f"{path}/notes")] == [written["text"]]
    assert [said["direction"] for said in fan.channel.messages()] == ["in"]
    assert [call["path"] for call in fan.channel.calls() if call["path"].endswith("/messages")] == []


def test_bulk_takes_the_permissions_of_what_it_changes(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()
    own = owner.post("/roles", {"name": f"Bulk {fan.id}", "permissions": ["inbox.view_all", "conversation.bulk"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    for change, code in (
        ({"assignee": id}, "cannot_assign"),
        ({"status": "resolved"}, "cannot_resolve"),
        ({"labels": ["mine"]}, "cannot_change"),
    ):
        [result] = person.post("/conversations/bulk", {"ids": [conversation["id"]], "change": change})["items"]
        assert (result["ok"], result["code"]) == (False, code)
    assert fan.channel.conversation()["version"] == conversation["version"]


def test_bulk_change_is_whole_or_not_at_all(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()
    change = {"assignee": owner.get("/me")["member"], "attributes": {"nothing_defined": "x"}}
    [result] = owner.post("/conversations/bulk", {"ids": [conversation["id"]], "change": change})["items"]
    assert (result["ok"], result["code"]) == (False, "unknown_attribute")
    assert fan.channel.conversation()["assignee"] is None


def test_snooze_of_centuries_is_refused(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}"
    for until in ("2300-01-01T00:00:00Z", "6000-01-01T00:00:00Z", "2026-01-01T00:00:00Z"):
        asked = {"status": "snoozed", "snoozed_until": until}
        assert stack.ours.owner.call("PATCH", path, asked).status == 422


def test_notes_may_have_lines_and_names_may_not(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}/notes"
    assert stack.ours.owner.post(path, {"text": "First\nsecond"})["text"] == "First\nsecond"
    assert stack.ours.owner.call("POST", path, {"text": "A bell\x07"}).status == 422
    assert stack.ours.owner.call("POST", "/teams", {"name": "Night\n", "members": []}).status == 422


def test_who_only_looks_leaves_what_is_unread_unread(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.channel.conversation()['id']}/read"
    assert stack.ours.members["client"].call("POST", path, {}).problem == (403, "forbidden")
    assert fan.channel.conversation()["unread"] == 1
