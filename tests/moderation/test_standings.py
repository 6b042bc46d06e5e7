"""Strikes count by the clock, and are taken back by a person with a reason."""

from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.moderation import standings
from chalicelib.store import fence
from chalicelib.store.models.moderation import Decision
from tests.moderation.test_cases import publish
from tests.support.people import Fan
from tests.support.stack import Stack

STRIKES = [{"at": 0, "weight": 10, "decision": "dec_1"}, {"at": 10, "weight": 3, "decision": "dec_2"}]


@pytest.mark.parametrize(("days", "points"), [(0, 13), (30, 7), (60, 3), (179, 0), (181, 0)])
def test_strikes_count_half_after_thirty_days(days: int, points: int) -> None:
    assert standings.points(STRIKES, days * clock.DAY) == points


def test_strikes_are_shown_and_taken_back(stack: Stack) -> None:
    brand = stack.brand()
    publish(brand)
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says("Something vile"))
    owner.post(f"/messages/{message['id']}/hide", {"clause": "respect.hate"})
    path = f"/contacts/{message['author']['contact']}/standing"
    shown = owner.get(path)
    assert (shown["points"], [strike["weight"] for strike in shown["strikes"]]) == (3, [3])
    moderator = stack.someone(stack.ours, "moderator", [brand.brand])
    reason = {"reason": "They said sorry."}
    assert moderator.call("POST", f"{path}/reset", reason).problem == (403, "forbidden")
    assert owner.call("POST", f"{path}/reset", {}).problem == (422, "invalid")
    for _ in range(2):
        left = owner.post(f"{path}/reset", reason)
        assert (left["points"], left["strikes"], left["ban"]) == (0, [], None)


@pytest.mark.parametrize(("races", "is_told"), [(4, False), (5, True)])
def test_a_change_that_others_are_always_faster_than_is_told_and_not_forgotten(
    stack: Stack, races: int, is_told: bool
) -> None:
    contact, others = ids.new("ctc"), iter(range(races))

    def add(strikes: list[Any]) -> list[Any]:
        if (other := next(others, None)) is not None:
            faster = Decision(
                "a", "b", id=f"dec_{other}", brand="brd_1", contact=contact, strike=1, matches=[], acts=[]
            )
            standings.strike(stack.ours.id, faster, 0)
        return [*strikes, STRIKES[0]]

    def change() -> None:
        standings._change(stack.ours.id, contact, add, {})

    with fence.within(stack.ours.id):
        if is_told:
            with pytest.raises(errors.Unavailable):
                change()
        change()
        kept = [strike["decision"] for strike in standings.load(stack.ours.id, contact).strikes]
    assert kept == [*(f"dec_{other}" for other in range(races)), "dec_1"]
