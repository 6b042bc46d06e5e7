"""What Stripe sells is what the plans say: pushed to its double, and compared."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.billing import stripe
from chalicelib.plans import plans
from chalicelib.plans.plans import Plan
from local import catalogue, destinations
from local.double import Server
from tests.local.stripe.conftest import stripe_server
from tests.support.stripe_side import Account

__all__ = ["stripe_server"]


@pytest.fixture
def account(stripe_server: Server) -> Account:
    """An account that sells nothing yet."""
    return Account(stripe_server.url)


def pushed(account: Account, sold: Iterable[Plan] = plans.PLANS.values()) -> int:
    return catalogue.push(catalogue.changes(account.v1, sold))


def raised(plan: Plan) -> Plan:
    """The plan with another price for what it is based on."""
    base, *others = plan.components
    return replace(plan, components=(replace(base, monthly={**base.monthly, "eur": Decimal(5900)}), *others))


def prices(account: Account, **more: Any) -> dict[str, Any]:
    asked: Any = {"limit": 100, "active": True, **more}
    listed = account.v1.prices.list(asked).data
    return {str(price.lookup_key): price for price in listed}


def test_second_time_changes_nothing(account: Account) -> None:
    assert pushed(account) == 1 + 8 + 14 + 1  # a meter, products, prices, the portal
    assert pushed(account) == 0
    assert catalogue.push(catalogue.changes(account.v1, plans.PLANS.values()), check=True) == 0


def test_check_says_what_differs_and_changes_nothing(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.push(catalogue.changes(account.v1, plans.PLANS.values()), check=True) == 24
    assert "price palabre.team.seats.year differs" in capsys.readouterr().out
    assert prices(account) == {}


def test_who_buys_a_price_is_recognised(account: Account) -> None:
    pushed(account)
    customer = account.customer()
    there = prices(account)
    items: Any = [{"price": there["palabre.agency.base.month"].id}, {"price": there["palabre.agency.seats.month"].id,
                  "quantity": 12}]  # fmt: skip
    account.v1.subscriptions.create({"customer": customer, "items": items})
    [contract] = stripe.snapshot(account.client, customer).contracts
    assert (contract.plan, contract.interval, contract.quantities) == ("agency", "month", {"seats": 12})


def test_amounts_are_those_of_the_plan_in_each_currency(account: Account) -> None:
    pushed(account)
    customer, seats = account.customer(), prices(account)["palabre.team.seats.year"].id
    items: Any = [{"price": seats, "quantity": 5}]
    account.v1.subscriptions.create({"customer": customer, "items": items, "currency": "usd"})
    [invoice] = account.v1.invoices.list({"customer": customer}).data
    assert (invoice.total, invoice.currency) == (2 * 10 * 1000, "usd")  # three of the five are included


def test_new_price_is_for_new_buyers_and_the_old_one_stays_with_who_has_it(account: Account) -> None:
    """A16"""
    pushed(account)
    old, customer = prices(account)["palabre.team.base.month"].id, account.customer()
    account.v1.subscriptions.create({"customer": customer, "items": [{"price": old}]})
    sold = [raised(plan) if plan.key == "team" else plan for plan in plans.PLANS.values()]
    assert pushed(account, sold) == 2  # by the month and by the year
    assert prices(account)["palabre.team.base.month"].unit_amount == 5900
    assert not account.v1.prices.retrieve(old).active
    [contract] = stripe.snapshot(account.client, customer).contracts
    assert contract.plan == "team"
    assert pushed(account, sold) == 0


def test_what_was_changed_by_hand_is_put_right(account: Account) -> None:
    pushed(account)
    account.v1.products.update("palabre_team_base", {"name": "Tea"})
    account.v1.prices.update(prices(account)["palabre.team.brands.month"].id, {"active": False})
    assert pushed(account) == 2
    assert account.v1.products.retrieve("palabre_team_base").name == "Team"
    assert "palabre.team.brands.month" in prices(account)


def test_meter_that_counts_otherwise_stops_all(account: Account) -> None:
    aggregation: Any = {"formula": "count"}
    account.v1.billing.meters.create(
        {"display_name": "Mine", "event_name": catalogue.METER, "default_aggregation": aggregation}
    )
    with pytest.raises(SystemExit, match="counts otherwise"):
        pushed(account)
    assert prices(account) == {}


def test_our_hook_is_told_of_all_that_we_look_at_and_its_secret_is_kept_once(account: Account) -> None:
    kept: list[str] = []
    url = "https://hooks.example.com/stripe"
    for wanted in (1, 0):
        assert catalogue.push(destinations.changes(account.client.v2, url, kept.append)) == wanted
    [secret] = kept
    assert secret.startswith("whsec")
    [made] = account.client.v2.core.event_destinations.list().data
    assert sorted(made.enabled_events) == destinations.TYPES
    account.client.v2.core.event_destinations.update(made.id, {"enabled_events": ["v1.invoice.paid"]})
    assert catalogue.push(destinations.changes(account.client.v2, url, kept.append)) == 1
    assert kept == [secret]
