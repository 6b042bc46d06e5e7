"""What is decided about messages makes its events, once, with ids and codes and never a word of anybody."""

from typing import Any

import pytest

from benchmarks.machine import matches
from chalicelib.events import facts, news
from chalicelib.store import keys
from chalicelib.store.items import Item
from chalicelib.store.models.moderation import Case, Decision, Standing
from local import infra
from tests.events.test_news import AGENCY, TALK, change
from tests.support.feed import end, until_told
from tests.support.people import Fan
from tests.support.stack import Stack

FOUND = [{"category": "insult", "severity": 2, "spans": [{"text": "wankers", "means": "wanker"}]}]


def act(do: str, state: str = "planned", code: str | None = None, rule: str | None = "rul_1") -> dict[str, Any]:
    return {"do": do, "value": None, "clause": "respect.insults", "rule": rule, "version": 3, "state": state,
            "code": code}  # fmt: skip


def decision(*acts: dict[str, Any], by: str = "rules") -> Decision:
    state = "planned" if acts else "noted"
    return Decision(
        TALK, "decision#dec_1", id="dec_1", brand="brd_1", conversation="cnv_1", message="msg_1", line=4,
        text="digest", findings=FOUND, acts=[*acts], state=state, by=by, reason="A secret reason", at=1, updated_at=1,
    )  # fmt: skip


def case(**fields: Any) -> Case:
    rest = {"state": "open", "cites": {"clause": "respect.insults", "rule": "rul_1", "rule_version": 3}, **fields}
    return Case(
        TALK, "case#cas_1", id="cas_1", brand="brd_1", conversation="cnv_1", message="msg_1", decision="dec_1",
        category="insult", severity=2, proposed="hide", masked="w******", priority=1, at=1, updated_at=1, **rest,
    )  # fmt: skip


def standing(*decisions: str, about: str = "") -> Standing:
    strikes = [{"at": 1, "weight": 3, "decision": id} for id in decisions]
    cause = {"brand": "brd_1", **({"decision": about, "clause": "respect.hate"} if about else {})}
    return Standing(f"{AGENCY}#ctc_1", keys.STANDING, strikes=strikes, about=cause)


HIDE = act("hide")
CASES: dict[str, tuple[Item | None, Item | None, list[tuple[str, str]]]] = {
    "rules decide": (None, decision(HIDE), [("decision.made", "")]),
    "a person decides": (None, decision(act("hide", "done", rule=None), by="mbr_1"), [("decision.made", "mbr_1")]),
    "a rule in shadow notes it": (None, decision(), []),
    "it is done": (decision(HIDE), decision(act("hide", "done")), []),
    "the network refuses": (decision(HIDE), decision(act("hide", "refused", "gone")), [("decision.failed", "")]),
    "two things fail": (
        decision(HIDE, act("propose")), decision(act("hide", "refused", "gone"), act("propose", "refused", "gone")),
        [("decision.failed", ""), ("decision.failed", "")],
    ),
    "it failed before": (decision(act("hide", "refused", "gone")), decision(act("hide", "refused", "gone")), []),
    "the rule is braked": (decision(HIDE), decision(act("hide", "refused", "braked")), []),
    "a strike waits for a person": (
        decision(act("strike")), decision(act("strike", "refused", "waits_for_a_person")), [],
    ),
    "somebody has to decide": (None, case(), [("case.opened", "")]),
    "somebody takes a case": (case(), case(holder="mbr_1", held_until=5), []),
    "the first strike counts": (None, standing("dec_1", about="dec_1"), [("strike.added", "")]),
    "a strike is taken back": (standing("dec_1", "dec_2"), standing("dec_2", about="dec_1"), [("strike.removed", "")]),
    "all are": (standing("dec_1", "dec_2"), standing(), [("strike.removed", "")] * 2),
    "a ban is proposed": (standing("dec_1"), standing("dec_1"), []),
    "somebody is erased": (standing("dec_1"), None, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_change_makes_its_events_once(name: str) -> None:
    old, new, expected = CASES[name]
    events = news.of_change(change(old, new))
    assert [(event.type, event.actor) for event in events] == expected
    assert len({event.id for event in events}) == len(expected)
    assert events == news.of_change(change(old, new))


@pytest.mark.parametrize("name", [name for name, (_, _, expected) in CASES.items() if expected])
def test_change_that_is_told_is_let_through(name: str) -> None:
    old, new, _ = CASES[name]
    given = change(old, new)
    images = {"OldImage": given.old, "NewImage": given.new}
    record = {"eventName": given.kind, "dynamodb": {"Keys": {"pk": {"S": given.pk}, "sk": {"S": given.sk}}, **images}}
    assert any(matches(pattern, record) for pattern in infra.table()["functions"]["on_change"]["stream"])


@pytest.mark.parametrize("name", CASES)
def test_event_has_no_words_of_anybody(name: str) -> None:
    old, new, _ = CASES[name]
    packed = str([event.packed() for event in news.of_change(change(old, new))])
    assert not [word for word in ("wanker", "w*", "secret") if word in packed]


def shown(old: Item | None, new: Item | None) -> dict[str, Any]:
    [event] = news.of_change(change(old, new))
    return {name: value for name, value in facts.of_moderation(event.facts or {}).items() if value}


def test_event_says_what_was_found_what_is_done_and_by_which_clause_and_rule() -> None:
    about = {
        "decision": "dec_1", "message": "msg_1", "category": "insult", "severity": 2, "clause": "respect.insults",
        "rule": "rul_1", "rule_version": 3,
    }  # fmt: skip
    assert shown(None, decision(HIDE, act("label"))) == {**about, "line": 4, "acts": ["hide", "label"]}
    assert shown(None, case()) == {**about, "acts": ["hide"]}
    failed = shown(decision(HIDE, act("label")), decision(act("hide", "refused", "gone"), act("label", "done")))
    assert failed == {**about, "line": 4, "acts": ["hide"], "code": "gone"}
    assert shown(None, standing("dec_1", about="dec_1")) == {
        "decision": "dec_1", "clause": "respect.hate", "weight": 3,
    }  # fmt: skip


def test_who_decides_is_told_with_all_that_it_brings_about(stack: Stack) -> None:
    brand = stack.brand()
    place = f"/brands/{brand.brand}/line"
    brand.owner.put(place, brand.owner.get(place)["line"])
    brand.owner.post(f"{place}/publish", {})
    fan, began = Fan(stack.connect("facebook", brand)), end(brand.owner)
    message = fan.channel.message(fan.says("You absolute wankers"))
    path = f"/messages/{message['id']}"
    brand.owner.post(f"{path}/hide", {"clause": "respect.insults"})
    [decision] = brand.owner.get(f"{path}/decisions")["items"][:1]
    [span] = [span for finding in decision["findings"] for span in finding["spans"]]
    assert message["text"][span["at"] : span["at"] + span["length"]] == span["text"] == "wankers"
    brand.owner.post(f"/decisions/{decision['id']}/undo", {"reason": "A joke."})
    wanted = ["decision.made", "strike.added", "message.hidden", "decision.undone", "strike.removed"]
    events = until_told(brand.owner, began, wanted, brand=brand.brand)
    for type in wanted:
        [event] = [event for event in events if event["type"] == type and event["data"]["moderation"]]
        about = event["data"]["moderation"]
        assert (about["decision"], about["clause"]) == (decision["id"], "respect.insults"), type
        assert "wankers" not in str(about)
