from typing import Any

import pytest
import stripe

from tests.support.stripe_side import DAY, START, Account, Hook

HOUR = 3600


def report(account: Account, customer: str, value: object, at: int, identifier: str | None = None) -> None:
    wanted: Any = {"event_name": "palabre_messages", "timestamp": at,
                   "payload": {"stripe_customer_id": customer, "value": str(value)}}  # fmt: skip
    account.v1.billing.meter_events.create(wanted | ({"identifier": identifier} if identifier else {}))


def summed(account: Account, customer: str, start: int, end: int, **more: Any) -> list[float]:
    wanted: Any = {"customer": customer, "start_time": start, "end_time": end, **more}
    return [
        summary.aggregated_value
        for summary in account.v1.billing.meters.event_summaries.list(account.meter, wanted).data
    ]


def test_usage_is_on_the_invoice(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    items: Any = [{"price": account.prices["base"]}, {"price": account.prices["messages"]}]
    account.v1.subscriptions.create({"customer": customer, "items": items})
    account.advance(clock, 5 * HOUR)
    for hour in range(5):
        report(account, customer, 2000, START + hour * HOUR)
    account.advance(clock, 31 * DAY)
    invoice = account.v1.invoices.list({"customer": customer}).data[0]
    assert [(line.quantity, line.amount) for line in invoice.lines.data] == [(10_000, 2000), (1, 4900)]


def test_newest_event_of_an_hour_counts(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    account.advance(clock, 3 * HOUR)
    for second, value in ((0, 10), (2, 30), (1, 20)):
        report(account, customer, value, START + second)
    report(account, customer, 5, START + HOUR)
    account.control("aggregate")
    assert summed(account, customer, START, START + 2 * HOUR) == [35]
    assert summed(account, customer, START, START + 2 * HOUR, value_grouping_window="hour") == [5, 30]


def test_summaries_show_it_after_a_minute(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    report(account, customer, 10, START)
    assert summed(account, customer, START, START + HOUR) == []
    account.advance(clock, 60)
    assert summed(account, customer, START, START + HOUR) == [10]


def test_same_identifier_within_a_day_is_refused(account: Account) -> None:
    clock = account.clock()
    customer = account.customer(clock)
    report(account, customer, 10, START, "a")
    with pytest.raises(stripe.InvalidRequestError, match="already exists with identifier a"):
        report(account, customer, 10, START, "a")
    account.advance(clock, DAY + 1)
    report(account, customer, 10, START, "a")


@pytest.mark.parametrize("at", [START - 35 * DAY - 1, START + 301])
def test_too_old_and_too_new_are_refused(account: Account, at: int) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        report(account, account.customer(account.clock()), 1, at)


@pytest.mark.parametrize("value", ["", "x", "-1", "nan", "inf"])
def test_value_is_a_number(account: Account, value: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        report(account, account.customer(account.clock()), value, START)


def test_unknown_meter_is_refused(account: Account) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.billing.meter_events.create({"event_name": "no", "payload": {"value": "1"}})


def test_unknown_customer_is_told_later_in_a_thin_event(account: Account) -> None:
    with Hook() as hook:
        account.control("destinations", url=hook.url, events=["v1.billing.meter.error_report_triggered"])
        account.v1.billing.meter_events.create(
            {"event_name": "palabre_messages", "payload": {"stripe_customer_id": "cus_x", "value": "1"}}
        )
        account.control("flush")
        assert len(hook.taken) == 1 and account.meter.encode() in hook.taken[0][0]


def test_stream_takes_a_hundred_with_a_token_of_its_own(account: Account) -> None:
    customer = account.customer(account.clock())
    session = account.client.v2.billing.meter_event_session.create()
    client = Account(account.url, session.authentication_token).client
    event: Any = {"event_name": "palabre_messages", "timestamp": "2026-01-01T00:00:00.000Z",
                  "payload": {"stripe_customer_id": customer, "value": "7"}}  # fmt: skip
    client.v2.billing.meter_event_stream.create({"events": [event]})
    account.control("aggregate")
    assert summed(account, customer, START, START + HOUR) == [7]
