"""/v1/billing: what an agency pays for, and what it may do about that. With billing off all of it answers 404."""

from typing import Any

from chalicelib import errors, settings
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.billing import refreshes, stripe
from chalicelib.plans import records, spending
from chalicelib.plans.spending import Use
from chalicelib.purchases import (
    changes,
    checkouts,
    choices,
    failures,
    invoices,
    portals,
    presentation,
    returns,
    schemas,
    selections,
    wishes,
)
from chalicelib.store import quota
from chalicelib.store.models.plans import StoredSubscription

MANAGE = "billing.manage"
MOST_REFRESHES = 6  # a minute


def _stored(call: Call) -> StoredSubscription:
    """Raises NotFound while billing is off."""
    _check_is_on()
    return records.load(call.actor.agency, call.now)


def _check_is_on() -> None:
    if not settings.get().billing:
        raise errors.NotFound("Billing is turned off: there is nothing to pay.", code="billing_off")


def _client() -> Any:
    """Stripe's client with few retries, so that it gives up before the request times out."""
    _check_is_on()
    return refreshes.client(stripe.RETRIES_IN_ROUTES)


def _view(call: Call) -> Json:
    stored = _stored(call)
    return presentation.view(stored, records.holdings(call.actor.agency), _uses(stored, call.now))


def _uses(stored: StoredSubscription, now: int) -> tuple[Use, ...]:
    return spending.uses(stored, records.of(stored), now)


def _return_to(call: Call) -> str:
    _check_is_on()
    return returns.checked(call.body["return_to"], settings.get().app_url)


@route("GET", "/billing/state", permission=SIGNED_IN, answer=schemas.STATE)
def show_billing_state(call: Call) -> Json:
    """Shows what the agency may do, why, and how much of each limit is in use."""
    stored, holdings = _stored(call), records.holdings(call.actor.agency)
    may_pay = call.actor.may(MANAGE, brand=None)
    return presentation.state(records.of(stored), holdings, _uses(stored, call.now), may_pay=may_pay)


@route("GET", "/billing", permission=MANAGE, answer=schemas.BILLING)
def show_billing(call: Call) -> Json:
    """Shows what the agency pays for, and how it pays."""
    return _view(call)


@route(
    "GET",
    "/billing/plans",
    permission=SIGNED_IN,
    query={"currency": {**schemas.CURRENCY, "default": "eur"}},
    answer=schemas.PLAN_LIST,
)
def list_plans(call: Call) -> Json:
    """Lists the plans and what they cost, without tax."""
    _check_is_on()
    return presentation.catalogue(call.query["currency"])


@route(
    "POST",
    "/billing/checkout",
    pays="never",
    permission=MANAGE,
    body=schemas.CHECKOUT,
    answer=schemas.CHECKOUT_PAGE,
    status=201,
    repeatable=True,
)
def open_checkout(call: Call) -> Json:
    """Opens the page on which you buy a plan, or shows the one that is open."""
    return_to, selection = _return_to(call), selections.for_first_purchase(call.body)
    with failures.as_problems():
        return checkouts.open(call.actor, selection, call.body["currency"], return_to, call.now, _client())


@route(
    "POST",
    "/billing/refresh",
    pays="never",
    permission=MANAGE,
    body=schema.NOTHING,
    answer=schemas.BILLING,
    repeatable=True,
)
def refresh_billing(call: Call) -> Json:
    """Asks Stripe for the present state; at most six times a minute."""
    _check_is_on()
    quota.take(call.actor.agency, "billing_refresh", MOST_REFRESHES, call.now)
    with failures.as_problems():
        refreshes.refresh(call.actor.agency, call.now, client=_client())
    return _view(call)


@route(
    "POST",
    "/billing/preview",
    pays="never",
    permission=MANAGE,
    body=schemas.PREVIEW,
    answer=schemas.COSTS,
    repeatable=True,
)
def preview_billing_change(call: Call) -> Json:
    """Shows what a change would cost, now and on the next invoice; nothing is changed."""
    with failures.as_problems():
        return changes.preview(call.actor, call.body, call.now, _client())


