"""Invoices: drafted, finalized, voided, shown. Their payment is in `dunning.py`."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.stripe import coupons
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused

OPEN = ("draft", "open")


def pending(account: Account, subscription: str) -> list[Thing]:
    """Invoice items that wait for the next invoice, oldest first."""
    return account.all("invoiceitem", _subscription=subscription, invoice=None)[::-1]


def keep_pending(account: Account, subscription: Thing, lines: Iterable[Thing]) -> None:
    """Keeps these lines for the next invoice."""
    for line in lines:
        kept = account.make(
            "invoiceitem", "ii", clock=subscription["_clock"], amount=line["amount"], currency=line["currency"],
            customer=subscription["customer"], date=account.time_of(subscription), description=line["description"],
            discountable=False, discounts=[], invoice=None, metadata={}, period=line["period"], proration=True,
            pricing=line["pricing"], quantity=line["quantity"], quantity_decimal=line["quantity_decimal"],
            tax_rates=[], test_clock=subscription["_clock"], _subscription=subscription["id"], _line=line,
            parent={"type": "subscription_details", "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": line["parent"]["subscription_item_details"]["subscription_item"]}},
        )  # fmt: skip
        account.emit("invoiceitem.created", kept)


def draft(account: Account, subscription: Thing, lines: list[Thing], reason: str, *, proration_date: int | None = None,
          name: str = "in") -> Thing:  # fmt: skip
    """An invoice of these lines and of the pending items."""
    customer = account.objects[subscription["customer"]]
    waiting = pending(account, subscription["id"])
    every = [_of_item(kept) for kept in waiting] + lines
    coupons.take_off(account, subscription, every)
    now = account.time_of(subscription)
    invoice = account.make(
        "invoice", name, clock=subscription["_clock"], customer=customer["id"], billing_reason=reason, status="draft",
        currency=subscription["currency"], collection_method="charge_automatically", auto_advance=True, attempted=False,
        attempt_count=0, next_payment_attempt=None, number=None, due_date=None, effective_at=None, description=None,
        period_start=min((line["period"]["start"] for line in every), default=now), footer=None,
        period_end=max((line["period"]["end"] for line in every), default=now), metadata={}, custom_fields=None,
        test_clock=subscription["_clock"], hosted_invoice_url=None, invoice_pdf=None, receipt_number=None,
        default_payment_method=None, default_source=None, default_tax_rates=[], application=None,
        discounts=list(subscription["discounts"]),
        account_country="DE", account_name="Double", account_tax_ids=None, amount_shipping=0, from_invoice=None,
        automatic_tax={**subscription["automatic_tax"], "provider": None, "status": "complete"},
        automatically_finalizes_at=None, issuer={"type": "self"}, last_finalization_error=None, latest_revision=None,
        on_behalf_of=None, payment_settings=subscription["payment_settings"], statement_descriptor=None,
        parent={"type": "subscription_details", "quote_details": None, "subscription_details": {
            "subscription": subscription["id"], "metadata": dict(subscription["metadata"]),
            "subscription_proration_date": proration_date}},
        status_transitions={"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        post_payment_credit_notes_amount=0, pre_payment_credit_notes_amount=0, rendering=None, shipping_cost=None,
        shipping_details=None, threshold_reason=None, webhooks_delivered_at=None, status_details=None,
        _subscription=subscription["id"], _waiting=[kept["id"] for kept in waiting], _retried=0,
    )  # fmt: skip
    _add_up(account, invoice, customer, every)
    return invoice


def _of_item(kept: Thing) -> Thing:
    line: Thing = {**kept["_line"], "parent": {**kept["_line"]["parent"]}}
    details = {**line["parent"]["subscription_item_details"], "invoice_item": kept["id"]}
    line["parent"]["subscription_item_details"] = details
    return line


def _add_up(account: Account, invoice: Thing, customer: Thing, lines: list[Thing]) -> None:
    for line in lines:
        line.update(id=account.new_id("il"), invoice=invoice["id"])
    subtotal = sum(line["amount"] for line in lines)
    taxes = [tax for line in lines for tax in line["taxes"]]
    tax = sum(each["amount"] for each in taxes)
    discounted = coupons.totals(lines)
    net = subtotal - sum(each["amount"] for each in discounted)
    total = net + tax
    balance = customer["balance"]
    applied = max(balance, -total) if total > 0 and balance < 0 else max(0, balance) if total > 0 else -total
    due = max(0, total + applied)
    more = {name: customer[name] for name in ("address", "email", "name", "phone", "shipping", "tax_exempt")}
    whole = [{**taxes[0], "amount": tax, "taxable_amount": net}] if taxes else []
    invoice.update(
        {f"customer_{name}": value for name, value in more.items()},
        customer_tax_ids=[{name: each[name] for name in ("type", "value")}
                          for each in customer["_more"]["tax_ids"]["data"]],
        lines={"object": "list", "data": lines, "has_more": False, "total_count": len(lines),
               "url": f"/v1/invoices/{invoice['id']}/lines"},
        subtotal=subtotal, subtotal_excluding_tax=subtotal, total=total, total_excluding_tax=net,
        total_taxes=whole, total_discount_amounts=discounted, total_pretax_credit_amounts=[], amount_due=due,
        amount_paid=0, amount_overpaid=0, amount_paid_off_stripe=0, amount_remaining=due, starting_balance=balance,
        ending_balance=None, _applied=applied,
    )  # fmt: skip
    payments = {"object": "list", "data": [], "has_more": False, "url": f"/v1/invoices/{invoice['id']}/payments"}
    invoice["_more"] = {"payments": payments, "confirmation_secret": None}


def store(account: Account, invoice: Thing) -> Thing:
    """Assigns the pending items to the invoice, and emits its event."""
    for id in invoice["_waiting"]:
        account.objects[id]["invoice"] = invoice["id"]
    subscription = account.objects[invoice["_subscription"]]
    subscription["latest_invoice"] = invoice["id"]
    coupons.use_up(account, invoice, subscription)
    account.emit("invoice.created", invoice)
    return invoice


def finalize(account: Account, invoice: Thing) -> Thing:
    """Opens the invoice for payment; the customer's balance is applied."""
    if invoice["status"] != "draft":
        raise Refused("This invoice is already finalized.", code="invoice_not_editable")
    now, customer = account.time_of(invoice), account.objects[invoice["customer"]]
    customer["balance"] -= invoice["_applied"]
    invoice.update(
        status="open", number=f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        hosted_invoice_url=f"{account.pages}/stripe/invoice.stripe.com/i/{invoice['id']}",
        invoice_pdf=f"{account.pages}/stripe/invoice.stripe.com/i/{invoice['id']}/pdf",
        effective_at=now, ending_balance=customer["balance"], automatically_finalizes_at=None,
        status_transitions={**invoice["status_transitions"], "finalized_at": now},
    )  # fmt: skip
    customer["next_invoice_sequence"] += 1
    account.emit("invoice.finalized", invoice)
    return invoice


def void(account: Account, invoice: Thing) -> Thing:
    if invoice["status"] not in ("open", "uncollectible"):
        raise Refused(f"This invoice is {invoice['status']} and cannot be voided.", code="invoice_not_editable")
    account.objects[invoice["customer"]]["balance"] += invoice["_applied"]
    invoice.update(status="void", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"] = {**invoice["status_transitions"], "voided_at": account.time_of(invoice)}
    account.emit("invoice.voided", invoice)
    return invoice


@call("GET", "/v1/invoices/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("invoice", id)


@call("GET", "/v1/invoices/{}/lines", LISTING)
def lines_of(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return page(account.get("invoice", id)["lines"]["data"], params, f"/v1/invoices/{id}/lines")


@call("GET", "/v1/invoices", f"{LISTING} customer subscription status collection_method created.{{gt,gte,lt,lte}}")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    wanted = {name: params[name] for name in ("customer", "status") if name in params}
    if "subscription" in params:
        wanted["_subscription"] = params["subscription"]
    return page(account.all("invoice", **wanted), params, "/v1/invoices")
