"""The state of a subscription, concluded from what Stripe says now, the time, and what is in use.

The order of notices plays no part: a notice that comes late, twice or not at all changes nothing in the end.
"""

from dataclasses import dataclass, replace

from chalicelib import clock
from chalicelib.billing.snapshots import Snapshot
from chalicelib.plans import plans
from chalicelib.plans.subscriptions import Contract, Subscription

GRACE = 21 * clock.DAY
SUSPENDED_AFTER = 60 * clock.DAY
KEPT_AFTER_END = 30 * clock.DAY
DISPUTES = {
    "needs_response": "open", "under_review": "open", "lost": "lost", "won": "", "prevented": "",
    "warning_needs_response": "", "warning_under_review": "", "warning_closed": "",
}  # fmt: skip
FAILED_ENDS = frozenset({"payment_failed", "payment_disputed"})


@dataclass(frozen=True)
class Verdict:
    """A state, its level and reason, and since when it holds; None means since it is first seen.

    `counted_from` is where the days until the suspension begin.
    """

    state: str
    level: str = "full"
    reason: str = ""
    since: int | None = None
    counted_from: int | None = None


def decide(subscription: Subscription, snapshot: Snapshot | None, holdings: plans.Holdings, now: int) -> Subscription:
    """The subscription as it is now. Without a snapshot only time has passed. A repeat gives the same."""
    known = _with_snapshot(subscription, snapshot, now) if snapshot else subscription
    verdict = _verdict(known, holdings, now)
    if verdict is None:
        return known
    suspends_at = _suspends_at(subscription, verdict, now)
    if suspends_at and now >= suspends_at:
        verdict = replace(verdict, state="suspended", level="read_only", since=suspends_at)
    same = (verdict.state, verdict.reason) == (subscription.state, subscription.reason)
    since = subscription.since if same else verdict.since if verdict.since is not None else now
    restored = _is_restored(subscription, known, verdict)
    return replace(
        known,
        state=verdict.state,
        level=verdict.level,
        reason=verdict.reason,
        since=since,
        grace_until=_grace_until(known, now),
        suspends_at=suspends_at,
        restored_at=now if restored else subscription.restored_at,
        restored_from=subscription.state if restored else subscription.restored_from,
        change_failed_at=_given_up_until(subscription, known) or subscription.change_failed_at,
        plan=_plan(known, verdict),
        quantities=_quantities(known, verdict),
    )


def _is_restored(before: Subscription, known: Subscription, verdict: Verdict) -> bool:
    """True if the same contract that was restricted continues; a new contract counts as a beginning."""
    same = before.contract and known.contract and before.contract.id == known.contract.id
    return bool(same) and before.level != "full" and verdict.state == "active"


def _given_up_until(before: Subscription, known: Subscription) -> int:
    """Until when a change had waited for its payment that is given up now; 0 if there is none."""
    was, now = before.contract, known.contract
    if not was or not now or was.id != now.id or not before.pending or known.pending:
        return 0
    return before.pending if (was.plan, was.quantities) == (now.plan, now.quantities) else 0


def cleared(subscription: Subscription) -> Subscription:
    """The subscription with its lost disputes forgiven, which only the operator does; it has to be decided again."""
    return replace(
        subscription,
        disputes={id: "cleared" if status == "lost" else status for id, status in subscription.disputes.items()},
    )


def _with_snapshot(subscription: Subscription, snapshot: Snapshot, now: int) -> Subscription:
    """The subscription with the facts of the snapshot. Where the snapshot cannot be understood, the fact stays as it
    was.
    """
    stored = subscription.contract
    live = [contract for contract in snapshot.contracts if contract.is_live]
    contract = _with_end(stored, _with_known_values(stored, _choose_contract(stored, snapshot, live)), snapshot, now)
    problems = dict.fromkeys((*snapshot.problems, *_unknown_disputes(snapshot)))
    return replace(
        subscription,
        customer=snapshot.customer or subscription.customer,
        customer_deleted=snapshot.deleted,
        contract=contract,
        double=len(live) > 1,
        owed_since=snapshot.owed.get(contract.id, 0) if contract else 0,
        card=snapshot.card,
        disputes=_disputes(subscription, snapshot),
        problems=(*problems, "double") if len(live) > 1 else tuple(problems),
    )


def _choose_contract(stored: Contract | None, snapshot: Snapshot, live: list[Contract]) -> Contract | None:
    """The stored contract unless it is over, else the newest live one, else the newest that ended."""
    here = [contract for contract in snapshot.contracts if stored and contract.id == stored.id]
    if here and (here[0].is_live or "unknown_status" in here[0].problems):
        return here[0]
    over = [contract for contract in snapshot.contracts if contract.status == "canceled"]
    return next(iter((*live, *over)), stored)


def _with_known_values(stored: Contract | None, chosen: Contract | None) -> Contract | None:
    if chosen is None:
        return None
    if stored and {"unknown_status", "unknown_pause"} & set(chosen.problems) and stored.id == chosen.id:
        chosen = replace(chosen, status=stored.status, pause_reason=stored.pause_reason, end_reason=stored.end_reason)
    if stored and not chosen.plan:
        chosen = replace(chosen, plan=stored.plan, interval=stored.interval, quantities=stored.quantities)
    return replace(chosen, problems=())


