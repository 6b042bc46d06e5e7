"""What moderation is given that it cannot, may not or need not act upon; the other ids stand with the tests of each."""

from functools import partial
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.moderation import acts, bans, facts
from chalicelib.moderation.facts import Known
from chalicelib.rules import policies
from chalicelib.store import fence, keys
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from tests.evaluation.test_undos import ended
from tests.moderation.test_by_rules import INSULT, decided, live
from tests.support.cases import Cases
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually

cases = Cases()
WHY = {"reason": "A mistake."}


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


@cases.add("MO-04")
def _insult_over_two_messages_or_beside_a_picture(stack: Stack) -> None:
    def found(text: str, *files: dict[str, Any]) -> tuple[list[str], bool]:
        agency, now = ids.new("agc"), clock.now()
        pk, about = keys.within(agency, "cnv_1"), {"brand": "brd_1", "channel": "chn_1", "surface": "comment"}
        message = Message(pk, "m", id="m", text=text, attachments=[*files], sent_at=now, received_at=now, **about)
        with fence.within(agency):
            policy = policies.read(agency, ids.new("brd"))
            known = Known(message, Conversation(pk, "c", network="facebook", **about), None, None, None)
            judged = facts.of(policy, known, now)
        return [finding.category for finding in judged.findings], bool(judged.about["media"])

    assert [found(half) for half in ("You absolute wan", "kers")] == [([], False), ([], False)]
    assert found(INSULT, {"kind": "image"}) == (["insult"], True)


LINK = {"field": "link", "is": True}


def _nested(levels: int) -> dict[str, Any]:
    return {"all": [_nested(levels - 1)]} if levels > 1 else LINK


def _refused(brand: Agency, **said: Any) -> tuple[Any, Any]:
    """The code, and the field that is named, of a rule that says this."""
    rule = {"clause": "respect.insults", "when": LINK, "then": [{"do": "queue"}], **said}
    answer = brand.owner.call("POST", "/rules", {"brand": brand.brand, "name": "Wrong", **rule})
    assert answer.status == 422
    return answer.json["code"], answer.json["field"]


@cases.add("MO-12")
def _condition_that_is_too_deep_too_long_or_asks_for_what_is_no_field(stack: Stack) -> None:
    brand = stack.brand()
    for wrong, code, field in (
        (_nested(5), "bad_condition", "when.all.0.all.0.all.0.all"),
        ({"any": [LINK] * 51}, "bad_condition", "when.any"),
        ({"all": [{"any": [LINK] * 26}, {"none": [LINK] * 25}]}, "too_much", "when"),
        ({"field": "shoe_size", "at_least": 46}, "bad_condition", "when.field"),
        ({"field": "sentiment", "is": "negative"}, "bad_condition", "when.field"),
        ({"field": "stars", "at_most": 2}, "bad_condition", "when.field"),
        ({"field": "severity", "at_least": "2"}, "bad_condition", "when.at_least"),
    ):
        assert _refused(brand, when=wrong) == (code, field)
    rule = {"brand": brand.brand, "name": "Deep", "clause": "respect.insults", "then": [{"do": "queue"}]}
    for right in (_nested(4), {"all": [{"any": [LINK] * 25}, {"none": [LINK] * 25}]}):
        assert brand.owner.post("/rules", {**rule, "when": right})["when"] == right


@cases.add("MO-14")
def _acts_that_exclude_each_other_or_are_for_nobody(stack: Stack) -> None:
    brand = stack.brand()
    teams = [{"do": "assign", "to": f"tem_{number}"} for number in (1, 2)]
    assert _refused(brand, then=[{"do": "hide"}, {"do": "keep"}]) == ("not_together", "then")
    assert _refused(brand, then=teams) == ("not_together", "then")
    for surface in ("review", ["comment", "review"]):
        asked = {"all": [LINK, {"field": "surface", "is": surface}]}
        for do in ("delete", "hide"):
            assert _refused(brand, when=asked, then=[{"do": do}]) == ("reviews_stay", "then")
    fan = Fan(stack.connect("facebook", brand))
    fan.channel.tell("review")
    [review] = eventually(fan.channel.messages)
    for verb in ("hide", "delete"):
        answer = brand.owner.call("POST", f"/messages/{review['id']}/{verb}", {})
        assert answer.problem == (422, f"cannot_{verb}")
    system, known = actors.system(brand.id), {"id": ids.new("ctc"), "brand": brand.brand}
    own = [{"network": "facebook", "id": fan.account, "username": ""}]
    with fence.within(brand.id), pytest.raises(errors.Invalid) as refusal:
        bans.propose(system, Contact("", "", **known, identities=own), "respect.insults", "Ours", clock.now())
    assert refusal.value.code == "own_account"


