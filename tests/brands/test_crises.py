"""Somebody says that a brand is in a crisis, until a time; rules may mean something then."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.brands import brands, crises
from chalicelib.rules import looking, policies
from chalicelib.rules.policies import Policy
from chalicelib.store import fence
from chalicelib.store.models.brands import Brand
from tests.moderation.test_facts import policy
from tests.support.feed import end, until_told
from tests.support.stack import Member, Stack, number

NOW = clock.parse("2026-11-29T12:00:00Z")
ON = {"field": "crisis", "is": True}


@pytest.mark.parametrize(("until", "is_on"), [(NOW + 1, True), (NOW, False), (0, False)])
def test_crisis_is_told_to_rules_that_ask_until_its_time(until: int, is_on: bool) -> None:
    asked = policy("crisis")
    in_one = Policy(asked.revision, asked.line, asked.rules, asked.lexicon, asked.names, crisis=until)
    assert looking.of_brand(in_one, NOW) == {"crisis": is_on}
    assert looking.of_brand(policy("length"), NOW) == {}


def test_crisis_begins_is_changed_and_ends_and_that_is_told(stack: Stack) -> None:
    brand = stack.brand()
    owner, path, began = brand.owner, f"/brands/{brand.brand}/crisis", end(brand.owner)
    rule = {"brand": brand.brand, "name": "Crisis", "clause": "respect.insults", "when": ON, "then": [{"do": "queue"}]}
    id = owner.post("/rules", rule)["id"]
    for crisis in (True, False):
        assert owner.post(f"/rules/{id}/test", {"text": "Hello", "crisis": crisis})["matches"] is crisis
    owner.post(f"/rules/{id}/state", {"state": "live", "despite": "A test."})
    first = owner.put(path, {"reason": "A recall."})
    assert clock.parse(first["until"]) - clock.parse(first["since"]) == clock.DAY
    later = clock.text(clock.now() + 2 * clock.DAY)
    again = owner.put(path, {"reason": "Still.", "until": later})
    assert (again["since"], again["until"], again["reason"]) == (first["since"], later, "Still.")
    assert owner.get(f"/brands/{brand.brand}")["crisis"] == again
    assert asked(brand.id, brand.brand) == clock.parse(later)
    owner.call("DELETE", path)
    owner.call("DELETE", path)
    assert owner.get(f"/brands/{brand.brand}")["crisis"] is None
    assert asked(brand.id, brand.brand) == 0
    events = until_told(owner, began, ["brand.crisis_began", "brand.crisis_ended"], brand=brand.brand)
    types = [event["type"] for event in events if "crisis" in event["type"]]
    assert types == ["brand.crisis_began", "brand.crisis_began", "brand.crisis_ended"]


def asked(agency: str, brand: str) -> int:
    with fence.within(agency):
        return policies.read(agency, brand).crisis


def test_crisis_ends_at_its_time_and_not_before_a_later_one(stack: Stack) -> None:
    brand, now = stack.brand(), clock.now()
    system = actors.system(brand.id)

    def known() -> Brand:
        return brands.find(brand.id, brand.brand)

    with fence.within(brand.id):
        first = crises.until(crises.begin(system, known(), None, "A recall.", now))
        later = crises.until(crises.begin(system, known(), clock.text(first + clock.HOUR), "Still.", now))
        crises.run_out(system, brand.brand, first, first)
        assert crises.until(known()) == later
        for _ in range(2):
            crises.run_out(system, brand.brand, later, later)
        assert known().crisis is None


def test_crisis_is_said_by_people_who_set_rules_live_and_for_thirty_days_at_most(stack: Stack) -> None:
    brand = stack.brand()
    path, said = f"/brands/{brand.brand}/crisis", {"reason": "A recall."}
    moderator = stack.someone(stack.ours, "moderator", [brand.brand])
    assert moderator.call("PUT", path, said).problem == (403, "forbidden")
    grants = [{"role": "community_manager", "brands": [brand.brand]}]
    key = Member(stack.api, brand.owner.post("/api-keys", {"name": f"K{number()}", "grants": grants})["key"])
    for verb, body in (("PUT", said), ("DELETE", None)):
        assert key.call(verb, path, body).problem == (403, "people_only")
    for days in (-1, 31):
        until: Any = {**said, "until": clock.text(clock.now() + days * clock.DAY)}
        answer = brand.owner.call("PUT", path, until)
        assert (answer.problem, answer.json["field"]) == ((422, "bad_times"), "until")
