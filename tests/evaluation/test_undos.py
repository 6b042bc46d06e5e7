"""What a rule did is taken back for a time: what people decided since stays, and each decision is counted once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.access.actors import Actor, Grant
from chalicelib.evaluation import undos
from chalicelib.jobs import jobs
from chalicelib.store import fence, keys, table
from chalicelib.store.models.moderation import Decision, Undo
from chalicelib.store.models.work import Job
from tests.moderation.test_by_rules import INSULT, decided, live
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, eventually, number

NOW = clock.parse("2026-11-27T12:00:00Z")
OURS, OTHER = "rul_1", "rul_2"


def decision(*acts: tuple[str, str, str]) -> Decision:
    done = [{"do": do, "rule": rule, "state": state} for do, rule, state in acts]
    return Decision("a", "b", id="dec_1", acts=done)


@pytest.mark.parametrize(
    ("acts", "is_ours"),
    [
        ([("hide", OURS, "done")], True),
        ([("hide", OURS, "undone")], True),
        ([("hide", OURS, "refused")], False),
        ([("strike", OURS, "done")], True),
        ([("hide", OTHER, "done"), ("strike", OURS, "done")], False),
        ([("label", OURS, "done")], False),
        ([("hide", OURS, "done"), ("strike", OTHER, "done")], True),
    ],
    ids=[
        "it hid", "what it hid was shown", "the network refused", "it counted", "another hid", "it labelled",
        "it hid and another counted",
    ],
)  # fmt: skip
def test_decision_is_the_rules_whose_hiding_it_is(acts: list[tuple[str, str, str]], is_ours: bool) -> None:
    assert undos.has_acted(decision(*acts), OURS) is is_ours


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("2026-11-27T12:00:00Z", None, "since"),
        ("2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z", "until"),
        ("yesterday", None, "since"),
        ("2026-11-27T10:00:00Z", "", "until"),
    ],
    ids=["to come", "of no length", "no moment", "no end"],
)
def test_time_that_cannot_be_is_refused(since: str, until: str | None, field: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        undos.parameters_of(ids.of_brand("brd_00000000000000000000000001", "rul"), since, until, None, NOW)
    assert refusal.value.field == field


def test_who_may_not_set_rules_live_any_more_takes_back_nothing_more() -> None:
    actor = actors.system("agc_1").at(["rule.activate"])
    portion = undos.portion(replace(actor, grants=()), {"brand": "brd_1"}, "", NOW)
    assert (portion.count, portion.next) == (0, None)


@pytest.fixture(scope="module")
def brand(stack: Stack) -> Agency:
    return stack.brand()


def ended(member: Member, job: str) -> Any:
    return eventually(lambda: shown if (shown := member.get(f"/jobs/{job}"))["status"] == "done" else None)


def test_dry_run_counts_what_the_job_then_takes_back_and_people_are_left_alone(stack: Stack, brand: Agency) -> None:
    owner, rule, start = brand.owner, live(brand), clock.text(clock.now() - clock.MINUTE)
    fan = Fan(stack.connect("facebook", brand))
    messages = [fan.channel.message(fan.says(INSULT)) for _ in range(4)]
    hidden = {message["id"]: decided(brand, message)["id"] for message in messages}
    shown, confirmed, gone, undone = messages
    owner.post(f"/messages/{confirmed['id']}/hide", {"reason": "Rightly."})
    owner.post(f"/messages/{gone['id']}/delete", {})
    owner.post(f"/decisions/{hidden[undone['id']]}/undo", {"reason": "A joke."})
    path, began = f"/rules/{rule['id']}/undo", end(owner)
    expected = {"taken_back": 1, "confirmed": 1, "undone_before": 1, "gone": 1, "refused": 0}
    dry = owner.post(path, {"since": start, "dry_run": True})
    assert (dry["job"], dry["outcomes"], dry["partial"]) == (None, expected, False)
    assert owner.get(f"/messages/{shown['id']}")["hidden"]
    job = ended(owner, owner.post(path, {"since": start, "reason": "It hid too much."})["job"]["id"])
    assert (job["kind"], job["done"], job["outcomes"]) == ("undo_rule", 4, {k: n for k, n in expected.items() if n})
    assert not owner.get(f"/messages/{shown['id']}")["hidden"]
    assert owner.get(f"/messages/{confirmed['id']}")["hidden"]
    assert owner.get(f"/decisions/{hidden[shown['id']]}")["state"] == "undone"
    assert owner.get(f"/conversations/{shown['conversation']}")["labels"] == ["insult"]  # `confirmed` still wants it
    assert [
        event["target"] for event in eventually(lambda: news(owner, began, type="rule.undone", brand=brand.brand))
    ] == [rule["id"]]


def test_what_is_asked_for_twice_at_once_is_one_job_and_another_once_that_has_ended(stack: Stack) -> None:
    brand, now = stack.brand(), clock.now()
    rule, actor = ids.of_brand(brand.brand, "rul"), actors.system(brand.id)

    def starts(since: int = now - clock.HOUR, until: str | None = None) -> Job:
        asked = undos.parameters_of(rule, clock.text(since), until, None, clock.now())
        with fence.within(brand.id):
            return undos.start(actor, asked, clock.now())

    def is_running(id: str) -> bool:
        with fence.within(brand.id):
            job = jobs.find(brand.id, id)
        return job is not None and job.status == "running"

    with ThreadPoolExecutor(8) as pool:
        begun = {job.id for job in pool.map(starts, [now - clock.DAY] * 8)}
    assert sum(map(is_running, begun)) <= 1  # what the stack ended meanwhile may have been asked for again
    last = starts()
    eventually(lambda: not is_running(last.id))  # from here on nobody but the test says what it is
    place = keys.within(brand.id, brand.brand), keys.UNDOS + rule
    with fence.within(brand.id):
        for status in ("running", "cancelled"):
            table.update(last, [Job.status.set(status)])
            table.put(Undo(*place, job=last.id))
            assert (starts().id == last.id) == (status == "running")
        table.update(last, [Job.status.set("running")])
        table.put(Undo(*place, job=last.id))
        assert starts(until=clock.text(now - 1000)).id != last.id


def test_who_is_given_the_job_of_somebody_else_reads_and_stops_it(stack: Stack) -> None:
    brand, now = stack.brand(), clock.now()
    rule, system = ids.of_brand(brand.brand, "rul"), actors.system(brand.id).at(["rule.activate"])
    asked = undos.parameters_of(rule, clock.text(now - clock.HOUR), None, None, now)

    def holding(*names: str, brand_id: str = brand.brand) -> Actor:
        return replace(
            system, member="mbr_ben", kind="member", grants=(Grant("r", frozenset(names), frozenset([brand_id])),)
        )

    with fence.within(brand.id):
        job = undos.start(replace(system, member="mbr_ana"), asked, now)
        assert jobs.get(holding("rule.activate"), job.id).by == "mbr_ana"
        for stranger in (holding("moderation.hide"), holding("rule.activate", brand_id="brd_other")):
            with pytest.raises(errors.NotFound):
                jobs.get(stranger, job.id)
        assert jobs.cancel(holding("rule.activate"), job, now).status != "running"


def test_network_that_refuses_is_told_and_one_that_is_busy_is_asked_again(stack: Stack) -> None:
    brand = stack.brand()
    owner, rule, start = brand.owner, live(brand), clock.text(clock.now() - clock.MINUTE)
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(INSULT))
    decided(brand, message)
    path = f"/rules/{rule['id']}/undo"
    for failure, outcomes in (("rejected", {"refused": 1}), ("unavailable", {"taken_back": 1})):
        fan.channel.fails(failure, "is_hidden")
        job = ended(owner, owner.post(path, {"since": start})["job"]["id"])
        assert (job["outcomes"], job["done"]) == (outcomes, 1)
    assert not owner.get(f"/messages/{message['id']}")["hidden"]


def test_only_people_take_back_what_a_rule_did(brand: Agency, stack: Stack) -> None:
    rule = brand.owner.get(f"/brands/{brand.brand}/rules")["items"][0]["id"]
    grants = [{"role": "community_manager", "brands": [brand.brand]}]
    key = Member(stack.api, brand.owner.post("/api-keys", {"name": f"K{number()}", "grants": grants})["key"])
    body = {"since": "2026-11-01T00:00:00Z"}
    assert key.call("POST", f"/rules/{rule}/undo", body).problem == (403, "people_only")
    future = {"since": clock.text(clock.now() + clock.HOUR)}
    answer = brand.owner.call("POST", f"/rules/{rule}/undo", future)
    assert (answer.problem, answer.json["field"]) == ((422, "bad_times"), "since")
