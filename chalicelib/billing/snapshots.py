"""What Stripe says of a customer at one moment, read from the objects of its API.

Nothing here raises: what cannot be understood is left out and named in `problems`, so that the earlier facts are kept
and an alarm is raised. Moments are in ms, as everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib import clock
from chalicelib.billing.values import mapping, text
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import LIVE, Card, Contract

STATUSES = LIVE | {"incomplete", "incomplete_expired", "canceled"}
PAUSES = {
    "pause_requested": "pause_requested",
    "trial_end_without_payment_method": "trial_ended",
    "first_payment_failure": "payment_failed",
    "final_payment_failure": "payment_failed",
}
MANY = 20  # subscriptions or open invoices; more are read, and somebody is told


@dataclass(frozen=True)
class Snapshot:
    """All facts that `states` decides by. `contracts` are the newest first; `owed` says for each since when its oldest
    open invoice is due. `disputes` are ids and statuses of those that were asked for. `frozen` is the time of a test
    clock, or 0.
    """

    customer: str
    deleted: bool = False
    contracts: tuple[Contract, ...] = ()
    owed: Mapping[str, int] = field(default_factory=dict)
    card: Card | None = None
    disputes: Mapping[str, str] = field(default_factory=dict)
    livemode: bool = True
    frozen: int = 0
    problems: tuple[str, ...] = ()


def read(
    customer: Mapping[str, Any],
    subscriptions: Iterable[Any],
    invoices: Iterable[Any],
    disputes: Iterable[Any] = (),
    test_clock: Mapping[str, Any] | None = None,
) -> Snapshot:
    """The snapshot from Stripe's objects as plain dicts: a customer, all its subscriptions, its open invoices."""
    given, unpaid = list(subscriptions), [mapping(invoice) for invoice in invoices]
    contracts = sorted(
        (_contract(mapping(each)) for each in given), key=lambda each: (each.created, each.id), reverse=True
    )
    crowd = [name for name, count in (("subscriptions", len(given)), ("invoices", len(unpaid))) if count > MANY]
    return Snapshot(
        customer=text(customer.get("id")),
        deleted=customer.get("deleted") is True,
        contracts=tuple(contracts),
        owed=_owed(unpaid),
        card=_card(customer, given),
        disputes={text(each.get("id")): text(each.get("status")) for each in map(mapping, disputes)},
        livemode=customer.get("livemode") is not False,
        frozen=_moment(mapping(test_clock).get("frozen_time")),
        problems=tuple(f"many_{name}" for name in crowd) + tuple(name for each in contracts for name in each.problems),
    )


def present(snapshot: Snapshot | None, now: int) -> int:
    """The time to decide by: that of Stripe's test clock in a sandbox; in live mode always our clock."""
    return snapshot.frozen if snapshot and snapshot.frozen and not snapshot.livemode else now


def _contract(given: Mapping[str, Any]) -> Contract:
    status = text(given.get("status"))
    paused = text(mapping(mapping(mapping(given.get("status_details")).get("paused")).get("subscription")).get("type"))
    problems = [] if status in STATUSES else ["unknown_status"]
    if status == "paused" and paused not in PAUSES:
        problems.append("unknown_pause")
    if given.get("pause_collection"):
        problems.append("collection_paused")
    contract = Contract(
        id=text(given.get("id")),
        status=status,
        created=_moment(given.get("created")),
        currency=text(given.get("currency")),
        ended_at=_moment(given.get("ended_at")),
        end_reason=text(mapping(given.get("cancellation_details")).get("reason")) if status == "canceled" else "",
        pause_reason=PAUSES.get(paused, "") if status == "paused" else "",
        pending_until=_moment(mapping(given.get("pending_update")).get("expires_at")),
    )
    contract = _with_items(contract, rows(given.get("items")))
    ends_at = _moment(given.get("cancel_at")) or (
        contract.period_end if given.get("cancel_at_period_end") is True else 0
    )
    return replace(contract, ends_at=ends_at, problems=(*problems, *contract.problems))


