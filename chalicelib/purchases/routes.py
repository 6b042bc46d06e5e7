"""/v1/billing: what an agency pays for. Where billing is off, none of it is there."""

from chalicelib import clock, errors, settings
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.billing import refreshes
from chalicelib.plans import plans, records
from chalicelib.purchases import (
    calls,
    changes,
    checkouts,
    invoices,
    portals,
    preferences,
    presentation,
    returns,
    schemas,
    wishes,
)
from chalicelib.purchases.presentation import MANAGE
from chalicelib.purchases.selections import Selection
from chalicelib.store import quota
from chalicelib.store.models.plans import StoredSubscription

MOST_REFRESHES = 6  # a minute


def _agency(call: Call) -> str:
    """The caller's agency. Raises NotFound where nobody pays."""
    if not settings.get().billing:
        raise errors.NotFound("Billing is off here.", code="billing_off")
    return call.actor.agency


def _view(call: Call, stored: StoredSubscription) -> Json:
    return presentation.view(call.actor, stored, records.holdings(call.actor.agency))


@route("GET", "/billing/state", permission=SIGNED_IN, answer=schemas.STATE)
def read_billing_state(call: Call) -> Json:
    """Tells what the agency's subscription allows now, and what would change it; without amounts."""
    agency = _agency(call)
    return presentation.state(call.actor, records.load(agency, call.now), records.holdings(agency))


@route("GET", "/billing", permission=MANAGE, answer=schemas.BILLING)
def read_billing(call: Call) -> Json:
    """Shows the agency's subscription."""
    return _view(call, records.load(_agency(call), call.now))


@route("GET", "/billing/plans", permission=SIGNED_IN, query=schemas.PLANS, answer=schemas.PLAN_LIST)
def list_plans(call: Call) -> Json:
    """Lists the plans, with their prices without tax."""
    _agency(call)
    shown = [presentation.plan(plan, call.query["currency"]) for plan in plans.PLANS.values()]
    return {"items": shown}


@route(
    "POST", "/billing/checkout", pays="never", permission=MANAGE, body=schemas.CHECKOUT, answer=schemas.PAGE,
    status=201,
    repeatable=True,
)  # fmt: skip
def open_checkout(call: Call) -> Json:
    """Opens the page on which a plan is bought; the same one while it is open and the same is asked for."""
    _agency(call)
    asked = {name: value for name, value in call.body.items() if name != "return_to"}
    return_to = returns.checked(call.body["return_to"])
    with calls.answered():
        page = checkouts.open(call.actor, Selection(**asked), return_to, call.now)
    return {"url": page.url, "expires_at": clock.text(page.expires_at)}


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
    """Opens Stripe's page for the card, the address, the tax number and past invoices."""
    _agency(call)
    return_to = returns.checked(call.body["return_to"])
    return {"url": portals.open(call.actor, call.body.get("flow", "details"), return_to, call.now)}


@route("POST", "/billing/refresh", pays="never", permission=MANAGE, answer=schemas.BILLING, repeatable=True)
def refresh_billing(call: Call) -> Json:
    """Asks Stripe how the subscription is now: after coming back from its pages, say."""
    agency = _agency(call)
    quota.take(agency, "billing_refresh", MOST_REFRESHES, call.now)
    with calls.answered():
        return _view(call, refreshes.refresh(agency, call.now, client=calls.client()))


@route(
    "POST", "/billing/preview", pays="never", permission=MANAGE, body=schemas.PREVIEW, answer=schemas.COSTS,
    repeatable=True,
)  # fmt: skip
def preview_billing_change(call: Call) -> Json:
    """Shows what a change would cost, now and next time; nothing is changed."""
    _agency(call)
    with calls.answered():
        return changes.preview(call.actor, call.body, call.now, calls.client())


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
    """Changes plan, interval, seats or brands as a preview showed; what is more is paid at once."""
    stored = records.load(_agency(call), call.now)
    call.matches(stored.version)
    with calls.answered():
        return _view(call, changes.change(call.actor, stored, call.body, call.now, calls.client()))


@route("POST", "/billing/pay", pays="never", permission=MANAGE, body=schemas.PAY, answer=schemas.BILLING)
def pay_invoice(call: Call) -> Json:
    """Pays an open invoice, the oldest one unless you name another."""
    _agency(call)
    return _view(call, wishes.pay(call.actor, call.now, call.body.get("invoice", "")))


@route("POST", "/billing/cancel", pays="never", permission=MANAGE, body=schemas.CANCEL, answer=schemas.BILLING)
def cancel_subscription(call: Call) -> Json:
    """Ends the subscription with the period that is paid; until then all works."""
    _agency(call)
    return _view(call, wishes.cancel(call.actor, call.now, **call.body))


@route("POST", "/billing/reactivate", pays="never", permission=MANAGE, answer=schemas.BILLING)
def reactivate_subscription(call: Call) -> Json:
    """Takes back that the subscription ends."""
    _agency(call)
    return _view(call, wishes.reactivate(call.actor, call.now))


@route("POST", "/billing/pause", pays="never", permission=MANAGE, answer=schemas.BILLING)
def pause_subscription(call: Call) -> Json:
    """Pauses the subscription: nothing is invoiced, and nothing can be sent."""
    _agency(call)
    return _view(call, wishes.pause(call.actor, call.now))


@route("POST", "/billing/resume", pays="never", permission=MANAGE, answer=schemas.BILLING)
def resume_subscription(call: Call) -> Json:
    """Goes on after a pause, once it is paid."""
    _agency(call)
    return _view(call, wishes.resume(call.actor, call.now))


@route("GET", "/billing/invoices", permission=MANAGE, query=schemas.INVOICES, answer=schema.listing(schemas.INVOICE))
def list_invoices(call: Call) -> Json:
    """Lists the agency's invoices, newest first."""
    _agency(call)
    return invoices.listing(call.actor, call.query["limit"], call.query.get("cursor"), call.now)


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
    """Says what happens beyond what the plan includes, how much that may cost, and who else gets the mails."""
    stored = records.load(_agency(call), call.now)
    call.matches(stored.version)
    return _view(call, preferences.change(call.actor, stored, call.body, call.now))
