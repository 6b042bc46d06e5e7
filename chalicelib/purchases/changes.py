"""Changes of a subscription: a preview of the costs, and the change. An increase is paid at once, a decrease is
credited.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.billing import refreshes, snapshots, stripe
from chalicelib.billing.values import mapping, text
from chalicelib.people import agencies
from chalicelib.plans import plans, records
from chalicelib.plans.subscriptions import Contract
from chalicelib.purchases import claims, invoices, previews, prices, selections
from chalicelib.purchases.previews import Preview
from chalicelib.purchases.selections import Selection
from chalicelib.store.models.plans import StoredSubscription

CHANGEABLE = ("active", "trialing")
# Their payments take days, so Stripe does not let a change wait for them: what was asked for is given at once.
SLOW = ("sepa_debit", "us_bank_account", "bacs_debit", "au_becs_debit", "acss_debit")
_YEAR_RUNS = "Yearly payment becomes monthly only when the year ends. Request other changes separately."


def preview(actor: Actor, wanted: Mapping[str, Any], now: int, client: Any) -> Mapping[str, Any]:
    """What a change would cost now and next time, with a signed token for `change`. Raises Conflict if it cannot be
    made.
    """
    stored = refreshes.refresh(actor.agency, now, client=client)
    contract = changeable(stored)
    selection = _checked(stored, contract, wanted)
    about = stripe.call(client.v1.subscriptions.retrieve, contract.id)
    at = seconds(client, about, now)
    token = previews.signed(agencies.id_key(actor.agency), Preview(stored.version, selection, at, now))
    if selections.waits_for_year_end(contract, selection):
        return {**_preview_at_year_end(client, contract, selection, about, at), "preview": token}
    given = params(client, contract, selection, about, at)
    details = {name: given[name] for name in ("items", "proration_behavior", "proration_date")}
    shown = stripe.call(
        client.v1.invoices.create_preview, subscription=contract.id, subscription_details=details
    )  # fmt: skip
    after = stripe.call(
        client.v1.invoices.create_preview,
        subscription=contract.id,
        subscription_details={**details, "proration_behavior": "none"},
    )
    is_more = given["proration_behavior"] == "always_invoice"
    ends = clock.text(contract.period_end)
    return {
        "now": invoices.costs(shown) if is_more else invoices.no_costs(contract.currency),
        "next": {**invoices.costs(after if is_more else shown), "at": ends},
        "preview": token,
    }


def change(
    actor: Actor, stored: StoredSubscription, token: str, wanted: Mapping[str, Any], now: int, client: Any
) -> None:
    """Makes the wanted change, if the token is that of its preview.

    Raises PaymentRequired if it has to be paid first; then nothing has changed yet.
    """
    promised = previews.read(agencies.id_key(actor.agency), token, now)
    contract = changeable(stored)
    if promised.version != stored.version:
        raise errors.PreconditionFailed
    if _checked(stored, contract, wanted) != promised.selection:
        raise errors.Invalid(
            "The preview is of another change. Ask for a new preview.", code="other_preview", field="preview"
        )
    if selections.waits_for_year_end(contract, promised.selection):
        _store_wish(actor, stored, contract, promised.selection, now)
        refreshes.refresh(actor.agency, now, client=client)
        return
    key = claims.take(actor, stored, "change", now, after=wanted)
    about = stripe.call(client.v1.subscriptions.retrieve, contract.id)
    given = params(client, contract, promised.selection, about, promised.at)
    if given["proration_behavior"] == "always_invoice":
        slow = (card := records.of(stored).card) is not None and card.brand in SLOW
        given["payment_behavior"] = "allow_incomplete" if slow else "pending_if_incomplete"
    done = stripe.call(client.v1.subscriptions.update, contract.id, key=key, expand=["latest_invoice"], **given)
    refreshes.refresh(actor.agency, now, client=client)
    if mapping(done.get("pending_update")):
        raise invoices.unpaid(client, mapping(done.get("latest_invoice")))


def _preview_at_year_end(
    client: Any, contract: Contract, selection: Selection, about: Mapping[str, Any], at: int
) -> Mapping[str, Any]:
    """The preview of a change at the end of the year; until then nothing changes."""
    details: dict[str, Any] = {}
    if selection.interval != contract.interval:
        items = params(client, contract, selection, about, at)["items"]
        details = {"subscription_details": {"items": items, "proration_behavior": "none"}}
    shown = stripe.call(client.v1.invoices.create_preview, subscription=contract.id, **details)
    return {
        "now": invoices.no_costs(contract.currency),
        "next": {**invoices.costs(shown), "at": clock.text(contract.period_end)},
    }


def _store_wish(actor: Actor, stored: StoredSubscription, contract: Contract, selection: Selection, now: int) -> None:
    """Stores that the yearly subscription becomes monthly at its end, or that it stays yearly after all."""
    is_month = selection.interval != contract.interval
    wanted = {"contract": contract.id, "interval": selection.interval, "at": contract.period_end}
    action = StoredSubscription.wanted.set(wanted) if is_month else StoredSubscription.wanted.remove()
    after = {"interval": selection.interval, "at": clock.text(contract.period_end)}
    claims.take(actor, stored, "change", now, after=after, actions=[action])


def changeable(stored: StoredSubscription) -> Contract:
    """The contract. Raises Conflict if it cannot be changed now."""
    known = records.of(stored)
    contract = known.contract
    if contract is None or not contract.is_live:
        raise errors.Conflict("The agency has no subscription, or it has ended.", code="no_subscription")
    if contract.status in ("past_due", "unpaid"):
        raise errors.Conflict("The subscription has an open invoice. Pay it first.", code="invoice_open")
    if contract.status not in CHANGEABLE:
        raise errors.Conflict("The subscription is paused. Resume it first.", code="subscription_paused")
    if known.pending:
        raise errors.Conflict("An earlier change still waits for its payment.", code="change_pending")
    return contract


def seconds(client: Any, about: Mapping[str, Any], now: int) -> int:
    """The time (s) by which Stripe divides the period: in a sandbox that of the test clock."""
    clocked = about.get("test_clock") if about.get("livemode") is False else None
    if not isinstance(clocked, str):
        return now // clock.SECOND
    return int(stripe.call(client.v1.test_helpers.test_clocks.retrieve, clocked)["frozen_time"])


def _checked(stored: StoredSubscription, contract: Contract, wanted: Mapping[str, Any]) -> Selection:
    before, after = selections.of_contract(contract), selections.changed(contract, wanted)
    if before == after and not stored.wanted:
        raise errors.Invalid("The request changes nothing about the subscription.", code="nothing_changes")
    if selections.is_shorter(before, after) and not selections.waits_for_year_end(contract, after):
        raise errors.Conflict(_YEAR_RUNS, code="year_runs")
    selections.check_fit(after, records.holdings(stored.pk))
    return after


def params(client: Any, contract: Contract, after: Selection, about: Mapping[str, Any], at: int) -> dict[str, Any]:
    """Stripe's parameters for the change as of that moment (s)."""
    before = selections.of_contract(contract)
    is_more = selections.is_more(before, after, contract.currency)
    rows = {_part_of(row): row for row in snapshots.rows(about.get("items"))}
    moves = (before.plan, before.interval) != (after.plan, after.interval)
    parts = {"base", *plans.SOLD} | (rows.keys() & set(plans.COMPONENTS))
    missing = {name for name in plans.SOLD if name not in rows}
    wanted = sorted(parts if moves else missing)
    ids_of = prices.of(client, after.plan, after.interval, wanted) if wanted else {}
    items = [_item(part, rows.get(part), after, ids_of.get(part)) for part in sorted(parts)]
    return {
        "items": [item for item in items if len(item) > 1],
        "proration_behavior": "always_invoice" if is_more else "create_prorations",
        "proration_date": at,
    }


def _item(part: str, row: Mapping[str, Any] | None, after: Selection, price: str | None) -> dict[str, Any]:
    """The new form of one line; without `price` it keeps the price at which it was sold."""
    item: dict[str, Any] = {"id": text(row.get("id"))} if row else {}
    if price:
        item["price"] = price
    if part in plans.SOLD:
        item["quantity"] = after.quantities[part]
    elif part == "base" and price:
        item["quantity"] = 1
    return item


def _part_of(row: Mapping[str, Any]) -> str:
    known = snapshots.recognised(mapping(row.get("price")))
    return known[1] if known else text(row.get("id"))
