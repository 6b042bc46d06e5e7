"""Buying a plan on Stripe's checkout page. Each request takes a claim in our table first, so that a double click opens
one page.

A claim belongs to one process for half a minute. If the process dies, the next request for the same selection takes
over the claim: under its key and with its parameters Stripe makes one page, or gives the one it made. A request for
another selection takes a new claim, and closes pages that are still open before it opens another.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.billing import refreshes, stripe
from chalicelib.billing.values import mapping
from chalicelib.plans import records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.purchases import customers, prices, selections
from chalicelib.purchases.selections import Selection
from chalicelib.store import due, keys, table
from chalicelib.store.models.plans import StoredSubscription

LIVES = clock.HOUR
BUSY = 30 * clock.SECOND  # longer than a request may take
REPEATABLE = 20 * clock.MINUTE  # Stripe takes no page that ends within half an hour
SHORTEST_TRIAL = 49 * clock.HOUR  # Stripe wants two days from the moment that it makes the page
Claim = Mapping[str, Any]


def open(actor: Actor, selection: Selection, currency: str, return_to: str, now: int, client: Any) -> Mapping[str, Any]:
    """The page: its `url`, and until when it can be used. Raises Conflict if there is a subscription already."""
    stored = records.load(actor.agency, now)
    known = records.of(stored)
    _check_has_none(known)
    selections.check_use(selection, records.holdings(actor.agency))
    wish = {**asdict(selection), "currency": currency, "return_to": return_to}
    claim = _claim_page(actor.agency, _unused(stored.checkout, known), wish, now, stored.checkout)
    if claim["url"]:
        return _view(claim)
    try:
        return _view(_open_page(actor, claim, now, client))
    except (stripe.Repeated, stripe.Rejected):  # with these parameters it will never be
        _write(actor.agency, claim, {**claim, "busy_until": 0, "over_at": 0})
        raise
    except BaseException:
        _write(actor.agency, claim, {**claim, "busy_until": 0})
        raise


def _check_has_none(known: Subscription) -> None:
    contract = known.contract
    if not contract or not contract.is_live:
        return
    if contract.status in ("past_due", "unpaid"):
        raise errors.Conflict("The subscription has an open invoice. Pay it first.", code="invoice_open")
    raise errors.Conflict("The agency already has a subscription.", code="subscription_exists")


def _unused(claim: Claim | None, known: Subscription) -> Claim | None:
    """The claim, unless something was bought since."""
    since = known.contract.created + clock.SECOND if known.contract else 0
    return claim if claim and since < claim["at"] else None


def _claim_page(agency: str, held: Claim | None, wish: Mapping[str, Any], now: int, stored: Claim | None) -> Claim:
    """The open page for this selection, or a claim to make it. Raises Conflict while another process makes one."""
    same = held is not None and held["wish"] == wish and now < held["over_at"]
    if held and same and held["url"]:
        return held
    if held and not held["url"] and now < held["busy_until"]:
        raise errors.Conflict(
            "Another request is opening a checkout page. Try again in a moment.", code="checkout_in_flight", after=2
        )
    claim = {"id": ids.new("chk"), "wish": wish, "at": now, "over_at": now + LIVES, "url": ""}
    if held and same and now < held["at"] + REPEATABLE:
        claim = {**held}
    claim["busy_until"] = now + BUSY
    if not _write(agency, stored, claim):
        raise errors.Conflict(
            "Another request is opening a checkout page. Try again in a moment.", code="checkout_in_flight", after=2
        )
    return claim


def _open_page(actor: Actor, claim: Claim, now: int, client: Any) -> Claim:
    customer = customers.ensure(actor, now, client)
    stored = refreshes.refresh(actor.agency, now, client=client)
    known = records.of(stored)
    _check_has_none(known)
    if known.customer_deleted:  # only now we heard of it
        customer = customers.ensure(actor, now, client)
    params = _params(actor.agency, claim, customer, known, client)
    _close_others(client, customer, claim)
    session = stripe.call(client.v1.checkout.sessions.create, key=claim["id"], **params)
    opened = {**claim, "url": str(session["url"] or ""), "busy_until": 0}
    if not opened["url"]:
        raise stripe.Unavailable("no_page")
    table.transact(*_writes(actor, stored, claim, opened, now))
    return opened


def _close_others(client: Any, customer: str, claim: Claim) -> None:
    """Closes pages on which something else could be bought."""
    listed = stripe.call(client.v1.checkout.sessions.list, customer=customer, status="open", limit=stripe.PAGE)
    for row in map(mapping, listed.get("data") or ()):
        if mapping(row.get("metadata")).get("claim") != claim["id"]:
            try:
                stripe.call(client.v1.checkout.sessions.expire, str(row["id"]))
            except stripe.Rejected:
                continue  # it is over by itself; what was bought on it is heard of


def _params(agency: str, claim: Claim, customer: str, known: Subscription, client: Any) -> dict[str, Any]:
    wish = claim["wish"]
    sold = ("base", "seats", "brands") if wish["interval"] == "year" else ("base", "seats", "brands", "messages")
    ids_of = prices.of(client, wish["plan"], wish["interval"], sold)
    counts = {"base": 1, "seats": wish["seats"], "brands": wish["brands"]}
    lines = [
        {"price": ids_of[part], **({"quantity": counts[part]} if part in counts else {})} for part in sold
    ]  # fmt: skip
    return {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": agency,
        "line_items": lines,
        "currency": wish["currency"],
        "success_url": wish["return_to"],
        "cancel_url": wish["return_to"],
        "expires_at": claim["over_at"] // clock.SECOND,
        "metadata": {"claim": claim["id"]},
        "allow_promotion_codes": True,
        "billing_address_collection": "required",
        "automatic_tax": {"enabled": True},
        "tax_id_collection": {"enabled": True},
        "customer_update": {"address": "auto", "name": "auto"},
        "adaptive_pricing": {"enabled": False},
        "subscription_data": _data(claim, known),
    }


def _data(claim: Claim, known: Subscription) -> dict[str, Any]:
    """The rest of the trial stays free if Stripe accepts so short a trial; else payment begins today."""
    data: dict[str, Any] = {"billing_mode": {"type": "flexible"}}
    if known.contract is None and known.trial_ends_at - claim["at"] >= SHORTEST_TRIAL:
        data["trial_end"] = known.trial_ends_at // clock.SECOND
    return data


def _writes(actor: Actor, stored: StoredSubscription, claim: Claim, opened: Claim, now: int) -> list[table.Write]:
    """For transact: stores the page, and makes a look at the subscription due within the hour."""
    wish, look_at = opened["wish"], now + clock.HOUR
    row = StoredSubscription(actor.agency, keys.SUBSCRIPTION)
    actions = [StoredSubscription.checkout.set(opened), StoredSubscription.look_at.set(look_at)]
    is_still = (StoredSubscription.checkout == claim) & (StoredSubscription.look_at == stored.look_at)
    shown = {name: wish[name] for name in ("plan", "interval", "currency", "seats", "brands")}
    writes = [table.changing(row, actions, is_still, otherwise=errors.Unavailable)]
    if stored.look_at and stored.look_at != look_at:
        writes.append(due.no_longer(actor.agency, stored.look_at, records.DUE, actor.agency))
    writes.append(due.at(actor.agency, look_at, records.DUE, actor.agency))
    return [*writes, audit.entry(actor, "checkout.open", actor.agency, now, after=shown)]


def _write(agency: str, before: Claim | None, after: Claim) -> bool:
    """Replaces the claim. False if it has changed since it was read."""
    row = StoredSubscription(agency, keys.SUBSCRIPTION)
    is_still = StoredSubscription.checkout == before if before else StoredSubscription.checkout.does_not_exist()
    return table.update(row, [StoredSubscription.checkout.set(after)], is_still)


def _view(claim: Claim) -> Mapping[str, Any]:
    return {"url": claim["url"], "expires_at": clock.text(claim["over_at"])}
