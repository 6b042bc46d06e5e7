"""Replies keep to the line of their brand: refused, approved by somebody, or sent with a warning."""

from typing import Any

import pytest

from tests.support.feed import end, until_told
from tests.support.people import Fan
from tests.support.stack import Agency, Stack

SEVERE = {"id": "law.health", "title": "No promises of health", "severity": 3, "found_by": "people"}
MILD = {"id": "law.price", "title": "No promises of prices", "severity": 2, "found_by": "people"}
CLAIMS = [{"words": ["heals"], "clause": "law.health"}, {"words": ["best price"], "clause": "law.price"}]


class Desk:
    """A brand with a line of its own, who writes it, and a customer."""

    def __init__(self, stack: Stack) -> None:
        brand = stack.ours.owner.post("/brands", {"name": "Maison Lune"})["id"]
        self.path = f"/brands/{brand}/line"
        self.editor = stack.someone(stack.ours, "community_manager", [brand])
        self.agent = stack.someone(stack.ours, "conversation_manager", [brand])
        self.fan = Fan(stack.connect("example", Agency(stack.ours.id, brand, {"owner": self.editor})))
        self.conversation = self.fan.starts()["id"]

    def publishes(self, *claims: Any, **more: Any) -> None:
        voice = {"forbidden_claims": list(claims), "forbidden_words": [{"words": ["cheap"], "say": "fair"}], **more}
        self.editor.put(self.path, {"language": "en", "clauses": [SEVERE, MILD], "voice": voice})
        assert self.editor.call("POST", f"{self.path}/publish", {}).status == 201

    def says(self, text: str, **more: Any) -> Any:
        return self.agent.call("POST", f"/conversations/{self.conversation}/replies", {"text": text, **more})

    def checks(self, text: str, **more: Any) -> Any:
        return self.agent.post("/replies/check", {"conversation": self.conversation, "text": text, **more})


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def test_a_reply_is_refused_approved_or_sent_as_the_line_says(desk: Desk) -> None:
    assert desk.checks("It heals")["line"] is None
    desk.publishes(*CLAIMS)
    began = end(desk.editor)
    refused = desk.says("It heals")
    assert refused.problem == (422, "against_the_line")
    assert (refused.json["line"], refused.json["findings"][0]["clause"]) == (1, "law.health")
    events = until_told(desk.editor, began, ["reply.against_the_line"], type="reply.against_the_line")
    about = events[0]["data"]["moderation"]
    assert (events[0]["conversation"], about["clause"], about["code"]) == (
        desk.conversation, "law.health", "forbidden_claim",
    )  # fmt: skip
    assert "heals" not in str(about)
    checked = desk.checks("It heals")
    assert (checked["can"], checked["problems"][-1]["code"]) == (False, "against_the_line")
    assert desk.checks("Our best price")["needs"]["count"] == 1
    pending = desk.says("Our best price").json
    assert (pending["status"], pending["needs"]["count"]) == ("pending", 1)
    approved = desk.editor.post(f"/replies/{pending['id']}/approve", {"hash": pending["hash"]})
    assert approved["status"] in ("queued", "sending", "sent")
    assert desk.checks("It is cheap")["line"]["findings"][0]["suggestion"] == "fair"
    assert desk.says("It is cheap").json["needs"]["count"] == 0


def test_a_reply_that_waits_is_stale_if_a_newer_line_has_more_against_it(desk: Desk) -> None:
    desk.publishes()
    pending = desk.says("Our best price heals", official=True).json
    desk.publishes(CLAIMS[1])
    answer = desk.editor.call("POST", f"/replies/{pending['id']}/approve", {"hash": pending["hash"]})
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["line"])


def test_a_button_and_a_canned_reply_are_held_to_the_line_as_a_text_is(desk: Desk, stack: Stack) -> None:
    desk.publishes(*CLAIMS)
    choices = {"kind": "buttons", "options": [{"id": "1", "title": "It heals"}, {"id": "2", "title": "No"}]}
    asked = {"conversation": desk.conversation, "text": "What do you want?", "interactive": choices}
    [finding, *_] = desk.agent.post("/replies/check", asked)["line"]["findings"]
    assert (finding["clause"], finding["at"]) == ("law.health", None)
    brand, began = desk.path.split("/")[2], end(desk.editor)
    canned = {"brand": brand, "title": "Cure", "shortcut": "cure", "text": "It heals"}
    assert desk.editor.call("POST", "/canned-replies", canned).problem == (422, "against_the_line")
    kept = desk.editor.post("/canned-replies", {**canned, "text": "It helps"})
    changed = desk.editor.call("PATCH", f"/canned-replies/{kept['id']}", {"text": "It heals"})
    assert changed.problem == (422, "against_the_line")
    type = "canned_reply.against_the_line"
    events = until_told(desk.editor, began, [type, type], type=type)
    assert [event["target"] for event in events] == [brand, kept["id"]]
    assert {event["data"]["moderation"]["clause"] for event in events} == {"law.health"}
    assert "heals" not in str(events)


def test_a_reply_in_another_language_than_the_customers_is_warned_of_and_goes(desk: Desk) -> None:
    desk.publishes()
    said = desk.fan.channel.message(desk.fan.says("Ich warte seit drei Wochen auf das Paket, und es ist nicht da"))
    english, german = "We are sorry that it is not there yet", "Es tut uns leid, dass es noch nicht da ist"
    findings = [
        (finding["code"], finding["level"], finding["suggestion"])
        for finding in desk.checks(english)["line"]["findings"]
    ]
    assert findings == [("language", "warn", "de")]
    assert desk.checks(german)["line"]["findings"] == []
    assert desk.says(english).json["needs"]["count"] == 0
    assert desk.checks(english)["line"]["findings"]  # what we said last does not matter
    assert desk.checks(english, reply_to=said["id"])["line"]["findings"]


def test_a_text_that_a_purpose_asks_for_is_approved_where_it_is_missing(desk: Desk) -> None:
    required = [{"when": "advertising", "text": "Advertisement"}, {"when": "official", "text": "Maison Lune"}]
    desk.publishes(required=required)
    assert desk.says("Look at our bags").json["needs"]["count"] == 0
    [finding] = desk.checks("Look at our bags", purposes=["advertising"])["line"]["findings"]
    assert (finding["code"], finding["level"], finding["suggestion"]) == ("required", "approval", "Advertisement")
    pending = desk.says("Look at our bags", purposes=["advertising"]).json
    assert (pending["status"], pending["needs"]["count"], pending["purposes"]) == ("pending", 1, ["advertising"])
    edited = desk.agent.patch(f"/replies/{pending['id']}", {"text": "Advertisement: look at our bags"})
    assert desk.agent.post(f"/replies/{edited['id']}/submit", {})["needs"]["count"] == 0
    assert desk.checks("We regret it", official=True)["line"]["findings"][0]["suggestion"] == "Maison Lune"
