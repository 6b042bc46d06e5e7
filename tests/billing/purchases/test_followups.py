"""What is done at Stripe by itself after a look: a year, too, is billed for its messages by the month."""

from dataclasses import replace
from typing import Any

from chalicelib.billing.values import mapping
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import followups
from tests.billing.purchases.conftest import TEAM, Buyer

YEAR = replace(TEAM, interval="year")


def buys(buyer: Buyer, selection: Any) -> Contract:
    buyer.account.press(buyer.opens(selection), "pay")
    contract = buyer.looks().known.contract
    assert contract
    return contract


def intervals(buyer: Buyer, contract: Contract) -> dict[str, str]:
    """How often each part is billed, as Stripe has it."""
    rows = [mapping(row.to_dict()) for row in buyer.account.v1.subscriptions.retrieve(contract.id)["items"].data]
    parts = {str(mapping(row["price"])["product"]): mapping(mapping(row["price"])["recurring"]) for row in rows}
    return {product.rpartition("_")[2]: str(recurring["interval"]) for product, recurring in parts.items()}


def test_messages_of_a_year_are_billed_by_the_month(buyer: Buyer) -> None:
    """A13"""
    contract = buys(buyer, YEAR)
    assert not contract.usage_since
    for _ in range(2):
        followups.follow_up(buyer.stored, buyer.at, buyer.account.client)
    assert intervals(buyer, contract) == {"base": "year", "seats": "year", "brands": "year", "messages": "month"}
    after = buyer.known.contract
    assert after
    assert (after.interval, after.period_end) == ("year", contract.period_end)
    assert 0 < after.usage_since < after.usage_until


def test_nothing_is_added_to_a_month(buyer: Buyer) -> None:
    contract = buys(buyer, TEAM)
    before = len(buyer.account.calls())
    followups.follow_up(buyer.stored, buyer.at, buyer.account.client)
    assert len(buyer.account.calls()) - before <= 1  # the calls that were looked at are one themselves
    assert set(intervals(buyer, contract).values()) == {"month"}


def test_nothing_is_added_to_what_is_not_understood(buyer: Buyer) -> None:
    contract = buys(buyer, YEAR)
    product = buyer.account.v1.products.create({"name": "Strange"}).id
    price: Any = {"product": product, "currency": "eur", "recurring": {"interval": "year"}, "unit_amount": 1}
    items: Any = {"items": [{"price": buyer.account.v1.prices.create(price).id}]}
    buyer.account.v1.subscriptions.update(contract.id, items)
    followups.follow_up(buyer.stored, buyer.at, buyer.account.client)
    assert "messages" not in intervals(buyer, contract)
