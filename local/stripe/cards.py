"""Cards: Stripe's test cards, and the results of charging them."""

from collections.abc import Mapping
from typing import Any

from local.stripe import forms
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused, invalid, missing

# What charging it brings: ok, declined, action (3DS each time), lost (a decline nobody tries again), dispute, inquiry.
TEST_CARDS = {
    "pm_card_visa": "ok",
    "pm_card_mastercard": "ok",
    "pm_card_chargeCustomerFail": "declined",
    "pm_card_authenticationRequired": "action",
    "pm_card_chargeDeclinedLostCard": "lost",
    "pm_card_createDispute": "dispute",
    "pm_card_createDisputeInquiry": "inquiry",
}
LAST4 = {"ok": "4242", "declined": "0341", "action": "3184", "lost": "9987", "dispute": "0259", "inquiry": "1976"}


def make(account: Account, card: str, customer: Thing | None) -> Thing:
    """A payment method for a test card, attached to the customer if there is one."""
    if card not in TEST_CARDS:
        raise missing("PaymentMethod", card, "payment_method")
    clock = customer["_clock"] if customer else None
    method = account.make(
        "payment_method", "pm", clock=clock, type="card", customer=customer["id"] if customer else None, metadata={},
        allow_redisplay="always", billing_details={"address": None, "email": None, "name": None, "phone": None,
                                                   "tax_id": None}, card={},
    )  # fmt: skip
    switch(method, card)
    if customer:
        account.emit("payment_method.attached", method)
    return method


def switch(method: Thing, card: str) -> None:
    """From now on the payment method behaves as that test card does."""
    if card not in TEST_CARDS:
        raise missing("PaymentMethod", card, "payment_method")
    behaviour = TEST_CARDS[card]
    method["_does"] = behaviour
    method["card"] = {
        "brand": "mastercard" if "mastercard" in card else "visa", "last4": LAST4[behaviour], "exp_month": 12,
        "exp_year": 2034, "country": "DE", "funding": "credit", "fingerprint": f"f{behaviour}", "checks": None,
        "display_brand": "visa", "networks": None, "three_d_secure_usage": {"supported": True}, "wallet": None,
        "generated_from": None, "regulated_status": "unregulated",
    }  # fmt: skip


def of(account: Account, id: Any, param: str = "payment_method") -> Thing:
    return account.get("payment_method", id, param)


def paying(account: Account, subscription: Thing | None, customer: Thing) -> Thing | None:
    """The card that an invoice is charged to: the subscription's comes before the customer's."""
    own = (subscription or {}).get("default_payment_method")
    chosen = own or customer["invoice_settings"]["default_payment_method"]
    return account.objects.get(chosen) if chosen else None


@call("POST", "/v1/payment_methods/{}/attach", "customer")
def attach(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    customer = account.get("customer", forms.need(params, "customer"), "customer")
    if id in TEST_CARDS:
        if TEST_CARDS[id] == "lost":
            raise Refused("Your card was declined.", status=402, kind="card_error", code="card_declined",
                          decline_code="lost_card", param="")  # fmt: skip
        return make(account, id, customer)
    method = of(account, id)
    if method["customer"] not in (None, customer["id"]):
        raise invalid("The payment method is already attached to another customer.", "payment_method")
    method.update(customer=customer["id"], _clock=customer["_clock"])
    account.emit("payment_method.attached", method)
    return method


@call("POST", "/v1/payment_methods/{}/detach")
def detach(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    method = of(account, id)
    if not method["customer"]:
        raise invalid("The payment method is not attached to a customer.", "payment_method")
    customer = account.objects[method["customer"]]
    if customer["invoice_settings"]["default_payment_method"] == id:
        customer["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": None}
    for subscription in account.all("subscription", default_payment_method=id):
        subscription["default_payment_method"] = None
    method["customer"] = None
    account.emit("payment_method.detached", method)
    return method


@call("GET", "/v1/payment_methods/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return of(account, id)


@call("GET", "/v1/customers/{}/payment_methods", f"{LISTING} type")
def of_customer(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    account.get("customer", id)
    return page(account.all("payment_method", customer=id), params, f"/v1/customers/{id}/payment_methods")


@call("GET", "/v1/payment_methods", f"{LISTING} type customer")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    customer = account.get("customer", forms.need(params, "customer"), "customer")
    return page(account.all("payment_method", customer=customer["id"]), params, "/v1/payment_methods")
