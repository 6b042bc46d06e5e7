"""Who says the same as others is counted once, for an hour, for the brand; and for brands that share, as a number."""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.rules import same_words
from chalicelib.store import fence, keys, table
from chalicelib.store.models.moderation import SameWords
from chalicelib.words.competitors import Same
from tests.moderation.test_by_rules import decided, live
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually, number

Item = Mapping[str, Any]
NOW = clock.parse("2026-11-27T12:00:00Z")
WORDS = "Honestly the other soap with lavender is so much better for your hands"
NEARLY = "honestly the other SOAP with lavender is so much b3tter for your hands"


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    with fence.within(stack.ours.id):
        yield stack.ours.id


def test_accounts_that_say_nearly_the_same_are_counted_once_each(stack: Stack, agency: str) -> None:
    brand = stack.brand().brand
    said = [("ctc_1", WORDS), ("ctc_2", NEARLY), ("ctc_2", WORDS), ("ctc_3", WORDS + " 12 @somebody")]
    counted = [same_words.count(agency, brand, person, text, (), NOW).accounts for person, text in said]
    assert counted == [1, 2, 2, 3]


def test_after_an_hour_it_begins_anew_and_short_texts_are_never_the_same(stack: Stack, agency: str) -> None:
    brand = stack.brand().brand
    for at, expected in [(NOW, 1), (NOW + same_words.SLOT, 2), (NOW + 3 * same_words.SLOT, 1)]:
        assert same_words.count(agency, brand, f"ctc_{at}", WORDS, (), at).accounts == expected
    assert same_words.count(agency, brand, "ctc_1", "So much better", (), NOW) == Same()


def test_of_other_brands_a_number_is_told_from_three_on_and_only_to_who_shares(stack: Stack, agency: str) -> None:
    sharing = [stack.brand(share_counts=True).brand for _ in range(3)]
    counts = [same_words.count(agency, brand, "ctc_1", WORDS, (), NOW).brands for brand in sharing]
    assert counts == [0, 0, 3]
    assert same_words.count(agency, stack.brand().brand, "ctc_1", WORDS, (), NOW).brands == 0


def test_nothing_of_one_brand_is_kept_with_another(stack: Stack, agency: str) -> None:
    first, second = (stack.brand(share_counts=True).brand for _ in range(2))
    text = "Nobody ever told me how well a cream of lavender works in winter"
    same_words.count(agency, first, "ctc_1", text, (), NOW)
    assert same_words.count(agency, second, "ctc_2", text, (), NOW).accounts == 1
    kept = list(table.query(SameWords, keys.within(agency, keys.SAME), keys.SAME, consistent=True))
    assert kept and not any(first in str(row.attribute_values) or "lavender" in row.sk for row in kept)


ELSEWHERE = {"field": "same_brands", "at_least": 3}


def traces(brand: Agency, fan: Fan, message: dict[str, Any]) -> list[str]:
    """By what somebody would know that brand, and who wrote to it."""
    author = message["author"]["contact"]
    return [brand.brand, fan.channel.id, fan.channel.account, message["conversation"], message["id"], author, fan.id]


def counted(agency: str, brand: str) -> bool:
    return bool(list(table.query(SameWords, keys.within(agency, brand), keys.SAME, consistent=True)))


def kept(items: Collection[Item], agency: str, ids: Collection[str]) -> list[str]:
    """Those under these ids of our agency, each as one text."""
    partitions = tuple(keys.within(agency, id) for id in ids)
    return [json.dumps(item) for item in items if item["pk"]["S"].startswith(partitions)]


def stored(stack: Stack) -> list[Item]:
    """All that the table has of our agency."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(
        TableName=stack.platform.outputs["Table"], FilterExpression="begins_with(pk, :agency)",
        ExpressionAttributeValues={":agency": {"S": stack.ours.id}},
    )  # fmt: skip
    return [item for page in pages for item in page["Items"]]


def test_no_item_of_one_brand_has_a_trace_of_another_that_said_the_same(stack: Stack, agency: str) -> None:
    """Three brands share, one does not; the same words come to all of them."""
    brands = [*(stack.brand(share_counts=True) for _ in range(3)), stack.brand()]
    said = f"Honestly the soap of my neighbour {number()} smells so much better than this lavender one"
    marks, wanted = [], []
    for brand in brands:
        live(brand, ELSEWHERE, [{"do": "label", "label": "elsewhere"}])
        fan = Fan(stack.connect("facebook", brand))
        message = fan.channel.message(fan.says(said))
        eventually(partial(counted, agency, brand.brand))
        marks.append(traces(brand, fan, message))
        wanted.append((brand, message))
    third, message = wanted[2]
    assert decided(third, message)["acts"][0]["do"] == "label"
    others = [
        brand.owner.get(f"/messages/{message['id']}/decisions")["items"] for brand, message in (*wanted[:2], wanted[3])
    ]
    assert others == [[], [], []]
    every = stored(stack)
    for mine in marks:
        items = kept(every, agency, mine)
        assert len(items) >= 4
        foreign = [trace for other in marks if other is not mine for trace in other]
        assert not [(trace, item) for item in items for trace in foreign if trace in item]
    shared = kept(every, agency, [keys.SAME])
    assert shared and not [text for text in shared for trace in (*chain(*marks), "lavender") if trace in text]


def test_a_campaign_of_new_accounts_waits_for_a_person_with_its_reasons(stack: Stack) -> None:
    brand = stack.brand()
    line = brand.owner.get(f"/brands/{brand.brand}/line")["line"]
    brand.owner.put(f"/brands/{brand.brand}/line", {**line, "competitors": [{"id": "herb", "name": "Herbalyne"}]})
    [rule] = [
        rule for rule in brand.owner.get(f"/brands/{brand.brand}/rules")["items"] if "Competitors" in rule["name"]
    ]
    brand.owner.post(f"/rules/{rule['id']}/state", {"state": "live", "despite": "Tried by hand."})
    channel = stack.connect("facebook", brand)
    for _ in range(3):
        Fan(channel).says("I bought the soap of Herbalyne and my hands are soft again")
    case = eventually(lambda: brand.owner.post("/cases/next", {"brand": brand.brand})["case"])
    reasons = {reason["name"]: reason for reason in brand.owner.get(f"/decisions/{case['decision']}")["promotion"]}
    assert {"named", "new", "same_words"} <= set(reasons)
    assert [span["text"] for span in reasons["named"]["spans"]] == ["Herbalyne"]
