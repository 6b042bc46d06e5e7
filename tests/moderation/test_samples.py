"""People look at some messages without being told what rules made of them, and some of these are judged twice."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.access.actors import Actor
from chalicelib.channels.channels import Owner
from chalicelib.evaluation import figures
from chalicelib.moderation import cases, claims, decisions, judging, people
from chalicelib.rules import looking, policies, samples, starters
from chalicelib.rules.rules import Act, Rule
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Rulebook
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Case, Decision
from tests.support.stack import Stack

NOW = clock.parse("2026-11-27T12:00:00Z")
BRAND, TALK = "brd_00000000000000000000000001", f"cnv_{'1' * 20}"
LIVE = Rule("rul_1", 1, True, "c", 2, {"field": "link", "is": True}, (Act("hide"),), sample_percent=5)


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def at_work(agency: str) -> None:
    """The brand has a rule that is live, and that no message here is meant by."""
    rules = starters.rules(BRAND)
    rules[0] |= {"state": "live", "said": {**rules[0]["said"], "sample_percent": 5}}
    table.put(Rulebook(keys.within(agency, BRAND), keys.RULES, rules=rules, version=1))
    policies._kept.clear()


def said(agency: str, *, drawn: bool) -> Message:
    """Something harmless whose id is drawn, or not."""
    pk, every = keys.within(agency, TALK), (ids.message(TALK, NOW, str(number)) for number in range(2_000))
    id = next(id for id in every if samples.is_drawn(id, samples.UNMATCHED_PERCENT) is drawn)
    about: dict[str, Any] = {"brand": BRAND, "channel": "chn_1", "surface": "comment"}
    times = {"created_at": NOW, "updated_at": NOW}
    table.put(
        Conversation(pk, keys.CONVERSATION, network="facebook", thread="t", last_message={"id": id}, **about, **times)
    )
    message = Message(
        pk, keys.message(id), id=id, text="Lovely bags", direction="in", kind="text", author={}, status="received",
        sent_at=NOW, received_at=NOW, **about,
    )  # fmt: skip
    table.put(message)
    return message


@pytest.mark.parametrize("drawn", [True, False])
def test_message_that_no_rule_means_is_a_blind_case_if_it_is_drawn(agency: str, drawn: bool) -> None:
    at_work(agency)
    message = said(agency, drawn=drawn)
    assert [judging.judge(message, 1, NOW) for _ in range(2)] == ["sample" if drawn else "clean"] * 2
    open_cases = list(table.query(Case, message.pk, keys.CASES, consistent=True))
    shown: list[tuple[list[str], str | None, str]] = [(case.why, case.proposed, case.masked) for case in open_cases]
    assert shown == ([(["sample"], None, "")] if drawn else [])
    made = list(table.query(Decision, message.pk, keys.DECISIONS, consistent=True))
    assert [(decision.state, decision.matches, decision.acts) for decision in made] == (
        [("noted", [], [])] if drawn else []
    )


def test_one_in_a_hundred_is_drawn_where_samples_of_a_live_rule_are_wanted_and_nowhere_else() -> None:
    shadow = replace(LIVE, live=False)
    drawn = sum(samples.may_draw([shadow, LIVE], f"msg_{number}", NOW) for number in range(10_000))
    assert 60 < drawn < 140
    assert not any(samples.may_draw([shadow], f"msg_{number}", NOW) for number in range(1_000))
    for other in (replace(LIVE, ends_at=NOW), replace(LIVE, sample_percent=0)):
        assert not any(samples.may_draw([other], f"msg_{number}", NOW) for number in range(1_000))


def test_what_comes_in_is_looked_at_by_the_rules_that_are_kept(agency: str) -> None:
    owner = Owner(agency, BRAND, "chn_1", "facebook")
    every = [f"msg_{number}" for number in range(300)]
    assert not any(looking.may_draw(owner, id, NOW) for id in every)
    at_work(agency)
    drawn = [id for id in every if looking.may_draw(owner, id, NOW)]
    assert drawn == [id for id in every if samples.is_drawn(id, samples.UNMATCHED_PERCENT)] != []


def someone(agency: str, name: str) -> Actor:
    return replace(actors.system(agency), member=f"mbr_{name}", subject=name)


def hidden(agency: str) -> tuple[Decision, Case]:
    """A sample of what a rule hid, which two people are to judge."""
    message = said(agency, drawn=True)
    every = (ids.repeated(TALK, "dec", str(number)) for number in range(2_000))
    id = next(id for id in every if samples.is_drawn(ids.repeated(TALK, "cas", id), samples.SECOND_PERCENT))
    done = {"do": "hide", "state": "done", "rule": "rul_1", "version": 1, "clause": "c", "code": None}
    decision = Decision(
        message.pk, decisions.key(id), id=id, brand=BRAND, conversation=TALK, message=message.id, state="done",
        text="t", by=decisions.RULES, acts=[done], at=NOW, updated_at=NOW,
        matches=[{"rule": "rul_1", "version": 1, "live": True, "clause": "c"}],
    )  # fmt: skip
    table.put(decision)
    return decision, cases.open_for(decision, [cases.SAMPLE], None, NOW)


@pytest.mark.parametrize(("says", "agreed"), [("hide", 1), ("nothing", 0)])
def test_second_person_judges_the_sample_and_is_only_counted(agency: str, says: str, agreed: int) -> None:
    decision, first = hidden(agency)
    ana, ben = someone(agency, "ana"), someone(agency, "ben")
    people.decide(ana, first, "hide", None, None, NOW)
    assert claims.next_for(ana, [BRAND], NOW) is None
    second = claims.next_for(ben, [BRAND], NOW)
    assert second and (second.id, second.why, second.message) != (first.id, ["sample"], "")
    with pytest.raises(errors.Forbidden):
        claims.claim(ana, second, NOW)
    people.decide(ben, second, says, None, None, NOW)
    kept = table.get(Decision, decision.pk, decision.sk)
    assert kept and kept.state == "done"
    assert claims.next_for(someone(agency, "cleo"), [BRAND], NOW) is None
    view = figures.counted("rul_1", [kept], figures._cases([kept]), set())[1].view(1)
    assert (view["judged_twice"], view["right"]) == ({"samples": 1, "agreed": agreed}, 1)
