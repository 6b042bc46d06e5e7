"""A11: all that was said is what the table has, what the hours have, and what Stripe's meter has, whatever goes wrong.

The stream tells twice, in other cuts and from an older place; who counts, folds and reports dies at every write, and
answers are lost.
"""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.background import count
from chalicelib.billing import reports, stripe
from chalicelib.figures import hours
from chalicelib.store import fence, keys, table
from chalicelib.store.changes import Change
from chalicelib.store.models.figures import Batch
from tests.billing.metered import Metered
from tests.billing.test_reports import Lost
from tests.figures.told import inserted, message, record
from tests.support.dying import dying

WRITES = ("PutItem", "UpdateItem", "TransactWriteItems")
MESSAGES, HOURS, BRANDS = 120, 3, 3


class Life:
    """An agency whose messages are told, folded and reported by processes that die."""

    def __init__(self, metered: Metered, seed: int) -> None:
        self.metered, self.chance = metered, random.Random(seed)
        self.brands = [metered.brand, *(metered.opens_a_brand() for _ in range(BRANDS - 1))]
        self.changes = [self._message_change(number) for number in range(MESSAGES)]

    def _message_change(self, number: int) -> Change:
        at = self.metered.hour + self.chance.randrange(HOURS * clock.HOUR)
        ours = {"direction": "out", "reply": "rpl_1"} if number % 3 == 0 else {}
        given = {"agency": self.metered.agency, "brand": self.chance.choice(self.brands), **ours}
        return inserted(message(number, at=at, **given))

    def is_told(self) -> None:
        """A batch that was not counted is told again, in other cuts; and twice all begins from an older place."""
        for start in (0, 50, 30):
            place = start
            while place < len(self.changes):
                size = self.chance.randint(1, 30)
                place += size if self._is_counted(self.changes[place : place + size]) else 0

    def _is_counted(self, changes: Sequence[Change]) -> bool:
        """False if the process dies before it has said so."""
        with dying(self.chance.randrange(80), *WRITES):
            return count.handle([record(change) for change in changes]) == {"batchItemFailures": []}
        return False

    def is_folded(self) -> None:
        for hour in range(HOURS):
            self._until_done(hours.fold, self.metered.agency, self._hour(hour), self.metered.now)

    def is_reported(self) -> None:
        for after in (True, False):
            lost = Lost(self.metered.paying.account.client, after=after)
            with pytest.raises(stripe.Unavailable):
                self.metered.reports(lost)
        self._until_done(reports.report_usage, self.metered.agency, self.metered.now)

    def _until_done(self, work: Any, *given: Any) -> None:
        """It dies before and after each of its writes, and is done again, until it makes fewer."""
        client = {"client": self.metered.paying.account.client} if work is reports.report_usage else {}
        for moment in range(16 if client else 2 * BRANDS + 2):
            with dying(moment, *WRITES), fence.within(self.metered.agency):
                work(*given, **client)

    def _hour(self, number: int) -> int:
        return self.metered.hour + number * clock.HOUR

    def facts(self) -> int:
        with fence.within(self.metered.agency):
            batches = list(table.query(Batch, keys.figures(self.metered.agency), keys.FACTS, consistent=True))
        return len({id for batch in batches for row in batch.facts for id in row[-1]})

    def said(self) -> dict[int, int]:
        by_hour: dict[int, int] = {}
        for change in self.changes:
            hour = int(change.new["received_at"]["N"]) // clock.HOUR * clock.HOUR
            by_hour[hour] = by_hour.get(hour, 0) + 1
        return by_hour


@pytest.mark.parametrize("seed", range(4))
def test_messages_are_facts_are_hours_are_what_the_meter_has(metered: Metered, seed: int) -> None:
    life = Life(metered, seed)
    life.is_told()
    metered.later((HOURS + 2) * clock.HOUR)
    life.is_folded()
    life.is_reported()
    with fence.within(metered.agency):
        counted = reports.messages_by_hour(metered.agency, metered.hour, metered.now)
    assert life.facts() == MESSAGES
    assert metered.meter_has() == counted == life.said()
    assert metered.sum() == MESSAGES
    assert metered.checks() == 0
