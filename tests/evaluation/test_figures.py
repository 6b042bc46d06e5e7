"""Figures of a rule are a count over the decisions about what it meant."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock, ids
from chalicelib.evaluation import figures
from chalicelib.store.models.moderation import Case, Decision
from tests.moderation.test_by_rules import INSULT, decided, live
from tests.support.people import Fan
from tests.support.stack import Stack

NOW = clock.parse("2026-11-27T12:00:00Z")
RULE = "rul_1"


def decision(number: int, *acts: tuple[str, str], version: int = 1, state: str = "done", took: int = 5) -> Decision:
    """Of the rule, live if there is anything that it did."""
    message = ids.message(f"cnv_{number:020d}", NOW - took * clock.SECOND, "m")
    done = [{"do": do, "rule": RULE, "version": version, "state": became, "code": None} for do, became in acts]
    matches = [{"rule": RULE, "version": version, "live": bool(acts), "clause": "c"}]
    about = {"message": message, "matches": matches, "acts": done, "state": state}
    return Decision("a", "b", id=f"dec_{number}", by="rules", at=NOW, **about)


def case(number: int, *acts: str, proposed: str | None = None) -> Case:
    outcome = {"acts": list(acts), "at": clock.text(NOW)} if acts else None
    about = {"state": "done" if acts else "open", "outcome": outcome, "proposed": proposed}
    return Case("a", "b", decision=f"dec_{number}", **about)


def test_figures_are_counted_by_version_from_what_was_done_and_what_people_said() -> None:
    made = [
        decision(1, ("hide", "done"), ("label", "done"), took=1),
        decision(2, ("hide", "undone"), state="undone", took=9),
        decision(3, ("queue", "done")),
        decision(4, ("queue", "done")),
        decision(5, ("hide", "refused")),
        decision(6, ("queue", "done")),
        decision(7, version=2),
        decision(8, version=2),
    ]
    cases = [case(3, "nothing", proposed="hide"), case(4, "delete"), case(5, "hide", proposed="hide"), case(6)]
    by_version = figures.counted(RULE, made, cases, {made[6].message})
    first, second = by_version[1].view(1), by_version[2].view(2)
    assert (first["live"], first["shadow"], second["live"], second["shadow"]) == (6, 0, 0, 2)
    assert first["acts"] == [
        {"do": "hide", "planned": 0, "done": 1, "refused": 1, "undone": 1},
        {"do": "label", "planned": 0, "done": 1, "refused": 0, "undone": 0},
        {"do": "queue", "planned": 0, "done": 3, "refused": 0, "undone": 0},
    ]
    assert first["cases"] == {"open": 1, "as_proposed": 2, "otherwise": 1}
    assert (first["right"], first["wrong"], first["precision"]["share"], first["seconds_to_act"]) == (2, 2, 0.5, 1)
    assert (second["right"], second["wrong"], second["acts"], second["seconds_to_act"]) == (1, 0, [], None)


@pytest.mark.parametrize("state", [None, "open", "upheld", "overturned"])
@pytest.mark.parametrize("undone", [False, True])
def test_appeals_are_counted_and_what_was_decided_about_them_is_a_verdict(state: str | None, undone: bool) -> None:
    became = "undone" if undone else "done"
    made = decision(1, ("hide", became), state=became)
    made.appeal = {"state": state} if state else None
    shown = figures.counted(RULE, [made], [], set())[1].view(1)
    assert {name for name, count in shown["appeals"].items() if count} == ({state} if state else set())
    right = state == "upheld" and not undone
    assert (shown["right"], shown["wrong"]) == (int(right), int(undone or state == "overturned"))


ACTED = st.sampled_from(["hide", "label", "strike"]), st.sampled_from(["planned", "done", "refused", "undone"])


@given(st.lists(st.tuples(st.integers(1, 3), st.lists(st.tuples(*ACTED), max_size=3), st.booleans()), max_size=20))
def test_figures_equal_a_count_over_the_decisions(decisions: list[tuple[int, list[tuple[str, str]], bool]]) -> None:
    made = [decision(place, *acts, version=version) for place, (version, acts, _) in enumerate(decisions)]
    for stored, (_, _, objects) in zip(made, decisions, strict=True):
        stored.appeal = {"state": "open"} if objects else None
    by_version = figures.counted(RULE, made, [], set())
    assert set(by_version) == {version for version, _, _ in decisions}
    for version, counted in by_version.items():
        acts = [act for its, done, _ in decisions if its == version for act in done]
        shown = counted.view(version)
        assert shown["live"] + shown["shadow"] == sum(its == version for its, _, _ in decisions)
        assert shown["live"] == sum(its == version and bool(done) for its, done, _ in decisions)
        assert {(act["do"], state): act[state] for act in shown["acts"] for state in figures.STATES if act[state]} == (
            Counter(acts)
        )
        objected = sum(its == version and bool(done) and objects for its, done, objects in decisions)
        assert shown["appeals"]["open"] == objected


def test_rule_of_which_nobody_said_anything_has_no_precision() -> None:
    assert figures.counted(RULE, [decision(1, ("hide", "done"))], [], set())[1].view(1)["precision"] is None


@pytest.mark.parametrize(
    ("right", "all", "low", "high"),
    [(0, 1, 0, 0.7935), (1, 1, 0.2065, 1), (5, 10, 0.2366, 0.7634), (90, 100, 0.8256, 0.9448), (0, 30, 0, 0.1135)],
)
def test_interval_is_wilsons(right: int, all: int, low: float, high: float) -> None:
    interval = figures.precision(right, all)
    assert (interval["low"], interval["high"]) == pytest.approx((low, high), abs=1e-4)


def test_figures_of_a_rule_equal_what_was_decided(stack: Stack) -> None:
    brand = stack.brand()
    owner, rule = brand.owner, live(brand)
    fan = Fan(stack.connect("facebook", brand))
    made = [decided(brand, fan.channel.message(fan.says(INSULT))) for _ in range(2)]
    owner.post(f"/decisions/{made[0]['id']}/undo", {"reason": "A joke."})
    owner.post(f"/messages/{made[1]['message']}/hide", {})
    shown: Any = owner.get(f"/rules/{rule['id']}/figures", days=1)
    [version] = shown["versions"]
    assert (shown["partial"], version["version"], version["live"]) == (False, rule["version"], 2)
    assert (version["right"], version["wrong"]) == (1, 1)
    assert {"do": "hide", "planned": 0, "done": 1, "refused": 0, "undone": 1} in version["acts"]
    path, today = f"/rules/{rule['id']}/figures", shown["until"][:10]
    assert owner.call("GET", path, days=91).problem == (422, "invalid")
    first = shown["since"][:10]  # so that it is the same at midnight
    assert owner.get(path, **{"from": first})["versions"] == [version]
    assert owner.get(path, to=clock.text(clock.parse(shown["since"]) - clock.DAY)[:10])["versions"] == []
    assert owner.call("GET", path, days=1, to=today).problem == (422, "not_together")
