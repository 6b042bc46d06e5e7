"""A line is drafted, published in versions that never change, and asked about a text."""

from typing import Any

import pytest

from tests.support import audits
from tests.support.answer_contract import Answer
from tests.support.stack import Stack

CLAIMS = {"id": "law.health", "title": "No promises of health", "severity": 3, "found_by": "people"}
VOICE = {
    "forbidden_claims": [{"words": ["heals"], "clause": "law.health"}],
    "forbidden_words": [{"words": ["cheap"], "say": "fair"}],
}
LINE = {"language": "en", "clauses": [CLAIMS], "voice": VOICE}


class Desk:
    """A brand that nobody else uses, and who writes its line."""

    def __init__(self, stack: Stack) -> None:
        self.brand = stack.ours.owner.post("/brands", {"name": "Maison Lune"})["id"]
        self.editor = stack.someone(stack.ours, "community_manager", [self.brand])
        self.client = stack.someone(stack.ours, "client", [self.brand])
        self.path = f"/brands/{self.brand}/line"

    def save(self, content: dict[str, Any], version: int | None = None) -> Answer:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.editor.call("PUT", self.path, content, headers=headers)

    def publish(self, **body: Any) -> Answer:
        return self.editor.call("POST", f"{self.path}/publish", body)

    def check(self, text: str, **more: Any) -> Any:
        return self.editor.post(f"{self.path}/check", {"text": text, **more})


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def test_a_brand_begins_with_a_starter_which_is_not_in_force(desk: Desk) -> None:
    starter = desk.editor.get(desk.path, language="fr")
    assert (starter["version"], starter["in_force"], starter["saved_at"]) == (0, None, None)
    assert starter["line"]["clauses"][0]["title"] == "Pas d’insultes"
    checked = desk.check("You absolute wankers")
    assert checked["version"] is None
    assert [(finding["code"], finding["level"], finding["clause"]) for finding in checked["findings"]] == [
        ("insult", "block", "respect.insults")
    ]
    assert desk.editor.every(f"{desk.path}/versions") == []


def test_what_is_published_is_numbered_and_stays_as_it_is(desk: Desk) -> None:
    assert desk.publish(note="As it comes").json["number"] == 1
    assert desk.publish().problem == (409, "line_unchanged")
    draft = desk.editor.get(desk.path)
    assert (draft["version"], draft["in_force"]) == (1, 1)
    assert desk.save(LINE, 1).json["version"] == 2
    assert desk.save(LINE, 1).problem == (412, "precondition_failed")
    second = desk.publish().json
    assert second["changes"]["added"] == ["law.health"]
    assert "respect.insults" in second["changes"]["removed"]
    first = desk.client.get(f"{desk.path}/versions/1")
    assert (first["note"], len(first["line"]["clauses"])) == ("As it comes", 6)
    assert [version["number"] for version in desk.client.every(f"{desk.path}/versions", limit=1)] == [2, 1]
    for number in ("0", "3", "x", "00001"):
        assert desk.client.call("GET", f"{desk.path}/versions/{number}").problem == (404, "not_found")
    back = {"language": "en", "clauses": [{"id": "respect.insults", "title": "Back", "found_by": "people"}]}
    assert desk.save(back).status == 200
    refused = desk.publish()
    assert refused.problem == (422, "line_faults")
    assert refused.json["faults"] == [{"field": "clauses.0.id", "code": "used_before"}]


def test_versions_are_compared_by_all_and_the_draft_by_who_edits_it(desk: Desk) -> None:
    path = f"{desk.path}/diff"
    fresh = desk.editor.get(path)
    assert (fresh["from"], fresh["to"], len(fresh["added"])) == (None, "draft", 6)
    desk.publish()
    desk.save(LINE)
    desk.publish()
    desk.save({**LINE, "summary": "Short"})
    between = desk.client.get(path, **{"from": "1", "to": "2"})
    assert [clause["id"] for clause in between["added"]] == ["law.health"]
    assert (len(between["removed"]), between["parts"]) == (6, {"before": {}, "after": {"voice": VOICE}})
    back = desk.client.get(path, **{"from": "2", "to": "1"})
    assert (back["added"], back["removed"]) == (between["removed"], between["added"])
    drafted = desk.editor.get(path)
    assert (drafted["from"], drafted["to"]) == ("2", "draft")
    assert drafted["parts"] == {"before": {}, "after": {"summary": "Short"}}
    assert desk.editor.get(path, **{"from": "draft"})["parts"] == {"before": {}, "after": {}}
    for query, problem in (
        ("", (403, "forbidden")), ("?from=draft&to=1", (403, "forbidden")), ("?from=1&to=3", (404, "not_found")),
        ("?from=0&to=1", (422, "invalid")), ("?from=1&to=last", (422, "invalid")),
    ):  # fmt: skip
        assert desk.client.call("GET", path + query).problem == problem
    assert desk.client.call("GET", f"{path}?from=1&to=last").json["field"] == "to"


