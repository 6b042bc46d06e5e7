"""An agency that pays for its messages, on a test clock: what is said in an hour, and what Stripe's meter has of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, ids
from chalicelib.billing import reconciliation, reports
from chalicelib.figures import facts, hours
from chalicelib.plans import holdings
from chalicelib.plans.subscriptions import Contract
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.plans import Metered as Sums
from chalicelib.store.models.plans import Reported, StoredSubscription
from tests.billing.paying import Paying
from tests.figures.told import inserted, message


@dataclass
class Metered:
    """`now` (ms) is the time of the customer's test clock, `hour` the first that is billed.

    Messages have numbers, by which they are the same.
    """

    paying: Paying
    meter: str
    now: int = 0
    hour: int = 0
    brand: str = ""

    def __post_init__(self) -> None:
        clocks = self.paying.account.v1.test_helpers.test_clocks
        self.now = clocks.retrieve(self.paying.at).frozen_time * clock.SECOND
        self.hour = (self.now // clock.HOUR + 1) * clock.HOUR

    @property
    def agency(self) -> str:
        return self.paying.agency

    @property
    def contract(self) -> Contract:
        with fence.within(self.agency):
            _, subscription = reports.current(self.agency, self.now, self.paying.account.client)
        assert subscription.contract
        return subscription.contract

    def subscribes(self) -> None:
        self.brand = self.opens_a_brand()
        paying, prices = self.paying, self.paying.prices
        method = paying.account.v1.payment_methods.attach("pm_card_visa", {"customer": paying.customer})
        paying.account.v1.customers.update(paying.customer, {"invoice_settings": {"default_payment_method": method.id}})
        items = [{"price": prices["base"]}, {"price": prices["seats"], "quantity": 3}, {"price": prices["messages"]}]
        wanted: Any = {"customer": paying.customer, "items": items}
        paying.account.v1.subscriptions.create(wanted)
        paying.looks()

    def opens_a_brand(self) -> str:
        id = ids.new("brd")
        with fence.within(self.agency):
            brand = Brand(self.agency, keys.noun(id), id=id, name="Ten", created_at=0)
            table.transact(table.putting(brand), *holdings.change(self.agency, "brands", 1, clock.now()))
        return id

    def later(self, ms: int) -> None:
        self.now = self.paying.account.advance(self.paying.at, ms // clock.SECOND) * clock.SECOND

    def hears(self, numbers: Collection[int], hour: int = 0, **more: Any) -> None:
        """These messages are told by the stream, in one batch, and the hour is folded."""
        hour = hour or self.hour
        given = {"at": hour, "agency": self.agency, "brand": self.brand, **more}
        batch = [fact for number in numbers for fact in facts.of_change(inserted(message(number, **given)))]
        with fence.within(self.agency):
            hours.keep(batch)
            hours.fold(self.agency, hour, self.now)

    def reports(self, client: Any = None) -> int:
        with fence.within(self.agency):
            return reports.report_usage(self.agency, self.now, client=client or self.paying.account.client)

    def checks(self) -> int:
        with fence.within(self.agency):
            return reconciliation.check(self.agency, self.now, client=self.paying.account.client)

    def tells(self, said: Mapping[int, int], cap: int | None = None) -> None:
        """So much was said in each hour."""
        client = self.paying.account.client
        with fence.within(self.agency):
            stored, subscription = reports.current(self.agency, self.now, client)
            stored.cap = cap
            reports.send_hours(stored, subscription, said, self.now, client)

    def sets_cap(self, cap: int) -> None:
        with fence.within(self.agency):
            table.update(StoredSubscription(self.agency, keys.SUBSCRIPTION), [StoredSubscription.cap.set(cap)])

    def row(self, hour: int = 0) -> Reported:
        hour = hour or self.hour
        with fence.within(self.agency):
            return reports.rows(self.agency, [hour])[hour]

    def sum(self) -> int:
        """What is billed of all periods."""
        with fence.within(self.agency):
            stored = table.get(Sums, keys.within(self.agency, keys.BILLING), keys.METERED)
            return sum(stored.sums.values()) if stored else 0

    def meter_has(self) -> dict[int, int]:
        """What the meter has by the hour (ms), once all is aggregated."""
        self.paying.account.control("aggregate")
        start, end = self.hour - 24 * clock.HOUR, self.hour + 960 * clock.HOUR
        window: Any = {"customer": self.paying.customer, "start_time": start // 1000, "end_time": end // 1000,
                       "value_grouping_window": "hour", "limit": 100}  # fmt: skip
        listed = self.paying.account.v1.billing.meters.event_summaries.list(self.meter, window)
        return {row.start_time * 1000: round(row.aggregated_value) for row in listed.auto_paging_iter()}

    def tell(self, value: int, identifier: str, second: int = 3000) -> None:
        """Somebody else tells the meter of the hour."""
        event: Any = {
            "event_name": "palabre_messages", "identifier": identifier, "timestamp": self.hour // 1000 + second,
            "payload": {"stripe_customer_id": self.paying.customer, "value": str(value)},
        }  # fmt: skip
        self.paying.account.v1.billing.meter_events.create(event)
