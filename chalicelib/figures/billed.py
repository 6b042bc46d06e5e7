"""What of the usage was billed, and what was not: the cap was reached, or it came too late."""

from collections.abc import Mapping

from chalicelib.store import keys, table
from chalicelib.store.models.plans import Reported


def billed(agency: str, start: int, end: int) -> Mapping[str, int]:
    """Of the hours that begin in that time (ms) and of which Stripe was to be told: those of who pays, once over."""
    first, last = keys.hour(start - 1, keys.REPORTED), keys.hour(end, keys.REPORTED)
    partition = keys.within(agency, keys.BILLING)
    wanted = ["sk", "counted", "value"]
    rows = list(table.query(Reported, partition, keys.REPORTED, after=first, before=last, only=wanted))
    counted, value = sum(row.counted for row in rows), sum(row.value for row in rows)
    return {"counted": counted, "billed": value, "unbilled": counted - value}
