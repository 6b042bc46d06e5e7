"""Which customer a notice of Stripe's is about, and which agency's customer that is.

What Stripe posts does not always name the customer; then the subject is looked up. Text that somebody wrote on an
object, such as its metadata, never decides whose it is.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.billing import stripe
from chalicelib.billing.notices import Notice
from chalicelib.billing.values import mapping, text
from chalicelib.store import lookups, table
from chalicelib.store.models.plans import Customer

Retrieve = Callable[[Any, str], Mapping[str, Any]]


def agency_of(customer: str) -> str:
    """The agency of a Stripe customer; empty if it is no agency's."""
    known = table.get(Customer, lookups.customer(customer), lookups.CUSTOMER) if customer else None
    return known.agency if known else ""


def customers(client: Any, notice: Notice) -> list[str]:
    """The customers that the notice concerns: usually one; none if there is no such object; all those of a test clock.

    Raises a stripe.Failure.
    """
    if notice.customer:
        return [notice.customer]
    if notice.type == "test_helpers.test_clock.ready":
        listed = stripe.call(client.v1.customers.list, test_clock=notice.subject, limit=stripe.PAGE)
        return [text(mapping(each).get("id")) for each in listed.get("data", ())]
    retrieve = _RETRIEVE.get(notice.type.rpartition(".")[0])
    try:
        customer = text(retrieve(client, notice.subject).get("customer")) if retrieve and notice.subject else ""
    except stripe.Missing:
        customer = ""
    return [customer] if customer else []


def _direct(service: str, client: Any, id: str) -> Mapping[str, Any]:
    return stripe.call(getattr(client.v1, service).retrieve, id)


def _session(client: Any, id: str) -> Mapping[str, Any]:
    return stripe.call(client.v1.checkout.sessions.retrieve, id)


def _of_charge(service: str, client: Any, id: str) -> Mapping[str, Any]:
    """A dispute or refund names its charge, and the charge its customer."""
    charge = text(_direct(service, client, id).get("charge"))
    return _direct("charges", client, charge) if charge else {}


# What knows the customer, by what a notice is about.
_RETRIEVE: Mapping[str, Retrieve] = {
    "charge.dispute": partial(_of_charge, "disputes"),
    "checkout.session": _session,
    "customer.subscription": partial(_direct, "subscriptions"),
    "invoice": partial(_direct, "invoices"),
    "payment_method": partial(_direct, "payment_methods"),
    "refund": partial(_of_charge, "refunds"),
}
