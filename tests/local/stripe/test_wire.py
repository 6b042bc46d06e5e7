"""The calls billing makes, one after the other, as they are on the wire."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import urllib3

from tests.support.stripe_side import START, Account

Given = Mapping[str, Any]


def world(account: Account) -> dict[str, Any]:
    """The ids that the calls need."""
    clock = account.clock()
    customer = account.customer(clock, card="pm_card_createDispute")
    subscription = account.subscribe(customer)
    page: Any = {"mode": "subscription", "success_url": "https://a.example/", "customer": customer,
                 "line_items": [{"price": account.prices["base"], "quantity": 1}]}  # fmt: skip
    dispute = account.v1.disputes.list().data[0]
    return {
        "clock": clock, "customer": customer, "subscription": subscription.id, "invoice": subscription.latest_invoice,
        "item": subscription.items.data[1].id, "session": account.v1.checkout.sessions.create(page).id,
        "dispute": dispute.id, "charge": dispute.charge, "page": page,
    }  # fmt: skip


# A call, and its method and path as they come, with what was given in brackets.
CALLS: dict[str, tuple[Callable[[Account, Given], Any], str]] = {
    "customers.create": (lambda a, w: a.v1.customers.create({"name": "A"}), "POST /v1/customers"),
    "customers.retrieve": (lambda a, w: a.v1.customers.retrieve(w["customer"]), "GET /v1/customers/{customer}"),
    "customers.update": (lambda a, w: a.v1.customers.update(w["customer"], {}), "POST /v1/customers/{customer}"),
    "prices.list": (lambda a, w: a.v1.prices.list({"lookup_keys": ["palabre.team.base"]}), "GET /v1/prices"),
    "sessions.create": (lambda a, w: a.v1.checkout.sessions.create(w["page"]), "POST /v1/checkout/sessions"),
    "sessions.retrieve": (
        lambda a, w: a.v1.checkout.sessions.retrieve(w["session"]),
        "GET /v1/checkout/sessions/{session}",
    ),
    "sessions.list": (
        lambda a, w: a.v1.checkout.sessions.list({"customer": w["customer"]}),
        "GET /v1/checkout/sessions",
    ),
    "sessions.expire": (
        lambda a, w: a.v1.checkout.sessions.expire(w["session"]),
        "POST /v1/checkout/sessions/{session}/expire",
    ),
    "subscriptions.list": (
        lambda a, w: a.v1.subscriptions.list({"customer": w["customer"], "status": "all"}),
        "GET /v1/subscriptions",
    ),
    "subscriptions.retrieve": (
        lambda a, w: a.v1.subscriptions.retrieve(w["subscription"]),
        "GET /v1/subscriptions/{subscription}",
    ),
    "subscriptions.update": (
        lambda a, w: a.v1.subscriptions.update(w["subscription"], {"cancel_at": ""}),
        "POST /v1/subscriptions/{subscription}",
    ),
    "subscriptions.cancel": (
        lambda a, w: a.v1.subscriptions.cancel(w["subscription"]),
        "DELETE /v1/subscriptions/{subscription}",
    ),
    "subscriptions.pause": (
        lambda a, w: a.v1.subscriptions.pause(w["subscription"]),
        "POST /v1/subscriptions/{subscription}/pause",
    ),
    "invoices.list": (
        lambda a, w: a.v1.invoices.list({"customer": w["customer"], "status": "open"}),
        "GET /v1/invoices",
    ),
    "invoices.retrieve": (lambda a, w: a.v1.invoices.retrieve(w["invoice"]), "GET /v1/invoices/{invoice}"),
    "invoices.create_preview": (
        lambda a, w: a.v1.invoices.create_preview({"subscription": w["subscription"]}),
        "POST /v1/invoices/create_preview",
    ),
    "portal.sessions.create": (
        lambda a, w: a.v1.billing_portal.sessions.create({"customer": w["customer"]}),
        "POST /v1/billing_portal/sessions",
    ),
    "meters.list": (lambda a, w: a.v1.billing.meters.list({"status": "active"}), "GET /v1/billing/meters"),
    "disputes.retrieve": (lambda a, w: a.v1.disputes.retrieve(w["dispute"]), "GET /v1/disputes/{dispute}"),
    "charges.retrieve": (lambda a, w: a.v1.charges.retrieve(w["charge"]), "GET /v1/charges/{charge}"),
    "test_clocks.retrieve": (
        lambda a, w: a.v1.test_helpers.test_clocks.retrieve(w["clock"]),
        "GET /v1/test_helpers/test_clocks/{clock}",
    ),
    "prices.update": (lambda a, w: a.v1.prices.update(a.prices["base"], {"active": False}), "POST /v1/prices/{base}"),
    "products.update": (
        lambda a, w: a.v1.products.update("palabre_team", {"name": "T"}),
        "POST /v1/products/palabre_team",
    ),
    "destinations.list": (lambda a, w: a.client.v2.core.event_destinations.list(), "GET /v2/core/event_destinations"),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_call_is_answered(account: Account, name: str) -> None:
    given = {**world(account), **account.prices}
    work, line = CALLS[name]
    answer = work(account, given)
    last = account.calls()[-1]
    assert (last["status"], f"{last['method']} {last['path']}") == (200, line.format(**given))
    assert answer.to_dict()
    assert last["headers"]["stripe-version"] == "2026-10-28.endive"
    assert ("idempotency-key" in last["headers"]) == (last["method"] == "POST")


def test_form_is_nested_and_indexed(account: Account) -> None:
    given = world(account)
    change: Any = {"items": [{"id": given["item"], "quantity": 4}], "billing_cycle_anchor": {"type": "unchanged"}}
    account.v1.subscriptions.update(given["subscription"], change)
    last = account.calls()[-1]
    assert last["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert last["form"] == {"items": [{"id": given["item"], "quantity": "4"}],
                            "billing_cycle_anchor": {"type": "unchanged"}}  # fmt: skip


def test_list_is_in_the_query_indexed(account: Account) -> None:
    prices = account.v1.prices.list({"lookup_keys": ["palabre.team.base", "palabre.team.seats"], "active": True,
                                     "expand": ["data.product", "data.tiers", "data.currency_options"]})  # fmt: skip
    last = account.calls()[-1]
    assert last["query"]["lookup_keys[0]"] == "palabre.team.base" and last["query"]["active"] == "true"
    assert last["form"]["expand"] == ["data.product", "data.tiers", "data.currency_options"]
    seats, base = prices.data
    assert seats.tiers and seats.tiers[0].up_to == 3
    assert base.currency_options and base.to_dict()["product"]["id"] == "palabre_team"


def test_second_interface_takes_json(account: Account) -> None:
    account.client.v2.billing.meter_event_session.create()
    assert account.calls()[-1]["headers"]["content-type"] == "application/json"


def test_id_cannot_leave_its_path(account: Account) -> None:
    with pytest.raises(Exception, match="No such customer"):
        account.v1.customers.retrieve("../prices")
    assert account.calls()[-1]["path"] == "/v1/customers/..%2Fprices"


def test_catalogue_runs_twice(account: Account) -> None:
    """The second product of an id, and the second price of a lookup key, are refused; a key moves if asked."""
    product: Any = {"id": "palabre_team", "name": "Team"}
    with pytest.raises(Exception, match="already exists"):
        account.v1.products.create(product)
    price: Any = {"product": "palabre_team", "currency": "eur", "unit_amount": 5900, "recurring": {"interval": "month"},
                  "lookup_key": "palabre.team.base"}  # fmt: skip
    with pytest.raises(Exception, match="already uses that lookup key"):
        account.v1.prices.create(price)
    price["transfer_lookup_key"] = True
    account.v1.prices.create(price)
    assert account.v1.prices.retrieve(account.prices["base"]).lookup_key is None


def test_other_networks_are_still_there(account: Account) -> None:
    answer = urllib3.request("GET", f"{account.url}/example/api.example.com/")
    assert answer.status != 404 or b"no network" not in answer.data
    assert account.clock(START)
