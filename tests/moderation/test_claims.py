"""A case is given to one person at a time; who has it keeps it, gives it back, or loses it once the claim ran out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.access import actors
from chalicelib.access.actors import Actor
from chalicelib.moderation import cases, claims
from chalicelib.store import fence
from chalicelib.store.models.moderation import Case
from tests.moderation.test_cases import moderator, told_of, waiting
from tests.support import audits
from tests.support.stack import Agency, Channel, Member, Stack


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


@pytest.fixture
def channel(stack: Stack, brand: Agency) -> Channel:
    return stack.connect("facebook", brand)


def test_no_case_is_given_to_two_and_none_is_lost(stack: Stack, brand: Agency, channel: Channel) -> None:
    cases = {case["id"] for case in waiting(channel, 12)}
    people = [moderator(stack, brand) for _ in range(4)]

    def works(person: Member) -> list[str]:
        decided = []
        while case := person.post("/cases/next", {"brand": brand.brand})["case"]:
            person.post(f"/cases/{case['id']}/decide", {"act": "nothing"})
            decided.append(case["id"])
        return decided

    with ThreadPoolExecutor(len(people)) as pool:
        done = [id for decided in pool.map(works, people) for id in decided]
    assert sorted(done) == sorted(cases)
    closed = brand.owner.get("/cases", brand=brand.brand, state="done", limit=100)["items"]
    assert {case["id"] for case in closed} == cases


def test_claim_is_kept_given_back_and_skipped(stack: Stack, brand: Agency, channel: Channel) -> None:
    [case] = waiting(channel)
    path, member, other = f"/cases/{case['id']}", moderator(stack, brand), moderator(stack, brand)
    held = member.post(f"{path}/claim", {})
    assert held["holder"] == member.get("/me")["member"]
    assert other.call("POST", f"{path}/claim", {}).problem == (409, "claimed")
    assert member.post(f"{path}/claim", {})["held_until"] >= held["held_until"]
    assert member.post(f"{path}/release", {})["holder"] is None
    assert other.post(f"{path}/skip", {})["holder"] is None
    assert other.post("/cases/next", {})["case"] is None
    assert member.post("/cases/next", {})["case"]["id"] == case["id"]
    assert member.get(path)["state"] == "open"


def test_claim_that_ran_out_is_given_to_the_next_and_what_was_skipped_comes_back_after_an_hour(
    brand: Agency, channel: Channel
) -> None:
    """MO-21"""
    [case] = waiting(channel)
    now = clock.now()
    ana, ben = (replace(actors.system(brand.id), member=member) for member in ("mbr_ana", "mbr_ben"))

    def offered(actor: Actor, at: int) -> Case | None:
        with fence.within(brand.id):
            return claims.next_for(actor, [brand.brand], at)

    assert offered(ana, now)
    assert offered(ben, now + claims.HELD_MS - 1) is None
    later = now + claims.HELD_MS
    taken = offered(ben, later)
    assert taken
    with fence.within(brand.id), pytest.raises(errors.Conflict):
        claims.claim(ana, taken, later)
    with fence.within(brand.id):
        claims.release(ben, taken, later, skip=True)
    assert offered(ben, later + claims.SKIPPED_MS - 1) is None
    returned = offered(ben, later + claims.SKIPPED_MS)
    assert returned
    assert returned.id == case["id"]
    with fence.within(brand.id):
        assert claims.claim(ben, returned, returned.held_until + 1).holder == "mbr_ben"  # nobody took it meanwhile


def test_case_that_is_passed_on_is_for_who_publishes_the_line_and_not_for_who_passed_it_on(
    stack: Stack, brand: Agency, channel: Channel
) -> None:
    [case] = waiting(channel)
    path, member, other = f"/cases/{case['id']}", moderator(stack, brand), moderator(stack, brand)
    editor = stack.someone(stack.ours, "community_manager", [brand.brand])
    asked = {"brand": brand.brand}
    assert member.post("/cases/next", asked)["case"]["id"] == case["id"]
    assert other.call("POST", f"{path}/pass-on").problem == (409, "claimed")
    passed = member.post(f"{path}/pass-on", {"reason": "It is about the press."})
    assert (passed["holder"], passed["passed_on"]["by"]) == (None, member.get("/me")["member"])
    assert [person.post("/cases/next", asked)["case"] for person in (member, other)] == [None, None]
    for act in ("claim", "decide"):
        body = {"act": "nothing"} if act == "decide" else {}
        assert other.call("POST", f"{path}/{act}", body).problem == (403, "passed_on")
    assert editor.post("/cases/next", asked)["case"]["id"] == case["id"]
    editor.post(f"{path}/pass-on")
    assert editor.post("/cases/next", asked)["case"] is None
    assert brand.owner.post(f"{path}/decide", {"act": "nothing"})["state"] == "done"
    assert brand.owner.call("POST", f"{path}/pass-on").problem == (409, "decided")


def test_who_lost_a_case_as_the_claim_ran_out_is_told(brand: Agency, channel: Channel) -> None:
    [case] = waiting(channel)
    then = clock.now() - claims.HELD_MS
    with fence.within(brand.id):
        ana = replace(actors.system(brand.id), member="mbr_ana")
        assert claims.claim(ana, cases.get(ana, case["id"]), then)
    taken = brand.owner.post(f"/cases/{case['id']}/claim")
    [entry] = told_of(brand, case["id"], "case.take_over")
    assert (entry["before"]["holder"], entry["after"]["holder"]) == ("mbr_ana", taken["holder"])
    brand.owner.post(f"/cases/{case['id']}/claim")
    assert len(told_of(brand, case["id"], "case.take_over")) == 1


def test_case_that_somebody_has_is_given_back_by_nobody_but_who_takes_over(
    stack: Stack, brand: Agency, channel: Channel
) -> None:
    [case] = waiting(channel)
    path, member, other = f"/cases/{case['id']}", moderator(stack, brand), moderator(stack, brand)
    taken = member.post("/cases/next", {"brand": brand.brand})["case"]
    for what in ("release", "skip"):
        assert other.call("POST", f"{path}/{what}", {}).problem == (409, "claimed")
    assert member.get(path)["holder"] == taken["holder"]
    member.post(f"{path}/claim", {})  # which is nothing new
    manager = stack.someone(stack.ours, "conversation_manager", [brand.brand])
    assert manager.post(f"{path}/release", {})["holder"] is None
    assert other.post(f"{path}/release", {})["version"] == member.get(path)["version"]
    other.post(f"{path}/skip", {})
    entries = [
        (entry["action"], entry["performed_by"]["id"], entry["before"]["holder"])
        for entry in all_told(brand, case["id"])
    ]
    ids = [person.get("/me")["member"] for person in (member, manager, other)]
    expected = [("case.claim", ids[0], None), ("case.release", ids[1], ids[0]), ("case.skip", ids[2], None)]
    assert entries == expected


def all_told(brand: Agency, target: str) -> list[Any]:
    return list(reversed(audits.recent(brand.owner, target=target)))