@route(
    "PATCH",
    "/billing/subscription",
    pays="never",
    permission=MANAGE,
    body=schemas.CHANGE,
    answer=schemas.BILLING,
    versioned=True,
)
def change_subscription(call: Call) -> Json:
    """Changes plan, interval, seats or brands as the preview showed; an increase is paid at once."""
    stored = _stored(call)
    call.matches(stored.version)
    wanted = {name: value for name, value in call.body.items() if name != "preview"}
    with failures.as_problems():
        changes.change(call.actor, stored, call.body["preview"], wanted, call.now, _client())
    return _view(call)


@route("POST", "/billing/pay", pays="never", permission=MANAGE, body=schemas.PAY, answer=schemas.BILLING)
def pay_invoice(call: Call) -> Json:
    """Pays an open invoice, the oldest unless you name one."""
    with failures.as_problems():
        invoices.pay(call.actor.agency, call.body.get("invoice"), call.now, _client())
    return _view(call)


@route(
    "POST",
    "/billing/portal",
    pays="never",
    permission=MANAGE,
    body=schemas.PORTAL,
    answer=schemas.PORTAL_PAGE,
    status=201,
)
def open_portal(call: Call) -> Json:
    """Opens Stripe's page for cards, addresses and invoices."""
    return_to = _return_to(call)
    with failures.as_problems():
        return {"url": portals.open(call.actor.agency, call.body.get("flow"), return_to, call.now, _client())}


@route("POST", "/billing/cancel", pays="never", permission=MANAGE, body=schemas.CANCEL, answer=schemas.BILLING)
def cancel_subscription(call: Call) -> Json:
    """Ends the subscription at the end of the paid period; until then everything works."""
    with failures.as_problems():
        wishes.cancel(call.actor, call.body, call.now, _client())
    return _view(call)


@route("POST", "/billing/reactivate", pays="never", permission=MANAGE, body=schema.NOTHING, answer=schemas.BILLING)
def reactivate_subscription(call: Call) -> Json:
    """Undoes a cancellation before the subscription ends."""
    with failures.as_problems():
        wishes.reactivate(call.actor, call.now, _client())
    return _view(call)


@route("POST", "/billing/pause", pays="never", permission=MANAGE, body=schema.NOTHING, answer=schemas.BILLING)
def pause_subscription(call: Call) -> Json:
    """Pauses the subscription: nothing is billed or sent; what customers write is kept."""
    with failures.as_problems():
        wishes.pause(call.actor, call.now, _client())
    return _view(call)


@route("POST", "/billing/resume", pays="never", permission=MANAGE, body=schema.NOTHING, answer=schemas.BILLING)
def resume_subscription(call: Call) -> Json:
    """Resumes a paused subscription when it is paid."""
    with failures.as_problems():
        wishes.resume(call.actor, call.now, _client())
    return _view(call)


@route("GET", "/billing/invoices", permission=MANAGE, query=schema.PAGE, answer=schema.listing(schemas.INVOICE))
def list_invoices(call: Call) -> Json:
    """Lists the invoices, newest first."""
    cursor, limit = call.query.get("cursor"), call.query["limit"]
    with failures.as_problems():
        return invoices.listed(call.actor.agency, cursor, limit, call.now, _client())


@route(
    "PUT",
    "/billing/settings",
    pays="never",
    permission=MANAGE,
    body=schemas.SETTINGS,
    answer=schemas.BILLING,
    versioned=True,
)
def change_billing_settings(call: Call) -> Json:
    """Sets what happens beyond the plan, the highest cost of it, and who else gets the mails."""
    stored = _stored(call)
    call.matches(stored.version)
    choices.change(call.actor, stored, **call.body, now=call.now)
    return _view(call)
