"""The double beside the library's own classes: it takes no parameter and tells no field that they do not know."""

import importlib
import re
from typing import Any

import pytest
import stripe
from stripe import params as taken
from stripe._object_classes import get_object_class

from local.stripe.accounts import API_VERSION
from local.stripe.calls import CALLS
from tests.support.stripe_side import Account

PARAMS = {
    ("POST", "/v1/customers"): "CustomerCreateParams",
    ("POST", "/v1/customers/x"): "CustomerModifyParams",
    ("POST", "/v1/products"): "ProductCreateParams",
    ("POST", "/v1/prices"): "PriceCreateParams",
    ("POST", "/v1/prices/x"): "PriceModifyParams",
    ("GET", "/v1/prices"): "PriceListParams",
    ("POST", "/v1/subscriptions"): "SubscriptionCreateParams",
    ("POST", "/v1/subscriptions/x"): "SubscriptionModifyParams",
    ("GET", "/v1/subscriptions"): "SubscriptionListParams",
    ("DELETE", "/v1/subscriptions/x"): "SubscriptionCancelParams",
    ("POST", "/v1/subscriptions/x/pause"): "SubscriptionPauseParams",
    ("POST", "/v1/subscriptions/x/resume"): "SubscriptionResumeParams",
    ("POST", "/v1/invoices/create_preview"): "InvoiceCreatePreviewParams",
    ("POST", "/v1/invoices/x/pay"): "InvoicePayParams",
    ("GET", "/v1/invoices"): "InvoiceListParams",
    ("POST", "/v1/refunds"): "RefundCreateParams",
    ("POST", "/v1/coupons"): "CouponCreateParams",
    ("POST", "/v1/promotion_codes"): "PromotionCodeCreateParams",
    ("GET", "/v1/promotion_codes"): "PromotionCodeListParams",
    ("POST", "/v1/checkout/sessions"): "checkout.SessionCreateParams",
    ("GET", "/v1/checkout/sessions"): "checkout.SessionListParams",
    ("POST", "/v1/billing/meters"): "billing.MeterCreateParams",
    ("POST", "/v1/billing/meter_events"): "billing.MeterEventCreateParams",
    ("GET", "/v1/billing/meters/x/event_summaries"): "billing.MeterListEventSummariesParams",
    ("POST", "/v1/billing_portal/sessions"): "billing_portal.SessionCreateParams",
    ("POST", "/v1/billing_portal/configurations"): "billing_portal.ConfigurationCreateParams",
    ("POST", "/v1/test_helpers/test_clocks"): "test_helpers.TestClockCreateParams",
    ("POST", "/v2/core/event_destinations"): "v2.core.EventDestinationCreateParams",
}


def class_of(name: str) -> Any:
    package, _, short = name.rpartition(".")
    return getattr(importlib.import_module(f"{taken.__name__}.{package}".rstrip(".")), short)


def knows(declared: Any, path: list[str]) -> bool:
    """True if the library's class has a parameter at that path."""
    name, *rest = path
    if name == "*":
        return True
    said = str(declared.__annotations__.get(name, ""))
    if not said or not rest:
        return bool(said)
    names = sorted(set(re.findall(r"\w*Params\w+", said)), key=len)
    inside = vars(importlib.import_module(declared.__module__))
    return rest == ["*"] or any(knows(inside[kind], rest) for kind in names if kind in inside)


@pytest.mark.parametrize(("method", "path"), PARAMS)
def test_every_parameter_is_one_of_the_librarys(method: str, path: str) -> None:
    [known] = [call.known for call in CALLS if call.method == method and call.pattern.fullmatch(path)][:1]
    declared = class_of(PARAMS[method, path])
    said = [name.replace("[]", "").split(".") for name in known if name != "expand[]"]
    assert [name for name in said if not knows(declared, name)] == []


def everything(account: Account) -> list[dict[str, Any]]:
    """One of each kind, as the double tells it."""
    clock = account.clock()
    customer = account.customer(clock, card="pm_card_createDispute")
    subscription = account.subscribe(customer)
    account.control("cards", customer=customer, card="pm_card_chargeCustomerFail")
    seat: Any = {"items": [{"id": subscription.items.data[1].id, "quantity": 9}],
                 "payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}  # fmt: skip
    account.v1.subscriptions.update(subscription.id, seat)
    charge = account.v1.charges.list({"customer": customer}).data[-1]
    invoice = str(subscription.latest_invoice)
    portal: Any = {"features": {"invoice_history": {"enabled": True}}}
    session: Any = {"mode": "subscription", "success_url": "https://a.example/", "line_items": [
        {"price": account.prices["base"], "quantity": 1}]}  # fmt: skip
    v1 = account.v1
    answers: list[Any] = [
        v1.subscriptions.retrieve(subscription.id), v1.customers.retrieve(customer), charge,
        v1.invoices.retrieve(invoice, {"expand": ["payments"]}), v1.prices.retrieve(account.prices["base"]),
        v1.products.retrieve("palabre_team"), v1.disputes.list().data[0], v1.events.list().data[0],
        v1.refunds.create({"charge": charge.id, "amount": 1}), v1.test_helpers.test_clocks.retrieve(clock),
        v1.checkout.sessions.create(session), v1.billing_portal.configurations.create(portal),
        v1.billing_portal.sessions.create({"customer": customer}), v1.billing.meters.retrieve(account.meter),
        v1.payment_intents.retrieve(str(charge.payment_intent)),
        v1.payment_methods.list({"customer": customer}).data[0],
        coupon := v1.coupons.create({"percent_off": 20, "duration": "forever"}),
        v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TWENTY"}),
    ]  # fmt: skip
    whole = [answer.to_dict() for answer in answers]
    lines = [line for answer in whole if answer["object"] == "invoice" for line in answer["lines"]["data"]]
    return [*whole, *lines, *whole[0]["items"]["data"], *whole[3]["payments"]["data"]]


def test_every_object_has_the_fields_of_the_librarys_class(account: Account) -> None:
    wrong = {}
    for thing in everything(account):
        fields = {name: str(said) for name, said in get_object_class("V1", thing["object"]).__annotations__.items()}
        strange = set(thing) - set(fields)
        absent = {
            name for name, said in fields.items()
            if "Optional" not in said and "ClassVar" not in said and not name.startswith("_") and name not in thing
        }  # fmt: skip
        if strange or absent:
            wrong[thing["object"]] = (sorted(strange), sorted(absent))
    assert wrong == {}


def test_version_is_the_librarys() -> None:
    assert stripe.api_version == API_VERSION
