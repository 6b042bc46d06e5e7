"""A rule that hides too much in a minute: what follows waits for a person, together, whatever else is said."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.moderation import acts, cases
from chalicelib.rules import policies, rulebooks
from chalicelib.rules.judging import Facts, judge
from chalicelib.rules.rules import Act, Rule
from chalicelib.store import fence, keys, table
from chalicelib.store.models.moderation import Case, Decision
from tests.evaluation.test_undos import ended
from tests.moderation.test_by_rules import INSULT, live
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually
from tests.support.thorough import tries

SAID, PER_MINUTE = 40, 5
VERY_MANY, HANDS = tries(60, 2_000), 4
CONVERSATION = "cnv_00000000000000000001"
LINK = {"field": "link", "is": True}


def opened(brand: Agency) -> Any:
    """The cases of the brand that wait."""
    return brand.owner.get("/cases", brand=brand.brand, limit=100)["items"]


def hidden(fan: Fan) -> int:
    return sum(bool(message["hidden"]) for message in fan.channel.messages())


def test_raid_is_one_case_that_counts_all_which_the_brake_kept_from_being_hidden(stack: Stack) -> None:
    """MO-29"""
    brand = stack.brand()
    rule, began = live(brand, per_minute=PER_MINUTE), end(brand.owner)
    fan = Fan(stack.connect("facebook", brand))
    for _ in range(SAID):
        fan.says(INSULT)

    def all_settled() -> Any:
        rows = opened(brand)
        return rows if rows and hidden(fan) + 1 + rows[0]["raid"]["more"] == SAID else None

    [case] = eventually(all_settled)
    assert hidden(fan) in (PER_MINUTE, 2 * PER_MINUTE)  # a minute may end before all know of the brake
    assert (case["why"], case["proposed"], case["raid"]["rule"]) == (["braked"], "hide", rule["id"])
    assert len({case["message"], *case["raid"]["messages"]}) == SAID - hidden(fan)
    events = news(brand.owner, began, type="case.opened,rule.braked", brand=brand.brand)
    assert sorted((event["type"], event["target"]) for event in events) == [
        ("case.opened", case["id"]), ("rule.braked", rule["id"]),
    ]  # fmt: skip


def test_who_decides_a_raid_decides_about_all_of_it_and_what_follows_is_another_case(stack: Stack) -> None:
    brand = stack.brand()
    owner, rule = brand.owner, live(brand, per_minute=1)
    fan = Fan(stack.connect("facebook", brand))
    for _ in range(4):
        fan.says(INSULT)
    [case] = eventually(lambda: rows if (rows := opened(brand)) and rows[0]["raid"]["more"] >= 1 else None)
    eventually(lambda: hidden(fan) + 1 + opened(brand)[0]["raid"]["more"] == 4)
    decided = owner.post(f"/cases/{case['id']}/decide", {"act": "hide", "reason": "A raid."})
    job = ended(owner, decided["outcome"]["job"])
    assert job["kind"] == "decide_raid"
    assert job["outcomes"] == {"hidden": 1 + owner.get(f"/cases/{case['id']}")["raid"]["more"]}
    assert hidden(fan) == 4
    fan.says(INSULT)
    [next] = eventually(lambda: opened(brand))
    assert (next["raid"]["rule"], next["raid"]["more"], next["id"] != case["id"]) == (rule["id"], 0, True)
    assert owner.get(f"/rules/{rule['id']}")["braked_at"]
    moved = owner.post(f"/rules/{rule['id']}/state", {"state": "live", "despite": "The raid is over."})
    assert (moved["state"], moved["braked_at"]) == ("live", None)


def rule(**more: Any) -> Rule:
    acts = (Act("hide"), Act("label", "insult"), Act("strike", 1))
    return Rule("rul_1", 1, more.pop("live", False), "c", 2, LINK, acts, **more)


@pytest.mark.parametrize(
    ("rules", "waits"),
    [
        ([rule(braked=True)], [("hide", True)]),
        ([rule()], []),
        ([rule(braked=True), rule(live=True)], [("hide", False), ("label", False), ("strike", False)]),
    ],
    ids=["braked", "in shadow", "another hides it"],
)
def test_braked_rule_leaves_to_a_person_what_it_would_hide_and_does_nothing_else(rules: Any, waits: Any) -> None:
    outcome = judge(rules, Facts({"link": True}), 0)
    assert [(planned.act.do, planned.waits) for planned in outcome.acts] == waits


def test_version_that_was_braked_goes_on_to_be_asked_while_a_newer_one_is_tried() -> None:
    said = {"clause": "c", "when": LINK, "then": [{"do": "hide"}]}
    stored = {"id": "rul_1", "state": "shadow", "version": 2, "said": said, "live": None, "lived": None}
    older = {**stored, "braked": {"version": 1, "said": said, "at": 0}}
    newest = {**stored, "braked": {"version": 2, "said": None, "at": 0}}
    asked = [[(rule.version, rule.braked) for rule in rulebooks.as_rules([each], {"c": 2})] for each in (older, newest)]
    assert asked == [[(1, True), (2, False)], [(2, True)]]


def gathered(agency: str, rule: str, number: int, now: int) -> str:
    """The case to which the braked rule adds a message of that number."""
    about = {"brand": "brd_1", "conversation": CONVERSATION, "text": "", "state": "planned"}
    id = ids.repeated(CONVERSATION, "dec", str(number))
    pk = keys.within(agency, CONVERSATION)
    decision = Decision(pk, "", id=id, message=f"msg_{number}", by="rules", at=now, updated_at=now, **about)
    return acts.add_to_raid(decision, rule, now)


def test_case_of_a_raid_names_a_hundred_counts_each_once_and_opens_anew_once_it_is_decided(stack: Stack) -> None:
    agency, more, now = ids.new("agc"), acts.MOST_NAMED + 5, clock.now()
    with fence.within(agency):
        [id] = {gathered(agency, "rul_1", number, now) for number in [*range(more + 1), 1]}
        case = table.get(Case, keys.within(agency, CONVERSATION), keys.CASES + id)
        assert case
        assert (case.others, len(case.named or ())) == (more, acts.MOST_NAMED)
        cases.close_gone(case, now)
        assert gathered(agency, "rul_1", more + 1, now) != id


def test_of_very_many_in_one_minute_some_hands_at_once_hide_as_many_as_the_rule_may(stack: Stack) -> None:
    """MO-29"""
    brand, now = stack.brand(), clock.now()
    rule, began = live(brand, per_minute=PER_MINUTE), end(brand.owner)
    with fence.within(brand.id):
        [asked] = [asked for asked in policies.read(brand.id, brand.brand, 0).rules if asked.id == rule["id"]]

        def comes(number: int) -> str:
            """The case in which it waits for a person; nothing if it may be hidden."""
            is_braked = acts._brake(actors.system(brand.id), asked, now)
            return gathered(brand.id, rule["id"], number, now) if is_braked else ""

        with ThreadPoolExecutor(HANDS) as together:
            coming = [together.submit(copy_context().run, comes, number) for number in range(VERY_MANY)]
        waiting = [turn.result() for turn in coming]
        assert waiting.count("") == PER_MINUTE
        [id] = set(waiting) - {""}
        case = table.get(Case, keys.within(brand.id, CONVERSATION), keys.CASES + id)
        assert case
        assert case.others == VERY_MANY - PER_MINUTE - 1
    assert brand.owner.get(f"/rules/{rule['id']}")["braked_at"]
    eventually(lambda: news(brand.owner, began, type="rule.braked", brand=brand.brand))
    assert [event["target"] for event in news(brand.owner, began, type="rule.braked", brand=brand.brand)] == [
        rule["id"]
    ]
