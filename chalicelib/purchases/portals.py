"""Stripe's pages for cards, addresses and invoices. Anybody with the address of such a page may use it: it is never
stored.
"""

from typing import Any

from chalicelib import errors
from chalicelib.billing import stripe
from chalicelib.billing.values import mapping
from chalicelib.plans import records

FLOWS = ("payment_method", "details", "invoices")


def open(agency: str, flow: str | None, return_to: str, now: int, client: Any) -> str:
    """The address of the page. Raises Conflict for an agency that is no customer of Stripe yet."""
    known = records.of(records.load(agency, now))
    if not known.customer or known.customer_deleted:
        raise errors.Conflict("The agency is no customer of Stripe yet. Buy a plan first.", code="no_customer")
    params: dict[str, Any] = {"customer": known.customer, "return_url": return_to}
    if configuration := _configuration(client):
        params["configuration"] = configuration
    if flow == "payment_method":
        params["flow_data"] = {"type": "payment_method_update"}
    return str(stripe.call(client.v1.billing_portal.sessions.create, **params)["url"])


def _configuration(client: Any) -> str:
    """The id of our configuration, with which plans can be neither changed nor cancelled there; "" to use the account's
    own.
    """
    listed = stripe.call(client.v1.billing_portal.configurations.list, active=True, limit=stripe.PAGE)
    rows = [mapping(row) for row in listed.get("data") or ()]
    return next((str(row["id"]) for row in rows if mapping(row.get("metadata")).get("palabre") == "portal"), "")
