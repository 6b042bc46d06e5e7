"""What rules are told of a message, its place and its author; and what of it is read only if a rule asks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.editorial.lines import Line
from chalicelib.moderation import facts, standings
from chalicelib.moderation.facts import Known
from chalicelib.rules import policies
from chalicelib.rules.policies import Policy
from chalicelib.rules.rules import Act, Rule
from chalicelib.store import fence, keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import SameWords, Standing
from chalicelib.words.lexicons import Lexicon
from tests.moderation.test_by_rules import decided, live
from tests.support.people import Fan
from tests.support.stack import Stack, eventually

NOW = clock.parse("2026-11-29T23:30:00Z")
AGENCY = "agc_00000000000000000000000001"
PLACE = {"brand": "brd_1", "channel": "chn_1", "surface": "comment"}


def policy(*asked: str, zone: str = "") -> Policy:
    rules = tuple(Rule("rul_1", 1, True, "c", 2, {"field": name, "at_least": 1}, (Act("queue"),)) for name in asked)
    return Policy(0, Line("en"), rules, Lexicon(), frozenset(), zone=zone)


def known(standing: Standing | None = None, contact: Contact | None = None, **more: Any) -> Known:
    conversation = Conversation(f"{AGENCY}#cnv_1", "c", network="facebook", origin=more.pop("origin", None), **PLACE)
    author = {"contact": "ctc_1", "name": "Ana", "network_id": "7"}
    said = {"text": "Hello", "author": author, "sent_at": NOW, "received_at": NOW, **more, **PLACE}
    return Known(Message(conversation.pk, "m", id="msg_1", **said), conversation, None, contact, standing)


def about(known: Known, policy: Policy, **more: Any) -> Any:
    return facts.of(policy, known, NOW, **more).about


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    with fence.within(stack.ours.id):
        yield stack.ours.id


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (known(), {"origin": None, "reply": False, "edited": False, "banned_before": False, "strikes": 0}),
        (known(origin={"id": "600_1", "url": "x"}, reply_to="600_9"), {"origin": "600_1", "reply": True}),
        (known(edited_at=NOW), {"edited": True}),
        (known(Standing("p", "s", banned_before=True)), {"banned_before": True}),
        (known(), {"contact_labels": None}),
        (known(contact=Contact("p", "c", id="ctc_1", created_at=0)), {"contact_labels": ()}),
        (known(contact=Contact("p", "c", id="ctc_1", created_at=0, labels=["vip"])), {"contact_labels": ["vip"]}),
    ],
)
def test_place_and_author_are_told(message: Known, expected: dict[str, Any]) -> None:
    every = about(message, policy())
    assert {name: every[name] for name in expected} == expected


@pytest.mark.usefixtures("nowhere")
def test_edits_and_deletions_are_no_messages_of_the_author() -> None:
    private = Conversation(f"{AGENCY}#cnv_1", "c", network="facebook", **{**PLACE, "surface": "dm"}, heard=5, revised=2)
    message = replace(known(contact=Contact("p", "c", id="ctc_1", created_at=0)), conversation=private)
    assert about(message, policy())["author_messages"] == 3


@pytest.mark.usefixtures("nowhere")
def test_nothing_is_read_for_what_no_rule_asks() -> None:
    """There is no table here: whoever asked it would fail."""
    quiet = policy("strikes", "capitals", "length")
    assert policies.of_today(AGENCY, "brd_1", quiet) is quiet
    every = about(known(), quiet, counts=True)
    assert not {"hour", "weekday", "author_last_minute", "author_last_hour"} & set(every)
    assert about(known(), policy("hour", zone="Europe/Paris"))["hour"] == 0
    assert "author_last_hour" not in about(known(), policy("author_last_hour"))  # a back-test counts nothing


def test_messages_of_an_author_are_counted_once_each_for_an_hour(agency: str) -> None:
    person = ids.new("ctc")
    ago = [("msg_1", 61), ("msg_2", 59), ("msg_3", 9), ("msg_3", 9), ("msg_4", 0)]
    said = [standings.lately(agency, person, id, NOW - minutes * clock.MINUTE) for id, minutes in ago]
    assert [len(times) for times in said] == [1, 2, 3, 3, 3]
    assert standings.lately(agency, ids.new("ctc"), "msg_9", NOW) == [NOW]


def test_time_of_a_brand_is_read_anew_while_a_rule_asks_for_it(stack: Stack, agency: str) -> None:
    brand = stack.brand()
    live(brand, {"field": "hour", "at_least": 22}, [{"do": "label", "label": "late"}])
    kept = policies.read(agency, brand.brand)
    assert kept.zone == "UTC"
    path = f"/brands/{brand.brand}"
    brand.owner.patch(path, {"settings": {**brand.owner.get(path)["settings"], "time_zone": "Europe/Paris"}})
    assert policies.of_today(agency, brand.brand, kept).zone == "Europe/Paris"


def test_who_writes_often_is_told_by_all_they_wrote_whatever_was_in_it(stack: Stack, agency: str) -> None:
    brand = stack.brand()
    often = {"all": [{"field": "author_last_hour", "at_least": 3}, {"field": "link", "is": True}]}
    live(brand, often, [{"do": "label", "label": "often"}])
    fan = Fan(stack.connect("facebook", brand))
    conversation = fan.starts("Hello")
    fan.says("Hello again")
    pk = keys.within(agency, conversation["contact"]["id"])

    def counted() -> bool:
        records = table.query(SameWords, pk, keys.SAME, consistent=True)
        return sum(len(record.names or ()) for record in records) == 2

    eventually(counted)
    decision = decided(brand, fan.channel.message(fan.says("look at nordlux.example.com")))
    assert [act["do"] for act in decision["acts"]] == ["label"]
