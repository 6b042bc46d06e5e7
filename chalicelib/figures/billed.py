"""How much of the usage was billed, and how much was not because the cap was reached or it came too late."""

from collections.abc import Mapping

from chalicelib.store import keys, table
from chalicelib.store.models.plans import Reported


def billed(agency: str, start: int, end: int) -> Mapping[str, int]:
    """The sums for hours that begin in that time (ms) and were to be reported to Stripe."""
    first, last = keys.hour(start - 1, keys.REPORTED), keys.hour(end, keys.REPORTED)
    partition = keys.within(agency, keys.BILLING)
    wanted = ["sk", "counted", "value"]
    rows = list(table.query(Reported, partition, keys.REPORTED, after=first, before=last, only=wanted))
    counted, value = sum(row.counted for row in rows), sum(row.value for row in rows)
    return {"counted": counted, "billed": value, "unbilled": counted - value}
