"""What is dangerous reaches whom the line names, and has a clock."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.access.permissions import TEMPLATES
from chalicelib.editorial.lines import Escalation, Line
from chalicelib.moderation import cases, decisions, escalations
from chalicelib.rules import judging
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.store import fence
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.people import Member
from chalicelib.words.findings import Finding
from chalicelib.words.lexicons import Lexicon
from tests.moderation.test_by_rules import live
from tests.support.feed import end, until_told
from tests.support.people import Fan
from tests.support.stack import Stack, eventually


@pytest.mark.parametrize(
    ("categories", "said", "minutes"),
    [
        (["self_harm"], {}, 15),
        (["self_harm"], {"self_harm": 5}, 5),
        (["insult", "self_harm"], {"self_harm": 60, "safety": 1}, 60),
        (["safety"], {"safety": 120}, 120),
        (["safety"], {}, None),
        (["threat", "safety"], {"safety": 120}, 15),
    ],
    ids=str,
)
@pytest.mark.usefixtures("nowhere")
def test_what_is_escalated_is_decided_as_soon_as_the_line_says(
    categories: list[str], said: dict[str, int], minutes: int | None
) -> None:
    escalation = tuple(Escalation(category, ("mbr_1",), within_minutes=most) for category, most in said.items())
    policy = Policy(0, Line("en", escalation=escalation), (), Lexicon(), frozenset())
    known = Facts({"promotion": 0}, tuple(Finding(category, 3, "clear", (), category) for category in categories))
    pk, about = "agc_1#cnv_1", {"brand": "brd_1", "channel": "chn_1", "surface": "comment"}
    message = Message(pk, "m", id="msg_1", text="x", sent_at=0, received_at=0, **about)
    conversation = Conversation(pk, "c", network="facebook", **about)
    made = decisions.of_rules(message, conversation, policy, known, judging.judge((), known, 0), 0)
    due_at = cases.new(made, ["escalated"], None, 0).due_at
    assert due_at == (minutes * clock.MINUTE if minutes else None)
    assert cases.new(made, [cases.SAMPLE], None, 0).due_at is None


def test_whom_the_line_names_takes_part_where_somebody_else_has_it(stack: Stack) -> None:
    brand = stack.brand()
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    named = stack.someone(stack.ours, "moderator", [brand.brand]).get("/me")["member"]
    place = f"/brands/{brand.brand}/line"
    escalation = [{"category": "safety", "to": [named], "within_minutes": 30}]
    owner.put(place, {**owner.get(place)["line"], "escalation": escalation})
    owner.post(f"{place}/publish", {})
    conversation = fan.starts("Hello")["id"]
    owner.post(f"/conversations/{conversation}/assign", {"to": "me"})
    fan.says("The battery caught fire in the kitchen")
    [case] = eventually(lambda: owner.get("/cases", brand=brand.brand)["items"])
    assert (case["why"], case["category"], case["proposed"]) == (["escalated"], "safety", None)
    assert clock.parse(case["due_at"]) - clock.parse(case["at"]) == 30 * clock.MINUTE
    shown = eventually(
        lambda: answer if (answer := owner.get(f"/conversations/{conversation}"))["participants"] == [named] else None
    )
    assert (shown["assignee"], shown["priority"]) == (owner.get("/me")["member"], "urgent")


def test_a_cry_for_help_reaches_whom_the_line_names_within_a_minute_and_stays_visible(stack: Stack) -> None:
    brand = stack.brand()
    live(brand)
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    named, place = stack.someone(stack.ours, "moderator", [brand.brand]), f"/brands/{brand.brand}/line"
    id, say = named.get("/me")["member"], "We are here for you. Call 3114, at any hour."
    escalation = [{"category": "self_harm", "to": [id], "say": say}]
    owner.put(place, {**owner.get(place)["line"], "escalation": escalation})
    owner.post(f"{place}/publish", {})
    began = end(named)
    message = fan.channel.message(fan.says("You wankers, I want to kill myself"))
    eventually(lambda: named.get(f"/conversations/{message['conversation']}")["assignee"] == id)
    types = ["case.opened", "conversation.changed"]  # given to them
    events = until_told(named, began, types, brand=brand.brand, type=",".join(types))
    came = clock.parse(message["received_at"])
    assert all(0 <= clock.parse(event["at"]) - came <= clock.MINUTE for event in events)
    [case] = named.get("/cases", brand=brand.brand)["items"]
    assert (case["why"], case["category"], case["message"], [reply["text"] for reply in case["replies"]]) == (
        ["escalated"], "self_harm", message["id"], [say],
    )  # fmt: skip
    assert not owner.get(f"/messages/{message['id']}")["hidden"]


def person(name: str, role: str, brands: list[str] | None = None, **more: Any) -> Member:
    about = {"subject": name, "name": name, "email": f"{name}@example.com", "created_at": 0}
    return Member("agc_1", name, id=f"mbr_{name}", grants=[{"role": role, "brands": brands}], **about, **more)


EDITOR, OWNER, OTHER = person("editor", "community_manager"), person("owner", "owner"), person("other", "moderator")
AWAY = person("away", "community_manager", away=True)
ELSEWHERE = person("elsewhere", "community_manager", ["brd_2"])


@pytest.mark.parametrize(
    ("there", "knowing", "members"),
    [
        ((EDITOR, OWNER, OTHER, AWAY, ELSEWHERE), (), ["mbr_editor"]),
        ((EDITOR, OWNER, OTHER), ("mbr_editor",), ["mbr_owner"]),
        ((AWAY, OWNER, OTHER, ELSEWHERE), (), ["mbr_owner"]),
        ((OWNER, OTHER), ("mbr_owner",), ["mbr_owner"]),
        ((person("late", "owner", away=True), OTHER), (), ["mbr_late"]),
        ((person("shut", "owner", suspended_at=1), OWNER), (), ["mbr_owner"]),
    ],
    ids=["who publishes the line", "the owners", "if they are away", "who knows", "who is away", "who is shut out"],
)
def test_after_the_line_somebody_is_told_always(
    there: tuple[Member, ...], knowing: tuple[str, ...], members: list[str]
) -> None:
    assert escalations.fallback_members(there, TEMPLATES, "brd_1", knowing) == members


def test_when_nobody_decides_in_time_the_next_one_is_told_once(stack: Stack) -> None:
    brand = stack.brand()
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    first, second = (stack.someone(stack.ours, "moderator", [brand.brand]).get("/me")["member"] for _ in range(2))
    place = f"/brands/{brand.brand}/line"
    escalation = [{"category": "self_harm", "to": [first, second], "within_minutes": 30}]
    owner.put(place, {**owner.get(place)["line"], "escalation": escalation})
    owner.post(f"{place}/publish", {})
    fan.says("I want to kill myself")
    [case] = eventually(lambda: owner.get("/cases", brand=brand.brand)["items"])
    path = f"/conversations/{case['conversation']}"
    eventually(lambda: owner.get(path)["assignee"] == first)
    assert case["told"] is None
    began = end(owner)
    system, due_at = actors.system(brand.id), clock.parse(case["due_at"])
    with fence.within(brand.id):
        for late in (0, 1):
            escalations.run_out(system, case["id"], due_at, due_at + late)
            escalations.notify(system, case["id"], due_at + late)
    assert owner.get(f"/cases/{case['id']}")["told"] == {"members": [second], "at": clock.text(due_at)}
    shown = owner.get(path)
    assert (shown["assignee"], shown["participants"]) == (first, [second])
    events = until_told(owner, began, ["case.overdue", "case.escalated"], brand=brand.brand)
    [event] = [event for event in events if event["type"] == "case.escalated"]
    assert (event["target"], event["data"]["after"]["members"]) == (case["id"], [second])
    assert event["data"]["moderation"]["category"] == "self_harm"
