"""What an agency keeps of its conversations: defined once, checked whenever it is set, asked for before resolving."""

from typing import Any

import pytest

from tests.support import audits
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number


@pytest.fixture
def fan(stack: Stack) -> Fan:
    """Somebody who wrote to a brand that nobody else uses."""
    person = Fan(stack.connect("messenger", stack.brand()))
    person.says("Where is my order?")
    return person


def define(fan: Fan, type: str, **more: Any) -> str:
    """The name of an attribute of the fan's brand alone."""
    name = f"it_{number()}"
    body = {"title": "It", "type": type, "brands": [fan.channel.agency.brand], **more}
    answer = fan.channel.agency.owner.call("PUT", f"/attributes/{name}", body)
    assert (answer.status, answer.headers["etag"].partition(".")[0]) == (200, '"1')
    return name


def test_values_are_checked_against_their_definition(fan: Fan) -> None:
    owner, path = fan.channel.agency.owner, f"/conversations/{fan.channel.conversation()['id']}"
    level, amount = define(fan, "choice", choices=["gold", "silver"]), define(fan, "number")
    assert owner.patch(path, {"attributes": {level: "gold", amount: 12.5}})["attributes"] == {
        level: "gold",
        amount: 12.5,
    }
    for wrong, code in (
        ({level: "tin"}, "wrong_type"),
        ({amount: "12"}, "wrong_type"),
        ({"no": 1}, "unknown_attribute"),
    ):
        answer = owner.call("PATCH", path, {"attributes": wrong})
        assert (answer.problem, answer.json["field"]) == ((422, code), f"attributes.{next(iter(wrong))}")
    assert owner.patch(path, {"attributes": {level: None}})["attributes"] == {amount: 12.5}


def test_nothing_is_resolved_without_what_is_required(fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.channel.conversation()
    path, name = f"/conversations/{conversation['id']}", define(fan, "text", required_on_resolve=True)
    answer = owner.call("PATCH", path, {"status": "resolved"})
    assert (answer.problem, answer.json["missing"]) == ((422, "attribute_required"), [name])
    [result] = owner.post("/conversations/bulk", {"ids": [conversation["id"]], "change": {"status": "resolved"}})[
        "items"
    ]
    assert (result["ok"], result["code"]) == (False, "attribute_required")
    assert owner.patch(path, {"status": "pending"})["status"] == "pending"
    assert owner.patch(path, {"status": "resolved", "attributes": {name: "Lost in the post"}})["status"] == "resolved"


def test_key_is_asked_for_what_is_required_as_well(stack: Stack, fan: Fan) -> None:
    grants = [{"role": "conversation_manager", "brands": [fan.channel.agency.brand]}]
    key = Member(stack.api, stack.ours.owner.post("/api-keys", {"name": "Bot", "grants": grants})["key"])
    define(fan, "boolean", required_on_resolve=True)
    answer = key.call("PATCH", f"/conversations/{fan.channel.conversation()['id']}", {"status": "resolved"})
    assert answer.problem == (422, "attribute_required")


def test_clock_resolves_whatever_is_missing(fan: Fan) -> None:
    owner, brand = fan.channel.agency.owner, fan.channel.agency.brand
    owner.patch(f"/brands/{brand}", {"settings": {"auto_resolve_hours": 48}})
    define(fan, "text", required_on_resolve=True)
    fan.is_answered("It is on its way")
    id = fan.channel.conversation()["id"]
    assert eventually(lambda: time_passes(49 * 3_600_000, id) and fan.channel.conversations(status="resolved"))


def test_definition_of_another_brand_asks_nothing(stack: Stack, fan: Fan) -> None:
    other = stack.ours.owner.post("/brands", {"name": f"Brand {number()}"})["id"]
    name = define(fan, "text", required_on_resolve=True, brands=[other])
    path = f"/conversations/{fan.channel.conversation()['id']}"
    assert stack.ours.owner.call("PATCH", path, {"attributes": {name: "x"}}).problem == (422, "unknown_attribute")
    assert stack.ours.owner.patch(path, {"status": "resolved"})["status"] == "resolved"


def test_definition_of_an_old_version_is_not_replaced(fan: Fan) -> None:
    owner, name = fan.channel.agency.owner, define(fan, "text")
    path, body, old = f"/attributes/{name}", {"title": "New", "type": "text"}, {"If-Match": '"1"'}
    assert owner.call("PUT", path, body, headers=old).json["version"] == 2
    assert owner.call("PUT", path, body, headers=old).problem == (412, "precondition_failed")
    assert owner.call("DELETE", path, headers=old).problem == (412, "precondition_failed")
    owner.delete(path)
    assert name not in [attribute["name"] for attribute in owner.get("/attributes")["items"]]
    assert owner.call("DELETE", path).problem == (404, "not_found")
    for action, times in (("attribute.define", 2), ("attribute.remove", 1)):
        assert [entry["target"] for entry in audits.recent(owner, action=action)].count(name) == times


@pytest.mark.parametrize(
    ("name", "body", "code", "field"),
    [
        ("Level", {"type": "text"}, "invalid", "name"),
        ("level", {"type": "choice"}, "not_together", "choices"),
        ("level", {"type": "text", "choices": ["a"]}, "not_together", "choices"),
        ("level", {"type": "text", "brands": ["brd_0"]}, "unknown_reference", "brands"),
        ("level", {"type": "colour"}, "invalid", "type"),
    ],
)
def test_definition_that_makes_no_sense_is_refused(stack: Stack, name: str, body: Any, code: str, field: str) -> None:
    answer = stack.ours.owner.call("PUT", f"/attributes/{name}", {"title": "Level", **body})
    assert (answer.problem, answer.json["field"]) == ((422, code), field)


def test_members_of_other_brands_hear_nothing_of_it(stack: Stack, fan: Fan) -> None:
    name = define(fan, "text", brands=[stack.ours.brand, fan.channel.agency.brand])
    hidden = define(fan, "text")
    attributes = {
        attribute["name"]: attribute for attribute in stack.ours.members["moderator"].get("/attributes")["items"]
    }
    assert (attributes[name]["brands"], hidden in attributes) == ([stack.ours.brand], False)
    assert name not in [attribute["name"] for attribute in stack.theirs.owner.get("/attributes")["items"]]


def test_fifty_are_enough_and_so_are_three_hundred_kilobytes(stack: Stack) -> None:
    owner, body = stack.theirs.owner, {"title": "One", "type": "text"}
    there, made = len(owner.get("/attributes")["items"]), []
    for count in range(50 - there):
        assert owner.call("PUT", f"/attributes/one_{count}", body).status == 200
        made.append(f"/attributes/one_{count}")
    assert owner.call("PUT", "/attributes/one_more", body).problem == (409, "too_many_attributes")
    long = {
        **body,
        "type": "choice",
        "choices": ["\N{PILE OF POO}" * 97 + str(number)[:3] for number in range(100, 150)],
    }
    assert {owner.call("PUT", path, long).status for path in made} == {200, 409}
    for path in made:
        owner.delete(path)
