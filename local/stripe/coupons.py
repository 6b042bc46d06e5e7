"""Coupons, the promotion codes for them, and what they take off an invoice."""

from collections.abc import Mapping
from typing import Any

from local.stripe import amounts, forms, periods
from local.stripe.accounts import Account, Thing, listing
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused, invalid

DURATIONS = ("once", "repeating", "forever")


@call("POST", "/v1/coupons", "id name percent_off amount_off currency duration duration_in_months metadata.*")
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    percent, amount = (forms.whole(params, name, least=1) for name in ("percent_off", "amount_off"))
    if (percent is None) == (amount is None):
        raise invalid("A coupon has a percent_off or an amount_off.", "percent_off")
    if percent is not None and percent > 100:
        raise invalid("percent_off must be at most 100.", "percent_off")
    if amount is not None:
        forms.need(params, "currency")
    duration = forms.choice(params, "duration", DURATIONS, "once")
    months = forms.whole(params, "duration_in_months", least=1)
    if (duration == "repeating") != (months is not None):
        raise invalid("duration_in_months is for a coupon that is repeating, and only for it.", "duration_in_months")
    if params.get("id") in account.objects:
        raise Refused("Coupon already exists.", code="resource_already_exists", param="id")
    return account.make(
        "coupon", "co", id=params.get("id"), name=params.get("name"), percent_off=percent, amount_off=amount,
        currency=params.get("currency"), duration=duration, duration_in_months=months, max_redemptions=None,
        metadata=forms.metadata(params), redeem_by=None, times_redeemed=0, valid=True,
    )  # fmt: skip


