"""Opens Stripe's page on which an agency buys a plan. There is one at a time for an agency, however often it is asked.

What is asked is claimed in our table before Stripe hears of it. The claim has all that the page is made of, so whoever
comes after a crash, or at the same time, makes the same page with the same key.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.billing import refreshes, stripe
from chalicelib.plans import plans, records
from chalicelib.plans.subscriptions import Subscription
from chalicelib.purchases import calls, customers, prices
from chalicelib.purchases.selections import Selection
from chalicelib.store import keys, table
from chalicelib.store.models.plans import StoredSubscription

OPEN_FOR = clock.HOUR
LEAST_TRIAL = 49 * clock.HOUR  # Stripe wants two days from the moment that it makes the page
_MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Page:
    """Where to pay, until when (ms)."""

    url: str
    expires_at: int


def open(actor: Actor, selection: Selection, return_to: str, now: int, *, client: Any = None) -> Page:
    """The page on which the selection is paid; the same one while it is open.

    Raises Conflict if there is a subscription, or more is in use than is asked for; PaymentRequired and Unavailable as
    `calls.answered` says.
    """
    _check(selection, records.holdings(actor.agency))
    client = client or calls.client()
    for _ in range(_MOST_ATTEMPTS):
        stored = records.load(actor.agency, now)
        subscription = records.of(stored)
        _refuse_second(subscription)
        claim = _claim(stored, selection, return_to, now)
        if claim is None:
            _expire(client, subscription)
            claim = _claimed(actor, stored, selection, return_to, now)
        if claim is None:
            continue  # somebody else claimed it just now
        if claim.get("url") and _is_open(client, claim):
            return Page(claim["url"], claim["expires_at"])
        if claim.get("session"):
            refreshes.refresh(actor.agency, now, client=client)
            _forget(actor.agency, now)
            continue  # it was paid, or is over
        customer = customers.ensure(client, actor.agency, now)
        if _is_other_than_known(client, customer):
            refreshes.refresh(actor.agency, now, client=client)
            continue
        try:
            return _made(client, actor.agency, customer, claim, now)
        except stripe.Repeated:  # what it is made of has changed since it was claimed
            _forget(actor.agency, now)
        except stripe.Rejected:  # the claim may be too old for Stripe: whoever asks again begins anew
            _forget(actor.agency, now)
            raise
    raise errors.Unavailable("The subscription is too busy.")


def _check(selection: Selection, holdings: plans.Holdings) -> None:
    plan = plans.PLANS[selection.plan]
    limits = plan.limits_of({"seats": selection.seats, "brands": selection.brands})
    if (limits.seats, limits.brands) != (selection.seats, selection.brands):
        raise errors.Invalid("The plan includes more than that.", code="below_included", field="seats")
    if excess := plans.excess(limits, holdings):
        more = {"excess": [asdict(each) for each in excess]}
        raise errors.Conflict("More than that is in use.", code="does_not_fit", more=more)


def _refuse_second(subscription: Subscription) -> None:
    if subscription.contract and subscription.contract.is_live:
        code = "invoice_open" if subscription.owed_since else "subscription_exists"
        raise errors.Conflict("There is a subscription.", code=code)


def _claim(stored: StoredSubscription, selection: Selection, return_to: str, now: int) -> Mapping[str, Any] | None:
    """What was claimed and still holds, if it is the very same."""
    claim = stored.checkout
    if not claim or claim["expires_at"] <= now + clock.MINUTE:
        return None
    same = (claim["selection"], claim["return_to"]) == (asdict(selection), return_to)
    return claim if same else None


def _claimed(
    actor: Actor, stored: StoredSubscription, selection: Selection, return_to: str, now: int
) -> Mapping[str, Any] | None:
    """A new claim; None if the record changed meanwhile."""
    claim = {
        "claim": ids.new("chk"),
        "selection": asdict(selection),
        "return_to": return_to,
        "expires_at": (now + OPEN_FOR) // clock.SECOND * clock.SECOND,
        "trial_ends_at": stored.facts["trial_ends_at"] if stored.facts["trial_ends_at"] >= now + LEAST_TRIAL else 0,
    }
    row = StoredSubscription(stored.pk, stored.sk)
    actions = [StoredSubscription.checkout.set(claim), StoredSubscription.version.set(stored.version + 1)]
    shown = {"plan": selection.plan, "interval": selection.interval}
    try:
        table.transact(
            table.changing(row, actions, StoredSubscription.version == stored.version),
            audit.entry(actor, "checkout.open", actor.agency, now, after=shown),
        )
    except table.Refused:
        return None
    return claim


def _expire(client: Any, subscription: Subscription) -> None:
    """Close what was opened before for something else, so that nobody pays it."""
    if not subscription.customer:
        return
    sessions = client.v1.checkout.sessions
    for session in stripe.call(sessions.list, customer=subscription.customer, status="open", limit=100)["data"]:
        try:
            stripe.call(sessions.expire, session["id"])
        except stripe.Rejected:
            continue  # it was paid or is over since


def _is_open(client: Any, claim: Mapping[str, Any]) -> bool:
    session = stripe.call(client.v1.checkout.sessions.retrieve, claim["session"])
    return session.get("status") == "open"


def _forget(agency: str, now: int) -> None:
    stored = records.load(agency, now)
    table.update(
        StoredSubscription(stored.pk, stored.sk),
        [StoredSubscription.checkout.remove(), StoredSubscription.version.set(stored.version + 1)],
        StoredSubscription.version == stored.version,
    )


def _is_other_than_known(client: Any, customer: str) -> bool:
    """True if the customer has bought already, or was deleted at Stripe: then we have to look again."""
    seen = stripe.snapshot(client, customer)
    return seen.deleted or any(contract.is_live for contract in seen.contracts)


def _made(client: Any, agency: str, customer: str, claim: Mapping[str, Any], now: int) -> Page:
    params = _params(client, agency, customer, claim)
    session = stripe.call(client.v1.checkout.sessions.create, key=claim["claim"], **params)
    done = {**claim, "session": session["id"], "url": session["url"]}
    stored = records.load(agency, now)
    if stored.checkout and stored.checkout["claim"] == claim["claim"]:
        row, actions = StoredSubscription(agency, keys.SUBSCRIPTION), [StoredSubscription.checkout.set(done)]
        actions.append(StoredSubscription.version.set(stored.version + 1))
        table.update(row, actions, StoredSubscription.version == stored.version)
    return Page(session["url"], claim["expires_at"])


def _params(client: Any, agency: str, customer: str, claim: Mapping[str, Any]) -> dict[str, Any]:
    selection = Selection(**claim["selection"])
    data: dict[str, Any] = {"billing_mode": {"type": "flexible"}}
    if claim["trial_ends_at"]:
        data["trial_end"] = claim["trial_ends_at"] // clock.SECOND
    return {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": agency,
        "currency": selection.currency,
        "line_items": _lines(client, selection),
        "success_url": claim["return_to"],
        "cancel_url": claim["return_to"],
        "expires_at": claim["expires_at"] // clock.SECOND,
        "allow_promotion_codes": True,
        "automatic_tax": {"enabled": True},
        "tax_id_collection": {"enabled": True},
        "billing_address_collection": "required",
        "customer_update": {"address": "auto", "name": "auto"},
        "adaptive_pricing": {"enabled": False},
        "subscription_data": data,
    }


def _lines(client: Any, selection: Selection) -> list[dict[str, Any]]:
    """The lines of the page. What is metered is by the month, and Stripe sells one interval at a time."""
    parts = ["base", *plans.SOLD, *(["messages"] if selection.interval == "month" else [])]
    ids_of = prices.of(client, selection.plan, selection.interval, parts)
    counts = {"base": 1, "seats": selection.seats, "brands": selection.brands}
    return [{"price": id, **({"quantity": counts[part]} if part in counts else {})} for part, id in ids_of.items()]