@cases.add("MO-15")
def _hidden_where_that_cannot_be(stack: Stack) -> None:
    owner, fan = stack.ours.owner, Fan(stack.connect("facebook"))
    ours = fan.is_answered("Thank you")["id"]
    others = (Fan(stack.connect(network)) for network in ("messenger", "linkedin"))
    for id in (ours, *(other.channel.message(other.says())["id"] for other in others)):
        assert owner.call("POST", f"/messages/{id}/hide", {}).problem == (422, "cannot_hide")
        assert "hide" not in owner.get(f"/messages/{id}", include="allowed")["allowed"]
    assert not [call for call in fan.channel.calls() if "is_hidden" in str(call)]


def _code(problem: errors.Problem, attempt: int = 1) -> Any:
    try:
        return acts._code(problem, attempt)
    except acts.TryAgain as later:
        return later.seconds


@cases.add("MO-17")
def _network_that_refuses_in_its_ways(stack: Stack) -> None:
    brand = stack.brand()
    live(brand)
    for failure, code in (("no_permission", "network_rejected"), ("gone", "gone"), ("expired", "channel_expired")):
        fan = Fan(stack.connect("facebook", brand))
        fan.channel.fails(failure, "is_hidden")
        [hiding] = [act for act in decided(brand, fan.channel.message(fan.says(INSULT)))["acts"] if act["do"] == "hide"]
        assert (hiding["state"], hiding["code"]) == ("refused", code)
        assert (fan.channel.shown()["health"] == "expired") == (failure == "expired")
    asked = brand.owner.get("/cases", brand=brand.brand)["items"]
    assert sorted(case["why"][0] for case in asked) == ["channel_expired", "network_rejected"]
    busy = errors.TooMany("", code="network_throttled", after=3600)
    assert [_code(busy, attempt) for attempt in (1, acts.MOST_ATTEMPTS)] == [3600, "network_throttled"]
    assert _code(errors.NotFound()) == "gone"


@cases.add("MO-19")
def _edited_to_an_insult_and_back_and_again_and_first(stack: Stack) -> None:
    brand = stack.brand()
    live(brand)
    fan = Fan(stack.connect("facebook", brand))
    event, fields, id = fan.said("Hello there")
    start = fan.times[id]
    fan.does("edits", id, INSULT, at=start + clock.SECOND)
    fan.channel.tell(event, **fields)
    message = fan.channel.message(id)["id"]

    def reads(text: str) -> Any:
        answer = brand.owner.get(f"/messages/{message}")
        return answer["text"] == text and answer["hidden"]

    eventually(partial(reads, INSULT))
    for second, text in ((2, "Hello there"), (3, INSULT)):
        fan.does("edits", id, text, at=start + second * clock.SECOND)
        eventually(partial(reads, text))
    [decision] = brand.owner.get(f"/messages/{message}/decisions")["items"]
    assert (decision["state"], decision["strike"]) == ("done", 1)


def _hid(stack: Stack, brand: Agency) -> str:
    fan = Fan(stack.connect("facebook", brand))
    return str(decided(brand, fan.channel.message(fan.says(INSULT)))["id"])


@cases.add("MO-23")
def _taken_back_what_cannot_be_and_twice(stack: Stack) -> None:
    brand, since = stack.brand(), clock.text(clock.now() - clock.MINUTE)
    owner, rule = brand.owner, live(brand)
    deleted, undone, left = (_hid(stack, brand) for _ in range(3))
    message = owner.get(f"/decisions/{deleted}")["message"]
    owner.post(f"/messages/{message}/delete", {})
    [latest, _] = owner.get(f"/messages/{message}/decisions")["items"]
    assert owner.call("POST", f"/decisions/{latest['id']}/undo", WHY).problem == (409, "cannot_undo")
    assert owner.post(f"/decisions/{undone}/undo", WHY) == owner.post(f"/decisions/{undone}/undo", WHY)
    for path in (f"/decisions/{left}/undo", f"/rules/{rule['id']}/undo"):
        body = {"since": since} if "rules" in path else WHY
        assert stack.theirs.owner.call("POST", path, body).problem == (404, "not_found")
    future = owner.call("POST", f"/rules/{rule['id']}/undo", {"since": clock.text(clock.now() + clock.HOUR)})
    assert (future.problem, future.json["field"]) == ((422, "bad_times"), "since")
    taken = ended(owner, owner.post(f"/rules/{rule['id']}/undo", {"since": since})["job"]["id"])["outcomes"]
    assert owner.get(f"/decisions/{left}")["state"] == "undone"
    assert taken["taken_back"] == 1
    again = owner.get(f"/messages/{owner.get(f'/decisions/{left}')['message']}")
    assert not again["hidden"]
