"""Test clocks: the time of some customers, moved by calls."""

from collections.abc import Mapping
from typing import Any

from local.stripe import calls, forms, statuses
from local.stripe.accounts import Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.periods import after
from local.stripe.refusals import invalid

KIND = "test_helpers.test_clock"


@call("POST", "/v1/test_helpers/test_clocks", "frozen_time name")
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    frozen = forms.whole(params, "frozen_time")
    if frozen is None:
        raise invalid("Missing required param: frozen_time.", "frozen_time", "parameter_missing")
    clock = account.make(
        KIND, "clock", frozen_time=frozen, name=params.get("name"), status="ready", status_details={},
        deletes_after=account.now() + 30 * 86400,
    )  # fmt: skip
    clock["_clock"] = clock["id"]
    account.times[clock["id"]] = frozen
    account.emit(f"{KIND}.created", clock)
    return clock


@call("POST", "/v1/test_helpers/test_clocks/{}/advance", "frozen_time")
def advance(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    """Everything due until then happens, in order. Answers `advancing`, as Stripe does; the next read shows `ready`."""
    clock = account.get(KIND, id)
    until = forms.whole(params, "frozen_time")
    if until is None or until <= clock["frozen_time"]:
        raise invalid("frozen_time must be later than the clock's.", "frozen_time")
    if until > _furthest(account, clock):
        raise invalid("A test clock advances at most two intervals of its shortest subscription.", "frozen_time")
    clock["status"] = "advancing"
    account.emit(f"{KIND}.advancing", clock)
    before = dict(clock)
    calls.run(account, id, until)
    clock.update(frozen_time=until, status="ready")
    account.emit(f"{KIND}.ready", clock)
    return {**before, "frozen_time": until}


def _furthest(account: Account, clock: Thing) -> int:
    now = clock["frozen_time"]
    recurring = [
        item["price"]["recurring"]
        for subscription in account.all("subscription", test_clock=clock["id"])
        if subscription["status"] not in statuses.OVER
        for item in subscription["items"]["data"]
    ]
    ends = [after(now, each["interval"], each["interval_count"], 2) for each in recurring]
    return min(ends, default=after(now, "year", 1, 2))


@call("GET", "/v1/test_helpers/test_clocks/{}")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get(KIND, id)


@call("GET", "/v1/test_helpers/test_clocks", LISTING)
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    return page(account.all(KIND), params, "/v1/test_helpers/test_clocks")


@call("DELETE", "/v1/test_helpers/test_clocks/{}")
def delete(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    """Also deletes its customers and everything they have."""
    account.get(KIND, id)
    for thing in [thing for thing in account.objects.values() if thing.get("_clock") == id]:
        if thing["object"] != "event":
            del account.objects[thing["id"]]
    return {"id": id, "object": KIND, "deleted": True}
