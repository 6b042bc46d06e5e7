"""A ban takes two people; while it lasts a person looks at all that the contact says."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors
from chalicelib.access import actors
from chalicelib.contacts import contacts
from chalicelib.moderation import bans, network_bans, standings
from chalicelib.rules import banned
from chalicelib.store import fence
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually

DAYS_AGO = 9 * clock.DAY
WHY = {"clause": "respect.insults", "reason": "Again and again."}


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


def known(stack: Stack, brand: Agency) -> tuple[Fan, str]:
    """Somebody who wrote long ago, which no rule looked at, and their contact."""
    fan = Fan(stack.connect("telegram", brand))
    message = fan.channel.message(fan.says("Hello", at=(clock.now() - DAYS_AGO) // 1000 * 1000))
    return fan, message["author"]["contact"]


def proposed(brand: Agency, contact: str, **more: Any) -> Any:
    return brand.owner.post(f"/contacts/{contact}/bans", {**WHY, **more})


def test_what_a_banned_contact_says_is_looked_at_until_the_ban_is_lifted(stack: Stack, brand: Agency) -> None:
    fan, contact = known(stack, brand)
    moderator = stack.someone(stack.ours, "moderator", [brand.brand])
    ban = moderator.post(f"/contacts/{contact}/bans", WHY)
    path = f"/bans/{ban['id']}"
    assert (ban["state"], ban["effective"], ban["until"]) == ("proposed", "here", None)
    assert moderator.call("POST", f"{path}/approve", {}).problem == (403, "forbidden")
    again = moderator.call("POST", f"/contacts/{contact}/bans", WHY)
    assert (again.problem, again.json["ban"]) == ((409, "banned"), ban["id"])
    assert brand.owner.post(f"{path}/approve", {})["state"] == "active"
    assert brand.owner.get(f"/contacts/{contact}/standing")["ban"] == ban["id"]
    message = fan.channel.message(fan.says("What a lovely day"))
    case = eventually(lambda: brand.owner.post("/cases/next", {"brand": brand.brand})["case"])
    assert (case["message"], case["why"], case["proposed"]) == (message["id"], ["banned"], None)
    lifted = brand.owner.post(f"{path}/lift", {"reason": "They said sorry."})
    assert (lifted["state"], lifted["decided_reason"]) == ("lifted", "They said sorry.")
    assert brand.owner.call("POST", f"{path}/lift", {"reason": "Again"}).problem == (409, "wrong_state")
    [listed] = brand.owner.get("/bans", brand=brand.brand, state="lifted")["items"]
    assert listed == brand.owner.get(path) == lifted
    assert is_gone_here(brand, contact)
    with fence.within(brand.id):
        assert standings.load(brand.id, contact).banned_before


def is_gone_here(brand: Agency, contact: str) -> bool:
    """True if nothing of a ban is left with us: nobody is looked at for its sake, and another may be proposed."""
    with fence.within(brand.id):
        left = banned.load(brand.id, brand.brand).contacts
    return not left and brand.owner.get(f"/contacts/{contact}/standing")["ban"] is None


def test_who_proposed_a_ban_does_not_approve_it_and_may_reject_it(stack: Stack, brand: Agency) -> None:
    """MO-28"""
    _, contact = known(stack, brand)
    path = f"/bans/{proposed(brand, contact)['id']}"
    assert brand.owner.call("POST", f"{path}/approve", {}).problem == (403, "own_proposal")
    assert brand.owner.post(f"{path}/reject", {"reason": "Not worth it."})["state"] == "rejected"
    assert proposed(brand, contact)["state"] == "proposed"
    with fence.within(brand.id):
        assert not standings.load(brand.id, contact).banned_before
    bad: list[tuple[dict[str, str], str]] = [
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": ""}, "until"),
        ({"clause": "no.such"}, "clause"),
    ]
    for more, field in bad:
        refused = brand.owner.call("POST", f"/contacts/{contact}/bans", {**WHY, **more})
        assert (refused.status, refused.json["field"]) == (422, field)


def test_who_proposed_a_ban_does_not_approve_it_as_another_member_nor_by_a_key_either(
    stack: Stack, brand: Agency
) -> None:
    """MO-28"""
    _, id = known(stack, brand)
    ana = replace(actors.system(brand.id), kind="member", member="mbr_1", subject="ana")
    with fence.within(brand.id):
        contact = contacts.find(brand.id, id)
        assert contact
        key = replace(ana, kind="key", member="key_1", subject="hash", maker=ana.person)
        for proposer in (ana, key):
            ban = bans.propose(proposer, contact, "respect.insults", "Again.", clock.now())
            with pytest.raises(errors.Forbidden) as refusal:
                bans.approve(replace(ana, member="mbr_2"), ban, clock.now())
            assert refusal.value.code == "own_proposal"
            bans.reject(ana, ban, "It was to be tried.", clock.now())
        ban = bans.propose(ana, contact, "respect.insults", "Again.", clock.now())
        with pytest.raises(errors.Forbidden) as refusal:
            bans.approve(replace(key, maker={"member": "mbr_3", "subject": "ben"}), ban, clock.now())
        assert refusal.value.code == "people_only"
        assert bans.approve(replace(ana, member="mbr_3", subject="ben"), ban, clock.now()).state == "active"


def test_who_is_banned_from_one_brand_is_not_from_another(stack: Stack, brand: Agency) -> None:
    """MO-28"""
    fan, contact = known(stack, brand)
    other = stack.brand()
    there = Fan(stack.connect("telegram", other), id=fan.id)
    known_there = there.channel.message(there.says())["author"]["contact"]
    ban = proposed(brand, contact)["id"]
    stack.someone(stack.ours, "community_manager", [brand.brand]).post(f"/bans/{ban}/approve", {})
    assert brand.owner.get(f"/contacts/{contact}/standing")["ban"] == ban
    assert brand.owner.get(f"/contacts/{known_there}/standing")["ban"] is None
    with fence.within(brand.id):
        assert [bool(banned.load(brand.id, agency.brand).contacts) for agency in (brand, other)] == [True, False]


def test_ban_ends_by_its_time_there_and_here_and_twice_is_once(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("x", brand))
    contact = fan.channel.message(fan.says("Hello"))["author"]["contact"]
    until = (clock.now() + clock.DAY) // 1000 * 1000
    ban = proposed(brand, contact, until=clock.text(until))
    manager = stack.someone(stack.ours, "community_manager", [brand.brand])
    path = f"/bans/{ban['id']}"
    manager.post(f"{path}/approve", {})
    time_passes(clock.MINUTE)
    eventually(lambda: shown_on(brand.owner.get(path), "banned"))
    assert not is_gone_here(brand, contact)
    with fence.within(stack.ours.id):
        for _ in range(2):
            bans.end(actors.system(stack.ours.id), ban["id"], until, clock.now())
    assert (brand.owner.get(path)["state"], is_gone_here(brand, contact)) == ("ended", True)
    time_passes(clock.MINUTE)
    eventually(lambda: shown_on(brand.owner.get(path), "let_in"))
    asked = [call["path"].rpartition("/")[2] for call in fan.channel.calls() if f"/users/{fan.id}/dm/" in call["path"]]
    assert asked == ["block", "unblock"]


def test_network_that_can_keep_somebody_away_is_asked_to_and_to_let_them_in_again(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("x", brand))
    contact = fan.channel.message(fan.says("Hello"))["author"]["contact"]
    path = f"/bans/{proposed(brand, contact)['id']}"
    stack.someone(stack.ours, "community_manager", [brand.brand]).post(f"{path}/approve", {})
    time_passes(clock.MINUTE)
    eventually(lambda: shown_on(brand.owner.get(path), "banned"))
    assert brand.owner.get(path)["effective"] == "network"
    asked = [call["path"] for call in fan.channel.calls()]
    assert asked[-1].endswith(f"/users/{fan.id}/dm/block")
    brand.owner.post(f"{path}/lift", {"reason": "They said sorry."})
    time_passes(clock.MINUTE)
    eventually(lambda: shown_on(brand.owner.get(path), "let_in"))
    assert fan.channel.calls()[-1]["path"].endswith(f"/users/{fan.id}/dm/unblock")


def test_who_is_restricted_stays_and_writes_no_more_until_that_is_lifted(stack: Stack, brand: Agency) -> None:
    channel = stack.connect("telegram", brand)
    channel.tell("group_message", user=77, name="Ana")
    contact = eventually(channel.messages)[0]["author"]["contact"]
    path = f"/bans/{proposed(brand, contact, extent='restrict')['id']}"
    stack.someone(stack.ours, "community_manager", [brand.brand]).post(f"{path}/approve", {})
    with fence.within(brand.id):
        network_bans.carry_out(actors.system(brand.id), path.removeprefix("/bans/"), clock.now())
    shown = brand.owner.get(path)
    assert (shown["extent"], shown["effective"], shown["state"]) == ("restrict", "network", "active")
    assert shown_on(shown, "restricted", "telegram")
    brand.owner.post(f"{path}/lift", {"reason": "They said sorry."})
    with fence.within(brand.id):
        network_bans.carry_out(actors.system(brand.id), path.removeprefix("/bans/"), clock.now())
    assert shown_on(brand.owner.get(path), "let_in", "telegram")
    asked = [call["json"] for call in channel.calls() if call["path"].endswith("/restrictChatMember")]
    assert [{*call["permissions"].values()} for call in asked] == [{False}, {True}]


def shown_on(ban: Any, state: str, network: str = "x") -> bool:
    return bool(ban["networks"] == [{"network": network, "state": state}])


def test_ban_that_the_network_refuses_holds_here_and_one_that_is_put_off_is_tried_again(
    stack: Stack, brand: Agency
) -> None:
    fan = Fan(stack.connect("x", brand))
    contact = fan.channel.message(fan.says("Hello"))["author"]["contact"]
    ban = proposed(brand, contact)["id"]
    stack.someone(stack.ours, "community_manager", [brand.brand]).post(f"/bans/{ban}/approve", {})
    for failure, state in (("unavailable", None), ("rejected", "refused"), ("", "banned")):
        if failure:
            stack.behave("x", failure, path="/dm/block", token=fan.channel.token)
        with fence.within(brand.id):
            actor = actors.system(brand.id)
            if state is None:
                with pytest.raises(errors.Unavailable):
                    network_bans.carry_out(actor, ban, clock.now())
            else:
                network_bans.carry_out(actor, ban, clock.now())
                assert bans.view(bans.get(actor, ban))["networks"] == [{"network": "x", "state": state}]