def _with_end(stored: Contract | None, contract: Contract | None, snapshot: Snapshot, now: int) -> Contract | None:
    """The contract of a deleted customer counts as ended, and every ended contract gets a time at which it ended."""
    if contract is None or not (snapshot.deleted or contract.status == "canceled"):
        return contract
    ended_at = contract.ended_at or (stored.ended_at if stored and stored.id == contract.id else 0) or now
    reason = contract.end_reason if contract.status == "canceled" else "customer_deleted"
    return replace(contract, status="canceled", end_reason=reason, ended_at=ended_at)


def _disputes(subscription: Subscription, snapshot: Snapshot) -> dict[str, str]:
    heard = {id: DISPUTES[status] for id, status in snapshot.disputes.items() if status in DISPUTES}
    forgiven = {id: status for id, status in subscription.disputes.items() if status == "cleared"}
    return {id: status for id, status in {**subscription.disputes, **heard, **forgiven}.items() if status}


def _unknown_disputes(snapshot: Snapshot) -> list[str]:
    return ["unknown_dispute"] if set(snapshot.disputes.values()) - DISPUTES.keys() else []


def _verdict(known: Subscription, holdings: plans.Holdings, now: int) -> Verdict | None:
    """None if the state stays as it was, because what Stripe says cannot be understood."""
    if "lost" in known.disputes.values():
        return Verdict("restricted", "restricted", "dispute_lost")
    contract = known.contract
    if contract is None:
        return _without_contract(known, holdings, now)
    if contract.status == "canceled":
        return _ended(known, contract, holdings, now)
    return _of_live_contract(known, contract, now)


def _of_live_contract(known: Subscription, contract: Contract, now: int) -> Verdict | None:
    if contract.status == "paused":
        return _paused(known, contract)
    if contract.status == "past_due":
        return _past_due(known, now)
    if contract.status == "unpaid":
        return Verdict("restricted", "restricted", "payment_failed", counted_from=_owed_until(known))
    return Verdict("active")


def _without_contract(known: Subscription, holdings: plans.Holdings, now: int) -> Verdict:
    if now < known.trial_ends_at:
        return Verdict("trialing")
    if _may_be_free(known, holdings):
        return Verdict("free", since=known.trial_ends_at)
    return Verdict("restricted", "restricted", "trial_ended", known.trial_ends_at, known.trial_ends_at)


def _ended(known: Subscription, contract: Contract, holdings: plans.Holdings, now: int) -> Verdict:
    ended, end_reason = contract.ended_at, contract.end_reason
    if end_reason in FAILED_ENDS:
        return Verdict("restricted", "restricted", end_reason, ended, min(ended, _owed_until(known) or ended))
    reason = "customer_deleted" if end_reason == "customer_deleted" else "cancelled"
    if now < ended + KEPT_AFTER_END:
        return Verdict("cancelled", "restricted", reason, ended)
    if _may_be_free(known, holdings):
        return Verdict("free", since=ended + KEPT_AFTER_END)
    return Verdict("cancelled", "read_only", reason, ended)


def _may_be_free(known: Subscription, holdings: plans.Holdings) -> bool:
    """True if what is in use fits the free plan. Agencies that are on it stay, even if we lower its limits."""
    return known.state == "free" or plans.fits(plans.FREE, holdings)


def _paused(known: Subscription, contract: Contract) -> Verdict | None:
    if contract.pause_reason == "pause_requested":
        return Verdict("paused", "restricted", "pause_requested")
    if not contract.pause_reason:
        return None
    return Verdict("restricted", "restricted", contract.pause_reason, counted_from=_owed_until(known))


def _past_due(known: Subscription, now: int) -> Verdict:
    until = _grace_until(known, now)
    if now < until:
        return Verdict("past_due", reason="payment_failed", since=known.owed_since or None)
    return Verdict("restricted", "restricted", "payment_failed", until, until)


def _grace_until(known: Subscription, now: int) -> int:
    """Three weeks after the oldest open invoice; if Stripe names none, after it was first seen. 0 if nothing is due."""
    if known.contract is None or known.contract.status != "past_due":
        return 0
    return _owed_until(known) or known.grace_until or now + GRACE


def _owed_until(known: Subscription) -> int | None:
    return known.owed_since + GRACE if known.owed_since else None


def _suspends_at(before: Subscription, verdict: Verdict, now: int) -> int:
    """When a restricted agency will be able only to read; 0 if it is not restricted.

    Counted from Stripe's times; only where Stripe gives none, from when the reason was first seen.
    """
    if verdict.state != "restricted":
        return 0
    if verdict.counted_from is not None:
        return verdict.counted_from + SUSPENDED_AFTER
    kept = before.suspends_at if before.reason == verdict.reason else 0
    return kept or now + SUSPENDED_AFTER


def _plan(known: Subscription, verdict: Verdict) -> str:
    if verdict.state == "free":
        return plans.FREE.key
    return known.contract.plan or known.plan if known.contract else plans.TRIAL.key


def _quantities(known: Subscription, verdict: Verdict) -> dict[str, int]:
    """The quantities that were bought. Payments never change them: only the level falls."""
    return dict(known.contract.quantities) if known.contract and verdict.state != "free" else {}