def test_a_text_is_checked_by_the_line_in_force(desk: Desk) -> None:
    desk.save(LINE)
    assert desk.publish().status == 201
    checked = desk.check("It heals, and it is cheap", surface="dm")
    assert checked == {
        "version": 1,
        "findings": [
            {"code": "forbidden_claim", "level": "block", "clause": "law.health", "suggestion": None,
             "at": 3, "length": 5, "at16": 3},
            {"code": "forbidden_word", "level": "warn", "clause": None, "suggestion": "fair",
             "at": 20, "length": 5, "at16": 20},
        ],
    }  # fmt: skip
    assert desk.check("")["findings"] == []


def test_who_does_not_edit_the_line_reads_what_is_in_force(desk: Desk) -> None:
    for verb, path in (("GET", desk.path), ("PUT", desk.path), ("POST", f"{desk.path}/publish")):
        assert desk.client.call(verb, path, LINE if verb == "PUT" else None).problem == (403, "forbidden")
    assert desk.client.every(f"{desk.path}/versions") == []


def test_a_key_does_not_publish(stack: Stack, desk: Desk) -> None:
    grants = [{"role": "community_manager", "brands": [desk.brand]}]
    key = stack.ours.owner.post("/api-keys", {"name": "Editor", "grants": grants})["key"]
    desk.editor = type(desk.editor)(stack.api, key)
    assert desk.save(LINE).status == 200
    assert desk.publish().problem == (403, "keys_do_not_publish")


def test_an_earlier_version_comes_back_with_the_ids_of_its_clauses(desk: Desk) -> None:
    """MO-25, MO-26"""
    desk.publish()
    desk.save(LINE)
    assert desk.publish().status == 201
    assert desk.editor.call("POST", f"{desk.path}/restore", {"number": 3}).problem == (404, "not_found")
    old = desk.editor.get(f"{desk.path}/versions/1")["line"]
    stale = {"If-Match": '"1"'}
    assert desk.editor.call("POST", f"{desk.path}/restore", {"number": 1}, headers=stale).status == 412
    assert desk.editor.post(f"{desk.path}/restore", {"number": 1})["line"] == old
    assert desk.publish().json["number"] == 3


def test_what_was_saved_since_the_version_in_force_is_discarded(stack: Stack, desk: Desk) -> None:
    def discard(version: int) -> Any:
        return desk.editor.call("DELETE", desk.path, headers={"If-Match": f'"{version}"'})

    assert discard(0).json["version"] == 0
    desk.save({**LINE, "language": "fr"})
    begun = discard(1).json
    assert (begun["version"], begun["line"]) == (2, desk.editor.get(desk.path)["line"])
    assert begun["line"]["clauses"][0]["title"] == "Pas d’insultes"
    desk.publish()
    desk.save(LINE)
    assert desk.client.call("DELETE", desk.path).problem == (403, "forbidden")
    assert discard(3).problem == (412, "precondition_failed")
    assert [discard(4).json["version"], discard(5).json["version"]] == [5, 5]
    assert (desk.editor.get(desk.path)["line"], desk.publish().problem) == (begun["line"], (409, "line_unchanged"))
    done = audits.recent(stack.ours.owner, target=desk.brand, action="line.discard")
    assert [entry["after"]["removed"] for entry in done] == [["law.health"], ["law.health"]]


def test_where_four_eyes_are_wanted_nobody_publishes_their_own_draft(stack: Stack, desk: Desk) -> None:
    """MO-26"""
    stack.ours.owner.patch(f"/brands/{desk.brand}", {"settings": {"line_four_eyes": True}})
    desk.save(LINE)
    assert desk.publish().problem == (403, "own_draft")
    assert stack.ours.owner.call("POST", f"{desk.path}/publish", {}).json["number"] == 1
