"""A rule is tried on what was said before: everything is looked at once, in portions, and nothing is done."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.evaluation import back_tests, reports
from chalicelib.evaluation.back_tests import Walk
from chalicelib.evaluation.reports import MOST_SAMPLES, Report
from chalicelib.rules import rulebooks, starters
from chalicelib.rules.judging import Match, Outcome, Planned
from chalicelib.rules.rules import Act, Rule
from chalicelib.store import fence, keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import StoredBackTest
from chalicelib.words.findings import Finding, Span
from tests.moderation.test_by_rules import HIDE, INSULT, INSULTS, live
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, eventually

NOW = clock.parse("2026-11-27T12:00:00Z")
BRAND = "brd_00000000000000000000000001"
RULE = Rule("rul_1", 1, True, "c", 2, {"field": "link", "is": True}, (Act("hide"),))
FOUND = Finding("insult", 2, "clear", (Span(4, 6, 4, "wanker"),), "wanker")


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def said(agency: str, number: int, times: int, status: str = "open", at: int = NOW - clock.HOUR) -> None:
    """A conversation in which so much was said, every second from that time on."""
    id = f"cnv_{number:020d}"
    pk, last = keys.within(agency, id), at + times * clock.SECOND
    listed = {"inbox": keys.inbox(agency, BRAND, status), "activity": keys.activity(last, id)}
    about = {"brand": BRAND, "channel": "chn_1", "network": "facebook", "surface": "comment"}
    times_of = {"created_at": at, "updated_at": at}
    table.put(Conversation(pk, keys.CONVERSATION, **about, thread="t", **times_of, **listed))
    for index in range(times):
        message = ids.message(id, at + index * clock.SECOND, str(index))
        when = {"sent_at": at + index * clock.SECOND, "received_at": at}
        shown = {
            "id": message,
            "text": INSULT,
            "channel": "chn_1",
            "brand": BRAND,
            "direction": "in",
            "surface": "comment",
        }
        item = Message(pk, keys.message(message), **shown, kind="text", author={}, status="received", **when)
        table.put(item)


def walked(agency: str, conversations: int, messages: int) -> list[list[str]]:
    """The messages of each portion, of portions so large."""
    test = StoredBackTest("", "", since=NOW - clock.DAY, until=NOW)
    portions, position = [], ""
    while True:
        walk = Walk(agency, BRAND, test, conversations, messages)
        portions.append([message.id for _, portion in walk.go_on(position) for message in portion])
        if not walk.next:
            return portions
        position = walk.next


@pytest.mark.parametrize(("conversations", "messages"), [(1, 100), (3, 2), (2, 3), (20, 1)])
def test_walk_reads_each_message_once_however_large_its_portions_are(
    agency: str, conversations: int, messages: int
) -> None:
    for number, (times, status) in enumerate([(3, "open"), (1, "open"), (4, "resolved"), (2, "snoozed"), (3, "open")]):
        said(agency, number, times, status)
    said(agency, 8, 2, at=NOW - 2 * clock.DAY)
    said(agency, 9, 2, at=NOW)
    portions = walked(agency, conversations, messages)
    read = [id for portion in portions for id in portion]
    assert (len(read), len(set(read))) == (13, 13)
    assert max(map(len, portions)) <= messages


def asked(agency: str, stored: dict[str, Any], job: str = "job_1") -> dict[str, Any]:
    """A test that was just begun: the parameters of its job."""
    pk, began = keys.within(agency, BRAND), {"since": NOW - clock.DAY, "until": NOW}
    about = {"job": job, "rule": stored["id"], "rule_version": 1, "report": Report().kept(), "expires": 0}
    table.put(StoredBackTest(pk, keys.BACK_TESTS + job, **about, **began))
    return {"job": job, "brand": BRAND, "rule": stored}


def insults() -> dict[str, Any]:
    return next(starter for starter in starters.rules(BRAND) if starter["said"]["clause"] == "respect.insults")


def test_portion_that_is_done_again_counts_once_and_so_does_the_trial(agency: str) -> None:
    said(agency, 1, 3)
    actor, parameters = actors.system(agency).at(["editorial_line.edit"]), asked(agency, insults())
    position, looked = "", 0
    while True:
        done, again = (back_tests.portion(actor, parameters, position, NOW) for _ in range(2))
        assert done == again
        looked += done.count
        if done.next is None:
            break
        position = done.next
    shown = back_tests.view(agency, back_tests.find(agency, insults(), "job_1"))
    assert (looked, shown["looked"], shown["matched"], shown["new"]) == (3, 3, 3, 3)
    book = rulebooks.load(agency, BRAND)
    assert (book.version, rulebooks.find(agency, BRAND, insults()["id"])["tested"]) == (1, [1, NOW])


def test_who_works_for_the_brand_no_more_reads_nothing_more(agency: str) -> None:
    said(agency, 1, 3)
    actor = replace(actors.system(agency).at(["editorial_line.edit"]), grants=())
    assert back_tests.portion(actor, asked(agency, insults()), "", NOW).next is None
    shown = back_tests.view(agency, back_tests.find(agency, insults(), "job_1"))
    assert (shown["looked"], shown["partial"]) == (0, True)


def test_past_of_more_than_is_read_is_partial(agency: str) -> None:
    """MO-24"""
    said(agency, 1, 3, "resolved")
    said(agency, 2, 3, "open")
    parameters = asked(agency, insults())
    test = back_tests.find(agency, insults(), "job_1")
    table.update(test, [StoredBackTest.report.set(Report(read=back_tests.MOST_MESSAGES - 1).kept())])
    actor = actors.system(agency).at(["editorial_line.edit"])
    position: str | None = ""
    while position is not None:
        position = back_tests.portion(actor, parameters, position, NOW).next
    shown = back_tests.view(agency, back_tests.find(agency, insults(), "job_1"))
    assert (shown["looked"], shown["partial"]) == (3, True)


def test_report_counts_what_the_rule_means_and_keeps_places_without_words() -> None:
    report = Report()
    outcome = Outcome((Match(RULE, FOUND),), (Planned(Act("hide"), None), Planned(Act("label", "x"), None)))
    for index in range(MOST_SAMPLES + 1):
        report.note(Message("a", "b", id=f"msg_{index}", sent_at=NOW), "facebook", outcome, "new")
    report.note(Message("a", "b", id="msg_0", sent_at=NOW), "telegram", Outcome((Match(RULE, None),)), "confirmed")
    report = reports.restored(report.kept())
    assert (report.matched, dict(report.by_category)) == (52, {"insult": 51, "none": 1})
    assert (dict(report.by_network), dict(report.by_day)) == ({"facebook": 51, "telegram": 1}, {"2026-11-27": 52})
    assert (dict(report.acts), dict(report.verdicts)) == ({"hide": 51, "label": 51}, {"new": 51, "confirmed": 1})
    assert len(report.samples) == MOST_SAMPLES
    assert report.samples[0]["spans"] == [{"at": 4, "length": 6, "at16": 4}]


def rule(brand: Agency, **more: Any) -> Any:
    said = {"clause": "respect.insults", "when": INSULTS, "then": HIDE, **more}
    return brand.owner.post("/rules", {"brand": brand.brand, "name": "Insults", **said})


def ended(member: Member, path: str, job: str) -> Any:
    return eventually(lambda: shown if (shown := member.get(f"{path}/{job}"))["status"] == "done" else None)


def test_rule_that_was_tried_on_the_past_goes_live_and_nothing_was_done(stack: Stack) -> None:
    brand = stack.brand()
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    messages = [fan.channel.message(fan.says(text)) for text in (INSULT, "Lovely bags", "You wanker")]
    owner.post(f"/messages/{messages[0]['id']}/hide", {})
    made, start = rule(brand), end(owner)
    path = f"/rules/{made['id']}/back-tests"
    job = owner.post(path, {"days": 3})
    assert job["kind"] == "back_test"
    shown = ended(owner, path, job["id"])
    assert (shown["looked"], shown["matched"], shown["partial"]) == (3, 2, False)
    assert (shown["confirmed"], shown["new"], shown["by_category"]) == (1, 1, {"insult": 2})
    assert (shown["by_network"], shown["acts"]["hide"]) == ({"facebook": 2}, 2)
    assert {sample["message"] for sample in shown["samples"]} == {messages[0]["id"], messages[2]["id"]}
    assert not owner.get(f"/messages/{messages[2]['id']}")["hidden"]
    assert [
        event["target"] for event in eventually(lambda: news(owner, start, type="rule.tested", brand=brand.brand))
    ] == [made["id"]]
    assert owner.get(f"/rules/{made['id']}")["tested_at"] == shown["until"]
    other = rule(brand)["id"]
    assert owner.call("GET", f"/rules/{other}/back-tests/{job['id']}").problem == (404, "not_found")
    assert owner.post(f"/rules/{made['id']}/state", {"state": "live"})["state"] == "live"


def test_rule_whose_clause_is_gone_is_not_tried(stack: Stack) -> None:
    brand = stack.brand()
    owner, place, made = brand.owner, f"/brands/{brand.brand}/line", rule(brand)
    line = owner.get(place)["line"]
    line["clauses"] = [clause for clause in line["clauses"] if clause["id"] != "respect.insults"]
    owner.put(place, line)
    assert owner.call("POST", f"/rules/{made['id']}/back-tests", {}).problem == (422, "unknown_clause")


def test_rule_of_an_archived_brand_is_tried_on_its_past(stack: Stack) -> None:
    """MO-24"""
    brand = stack.brand()
    owner, path = brand.owner, f"/rules/{rule(brand)['id']}/back-tests"
    owner.post(f"/brands/{brand.brand}/archive")
    assert ended(owner, path, owner.post(path, {})["id"])["looked"] == 0


@pytest.mark.parametrize("days", [0, 31])
def test_past_of_no_days_or_more_than_thirty_is_refused(stack: Stack, days: int) -> None:
    """MO-24"""
    id = stack.ours.owner.get(f"/brands/{stack.ours.brand}/rules")["items"][0]["id"]
    answer = stack.ours.owner.call("POST", f"/rules/{id}/back-tests", {"days": days})
    assert (answer.problem, answer.json["field"]) == ((422, "invalid"), "days")


def test_back_test_of_days_on_which_the_rule_was_live_finds_the_same_messages(stack: Stack) -> None:
    brand = stack.brand()
    owner, made, fan = brand.owner, live(brand), Fan(stack.connect("facebook", brand))
    for text in (INSULT, "You w4nker", "He called me a wanker", "Worst service of my life", "Lovely bags"):
        fan.says(text)

    def meant() -> Any:
        decisions = owner.get(f"/brands/{brand.brand}/decisions", rule=made["id"])["items"]
        return (
            decisions if len(decisions) == 3 and all(decision["state"] != "planned" for decision in decisions) else None
        )

    decisions = eventually(meant)
    path = f"/rules/{made['id']}/back-tests"
    shown = ended(owner, path, owner.post(path, {"days": 1})["id"])
    assert (shown["looked"], shown["matched"]) == (5, 3)
    assert {sample["message"] for sample in shown["samples"]} == {decision["message"] for decision in decisions}
