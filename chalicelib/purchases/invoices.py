"""An agency's invoices, as Stripe has them. None is kept here."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.billing import stripe
from chalicelib.billing.values import mapping, text
from chalicelib.plans import records
from chalicelib.purchases import calls


def listing(actor: Actor, limit: int, cursor: str | None, now: int) -> Mapping[str, Any]:
    """A page of them, newest first; the cursor is the id of the last one."""
    subscription = records.of(records.load(actor.agency, now))
    if not subscription.customer:
        return {"items": [], "next": None}
    client = calls.client()
    after = {"starting_after": cursor} if cursor else {}
    with calls.answered():
        try:
            page = stripe.call(client.v1.invoices.list, customer=subscription.customer, limit=limit, **after)
        except (stripe.Missing, stripe.Rejected) as unknown:
            raise errors.Invalid("This is no cursor of ours.", field="cursor") from unknown
    items = [view(mapping(each)) for each in page["data"]]
    return {"items": items, "next": items[-1]["id"] if page.get("has_more") and items else None}


def view(invoice: Mapping[str, Any]) -> Mapping[str, Any]:
    """Amounts are in the currency's smallest unit; `tax` is part of the total."""
    total = int(invoice.get("total") or 0)
    without = invoice.get("total_excluding_tax")
    return {
        "id": text(invoice.get("id")),
        "number": text(invoice.get("number")) or None,
        "status": text(invoice.get("status")),
        "currency": text(invoice.get("currency")),
        "total": total,
        "tax": total - int(without) if isinstance(without, int) else 0,
        "created_at": clock.text(int(invoice.get("created") or 0) * clock.SECOND),
        "url": text(invoice.get("hosted_invoice_url")) or None,
        "pdf": text(invoice.get("invoice_pdf")) or None,
    }
