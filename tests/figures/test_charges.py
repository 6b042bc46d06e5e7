"""What the networks charge for is read from their own lists, with the day on which a price begins."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.figures import charges, facts, hours
from chalicelib.figures.facts import Cell
from chalicelib.networks.base import Cost
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from tests.figures.told import brand_of, inserted, message
from tests.support.stack import Stack

BEFORE, SINCE = date(2026, 9, 30), date(2026, 10, 1)
PAGE = "https://example.com/prices"
LIST: Mapping[str, Sequence[Cost]] = {
    "reply": (
        Cost(cost="paid", amount="0.015", page=PAGE, since="2026-01-01"),
        Cost(cost="paid", amount="0.02", page=PAGE, since="2026-10-01"),
    ),
    "template": (Cost(cost="paid", page=PAGE),),
    "receive": (Cost(cost="paid", amount="0.005", page=PAGE, since="2026-01-01"),),
}
OUT: Mapping[str, Any] = {"direction": "out", "reply": "rpl_1"}
TEMPLATE: Mapping[str, Any] = {**OUT, "say": {"template": {"name": "a"}}}


@pytest.mark.parametrize(
    ("network", "way", "day", "note"),
    [
        ("whatsapp", "reply", BEFORE, None),
        ("whatsapp", "reply", SINCE, "beyond_1000_a_month"),
        ("whatsapp", "template", BEFORE, ""),
        ("whatsapp", "receive", SINCE, None),
        ("messenger", "reply", SINCE, None),
        ("gone", "reply", SINCE, None),
        ("", "template", SINCE, None),
    ],
)
def test_message_costs_what_the_networks_list_says_of_its_day(
    network: str, way: str, day: date, note: str | None
) -> None:
    cost = charges.cost(charges.costs_of(network), way, day)
    assert (cost.note if cost else None) == note


@pytest.mark.parametrize(
    ("kind", "way", "expected"),
    [("in", "", "receive"), ("out", "", "reply"), ("out", "template", "template"), ("echo", "", ""), ("media", "", "")],
)
def test_what_may_be_charged_for_is_what_came_and_what_we_sent(kind: str, way: str, expected: str) -> None:
    assert charges.way_of(Cell(kind, "chn_a", "dm", "", way, 0)) == expected


def test_amount_is_exact_and_none_is_made_up() -> None:
    shown = [
        charges.view(cost, number)
        for way, day, number in (("reply", BEFORE, 3), ("reply", SINCE, 1), ("template", SINCE, 7))
        if (cost := charges.cost(LIST, way, day))
    ]
    assert [line["amount"] for line in shown] == ["0.045", "0.02", None]
    assert charges.total(shown) == {"amount": "0.065", "currency": "USD", "unpriced": 7}
    assert charges.total([]) == {"amount": "0", "currency": "USD", "unpriced": 0}


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """With two brands, of which one has a channel in a network that charges."""
    agency = ids.new("agc")
    with fence.within(agency):
        for id in (brand_of(agency), ids.new("brd")):
            table.put(Brand(agency, keys.noun(id), id=id, name="Nine", created_at=0))
        about = {"brand": brand_of(agency), "network": "dear", "account": "1", "name": "Shop", "sealed": ""}
        table.put(Channel(agency, keys.noun("chn_a"), id="chn_a", created_at=0, **about))
        yield agency


def test_what_a_month_cost_is_the_sum_of_its_hours(agency: str) -> None:
    month = clock.parse("2026-10-01T00:00:00Z"), clock.parse("2026-11-01T00:00:00Z")
    said = [(month[0] - clock.HOUR, OUT), (month[0], OUT), (month[0] + clock.DAY, {}), (month[0], TEMPLATE)]
    for number, (at, more) in enumerate([*said, (month[1] - 1, OUT), (month[1], OUT)]):
        hours.keep(facts.of_change(inserted(message(number, at=at, agency=agency, **more))))
        hours.fold(agency, at // clock.HOUR * clock.HOUR, month[1])
    lists = {"example": LIST, "dear": LIST}
    assert charges.spent(agency, *month, lists=lambda key: lists.get(key, {})) == Decimal("0.045")
    assert charges.spent(agency, *month, lists=lambda key: {}) == 0
