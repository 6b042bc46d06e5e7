"""Disputes and inquiries: opened by special test cards or by a test, closed by a test."""

from collections.abc import Mapping
from typing import Any

from local.stripe.accounts import Account, Thing, listing
from local.stripe.calls import LISTING, call, due
from local.stripe.refusals import invalid

ENDS = {
    "needs_response": {"won": "won", "lost": "lost"},
    "warning_needs_response": {"won": "warning_closed", "lost": "warning_closed"},
}


def open_one(account: Account, charge: Thing, *, inquiry: bool) -> Thing:
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} is disputed already.", "charge")
    dispute = account.make(
        "dispute", "du", clock=charge["_clock"], amount=charge["amount"], charge=charge["id"], reason="fraudulent",
        currency=charge["currency"], payment_intent=charge["payment_intent"], metadata={}, balance_transactions=[],
        status="warning_needs_response" if inquiry else "needs_response", evidence={}, enhanced_eligibility_types=[],
        evidence_details={"due_by": account.time_of(charge) + 7 * 86400, "has_evidence": False, "past_due": False,
                          "submission_count": 0, "enhanced_eligibility": {}},
        is_charge_refundable=inquiry, payment_method_details=None,
    )  # fmt: skip
    charge["disputed"] = not inquiry
    account.emit("charge.dispute.created", dispute)
    if not inquiry:
        account.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(account: Account, id: str, how: str) -> Thing:
    """`how` is `won` or `lost`."""
    dispute = account.get("dispute", id, "dispute")
    ends = ENDS.get(dispute["status"], {})
    if how not in ends:
        raise invalid("This dispute is closed already, or cannot end like that.", "how")
    dispute["status"] = ends[how]
    account.emit("charge.dispute.closed", dispute)
    if dispute["status"] == "won":
        account.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


@due("open_dispute")
def dispute_due(account: Account, charge: Thing) -> None:
    open_one(account, charge, inquiry=False)


@due("open_inquiry")
def inquiry_due(account: Account, charge: Thing) -> None:
    open_one(account, charge, inquiry=True)


@call("GET", "/v1/disputes/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("dispute", id)


@call("GET", "/v1/disputes", f"{LISTING} charge payment_intent")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    return listing(account, "dispute", params, "charge payment_intent", "/v1/disputes")