def _with_items(contract: Contract, rows: list[Mapping[str, Any]]) -> Contract:
    """The contract with plan, interval and quantities if all items are recognised; else with the problems."""
    problems: list[str] = []
    quantities: dict[str, int] = {}
    bases: list[tuple[str, Mapping[str, Any]]] = []
    for row in rows:
        price = mapping(row.get("price"))
        if not price:
            problems.append("item_without_price")
        elif (known := recognised(price)) is None:
            problems.append("unknown_price")
        elif known[1] == "base":
            bases.append((known[0], row))
        elif known[1] in plans.SOLD:
            quantities[known[1]] = quantities.get(known[1], 0) + _count(row.get("quantity"))
    if len(bases) != 1:
        problems.append("two_bases" if bases else "no_base")
    ends = [_moment(row.get("current_period_end")) for row in rows]
    contract = replace(contract, period_end=max(ends, default=0), problems=tuple(dict.fromkeys(problems)))
    if problems:
        return contract
    contract = _with_usage(contract, rows)
    plan, base = bases[0]
    interval = text(mapping(mapping(base["price"]).get("recurring")).get("interval"))
    return replace(contract, plan=plan, interval=interval, quantities=quantities)


def _with_usage(contract: Contract, rows: list[Mapping[str, Any]]) -> Contract:
    """The contract with the period of its metered messages, which is a month even if the rest is paid by the year."""
    for row in rows:
        known = recognised(mapping(row.get("price")))
        if known and known[1] == "messages":
            since, until = (_moment(row.get(f"current_period_{edge}")) for edge in ("start", "end"))
            return replace(contract, usage_since=since, usage_until=until)
    return contract


def recognised(price: Mapping[str, Any]) -> tuple[str, str] | None:
    """The plan and the component of a price: by its product, then by what we wrote on it; never by its amount."""
    product = price.get("product")
    known = plans.PRODUCTS.get(text(product) or text(mapping(product).get("id")))
    written = mapping(price.get("metadata"))
    named = (text(written.get("plan")), text(written.get("item")))
    return known or (named if named in plans.PRODUCTS.values() else None)


def _owed(invoices: list[Mapping[str, Any]]) -> dict[str, int]:
    """For each contract, when its oldest open invoice was finalized. Invoices without a contract are not counted."""
    owed: dict[str, int] = {}
    for invoice in invoices:
        about = mapping(mapping(invoice.get("parent")).get("subscription_details")).get("subscription")
        contract = text(about) or text(mapping(about).get("id"))
        final = _moment(mapping(invoice.get("status_transitions")).get("finalized_at")) or _moment(
            invoice.get("created")
        )
        if invoice.get("status") == "open" and contract and final:
            owed[contract] = min(final, owed.get(contract, final))
    return owed


def _card(customer: Mapping[str, Any], subscriptions: list[Any]) -> Card | None:
    """The payment method that will be charged: a live subscription's own comes before the customer's."""
    live = [mapping(each) for each in subscriptions if text(mapping(each).get("status")) in LIVE]
    own = [mapping(each.get("default_payment_method")) for each in live]
    for method in (
        *own,
        mapping(mapping(customer.get("invoice_settings")).get("default_payment_method")),
    ):
        kind, card = text(method.get("type")), mapping(method.get("card"))
        if card:
            expires = f"{_count(card.get('exp_year')):04}-{_count(card.get('exp_month')):02}"
            return Card(text(card.get("brand")), text(card.get("last4")), expires)
        if kind:
            return Card(kind, text(mapping(method.get(kind)).get("last4")))
    return None


def rows(value: Any) -> list[Mapping[str, Any]]:
    data = mapping(value).get("data")
    return [mapping(row) for row in data] if isinstance(data, list) else []


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _moment(value: Any) -> int:
    """Stripe's seconds in ms; 0 for none, and for a number that is no moment."""
    seconds = _count(value)
    return seconds * clock.SECOND if seconds <= clock.LAST // clock.SECOND else 0
