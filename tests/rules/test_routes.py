"""Rules and term lists are written, tried, set live and removed over the API."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.rules import rulebooks
from chalicelib.store import fence
from tests.support.stack import Agency, Member, Stack, number

WHEN = {"all": [{"field": "category", "is": "insult"}, {"field": "surface", "is": "comment"}]}
SAID: dict[str, Any] = {"clause": "respect.insults", "when": WHEN, "then": [{"do": "hide"}]}
DESPITE = {"state": "live", "despite": "Tried by hand."}


@pytest.fixture(scope="module")
def brand(stack: Stack) -> Agency:
    return stack.brand()


def written(brand: Agency, **more: Any) -> Any:
    return brand.owner.post("/rules", {"brand": brand.brand, "name": "Insults", **SAID, **more})


def test_new_brand_has_rules_in_shadow_one_for_each_clause(stack: Stack) -> None:
    brand = stack.brand()
    rules = brand.owner.get(f"/brands/{brand.brand}/rules")["items"]
    assert {rule["state"] for rule in rules} == {"shadow"}
    line = brand.owner.get(f"/brands/{brand.brand}/line")["line"]
    assert {rule["clause"] for rule in rules} == {clause["id"] for clause in line["clauses"]}


def test_change_of_a_live_rule_is_tried_in_shadow_while_the_old_one_works(brand: Agency) -> None:
    owner, rule = brand.owner, written(brand)
    path = f"/rules/{rule['id']}"
    assert (rule["state"], rule["version"], rule["live"]) == ("draft", 1, None)
    assert owner.call("POST", f"{path}/state", {"state": "live"}).problem == (409, "not_tested")
    assert owner.post(f"{path}/state", DESPITE)["state"] == "live"
    named = owner.patch(path, {"name": "All insults"})
    assert (named["name"], named["state"], named["version"]) == ("All insults", "live", 2)
    changed = owner.patch(path, {"then": [{"do": "queue"}]})
    assert (changed["state"], changed["version"], changed["live"]["version"]) == ("shadow", 3, 2)
    assert (changed["then"], changed["live"]["then"]) == ([{"do": "queue"}], [{"do": "hide"}])
    stale = owner.call("PATCH", path, {"name": "Late"}, headers={"If-Match": '"2"'})
    assert stale.problem == (412, "precondition_failed")
    assert owner.call("DELETE", path).problem == (409, "rule_is_live")
    assert owner.post(f"{path}/state", {"state": "shadow"})["live"] is None
    retired = owner.post(f"{path}/state", {"state": "retired"})
    assert (retired["state"], retired["live"]) == ("retired", None)
    owner.delete(path)
    assert owner.call("GET", path).problem == (404, "not_found")


def test_rules_are_asked_in_the_order_that_was_said(brand: Agency) -> None:
    owner, place = brand.owner, f"/brands/{brand.brand}/rules"
    first = written(brand)["id"]
    ids = [rule["id"] for rule in owner.get(place, limit=100)["items"]]
    assert ids[-1] == first
    owner.put(f"{place}/order", {"rules": [first, *ids[:-1]]})
    assert owner.get(place, limit=1)["items"][0]["id"] == first
    assert owner.call("PUT", f"{place}/order", {"rules": ids[1:]}).problem == (422, "not_all")


def test_rule_is_tried_on_a_text_and_on_what_is_known_of_its_author(brand: Agency) -> None:
    owner = brand.owner
    path = f"/rules/{written(brand)['id']}/test"
    tried = owner.post(path, {"text": "You w4nker"})
    assert (tried["matches"], tried["acts"]) == (True, [{"do": "hide"}])
    assert (tried["findings"][0]["how"], tried["findings"][0]["spans"][0]["text"]) == (["leet"], "w4nker")
    assert owner.post(path, {"text": "You w4nker", "surface": "dm"})["matches"] is False
    often = written(brand, when={"field": "strikes", "at_least": 3})["id"]
    assert owner.post(f"/rules/{often}/test", {"text": "Hello"})["matches"] is False
    assert owner.post(f"/rules/{often}/test", {"text": "Hello", "strikes": 3})["matches"] is True


@pytest.mark.parametrize(
    ("more", "problem", "field"),
    [
        ({"clause": "respect.nothing"}, (422, "unknown_clause"), "clause"),
        ({"then": []}, (422, "invalid"), "then"),
        ({"then": [{"do": "label"}]}, (422, "bad_act"), "then.0.label"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, (422, "bad_times"), "ends_at"),
    ],
    ids=[
        "a clause that is not there",
        "nothing to do",
        "a label without one",
        "in the past",
    ],
)
def test_rule_that_cannot_be_is_refused(brand: Agency, more: Any, problem: tuple[int, str], field: str) -> None:
    """MO-13"""
    answer = brand.owner.call("POST", "/rules", {"brand": brand.brand, "name": "Wrong", **SAID, **more})
    assert (answer.problem, answer.json["field"]) == (problem, field)


def test_only_who_may_activate_sets_live_and_no_key_does(stack: Stack, brand: Agency) -> None:
    path = f"/rules/{written(brand)['id']}/state"
    manager = stack.someone(stack.ours, "conversation_manager", [brand.brand])
    assert manager.call("POST", path, DESPITE).problem == (403, "forbidden")
    grants = [{"role": "community_manager", "brands": [brand.brand]}]
    key = Member(stack.api, brand.owner.post("/api-keys", {"name": f"K{number()}", "grants": grants})["key"])
    assert key.call("POST", path, DESPITE).problem == (403, "people_only")


def test_line_that_lost_the_clause_of_a_live_rule_is_not_published(stack: Stack) -> None:
    brand = stack.brand()
    owner, place = brand.owner, f"/brands/{brand.brand}/line"
    rule = written(brand)
    owner.post(f"/rules/{rule['id']}/state", DESPITE)
    line = owner.get(place)["line"]
    line["clauses"] = [clause for clause in line["clauses"] if clause["id"] != "respect.insults"]
    owner.put(place, line)
    refused = owner.call("POST", f"{place}/publish", {})
    assert (refused.problem, refused.json["rules"]) == ((409, "clause_cited"), [rule["id"]])
    owner.post(f"/rules/{rule['id']}/state", {"state": "retired"})
    owner.post(f"{place}/publish", {})


def test_rule_that_looks_for_everyday_words_goes_live_with_a_reason_only(brand: Agency) -> None:
    """MO-11"""
    owner = brand.owner
    listed = owner.post("/term-lists", {"brand": brand.brand, "name": "Rivals", "entries": ["zorblax", "orange"]})
    rule = written(brand, when={"field": "term_list", "is": listed["id"]})
    path = f"/rules/{rule['id']}"
    with fence.within(brand.id):
        rulebooks.note_test(actors.system(brand.id), rule["id"], rule["version"], clock.now(), clock.now())
    refused = owner.call("POST", f"{path}/state", {"state": "live"})
    assert (refused.problem, refused.json["field"]) == ((409, "everyday_words"), "despite")
    assert refused.json["term_lists"] == [listed["id"]]
    assert owner.post(f"{path}/state", {"state": "shadow"})["state"] == "shadow"
    assert owner.post(f"{path}/state", {"state": "live", "despite": "The colour is never meant."})["state"] == "live"
    owner.post(f"{path}/state", {"state": "retired"})
    owner.patch(f"/term-lists/{listed['id']}", {"entries": ["zorblax"]})
    assert owner.post(f"{path}/state", {"state": "live"})["state"] == "live"
    owner.post(f"{path}/state", {"state": "retired"})


def test_term_list_finds_its_words_in_disguise_and_lets_others_through(brand: Agency) -> None:
    owner = brand.owner
    made = owner.post(
        "/term-lists",
        {"brand": brand.brand, "name": "Rivals", "entries": ["zorblax", "gnar*"], "allowed": ["gnarly"]},
    )
    path = f"/term-lists/{made['id']}"
    findings = owner.post(f"{path}/test", {"text": "z o r b l a x is gnarly, gnarled"})["findings"]
    assert [finding["spans"][0]["text"] for finding in findings] == ["z o r b l a x", "gnarled"]
    assert {finding["term_list"] for finding in findings} == {made["id"]}
    changed = owner.patch(path, {"entries": ["the", "zorblax"]})
    assert [(warning["place"], warning["code"]) for warning in changed["warnings"]] == [(0, "everyday_word")]
    assert made["id"] in [term_list["id"] for term_list in owner.get(f"/brands/{brand.brand}/term-lists")["items"]]
    assert owner.get(path) == changed
    owner.delete(path)
    assert owner.call("GET", path).problem == (404, "not_found")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (["x"], "too_short"),
        (["*"], "cannot_be_read"),
        (["**ab*"], "cannot_be_read"),
        (["a" * 61], "too_long"),
        (["fo+"], "cannot_be_read"),
        (["abc*"], "too_short"),
    ],
    ids=["one letter", "a star", "three stars", "61 letters", "a sign", "a short beginning"],
)
def test_entry_that_cannot_be_looked_for_is_refused_with_its_place(
    brand: Agency, entries: list[str], code: str
) -> None:
    body = {"brand": brand.brand, "name": f"L{number()}", "entries": ["fine", *entries]}
    answer = brand.owner.call("POST", "/term-lists", body)
    assert (answer.problem, answer.json["field"]) == ((422, "term_faults"), "entries.1")
    assert answer.json["faults"] == [{"field": "entries", "place": 1, "code": code}]


def test_what_the_detector_knows_is_shown_by_language_and_can_be_allowed(brand: Agency) -> None:
    page = brand.owner.get("/lexicon", language="fr", category="insult", limit=2)
    following = brand.owner.get("/lexicon", language="fr", category="insult", limit=2, cursor=page["next"])
    words = [entry["word"] for entry in (*page["items"], *following["items"])]
    assert len(set(words)) == 4
    assert {entry["category"] for entry in page["items"]} == {"insult"}
    assert brand.owner.call("GET", "/lexicon", language="it").problem == (422, "invalid")
