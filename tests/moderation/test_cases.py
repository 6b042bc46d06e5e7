"""Cases are decided by one person each, the gravest first."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.moderation import cases, escalations
from chalicelib.store import fence, keys, table
from chalicelib.store.models.moderation import Case, Decision
from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Member, Stack, eventually, number

CRY = "I want to kill myself"


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


@pytest.fixture
def channel(stack: Stack, brand: Agency) -> Channel:
    return stack.connect("facebook", brand)


def waiting(channel: Channel, count: int = 1, fan: Fan | None = None) -> list[dict[str, Any]]:
    """So many cases that no rule has to ask for, of what that fan said before or somebody says now."""
    if fan is None:
        fan = Fan(channel)
        for _ in range(count):
            fan.says(CRY)

    def cases() -> Any:
        rows = channel.agency.owner.get("/cases", brand=channel.agency.brand, limit=100)["items"]
        return rows if len(rows) >= count else None

    return list(eventually(cases))


def moderator(stack: Stack, brand: Agency) -> Member:
    return stack.someone(stack.ours, "moderator", [brand.brand])


def test_cry_for_help_is_escalated_and_stays_visible(stack: Stack, channel: Channel) -> None:
    [case] = waiting(channel)
    assert (case["why"], case["category"], case["proposed"]) == (["escalated"], "self_harm", None)
    assert not channel.agency.owner.get(f"/messages/{case['message']}")["hidden"]
    decision = channel.agency.owner.get(f"/decisions/{case['decision']}")
    assert [act["do"] for act in decision["acts"]] == ["queue", "escalate"]
    assert channel.agency.owner.call("POST", f"/decisions/{decision['id']}/undo", {"reason": "No"}).status == 200


def test_whom_the_line_names_takes_over_what_is_escalated(stack: Stack, channel: Channel) -> None:
    owner, brand = channel.agency.owner, channel.agency
    away, there = moderator(stack, brand), moderator(stack, brand)
    away.put("/me/availability", {"available": False})
    named = ["mbr_00000000000000000000000000", *(person.get("/me")["member"] for person in (away, there))]
    place = f"/brands/{brand.brand}/line"
    line = {**owner.get(place)["line"], "escalation": [{"category": "self_harm", "to": named}]}
    owner.put(place, line)
    owner.post(f"{place}/publish", {})
    [case] = waiting(channel)

    def taken() -> Any:
        conversation = owner.get(f"/conversations/{case['conversation']}")
        return conversation if conversation["assignee"] else None

    conversation = eventually(taken)
    assert (conversation["assignee"], conversation["priority"]) == (named[-1], "urgent")


def test_who_decides_hides_it_and_it_counts_against_the_author(brand: Agency, channel: Channel) -> None:
    """MO-22"""
    [case] = waiting(channel)
    owner, path = brand.owner, f"/cases/{case['id']}/decide"
    publish(brand)
    for act in ("hide", "delete"):
        assert owner.call("POST", path, {"act": act}).problem == (422, "clause_missing")
    for act in ("nothing", "hide", "delete"):
        unknown = owner.call("POST", path, {"act": act, "clause": "no.such", "reason": "Why not?"})
        assert (unknown.problem, unknown.json["field"]) == ((422, "unknown_clause"), "clause")
    for place, body in ((path, {"act": "delete"}), (f"/messages/{case['message']}/delete", {})):
        silent = owner.call("POST", place, {"clause": "respect.hate", **body})
        assert (silent.problem, silent.json["field"]) == ((422, "reason_missing"), "reason")
    assert owner.get(f"/cases/{case['id']}")["holder"] is None
    done = owner.post(path, {"act": "hide", "clause": "respect.hate", "reason": "It was no cry."})
    assert done["outcome"]["clause"] == "respect.hate"
    assert owner.call("POST", f"/cases/{case['id']}/release").problem == (409, "decided")
    message = owner.get(f"/messages/{case['message']}")
    assert message["hidden"]
    latest = owner.get(f"/messages/{case['message']}/decisions")["items"][0]
    assert (latest["strike"], latest["acts"][0]["clause"]) == (3, "respect.hate")
    owner.post(f"/messages/{case['message']}/hide", {"clause": "respect.hate"})
    twice = owner.get(f"/messages/{case['message']}/decisions")["items"]
    assert [decision["id"] for decision in twice if decision["by"] != "rules"] == [latest["id"]]
    assert owner.get(f"/contacts/{message['author']['contact']}/standing")["points"] == 3
    owner.post(f"/messages/{case['message']}/unhide", {"reason": "It was one."})
    again = owner.get(f"/messages/{case['message']}/decisions")["items"]
    assert {decision["state"] for decision in again if decision["acts"][0]["do"] == "hide"} == {"undone"}


def publish(brand: Agency) -> None:
    """The brand holds to the line that it began with."""
    place = f"/brands/{brand.brand}/line"
    brand.owner.put(place, brand.owner.get(place)["line"])
    brand.owner.post(f"{place}/publish", {})


def test_message_that_is_gone_closes_its_case(brand: Agency, channel: Channel) -> None:
    """MO-20"""
    fan = Fan(channel)
    first, second = fan.says(CRY), fan.says(CRY)
    case, _ = waiting(channel, 2, fan)
    for said in (first, second):
        fan.does("deletes", said)
    eventually(lambda: all(channel.message(said)["deleted_at"] for said in (first, second)))
    assert brand.owner.call("POST", f"/cases/{case['id']}/decide", {"act": "hide"}).problem == (409, "gone")
    assert brand.owner.post("/cases/next", {"brand": brand.brand})["case"] is None
    assert brand.owner.get("/cases", brand=brand.brand)["items"] == []


def test_who_acts_on_the_message_itself_decides_what_is_open_about_it(brand: Agency, channel: Channel) -> None:
    [case] = waiting(channel)
    brand.owner.post(f"/messages/{case['message']}/hide", {"reason": "Seen by chance."})
    decided = brand.owner.get(f"/cases/{case['id']}")
    assert (decided["state"], decided["outcome"]["acts"]) == ("done", ["hide"])
    assert brand.owner.post("/cases/next", {"brand": brand.brand})["case"] is None


def test_who_may_not_delete_does_not_by_a_case(stack: Stack, brand: Agency, channel: Channel) -> None:
    [case] = waiting(channel)
    may = ["moderation.hide", "inbox.view_all"]
    role = brand.owner.post("/roles", {"name": f"Hides {number()}", "permissions": may})
    person = stack.someone(stack.ours, role["id"], [brand.brand])
    assert person.call("POST", f"/cases/{case['id']}/decide", {"act": "delete"}).problem == (403, "forbidden")
    assert person.get("/cases", brand=brand.brand)["items"][0]["state"] == "open"


def told_of(brand: Agency, target: str, action: str) -> list[Any]:
    entries = audits.recent(brand.owner, target=target)
    return [entry for entry in entries if entry["action"] == action]


def test_threats_and_appeals_have_clocks_and_samples_none(stack: Stack) -> None:
    now, pk = clock.now(), keys.within("agc_1", "cnv_1")

    def waits(category: str, *why: str) -> int:
        finding = {"category": category, "severity": 2, "spans": []}
        about = {"brand": "brd_1", "message": "msg_1", "conversation": "cnv_1"}
        decision = Decision(pk, "", id="dec_1", findings=[finding], **about)
        case = cases.new(decision, why, None, now) if why else cases.of_appeal(decision, now)
        assert len(cases.clock_of(case)) == bool(case.due_at)
        return (case.due_at or now) - now

    assert waits("threat", "uncertain") == 15 * clock.MINUTE
    assert waits("insult") == 72 * clock.HOUR
    assert waits("insult", "uncertain") == waits("threat", cases.SAMPLE) == 0


def test_case_whose_clock_ran_out_comes_forward_and_that_is_told_once(brand: Agency, channel: Channel) -> None:
    first, other = waiting(channel, 2)
    system, now = actors.system(brand.id), clock.now()
    with fence.within(brand.id):
        [late] = [case for case in cases.listing(brand.id, [brand.brand], "open") if case.id == other["id"]]
        actions = [Case.priority.set(9), Case.activity.set(f"09{(late.activity or '')[2:]}"), Case.due_at.set(now)]
        assert table.update(late, actions)
        for when in (now - 1, now, now):
            escalations.run_out(system, late.id, when, now)
        again = cases.get(system, late.id)
        assert (again.overdue, again.priority) == (True, 2)
    shown = brand.owner.get(f"/cases/{other['id']}")
    assert (shown["overdue"], shown["due_at"]) == (True, clock.text(now))
    assert len(told_of(brand, other["id"], "case.run_out")) == 1
    brand.owner.post(f"/cases/{first['id']}/decide", {"act": "nothing"})
    brand.owner.post(f"/cases/{other['id']}/decide", {"act": "nothing"})
    with fence.within(brand.id):
        escalations.run_out(system, first["id"], now, now)
    assert told_of(brand, first["id"], "case.run_out") == []
