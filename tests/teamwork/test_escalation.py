"""Answered in time: clocks that run in the brand's hours, warnings, turns, and what happens when nobody moves."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.support import audits
from tests.support.background import time_passes
from tests.support.people import Fan, now
from tests.support.stack import Agency, Member, Stack, eventually, number

MINUTE, HOUR = 60_000, 3_600_000
LEVELS = [{"name": "All", "first_response": 60, "next_response": 30, "resolution": 600, "always": True}]


@pytest.fixture
def brand(stack: Stack) -> Iterator[Agency]:
    """A brand of its own, so that what it asks for is asked of nobody else; its settings go when the test is over."""
    agency = stack.brand()
    yield agency
    asks(agency, assignment={"mode": "off", "roles": ["moderator"]})


def asks(brand: Agency, **settings: Any) -> None:
    brand.owner.patch(f"/brands/{brand.brand}", {"settings": settings})


def told(brand: Agency, conversation: str, action: str) -> list[Any]:
    """What was told of that kind about the conversation, the latest last."""
    entries = audits.recent(brand.owner, target=conversation, action=action)
    return [{**entry["after"], "by": entry["performed_by"]["kind"]} for entry in reversed(entries)]


def person(stack: Stack, brand: Agency, role: str = "moderator") -> tuple[Member, str]:
    member = stack.someone(brand, role, [brand.brand])
    return member, member.get("/me")["member"]


def test_clocks_run_and_warn_until_the_brand_answers(stack: Stack, brand: Agency) -> None:
    asks(brand, service_levels=LEVELS)
    fan = Fan(stack.connect("telegram", brand))
    id = fan.starts()["id"]
    clocks = eventually(lambda: fan.channel.conversation()["clocks"])
    assert [(clock["name"], clock["reached"]) for clock in clocks] == [("first_response", 0), ("resolution", 0)]
    for minutes, count in ((31, 1), (31, 1), (49, 2), (61, 2)):
        assert eventually(partial(warned, brand, id, minutes, count))
    assert [(entry["clock"], entry["reached"], entry["by"]) for entry in told(brand, id, "sla.warn")] == [
        ("first_response", 50, "system"), ("first_response", 80, "system"),
    ]  # fmt: skip
    late = eventually(lambda: time_passes(61 * MINUTE, id) and told(brand, id, "sla.miss"))
    assert [entry["clock"] for entry in late] == ["first_response"]
    fan.is_answered("Here we are")
    assert eventually(lambda: [clock["name"] for clock in fan.channel.conversation()["clocks"]] == ["resolution"])
    fan.says("And then?", at=now() + 1000)  # the network's clock knows seconds only: in the same one it came before
    names = eventually(lambda: [clock["name"] for clock in clocks] if len(clocks := _clocks(fan)) == 2 else None)
    assert names == ["next_response", "resolution"]


def warned(brand: Agency, conversation: str, minutes: int, count: int) -> bool:
    """True once so many minutes from now so many warnings were given."""
    return time_passes(minutes * MINUTE, conversation) and len(told(brand, conversation, "sla.warn")) == count


def _clocks(fan: Fan) -> list[Any]:
    clocks: list[Any] = fan.channel.conversation()["clocks"]
    return clocks


def test_answer_that_failed_leaves_them_waiting(stack: Stack, brand: Agency) -> None:
    asks(brand, service_levels=LEVELS)
    fan = Fan(stack.connect("messenger", brand))
    fan.says("Where is it?", at=now() - 60_000)
    since = fan.channel.conversation()["waiting_since"]
    fan.says("Hello?", at=now() - 30_000)
    assert eventually(lambda: fan.channel.conversation()["unread"] == 2)
    fan.channel.fails("rejected", "No luck")
    fan.hears("No luck")
    assert eventually(lambda: [said["status"] for said in fan.channel.messages()][-1] == "failed")
    assert eventually(lambda: fan.channel.conversation()["waiting_since"]) == since
    assert eventually(lambda: "first_response" in [clock["name"] for clock in _clocks(fan)])


def test_answer_a_receipt_calls_lost_leaves_them_waiting(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("whatsapp", brand))
    since = fan.starts()["waiting_since"]
    answer = fan.is_answered("Here we are")
    assert eventually(lambda: fan.channel.conversation()["waiting_since"] is None)
    fan.confirms("failed", answer["network_id"])
    assert eventually(lambda: fan.channel.conversation()["waiting_since"]) == since


def test_promise_counts_for_those_who_wait_already(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("telegram", brand))
    assert fan.starts()["clocks"] == []
    asks(brand, service_levels=LEVELS)
    assert eventually(lambda: time_passes(MINUTE) and _clocks(fan))


def test_who_takes_their_question_back_waits_no_longer(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("facebook", brand))
    name = fan.says("Where is it?")
    assert fan.channel.conversation()["waiting_since"]
    fan.does("deletes", name)
    assert eventually(lambda: fan.channel.conversation()["waiting_since"] is None)


def test_closing_window_is_announced(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("messenger", brand))
    id = fan.starts()["id"]
    assert eventually(lambda: time_passes(22 * HOUR + MINUTE, id) and told(brand, id, "window.warn"))
    over = eventually(lambda: time_passes(24 * HOUR + MINUTE, id) and told(brand, id, "window.close"))
    assert [entry["clock"] for entry in over] == ["window"]


def test_new_conversations_go_round_those_who_are_there(stack: Stack, brand: Agency) -> None:
    (first, id), (_, other), (away, third) = (person(stack, brand) for _ in range(3))
    assert away.call("PUT", "/me/availability", {"available": False}).json["available"] is False
    asks(brand, assignment={"mode": "round_robin", "roles": ["moderator"]})
    channel = stack.connect("telegram", brand)
    assignees = [_assigned(Fan(channel, name=f"Fan {number()}")) for _ in range(4)]
    assert sorted(assignees) == sorted([id, other] * 2)
    assert assignees[0] != assignees[1]
    assert third not in assignees
    assert first.call("PUT", "/me/availability", {"available": "no"}).status == 422


def _assigned(fan: Fan) -> str:
    """Who gets what they begin."""
    fan.says()
    [mine] = eventually(lambda: [row for row in fan.channel.conversations() if row["contact"]["name"] == fan.name])
    owner = fan.channel.agency.owner
    return str(eventually(lambda: owner.get(f"/conversations/{mine['id']}")["assignee"]))


def test_full_members_get_no_more_until_something_is_resolved(stack: Stack, brand: Agency) -> None:
    _, only = person(stack, brand)
    asks(brand, assignment={"mode": "capacity", "roles": ["moderator"], "limit": 1})
    channel = stack.connect("telegram", brand)
    first = Fan(channel, name=f"First {number()}")
    assert _assigned(first) == only
    second = Fan(channel, name=f"Second {number()}")
    second.says()
    waiting = eventually(lambda: [row for row in channel.conversations() if row["contact"]["name"] == second.name])[0]
    assert waiting["assignee"] is None
    taken = next(conversation for conversation in channel.conversations() if conversation["assignee"] == only)
    brand.owner.patch(f"/conversations/{taken['id']}", {"status": "resolved"})
    assert eventually(
        lambda: (
            time_passes(11 * MINUTE, waiting["id"])
            and brand.owner.get(f"/conversations/{waiting['id']}")["assignee"] == only
        )
    )


def test_quiet_assignee_is_relieved(stack: Stack, brand: Agency) -> None:
    members = {id for _, id in (person(stack, brand) for _ in range(2))}
    asks(brand, assignment={"mode": "round_robin", "roles": ["moderator"], "quiet_minutes": 20})
    fan = Fan(stack.connect("telegram", brand))
    first = _assigned(fan)
    id = fan.channel.conversation()["id"]
    assert eventually(
        lambda: time_passes(21 * MINUTE, id) and fan.channel.conversation()["assignee"] not in (None, first)
    )
    assert fan.channel.conversation()["assignee"] in members - {first}
    assert [entry["by"] for entry in told(brand, id, "conversation.assign")][:2] == ["system", "system"]


def test_answered_conversation_resolves_after_a_silence(stack: Stack, brand: Agency) -> None:
    asks(brand, auto_resolve_hours=48)
    channel = stack.connect("telegram", brand)
    answered, unanswered = Fan(channel, name=f"Ana {number()}"), Fan(channel, name=f"Bo {number()}")
    answered.is_answered("It is on its way")
    unanswered.says()
    assert eventually(lambda: len(channel.conversations()) == 2)
    ids = [conversation["id"] for conversation in channel.conversations()]
    assert eventually(lambda: time_passes(49 * HOUR, *ids) and channel.conversations(status="resolved"))
    assert [conversation["contact"]["name"] for conversation in channel.conversations()] == [unanswered.name]


def test_levels_that_make_no_sense_are_refused(brand: Agency) -> None:
    for settings in (
        {"service_levels": [{"first_response": 5}]},
        {"service_levels": [{"name": "All", "first_response": 0}]},
        {"assignment": {"mode": "lottery", "roles": ["moderator"]}},
        {"assignment": {"mode": "capacity", "roles": ["nobody"]}},
        {"auto_resolve_hours": 0},
    ):
        assert brand.owner.call("PATCH", f"/brands/{brand.brand}", {"settings": settings}).status == 422
