"""What runs out in a conversation: which clock runs, from when, and what is worth telling on the way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.brands import settings as brand_settings
from chalicelib.brands.settings import Assignment, BrandSettings, Mode
from chalicelib.clock import HOUR
from chalicelib.store.models.inbox import Conversation
from chalicelib.teamwork import deadlines, rota
from chalicelib.teamwork.deadlines import Deadline

MINUTE = 60_000
LEVELS = {"name": "All", "first_response": 30, "next_response": 60, "resolution": 1440}


def conversation(**fields: Any) -> Conversation:
    usual = {"status": "open", "network": "messenger", "surface": "dm", "last_at": HOUR, "last_in_at": HOUR}
    return Conversation("agc_1#cnv_1", "conversation", **{**usual, **fields})


def names(conversation: Conversation, window: int | None = None, **settings: Any) -> list[str]:
    return [deadline.name for deadline in deadlines.running(conversation, brand_settings.of(settings), window)]


def test_first_answer_runs_until_it_is_given_and_the_next_ones_after() -> None:
    asked = conversation(opened_at=HOUR, waiting_since=HOUR)
    asked_again = conversation(opened_at=HOUR, waiting_since=3 * HOUR)
    answered = conversation(opened_at=HOUR)
    assert names(asked, service_levels=[LEVELS]) == ["first_response", "resolution"]
    assert names(asked_again, service_levels=[LEVELS]) == ["next_response", "resolution"]
    assert names(answered, service_levels=[LEVELS]) == ["resolution"]
    assert names(conversation(status="resolved", waiting_since=HOUR), 24, service_levels=[LEVELS]) == []


@pytest.mark.parametrize(
    ("fields", "policy"),
    [
        ({"labels": ["vip", "order"]}, "Important"),
        ({"priority": "urgent"}, "Urgent"),
        ({"surface": "comment"}, "Rest"),
        ({"surface": "comment", "labels": ["vip"]}, "Important"),
    ],
)
def test_first_policy_that_fits_decides(fields: dict[str, Any], policy: str) -> None:
    policies: list[dict[str, Any]] = [
        {"name": "Important", "labels": ["vip"]},
        {"name": "Urgent", "priorities": ["urgent"], "surfaces": ["dm"]},
        {"name": "Rest"},
    ]
    assert deadlines.policy_of(conversation(**fields), policies)["name"] == policy


def test_warnings_come_at_half_at_four_fifths_and_at_the_end() -> None:
    asked = conversation(opened_at=HOUR, waiting_since=HOUR)
    first = deadlines.running(asked, brand_settings.of({"service_levels": [LEVELS]}), None)[0]
    assert [first.reached(HOUR + minutes * MINUTE) for minutes in (0, 15, 24, 30, 99)] == [0, 50, 80, 100, 100]
    assert [first.next(HOUR + minutes * MINUTE) for minutes in (0, 15, 30)] == [
        HOUR + 15 * MINUTE, HOUR + 24 * MINUTE, None,
    ]  # fmt: skip


def test_time_is_counted_in_the_brands_hours_unless_it_is_counted_always() -> None:
    midnight = 7 * 24 * HOUR  # of a Thursday
    asked = conversation(opened_at=midnight, waiting_since=midnight)
    opening = {"hours": {"thursday": [["09:00", "18:00"]]}}
    in_hours = deadlines.running(asked, brand_settings.of({**opening, "service_levels": [LEVELS]}), None)[0]
    always = deadlines.running(
        asked, brand_settings.of({**opening, "service_levels": [{**LEVELS, "always": True}]}), None
    )[0]
    assert [deadline.due - midnight for deadline in (in_hours, always)] == [9 * HOUR + 30 * MINUTE, 30 * MINUTE]


def test_window_is_announced_two_hours_before_it_closes_while_somebody_waits() -> None:
    [closing] = deadlines.running(conversation(waiting_since=HOUR), BrandSettings(), 24)
    assert [at - HOUR for _, at in closing.marks] == [22 * HOUR, 24 * HOUR]
    assert names(conversation(), 24) == []


def test_silence_resolves_only_what_the_brand_has_answered() -> None:
    assert names(conversation(), auto_resolve_hours=24) == ["idle"]
    assert names(conversation(waiting_since=HOUR), auto_resolve_hours=24) == []
    assert names(conversation(status="snoozed"), auto_resolve_hours=24) == []


def test_assignee_has_their_time_from_when_they_got_it() -> None:
    rule = {"mode": "capacity", "roles": ["moderator"], "quiet_minutes": 10}
    [quiet] = deadlines.running(
        conversation(waiting_since=HOUR, assigned_at=2 * HOUR, assignee="mbr_1"),
        brand_settings.of({"assignment": rule}),
        None,
    )
    assert quiet.due == 2 * HOUR + 10 * MINUTE
    assert names(conversation(waiting_since=HOUR, assignee="tem_1"), assignment=rule) == []
    assert names(conversation(waiting_since=HOUR, assignee="mbr_1", status="snoozed"), assignment=rule) == []
    assert names(conversation(waiting_since=HOUR, assignee="mbr_1"), assignment={**rule, "mode": "off"}) == []


@given(st.integers(0, 10**12), st.lists(st.tuples(st.integers(1, 100), st.integers(1, 10**12)), min_size=1))
def test_a_mark_is_either_reached_or_still_to_come(now: int, marks: list[tuple[int, int]]) -> None:
    deadline = Deadline("any", 0, tuple(sorted(marks, key=lambda mark: mark[1])))
    upcoming = deadline.next(now)
    assert (upcoming is None) == (deadline.due <= now)
    assert upcoming is None or upcoming > now


MEMBERS = st.lists(st.sampled_from(["mbr_a", "mbr_b", "mbr_c", "mbr_d"]), min_size=1, unique=True)


@given(MEMBERS, st.integers(1, 50))
def test_turns_are_shared_evenly(there: list[str], count: int) -> None:
    modes: tuple[Mode, ...] = ("round_robin", "capacity")
    for mode in modes:
        last, loads = "", dict.fromkeys(there, 0)
        for _ in range(count):
            last = rota.pick(Assignment(mode), there, last, loads) or ""
            loads[last] += 1
        assert max(loads.values()) - min(loads.values()) <= 1


@given(MEMBERS, st.sampled_from(["round_robin", "capacity"]), st.integers(1, 5), st.data())
def test_nobody_gets_more_than_their_share(there: list[str], mode: Mode, limit: int, data: st.DataObject) -> None:
    loads = data.draw(st.fixed_dictionaries({member: st.integers(0, 6) for member in there}))
    assignee = rota.pick(Assignment(mode, limit=limit), there, data.draw(st.sampled_from(there)), loads)
    assert (assignee is None) == all(load >= limit for load in loads.values())
    assert assignee is None or loads[assignee] < limit
