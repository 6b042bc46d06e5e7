"""A model is asked where a rule wants it and the brand lets it read; alone it makes a person look, and no more."""

from typing import Any

import pytest

from chalicelib.moderation import acts
from tests.moderation.test_by_rules import decided
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually, number

ASKS = {"all": [{"field": "surface", "is": "comment"}, {"field": "length", "at_least": 5}]}
SAID = {"all": [{"field": "how", "has": "model"}, {"field": "score", "at_least": 60}]}
SCORN = "People like you belong in a circus"  # no lexicon has it
AGAINST = [
    {"do": "hide"},
    {"do": "strike", "weight": 5},
    {"do": "propose_ban", "days": 1},
    {"do": "label", "label": "scorn"},
]


@pytest.fixture
def brand(stack: Stack) -> Agency:
    """Its rules have a model asked about every comment, and are as hard as can be on what it says."""
    brand = stack.brand(model_units_per_day=2)
    for when, then in ((ASKS, [{"do": "ask_model"}]), (SAID, AGAINST)):
        rule = {"brand": brand.brand, "name": "Scorn", "clause": "respect.insults", "when": when, "then": then}
        made = brand.owner.post("/rules", rule)
        brand.owner.post(f"/rules/{made['id']}/state", {"state": "live", "despite": "Tried by hand."})
    return brand


def said(stack: Stack, brand: Agency, text: str) -> Any:
    """A comment of somebody new, and what was decided about it."""
    channel = stack.connect("facebook", brand)
    message = channel.message(Fan(channel).says(text))
    return message, decided(brand, message)


def test_what_a_model_alone_says_is_queued_and_neither_hidden_nor_counted(stack: Stack, brand: Agency) -> None:
    text = f"{SCORN}, number {number()}"
    message, decision = said(stack, brand, text)
    done = {act["do"]: act["state"] for act in decision["acts"]}
    assert done == {"queue": "done", "ask_model": "done", "label": "done"}
    [finding] = decision["findings"]
    assert (finding["category"], finding["how"], finding["score"]) == ("insult", ["model"], 70)
    assert (finding["means"], finding["spans"]) == ("INSULTS MEDIUM", [])
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]
    assert brand.owner.get(f"/contacts/{message['author']['contact']}/standing")["strikes"] == []
    case = eventually(lambda: brand.owner.post("/cases/next", {"brand": brand.brand})["case"])
    assert (case["message"], case["proposed"], case["category"]) == (message["id"], "hide", "insult")
    assert [call["json"] for call in stack.requests("bedrock", text)] == [
        {"source": "INPUT", "content": [{"text": {"text": text}}]}
    ]


def test_model_reads_no_more_in_a_day_than_the_brand_lets_it(stack: Stack, brand: Agency) -> None:
    for _ in range(2):
        said(stack, brand, SCORN)
    _, decision = said(stack, brand, SCORN)
    assert [(act["do"], act["state"], act["code"]) for act in decision["acts"]] == [
        ("ask_model", "refused", "model_limit")
    ]
    assert decision["findings"] == []
    usage = brand.owner.get(f"/brands/{brand.brand}/model")
    assert usage == {"available": True, "units_per_day": 2, "used_today": 2}


def test_model_that_fails_costs_its_opinion_and_nothing_else(stack: Stack, brand: Agency) -> None:
    text = f"You are all wankers, and worse {number()}"
    stack.behave("bedrock", "fail", times=2, containing=text)
    message, decision = said(stack, brand, text)
    assert {act["do"]: act["code"] for act in decision["acts"]} == {"ask_model": "model_unavailable"}
    assert [finding["how"] for finding in decision["findings"]] == [[]]
    assert decision["state"] == acts.REFUSED
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]
    _, next_one = said(stack, brand, SCORN)
    assert [finding["how"] for finding in next_one["findings"]] == [["model"]]


def test_brand_that_lets_it_read_nothing_shows_it_nothing(stack: Stack, brand: Agency) -> None:
    brand.owner.patch(f"/brands/{brand.brand}", {"settings": {"model_units_per_day": 0}})
    text = f"{SCORN}, number {number()}"
    _, decision = said(stack, brand, text)
    assert {act["do"]: act["code"] for act in decision["acts"]} == {"ask_model": "model_limit"}
    assert stack.requests("bedrock", text) == []
