"""Meters: usage is reported by the hour, and shows in summaries after a minute."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from local.stripe import forms
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import Refused, invalid

HOUR, DAY = 3600, 86400
OLDEST, NEWEST, REMEMBERED, SEEN_AFTER = 35 * DAY, 300, DAY, 60
SHAPE = (
    "display_name event_name event_time_window default_aggregation.formula "
    "customer_mapping.{event_payload_key,type} value_settings.event_payload_key"
)


@call("POST", "/v1/billing/meters", SHAPE)
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    name = forms.need(params, "event_name")
    if any(meter["status"] == "active" for meter in account.all("billing.meter", event_name=name)):
        raise invalid(f"An active meter already uses event_name {name}.", "event_name")
    formula = forms.choice(params.get("default_aggregation") or {}, "formula", ("sum", "count", "last"), "")
    window = params.get("event_time_window")
    if window not in (None, "hour", "day"):
        raise invalid("Invalid event_time_window: must be one of day, hour", "event_time_window")
    meter = account.make(
        "billing.meter", "mtr", display_name=forms.need(params, "display_name"), event_name=name, status="active",
        event_time_window=window, default_aggregation={"formula": formula}, updated=account.now(),
        customer_mapping={"event_payload_key": "stripe_customer_id", "type": "by_id"},
        value_settings={"event_payload_key": "value"}, status_transitions={"deactivated_at": None},
    )  # fmt: skip
    account.emit("billing.meter.created", meter)
    return meter


@call("GET", "/v1/billing/meters", f"{LISTING} status")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    wanted = {"status": params["status"]} if "status" in params else {}
    return page(account.all("billing.meter", **wanted), params, "/v1/billing/meters")


@call("GET", "/v1/billing/meters/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("billing.meter", id)


@call("POST", "/v1/billing/meter_events", "event_name identifier timestamp payload.*")
def report(account: Account, params: Mapping[str, Any]) -> Thing:
    """Accepts usage. An error about its customer is reported later, by an event."""
    name = forms.need(params, "event_name")
    meters = [meter for meter in account.all("billing.meter", event_name=name) if meter["status"] == "active"]
    if not meters:
        account.emit("billing.meter.no_meter_found", {"id": None, "object": "billing.meter", "_reason": name})
        raise invalid(f"No active meter found for event name {name}.", "event_name", "resource_missing")
    payload = dict(forms.need(params, "payload"))
    customer = account.objects.get(payload.get("stripe_customer_id", ""))
    clock = customer["_clock"] if customer else None
    now = account.now(clock)
    at = forms.whole(params, "timestamp", now)
    identifier = params.get("identifier") or account.new_id("ident")
    _refuse(account, identifier, at, now, payload)
    event = account.make(
        "billing.meter_event", "mev", clock=clock, event_name=name, identifier=identifier, payload=payload,
        timestamp=at, _meter=meters[0]["id"], _customer=payload.get("stripe_customer_id"), _seen=now + SEEN_AFTER,
    )  # fmt: skip
    if customer is None or customer.get("deleted"):
        event["_customer"] = None
        account.emit("billing.meter.error_report_triggered", meters[0])
    return event


def _refuse(account: Account, identifier: str, at: int, now: int, payload: Mapping[str, Any]) -> None:
    same = account.all("billing.meter_event", identifier=identifier)
    if same and same[0]["created"] > now - REMEMBERED:
        raise invalid(f"An event already exists with identifier {identifier}.", "identifier")
    if at < now - OLDEST:
        raise invalid("The timestamp must be within the past 35 days.", "timestamp", "timestamp_too_far_in_past")
    if at > now + NEWEST:
        raise invalid("The timestamp must not be more than 5 minutes in the future.", "timestamp",
                      "timestamp_in_future")  # fmt: skip
    try:
        value = float(payload["value"])
    except (KeyError, ValueError):
        raise Refused("The payload needs a numeric value.", param="payload[value]") from None
    if value < 0 or not isfinite(value):
        raise Refused("The payload's value must be a number of 0 or more.", param="payload[value]")


def hours(account: Account, meter: str, customer: str, now: int | None = None) -> dict[int, int]:
    """The usage of each hour: on a meter with a window the newest event (by timestamp, then arrival), else the sum.

    With `now`, only events that summaries show by then.
    """
    window = account.objects[meter]["event_time_window"]
    events = [event for event in account.all("billing.meter_event", _meter=meter, _customer=customer)[::-1]
              if now is None or event["_seen"] <= now]  # fmt: skip
    counted: dict[int, int] = {}
    for event in sorted(events, key=lambda event: event["timestamp"]):
        hour = event["timestamp"] // HOUR * HOUR
        slot = event["timestamp"] // DAY * DAY if window == "day" else hour
        value = int(float(event["payload"]["value"]))
        counted[slot] = value if window else counted.get(slot, 0) + value
    return counted


def used(account: Account, meter: str, customer: str, start: int, end: int) -> int:
    """An hour belongs to the period in which it begins."""
    return sum(value for hour, value in hours(account, meter, customer).items() if start <= hour < end)


@call("GET", "/v1/billing/meters/{}/event_summaries", f"{LISTING} customer start_time end_time value_grouping_window")
def summaries(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    account.get("billing.meter", id)
    customer = account.get("customer", forms.need(params, "customer"), "customer")
    start, end = (forms.whole(params, name) for name in ("start_time", "end_time"))
    if start is None or end is None or start % 60 or end % 60:
        raise invalid("start_time and end_time must be aligned with minute boundaries.", "start_time")
    step = {"hour": HOUR, "day": DAY}.get(params.get("value_grouping_window", ""), end - start)
    if step in (HOUR, DAY) and (start % step or end % step):
        raise invalid("start_time and end_time must be aligned with the grouping window.", "start_time")
    counted = hours(account, id, customer["id"], account.time_of(customer))
    sums: dict[int, int] = {}
    for hour, value in counted.items():
        if start <= hour < end:
            begin = start + (hour - start) // step * step
            sums[begin] = sums.get(begin, 0) + value
    summaries = [
        {"id": f"mtrusg_{id[-8:]}{customer['id'][-8:]}{begin}", "object": "billing.meter_event_summary",
         "aggregated_value": value, "start_time": begin, "end_time": begin + step, "livemode": False, "meter": id}
        for begin, value in sorted(sums.items(), reverse=True)
    ]  # fmt: skip
    return page(summaries, params, f"/v1/billing/meters/{id}/event_summaries")
