"""Words said often: written by the editor in chief, found and filled in by whoever answers."""

from typing import Any

import pytest

from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, number


@pytest.fixture
def desk(stack: Stack) -> "Desk":
    return Desk(stack)


class Desk:
    """A brand that nobody else uses, its editor in chief, and somebody who answers."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.brand = stack.ours.owner.post("/brands", {"name": "Bella Pasta"})["id"]
        self.editor = stack.someone(stack.ours, "community_manager", [self.brand])
        self.agent = stack.someone(stack.ours, "conversation_manager", [self.brand])

    def writes(self, text: str = "Hello", shortcut: str = "", who: Member | None = None) -> Any:
        body = {"brand": self.brand, "shortcut": shortcut or f"s{number()}", "title": "Greeting", "text": text}
        return (who or self.editor).call("POST", "/canned-replies", body)

    def hears(self, network: str = "example", **more: Any) -> tuple[Fan, str]:
        fan = Fan(self.stack.connect(network, Agency(self.stack.ours.id, self.brand, {"owner": self.editor})), **more)
        return fan, fan.starts()["id"]


def test_editor_writes_and_others_use_it(desk: Desk) -> None:
    made = desk.writes("We open at nine.").json
    assert desk.agent.get(f"/canned-replies/{made['id']}") == made
    assert desk.agent.every("/canned-replies", brand=desk.brand) == [made]
    assert desk.writes(who=desk.agent).problem == (403, "forbidden")
    for verb in ("PATCH", "DELETE"):
        assert desk.agent.call(verb, f"/canned-replies/{made['id']}", {}).problem == (403, "forbidden")
    assert desk.stack.ours.members["client"].call("GET", "/canned-replies").problem == (403, "forbidden")


def test_shortcut_is_one_brands_once_however_it_is_typed(desk: Desk) -> None:
    made, other = desk.writes(shortcut="Straße").json, desk.writes(shortcut="hours").json
    path = f"/canned-replies/{other['id']}"
    assert desk.writes(shortcut="STRASSE").problem == (409, "shortcut_taken")
    assert desk.editor.call("PATCH", path, {"shortcut": "ｓtrasse"}).problem == (409, "shortcut_taken")
    assert desk.editor.patch(path, {"shortcut": "HOURS"})["shortcut"] == "HOURS"
    assert Desk(desk.stack).writes(shortcut="Straße").status == 201
    desk.editor.delete(f"/canned-replies/{made['id']}")
    assert desk.editor.patch(path, {"shortcut": "strasse"})["shortcut"] == "strasse"
    assert desk.writes(shortcut="hours").status == 201


def test_words_are_found_by_any_part_of_them(desk: Desk) -> None:
    ids = [desk.writes(text).json["id"] for text in ("We open at NINE.", "On Sundays at ten.", "Closed")]
    assert [row["id"] for row in desk.agent.every("/canned-replies", q="nine")] == ids[:1]
    assert [row["id"] for row in desk.agent.every("/canned-replies", q="GREETING", limit=1)] == ids
    assert [row["id"] for row in desk.agent.every("/canned-replies", limit=2)] == ids
    assert desk.agent.every("/canned-replies", q="nowhere") == []


def test_pages_go_through_all_brands(desk: Desk) -> None:
    other = Desk(desk.stack)
    both = desk.stack.someone(desk.stack.ours, "moderator", [desk.brand, other.brand])
    ids = [writer.writes().json["id"] for writer in (other, desk, other, desk)]
    assert [row["id"] for row in both.every("/canned-replies", limit=1)] == sorted(ids)


def test_edit_of_an_old_version_is_refused(desk: Desk) -> None:
    path, old = f"/canned-replies/{desk.writes().json['id']}", {"If-Match": '"1"'}
    first = desk.editor.call("PATCH", path, {"text": "Hi", "language": "it"}, headers=old)
    assert (first.headers["etag"].partition(".")[0], first.json["language"]) == ('"2', "it")
    assert desk.editor.call("PATCH", path, {"text": "Ciao"}, headers=old).status == 412
    assert desk.editor.call("DELETE", path, headers=old).status == 412
    assert desk.editor.patch(path, {"language": None})["language"] is None
    entries = audits.recent(desk.stack.ours.owner, target=path.split("/")[2])
    assert [entry["action"] for entry in entries] == [
        "canned_reply.change",
        "canned_reply.change",
        "canned_reply.create",
    ]
    assert "Hi" not in str(entries)


@pytest.mark.parametrize("name", ["contact.nam", "agency.name", "conversation.level", "", "contact.name.first"])
def test_unknown_variable_is_refused(desk: Desk, name: str) -> None:
    answer = desk.writes(f"Hello {{{{{name}|you}}}}")
    assert (answer.problem, answer.json["field"]) == ((422, "unknown_variable"), "text")
    known = f"/canned-replies/{desk.writes('{{contact.name}}').json['id']}"
    assert desk.editor.call("PATCH", known, {"text": f"{{{{{name}}}}}"}).problem == (422, "unknown_variable")


def test_variables_are_filled_in_for_a_conversation(desk: Desk) -> None:
    attribute = f"order_{number()}"
    desk.stack.ours.owner.put(f"/attributes/{attribute}", {"title": "Order", "type": "number"})
    _, conversation = desk.hears(name="Ana Belén")
    desk.agent.patch(f"/conversations/{conversation}", {"attributes": {attribute: 12}})
    text = (
        "{{contact.first_name}} ({{contact.name}}), {{member.name}} of {{brand.name}} on {{conversation.NAME}}".replace(
            "NAME", attribute
        )
    )
    path = f"/canned-replies/{desk.writes(text + ': {{contact.username|-}} {{contact.username}}').json['id']}/render"
    assert desk.agent.post(path, {"conversation": conversation}) == {
        "text": "Ana (Ana Belén), Conversation_Manager of Bella Pasta on 12: - {{contact.username}}",
        "missing": ["contact.username"],
    }


def test_number_to_call_is_no_name(desk: Desk) -> None:
    _, conversation = desk.hears("whatsapp", id=f"33{number()}", name="")
    path = f"/canned-replies/{desk.writes('Hello {{contact.first_name|there}}').json['id']}/render"
    assert desk.agent.post(path, {"conversation": conversation})["text"] == "Hello there"


def test_other_brands_conversation_is_not_rendered_for(desk: Desk) -> None:
    other = Desk(desk.stack)
    both = desk.stack.someone(desk.stack.ours, "moderator", [desk.brand, other.brand])
    path = f"/canned-replies/{desk.writes().json['id']}/render"
    _, conversation = other.hears()
    answer = both.call("POST", path, {"conversation": conversation})
    assert (answer.problem, answer.json["field"]) == ((422, "other_brand"), "conversation")
    assert desk.agent.call("POST", path, {"conversation": conversation}).status == 404


def test_variable_nobody_filled_in_is_not_sent(desk: Desk) -> None:
    _, conversation = desk.hears()
    path = f"/conversations/{conversation}/replies"
    answer = desk.agent.call("POST", path, {"text": "Hello {{contact.first_name}}"})
    assert (answer.problem, answer.json["field"]) == ((422, "unfilled_variable"), "text")
    draft = desk.agent.post(path, {"text": "Write {{this}} in Liquid", "draft": True})
    assert desk.agent.call("PATCH", f"/replies/{draft['id']}", {"text": "{{brand.name}}"}).status == 422
