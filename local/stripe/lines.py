"""The lines of an invoice: what an item costs for a period, and for a change in the middle of one."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.stripe import amounts, meters
from local.stripe.accounts import Account, Thing


def line(
    item: Mapping[str, Any], amount: int, start: int, end: int, *, quantity: int | None, proration: bool = False,
    text: str = "", tax_percent: int = 0, price: Mapping[str, Any] | None = None, currency: str,
) -> Thing:  # fmt: skip
    price = price or item["price"]
    details = {
        "invoice_item": None, "proration": proration, "proration_details": {"credited_items": None},
        "subscription": item["subscription"], "subscription_item": item["id"],
    }  # fmt: skip
    taxable = price["tax_behavior"] != "inclusive" and tax_percent
    taxes = [_tax(amounts.percent(amount, tax_percent), amount)] if taxable else []
    return {
        "id": None, "object": "line_item", "amount": amount, "currency": currency, "description": text or None,
        "discount_amounts": [], "discountable": not proration, "discounts": [], "invoice": None, "livemode": False,
        "metadata": {}, "parent": {"type": "subscription_item_details", "invoice_item_details": None,
                                   "subscription_item_details": details},
        "period": {"start": start, "end": end}, "pretax_credit_amounts": [],
        "pricing": {"type": "price_details", "unit_amount_decimal": price["unit_amount_decimal"],
                    "price_details": {"price": price["id"], "product": price["product"]}},
        "quantity": quantity, "quantity_decimal": None if quantity is None else str(quantity),
        "subscription": item["subscription"], "subtotal": amount, "taxes": taxes,
    }  # fmt: skip


def _tax(amount: int, taxable: int) -> Thing:
    return {
        "amount": amount, "tax_behavior": "exclusive", "tax_rate_details": None, "taxable_amount": taxable,
        "taxability_reason": "standard_rated", "type": "tax_rate_details",
    }  # fmt: skip


def is_metered(item: Mapping[str, Any]) -> bool:
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def in_advance(items: Iterable[Thing], currency: str, tax: int) -> list[Thing]:
    """The cost of licensed items for their present period."""
    return [
        line(
            item, amounts.cost(item["price"], item["quantity"], currency), item["current_period_start"],
            item["current_period_end"], quantity=item["quantity"], currency=currency, tax_percent=tax,
        )
        for item in items
        if not is_metered(item)
    ]  # fmt: skip


def in_arrears(
    account: Account, items: Iterable[Thing], customer: str, currency: str, tax: int, until: int | None = None
) -> list[Thing]:
    """The usage of metered items in their present period, or until a time in it."""
    made = []
    for item in filter(is_metered, items):
        start, end = item["current_period_start"], until or item["current_period_end"]
        used = meters.used(account, item["price"]["recurring"]["meter"], customer, start, end)
        cost = amounts.cost(item["price"], used, currency)
        made.append(line(item, cost, start, end, quantity=used, currency=currency, tax_percent=tax))
    return made


def prorated(before: Iterable[Thing], after: Iterable[Thing], at: int, currency: str, tax: int) -> list[Thing]:
    """A credit for the rest of licensed items that change, and a debit for the rest of what replaces them.

    An item whose period begins at `at` is debited in full.
    """
    old = {item["id"]: item for item in before if not is_metered(item)}
    new = {item["id"]: item for item in after if not is_metered(item)}
    made = []
    for id in [*old, *(id for id in new if id not in old)]:
        was, becomes = old.get(id), new.get(id)
        if was and becomes and _same(was, becomes):
            continue
        made += [_share(was, at, currency, tax, sign=-1)] if was else []
        made += [_share(becomes, at, currency, tax, sign=1)] if becomes else []
    return made


def _same(was: Thing, becomes: Thing) -> bool:
    names = ("quantity", "current_period_start", "current_period_end")
    return was["price"]["id"] == becomes["price"]["id"] and all(was[name] == becomes[name] for name in names)


def _share(item: Thing, at: int, currency: str, tax: int, *, sign: int) -> Thing:
    start, end = item["current_period_start"], item["current_period_end"]
    amount = sign * amounts.part(amounts.cost(item["price"], item["quantity"], currency), start, end, at)
    text = "Unused time" if sign < 0 else "Remaining time"
    return line(
        item, amount, max(at, start), end, quantity=item["quantity"], proration=True, text=text, currency=currency,
        tax_percent=tax,
    )  # fmt: skip
