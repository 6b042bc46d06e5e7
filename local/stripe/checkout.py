"""Checkout sessions: created, shown, listed and expired. What their page does is in `purchases.py`."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from local.stripe import amounts, coupons, customers, forms
from local.stripe.accounts import Account, Thing, listing, page
from local.stripe.calls import LISTING, call, due
from local.stripe.refusals import Refused, invalid

HOUR = 3600
SHORTEST, LONGEST, TRIAL_LEAST = HOUR // 2, 24 * HOUR, 48 * HOUR
DATA = "subscription_data.{description,metadata.*,trial_end,trial_period_days,billing_mode.type,proration_behavior}"
KNOWN = (
    "mode customer customer_email client_reference_id success_url cancel_url return_url ui_mode expires_at currency "
    f"locale line_items[].{{price,quantity}} {DATA} metadata.* billing_address_collection "
    "allow_promotion_codes discounts[].{coupon,promotion_code} "
    "automatic_tax.enabled tax_id_collection.{enabled,required} customer_update.{address,name,shipping} "
    "adaptive_pricing.enabled payment_method_collection "
    "subscription_data.trial_settings.end_behavior.missing_payment_method"
)

FRESH: Thing = {
    "mode": "subscription", "status": "open", "payment_status": "unpaid", "url": None, "subscription": None,
    "invoice": None, "payment_intent": None, "setup_intent": None, "consent": None, "customer_creation": None,
    "customer_details": None, "custom_fields": [], "payment_method_types": ["card"], "payment_link": None,
    "custom_text": {"after_submit": None, "shipping_address": None, "submit": None,
                    "terms_of_service_acceptance": None},
    "redirect_on_completion": "always", "shipping_cost": None, "shipping_options": [], "submit_type": None,
    "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}, "origin_context": None,
    "after_expiration": None, "consent_collection": None, "currency_conversion": None, "payment_method_options": {},
    "phone_number_collection": {"enabled": False}, "recovered_from": None, "saved_payment_method_options": None,
    "shipping_address_collection": None, "invoice_creation": None, "ui_mode": "hosted_page", "_made": None,
}  # fmt: skip


@call("POST", "/v1/checkout/sessions", KNOWN)
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    if forms.need(params, "mode") != "subscription":
        raise invalid("This double sells subscriptions only.", "mode")
    forms.need(params, "success_url")
    customer = customers.existing(account, params["customer"]) if params.get("customer") else None
    if params.get("customer_update") and not customer:
        raise invalid("`customer_update` can only be used with `customer`.", "customer_update")
    clock = customer["_clock"] if customer else account.settings["clock"]
    now = account.now(clock)
    expires = forms.whole(params, "expires_at", now + LONGEST)
    if not SHORTEST <= expires - now <= LONGEST:
        raise invalid("The `expires_at` timestamp must be 30 minutes to 24 hours in the future.", "expires_at")
    _refuse_short_trial(params, now)
    currency = _currency(account, params, customer)
    items = [_line(account, given, place, currency) for place, given in enumerate(params.get("line_items") or [])]
    _refuse_lines(items)
    if params.get("discounts") and params.get("allow_promotion_codes"):
        raise invalid("You may only specify one of these parameters: allow_promotion_codes, discounts.")
    return _made(account, params, customer, clock, items, currency, expires)


def _refuse_short_trial(params: Mapping[str, Any], now: int) -> None:
    end = forms.whole(params.get("subscription_data") or {}, "trial_end")
    if end is not None and end < now + TRIAL_LEAST:
        raise invalid("The `trial_end` date has to be at least 2 days in the future.", "subscription_data[trial_end]")


def _currency(account: Account, params: Mapping[str, Any], customer: Thing | None) -> str:
    first = (params.get("line_items") or [{}])[0]
    default = account.get("price", first.get("price"), "line_items[0][price]")["currency"]
    return str(params.get("currency") or (customer or {}).get("currency") or default)


def _line(account: Account, given: Mapping[str, Any], place: int, currency: str) -> Thing:
    where = f"line_items[{place}]"
    price = account.get("price", forms.need(given, "price"), f"{where}[price]")
    if not price["active"]:
        raise invalid("The price specified is inactive.", f"{where}[price]")
    if currency not in price["_more"]["currency_options"]:
        raise invalid(f"The price does not support the currency {currency}.", "currency")
    metered = (price["recurring"] or {}).get("usage_type") == "metered"
    if metered and "quantity" in given:
        raise invalid("Quantity should not be specified where usage_type is `metered`.", f"{where}[quantity]")
    quantity = None if metered else forms.whole(given, "quantity", least=0)
    if quantity is None and not metered:
        raise invalid("Quantity is required.", f"{where}[quantity]", "parameter_missing")
    amount = 0 if quantity is None else amounts.cost(price, quantity, currency)
    return {
        "id": account.new_id("li"), "object": "item", "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0,
        "amount_total": amount, "currency": currency, "description": None, "price": price, "quantity": quantity,
    }  # fmt: skip


def _refuse_lines(items: list[Thing]) -> None:
    recurring = [item["price"]["recurring"] for item in items]
    if not items or not all(recurring) or len(items) > 20:
        raise invalid("Mode subscription needs 1 to 20 recurring prices.", "line_items")
    if len({(each["interval"], each["interval_count"]) for each in recurring}) > 1:
        raise invalid("Checkout does not support multiple prices with different billing intervals.", "line_items")


def _made(account: Account, params: Mapping[str, Any], customer: Thing | None, clock: str | None, items: list[Thing],
          currency: str, expires: int) -> Thing:  # fmt: skip
    total = sum(item["amount_total"] for item in items)
    kept = (
        "client_reference_id",
        "billing_address_collection",
        "locale",
        "customer_email",
        "cancel_url",
        "success_url",
    )
    enabled = {name: forms.truth(params.get(name) or {}, "enabled", default=name == "adaptive_pricing")
               for name in ("automatic_tax", "tax_id_collection", "adaptive_pricing")}  # fmt: skip
    session = account.make(
        "checkout.session", "cs_test", clock=clock, customer=customer["id"] if customer else None, currency=currency,
        amount_subtotal=total, amount_total=total, expires_at=expires, metadata=forms.metadata(params),
        allow_promotion_codes=forms.truth(params, "allow_promotion_codes"),
        automatic_tax={"enabled": enabled["automatic_tax"], "liability": None, "provider": None, "status": None},
        adaptive_pricing={"enabled": enabled["adaptive_pricing"]}, **{name: params.get(name) for name in kept},
        tax_id_collection={"enabled": enabled["tax_id_collection"], "required": "never"},
        payment_method_collection=params.get("payment_method_collection", "always"),
        discounts=coupons.wanted(account, params.get("discounts"), currency),
        _data=dict(params.get("subscription_data") or {}), **deepcopy(FRESH),
    )  # fmt: skip
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    lines = {"object": "list", "data": items, "has_more": False, "url": url}
    session["_more"] = {"line_items": lines}
    coupons.show(account, session)
    session["url"] = f"{account.pages}/stripe/checkout.stripe.com/pay/{session['id']}"
    account.due(expires, "expire_session", session)
    return session


@call("GET", "/v1/checkout/sessions/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("checkout.session", id)


@call("GET", "/v1/checkout/sessions/{}/line_items", LISTING)
def line_items(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return page(account.get("checkout.session", id)["_more"]["line_items"]["data"], params, "line_items")


@call("GET", "/v1/checkout/sessions", f"{LISTING} customer status subscription")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    return listing(account, "checkout.session", params, "customer status subscription", "/v1/checkout/sessions")


@call("POST", "/v1/checkout/sessions/{}/expire")
def expire(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    session = account.get("checkout.session", id)
    if session["status"] != "open":
        raise Refused(f'Only Checkout Sessions with a status in ["open"] can be expired. It is {session["status"]}.')
    expire_due(account, session)
    return session


@due("expire_session")
def expire_due(account: Account, session: Thing) -> None:
    if session["status"] == "open":
        session.update(status="expired", url=None)
        account.emit("checkout.session.expired", session)
