"""Ending a subscription now or later, taking that back, and setting its plain fields."""

from collections.abc import Mapping
from typing import Any

from local.stripe import cards, forms, renewals, statuses
from local.stripe.accounts import Account, Thing
from local.stripe.calls import call
from local.stripe.refusals import invalid, missing

FEEDBACK = ("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex",
            "too_expensive", "unused")  # fmt: skip


@call("DELETE", "/v1/subscriptions/{}", "invoice_now prorate cancellation_details.{comment,feedback}")
def cancel(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    """Cancels at once. Answers 404 for a subscription that is cancelled already, as Stripe does."""
    subscription = account.get("subscription", id)
    if subscription["status"] in statuses.OVER:
        raise missing("subscription", id)
    _set_details(subscription, params)
    if forms.truth(params, "invoice_now"):
        renewals.finish(account, subscription, "cancellation_requested")
    else:
        statuses.end(account, subscription, "cancellation_requested")
    return subscription


def _set_details(subscription: Thing, params: Mapping[str, Any]) -> None:
    given = params.get("cancellation_details") or {}
    if given.get("feedback"):
        forms.choice(given, "feedback", FEEDBACK, "")
    details = {name: given[name] or None for name in ("comment", "feedback") if name in given}
    subscription["cancellation_details"] = {**subscription["cancellation_details"], **details}


def set_plain(account: Account, subscription: Thing, params: Mapping[str, Any]) -> None:
    """Sets everything that does not concern items."""
    _set_details(subscription, params)
    if "metadata" in params:
        subscription["metadata"] = forms.metadata(params, subscription["metadata"])
    if "description" in params:
        subscription["description"] = params["description"] or None
    if card := params.get("default_payment_method"):
        method = cards.of(account, card, "default_payment_method")
        if method["customer"] != subscription["customer"]:
            raise invalid("The customer does not have that payment method.", "default_payment_method")
        subscription["default_payment_method"] = card
    elif card == "":
        subscription["default_payment_method"] = None
    if (ends := (params.get("trial_settings") or {}).get("end_behavior")) is not None:
        subscription["trial_settings"] = {"end_behavior": dict(ends)}
    if save := (params.get("payment_settings") or {}).get("save_default_payment_method"):
        subscription["payment_settings"] = {**subscription["payment_settings"], "save_default_payment_method": save}
    if "pause_collection" in params:
        given = params["pause_collection"] or None
        subscription["pause_collection"] = given and {"resumes_at": None, **given}
    if "cancel_at" in params or "cancel_at_period_end" in params:
        _set_end(account, subscription, params)


def _set_end(account: Account, subscription: Thing, params: Mapping[str, Any]) -> None:
    if "cancel_at" in params and "cancel_at_period_end" in params:
        raise invalid("You may only specify one of cancel_at and cancel_at_period_end.", "cancel_at")
    now = account.time_of(subscription)
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    at_period_end = forms.truth(params, "cancel_at_period_end")
    named = {"max_period_end": max(ends), "min_period_end": min(ends)}
    wanted = params.get("cancel_at")
    at = named.get(str(wanted)) or (max(ends) if at_period_end else forms.whole(params, "cancel_at"))
    if at is not None and at <= now:
        raise invalid("cancel_at must be a timestamp in the future.", "cancel_at")
    subscription.update(cancel_at=at, cancel_at_period_end=at_period_end, canceled_at=None if at is None else now)
    reason = None if at is None else "cancellation_requested"
    subscription["cancellation_details"] = {**subscription["cancellation_details"], "reason": reason}
    if at is not None:
        account.due(at, "cancel", subscription)
