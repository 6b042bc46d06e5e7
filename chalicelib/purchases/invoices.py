"""Invoices, as Stripe has them: listed page by page, and paid."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, page
from chalicelib.billing import refreshes, stripe
from chalicelib.billing.snapshots import rows
from chalicelib.billing.values import mapping, text
from chalicelib.plans import records
from chalicelib.purchases import failures

Invoice = Mapping[str, Any]


def listed(agency: str, cursor: str | None, limit: int, now: int, client: Any) -> Mapping[str, Any]:
    """A page of the agency's invoices, the newest first."""
    customer = records.of(records.load(agency, now)).customer
    if not customer:
        return {"items": [], "next": None}
    scope = f"invoices|{agency}"
    after = page.position(scope, cursor)
    begun = {"starting_after": after} if after else {}
    try:
        answer = stripe.call(client.v1.invoices.list, customer=customer, limit=limit, **begun)
    except (stripe.Missing, stripe.Rejected) as stranger:
        if not after:
            raise
        raise errors.Malformed("The cursor is not one of this list.", code="bad_cursor", field="cursor") from stranger
    every = rows(answer)
    more = answer.get("has_more") is True and every
    return {
        "items": [view(each) for each in every if each.get("status") != "draft"],
        "next": page.cursor(scope, text(every[-1].get("id"))) if more else None,
    }


def pay(agency: str, id: str | None, now: int, client: Any) -> None:
    """Pays the named open invoice, or the oldest. Raises Conflict if none is open, PaymentRequired if the payment
    fails.

    Stripe does not take payment for an invoice twice. No idempotency key is used, because Stripe would repeat a refusal
    under the same key even after the card was changed.
    """
    known = records.of(records.load(agency, now))
    every = _open(client, known.customer) if known.customer else []
    due = [each for each in every if id in (None, each.get("id"))]
    if not due and id:
        raise errors.NotFound
    if not due:
        raise errors.Conflict("The agency has no open invoice.", code="nothing_open")
    oldest = min(due, key=lambda each: (each.get("created") or 0, text(each.get("id"))))
    try:
        stripe.call(client.v1.invoices.pay, text(oldest.get("id")))
    except (stripe.Declined, stripe.ActionRequired) as failed:
        url = text(oldest.get("hosted_invoice_url"))
        raise failures.unpaid(url, action=isinstance(failed, stripe.ActionRequired)) from failed
    finally:
        refreshes.refresh(agency, now, client=client)


def _open(client: Any, customer: str) -> list[Invoice]:
    return list(rows(stripe.call(client.v1.invoices.list, customer=customer, status="open", limit=stripe.PAGE)))


def unpaid(client: Any, invoice: Invoice) -> errors.PaymentRequired:
    """The problem for an invoice that could not be paid: whether the bank wants a confirmation, and where to pay."""
    listed = stripe.call(client.v1.invoice_payments.list, invoice=text(invoice.get("id")), limit=1)
    intents = [text(mapping(row.get("payment")).get("payment_intent")) for row in rows(listed)]
    waits = bool(intents) and bool(intents[0]) and _needs_confirmation(client, intents[0])
    return failures.unpaid(text(invoice.get("hosted_invoice_url")), action=waits)


def _needs_confirmation(client: Any, intent: str) -> bool:
    return bool(stripe.call(client.v1.payment_intents.retrieve, intent).get("status") == "requires_action")


def view(invoice: Invoice) -> Mapping[str, Any]:
    return {
        "id": text(invoice.get("id")),
        "number": text(invoice.get("number")),
        "status": text(invoice.get("status")),
        "currency": text(invoice.get("currency")),
        "total": _amount(invoice.get("total")),
        "tax": _tax(invoice),
        "period": {"start": _time(invoice.get("period_start")), "end": _time(invoice.get("period_end"))},
        "created_at": _time(invoice.get("created")),
        "url": text(invoice.get("hosted_invoice_url")),
        "pdf": text(invoice.get("invoice_pdf")),
    }


def costs(invoice: Invoice) -> dict[str, Any]:
    """The lines, the tax and the total, in the currency's smallest unit."""
    lines = [
        {"description": text(row.get("description")), "amount": _amount(row.get("amount"))}
        for row in rows(invoice.get("lines"))
    ]
    return {
        "currency": text(invoice.get("currency")),
        "lines": lines,
        "tax": _tax(invoice),
        "total": _amount(invoice.get("total")),
    }


def no_costs(currency: str) -> dict[str, Any]:
    return {"currency": currency, "lines": [], "tax": 0, "total": 0}


def _tax(invoice: Invoice) -> int:
    taxes = invoice.get("total_taxes")
    return sum(_amount(mapping(each).get("amount")) for each in taxes) if isinstance(taxes, list) else 0


def _amount(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _time(seconds: Any) -> str:
    return clock.text(_amount(seconds) * clock.SECOND)
