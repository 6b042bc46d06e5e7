"""What belongs to rows comes with them if it is asked for, each thing once, and by their ids all at once."""

from typing import Any

import pytest

from tests.support.people import Fan
from tests.support.smallest_bodies import unknown
from tests.support.stack import Stack, number


@pytest.fixture(scope="module")
def place(stack: Stack) -> tuple[Fan, Any]:
    """Somebody whose conversation is assigned to the owner, who wrote a draft in it."""
    fan, owner = Fan(stack.connect("telegram")), stack.ours.owner
    conversation = fan.starts("Is it open?")
    me = owner.get("/me")["member"]
    owner.post(f"/conversations/{conversation['id']}/assign", {"to": me})
    owner.post(f"/conversations/{conversation['id']}/replies", {"text": "Yes", "draft": True})
    return fan, owner.get(f"/conversations/{conversation['id']}")


def test_a_list_comes_with_all_that_belongs_to_its_rows(stack: Stack, place: tuple[Fan, Any]) -> None:
    fan, conversation = place
    page = stack.ours.owner.get(
        "/conversations", channel=fan.channel.id, include="contact,assignee,channel,replies,origin,allowed"
    )
    [row] = page["items"]
    author = {"id": row["contact"]["id"], "kind": "contact", "name": "Ana", "display_name": "Ana", "avatar": None}
    assert row["last_message"]["author"] == author
    assert "reply" in row["allowed"]
    [contact], [member], [channel], [reply] = (
        page["included"][name] for name in ("contacts", "members", "channels", "replies")
    )
    assert contact == stack.ours.owner.get(f"/contacts/{row['contact']['id']}")
    assert (member["id"], channel["id"]) == (row["assignee"], fan.channel.id)
    assert (reply["conversation"], reply["status"], reply["text"]) == (conversation["id"], "draft", "Yes")


def test_one_conversation_comes_with_the_same(stack: Stack, place: tuple[Fan, Any]) -> None:
    fan, conversation = place
    names = "contact,assignee,channel,replies"
    [shown, page] = (
        stack.ours.owner.get("/conversations" + rest, include=names, **query)
        for rest, query in ((f"/{conversation['id']}", {}), ("", {"channel": fan.channel.id}))
    )
    assert shown["included"] == page["included"]
    assert set(stack.ours.owner.get(f"/conversations/{conversation['id']}")["included"]) == set()


def test_messages_come_with_their_authors_and_replies(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    fan.is_answered("Yes, it is")
    conversation = fan.channel.conversation()["id"]
    page = stack.ours.owner.get(f"/conversations/{conversation}/messages", include="contact,channel,replies,allowed")
    assert [reply["id"] for reply in page["included"]["replies"]] == [page["items"][0]["reply"]]
    assert [contact["id"] for contact in page["included"]["contacts"]] == [page["items"][1]["author"]["contact"]]
    assert "react" in page["items"][1]["allowed"]
    [row] = fan.channel.conversations()
    assert row["last_message"]["author"]["kind"] == "member"


def test_who_may_not_see_contacts_gets_none(stack: Stack, place: tuple[Fan, Any]) -> None:
    fan, _ = place
    role = stack.ours.owner.post("/roles", {"name": f"Reader {number()}", "permissions": ["inbox.view_all"]})
    reader = stack.someone(stack.ours, role["id"], [stack.ours.brand])
    page = reader.get("/conversations", channel=fan.channel.id, include="contact")
    assert (len(page["items"]), page["included"]["contacts"]) == (1, [])


def test_things_are_given_by_their_ids_without_those_one_does_not_see(stack: Stack, place: tuple[Fan, Any]) -> None:
    fan, conversation = place
    message = fan.channel.messages()[0]["id"]
    asked = {
        "conversations": conversation["id"],
        "messages": message,
        "contacts": conversation["contact"]["id"],
        "members": conversation["assignee"],
        "colleagues": conversation["assignee"],
    }
    for name, id in asked.items():
        several = f"{unknown(id[:3])},{id},{id}"
        page = stack.ours.owner.get(f"/{name}", ids=several)
        assert ([row["id"] for row in page["items"]], page["next"]) == ([id], None)
        assert stack.theirs.owner.get(f"/{name}", ids=several)["items"] == []


def test_ids_bring_what_only_its_assignee_sees_to_the_assignee(stack: Stack, place: tuple[Fan, Any]) -> None:
    _, conversation = place
    role = stack.ours.owner.post(
        "/roles", {"name": f"Own {number()}", "permissions": ["inbox.view_assigned", "contact.view"]}
    )
    member = stack.someone(stack.ours, role["id"], [stack.ours.brand])
    ids = {"conversations": conversation["id"], "contacts": conversation["contact"]["id"]}
    assert [member.get(f"/{name}", ids=id)["items"] for name, id in ids.items()] == [[], []]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/conversations", {"include": "contacts"}, "include"),
        ("/conversations", {"include": ""}, "include"),
        ("/messages", {"include": "assignee"}, "include"),
        ("/conversations", {"ids": "cnv_1", "status": "open"}, "status"),
        ("/conversations", {"ids": ",".join(["cnv_1"] * 101)}, "ids"),
        ("/contacts", {"ids": "cnv_1"}, "ids"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_what_cannot_be_asked_for_is_refused(stack: Stack, path: str, query: dict[str, Any], field: str) -> None:
    answer = stack.ours.owner.call("GET", path, **query)
    assert answer.status == 422
    assert answer.json["field"].startswith(field)