@call("GET", "/v1/coupons/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("coupon", id)


@call("POST", "/v1/promotion_codes", "promotion.{type,coupon} code active metadata.*")
def create_code(account: Account, params: Mapping[str, Any]) -> Thing:
    promotion = forms.need(params, "promotion")
    forms.choice(promotion, "type", ("coupon",), "")
    coupon = account.get("coupon", forms.need(promotion, "coupon"), "promotion[coupon]")
    code = str(params.get("code") or account.new_id("CODE"))
    if any(other["active"] and other["code"].casefold() == code.casefold() for other in account.all("promotion_code")):
        raise invalid(f"An active promotion code with `code: {code}` already exists.", "code")
    return account.make(
        "promotion_code", "promo", active=forms.truth(params, "active", default=True), code=code, customer=None,
        customer_account=None, expires_at=None, max_redemptions=None, metadata=forms.metadata(params),
        promotion={"type": "coupon", "coupon": coupon["id"]}, times_redeemed=0,
        restrictions={"first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None},
    )  # fmt: skip


@call("GET", "/v1/promotion_codes", f"{LISTING} code")
def codes(account: Account, params: Mapping[str, Any]) -> Thing:
    return listing(account, "promotion_code", params, "code", "/v1/promotion_codes")


def wanted(account: Account, given: Any, currency: str) -> list[Thing]:
    """The `discounts` of a checkout session, each a coupon or a promotion code."""
    discounts = []
    for place, each in enumerate(given or []):
        where = f"discounts[{place}]"
        if len(each) != 1:
            raise invalid("Specify a coupon or a promotion_code.", where)
        code = each.get("promotion_code")
        promotion = account.get("promotion_code", code, f"{where}[promotion_code]") if code else None
        id = promotion["promotion"]["coupon"] if promotion else each.get("coupon")
        _refuse(account.get("coupon", id, f"{where}[coupon]"), promotion, currency)
        discounts.append({"coupon": None if promotion else id, "promotion_code": code})
    if len(discounts) > 1:
        raise invalid("At most one discount.", "discounts")
    return discounts


def typed(account: Account, session: Thing, code: str) -> None:
    """Somebody types a promotion code on the page; the page then shows its effect."""
    known = [each for each in account.all("promotion_code") if each["code"].casefold() == code.casefold()]
    if not session["allow_promotion_codes"] or not known:
        raise invalid("This code is invalid.", "promotion_code")
    session["discounts"] = wanted(account, [{"promotion_code": known[0]["id"]}], session["currency"])
    show(account, session)


def show(account: Account, session: Thing) -> None:
    """The page shows the amounts that have to be paid once the trial is over."""
    items = session["_more"]["line_items"]["data"]
    for each in session["discounts"]:
        shares = _shares(_coupon(account, each), [item["amount_subtotal"] for item in items])
        for item, amount in zip(items, shares, strict=True):
            item.update(amount_discount=amount, amount_total=item["amount_subtotal"] - amount)
        total = sum(item["amount_total"] for item in items)
        details = {**session["total_details"], "amount_discount": sum(shares)}
        session.update(amount_total=total, total_details=details)


def _coupon(account: Account, discount: Thing) -> Thing:
    """The coupon of a session's discount."""
    promotion = account.objects.get(discount["promotion_code"] or "")
    return account.objects[promotion["promotion"]["coupon"] if promotion else discount["coupon"]]


def _refuse(coupon: Thing, promotion: Thing | None, currency: str) -> None:
    if promotion and not promotion["active"]:
        raise invalid("This promotion code cannot be redeemed because it is not active.", "promotion_code")
    if coupon["currency"] not in (None, currency):
        raise invalid("The coupon cannot be redeemed in that currency.", "discounts")


def redeem(account: Account, session: Thing, subscription: Thing) -> None:
    """The session's discounts become the subscription's."""
    now = account.time_of(subscription)
    for each in session["discounts"]:
        coupon, promotion = _coupon(account, each), account.objects.get(each["promotion_code"] or "")
        months = coupon["duration_in_months"]
        made = account.make(
            "discount", "di", clock=subscription["_clock"], checkout_session=session["id"],
            customer=subscription["customer"], customer_account=None, invoice=None, invoice_item=None,
            end=periods.after(now, "month", months, 1) if months else None, start=now, subscription_item=None,
            promotion_code=each["promotion_code"], subscription=subscription["id"],
            source={"type": "coupon", "coupon": coupon["id"]},
        )  # fmt: skip
        subscription["discounts"] = [*subscription["discounts"], made["id"]]
        for counted in (coupon, promotion):
            if counted:
                counted["times_redeemed"] += 1


def take_off(account: Account, subscription: Thing, lines: list[Thing]) -> None:
    """Applies the subscription's discounts to lines that can be discounted; tax is on what remains."""
    now, tax = account.time_of(subscription), account.tax_of(subscription)
    for id in subscription["discounts"]:
        discount = account.objects[id]
        if discount["end"] is not None and discount["end"] <= now:
            continue
        coupon = account.objects[discount["source"]["coupon"]]
        cut = [line for line in lines if line["discountable"] and line["amount"] > 0]
        for line, amount in zip(cut, _shares(coupon, [line["amount"] for line in cut]), strict=True):
            line["discount_amounts"] = [{"amount": amount, "discount": id}]
            left = line["amount"] - amount
            if line["taxes"]:
                taxes = {**line["taxes"][0], "amount": amounts.percent(left, tax), "taxable_amount": left}
                line["taxes"] = [taxes]


def _shares(coupon: Thing, wholes: list[int]) -> list[int]:
    """What the coupon takes off each amount: its percentage, or a share of its amount."""
    if coupon["percent_off"]:
        return [amounts.percent(amount, coupon["percent_off"]) for amount in wholes]
    left, total, shares = min(coupon["amount_off"], sum(wholes)), sum(wholes), []
    for amount in wholes:
        share = amounts.part(left, 0, total, total - amount) if total else 0
        shares.append(share)
        left, total = left - share, total - amount
    return shares


def totals(lines: list[Thing]) -> list[Thing]:
    """What each discount takes off all lines together."""
    sums: dict[str, int] = {}
    for line in lines:
        for each in line["discount_amounts"]:
            sums[each["discount"]] = sums.get(each["discount"], 0) + each["amount"]
    return [{"amount": amount, "discount": id} for id, amount in sums.items()]


def use_up(account: Account, invoice: Thing, subscription: Thing) -> None:
    """Removes from the subscription a discount that was for one invoice only."""
    for each in invoice["total_discount_amounts"]:
        coupon = account.objects[account.objects[each["discount"]]["source"]["coupon"]]
        subscription["_discounted"] = True
        if coupon["duration"] == "once":
            subscription["discounts"] = [id for id in subscription["discounts"] if id != each["discount"]]


def refuse_prorations(subscription: Thing, lines: list[Thing]) -> None:
    """Stripe credits what was really paid; the double does not know that for discounted periods, so it refuses."""
    was_discounted = subscription["discounts"] or subscription.get("_discounted")
    if was_discounted and not all(line["discountable"] for line in lines):
        raise invalid("This double does not prorate what was discounted.", "proration_behavior")
