"""Stripe's own pages for what is Stripe's: the card, the address and tax number, past invoices."""

from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.billing import stripe
from chalicelib.plans import records
from chalicelib.purchases import calls

FLOWS = ("payment_method", "details", "invoices")


def open(actor: Actor, flow: str, return_to: str, now: int) -> str:
    """The address of the page, which lets in whoever has it: it is never logged. Raises Conflict before a purchase."""
    subscription = records.of(records.load(actor.agency, now))
    if not subscription.customer or subscription.customer_deleted:
        raise errors.Conflict("Nothing was bought yet.", code="no_customer")
    client = calls.client()
    with calls.answered():
        params: dict[str, Any] = {"customer": subscription.customer, "return_url": return_to}
        configurations = stripe.call(client.v1.billing_portal.configurations.list, active=True, limit=100)["data"]
        ours = [each["id"] for each in configurations if each["metadata"].get("palabre") == "portal"]
        params |= {"configuration": ours[0]} if ours else {}
        if flow == "payment_method":
            params["flow_data"] = {"type": "payment_method_update"}
        return str(stripe.call(client.v1.billing_portal.sessions.create, **params)["url"])
