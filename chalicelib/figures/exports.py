"""Usage as a file, for any number of brands and days: a line for each channel and day, or month.

A job makes it in portions. Each is a file whose name follows from its place, so a repeated portion replaces itself; the
last portion joins them all.
"""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from chalicelib import clock, ids
from chalicelib.access.actors import Actor
from chalicelib.api import sheets
from chalicelib.aws import storage
from chalicelib.brands import brands
from chalicelib.figures import gauges, sums, usage
from chalicelib.figures.sums import Days
from chalicelib.figures.usage import COLUMNS, Line
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.store import keys, quota
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.work import Job

KIND = "usage"
BY = ("day", "month")
MOST_A_DAY = 50
BRANDS = 8  # of a portion, which is about a month at most


def start(actor: Actor, fields: Mapping[str, Any], now: int) -> Job:
    """Starts a job that makes the file. Raises what `usage.read_query` raises, except that nothing is too much."""
    zone = fields.get("zone", "utc")
    days = usage.read_days({**fields, "zone": zone}, now)
    brand = brands.get(actor, fields["brand"]).id if "brand" in fields else ""
    quota.take(actor.agency, "usage_export", MOST_A_DAY, now, period=clock.DAY)
    given = {"from": days.first.isoformat(), "to": days.last.isoformat(), "zone": zone, "by": fields["by"]}
    return jobs.start(actor, KIND, {**given, "brand": brand, "folder": ids.new("usg")}, now)


def portion(actor: Actor, parameters: Mapping[str, Any], position: str, now: int) -> Portion:
    """Makes the lines of the next brands in a month. The position is the month's first day, and the last brand before.

    Gives the number of brands.
    """
    first, last = (date.fromisoformat(parameters[name]) for name in ("from", "to"))
    month, _, before = position.partition("/")
    days = _month(Days(date.fromisoformat(month) if month else first, last, parameters["zone"] == "brand"))
    whose = _brands(actor, parameters["brand"], before)
    folder = f"exports/{actor.agency}/{parameters['folder']}/"
    lines = sheets.lines(COLUMNS, _lines(actor.agency, parameters, days, whose))
    begun = lines if position else sheets.head(COLUMNS) + lines
    storage.put(f"{folder}{days.first}/{before}", begun.encode(), sheets.MIME)
    if len(whose) == BRANDS:
        return Portion(len(whose), f"{days.first}/{whose[-1].id}")
    if days.last < last:
        return Portion(len(whose), f"{days.last + timedelta(days=1)}/")
    file = f"{folder}usage.csv"
    storage.join(folder, file, sheets.MIME, "usage.csv")
    return Portion(len(whose), None, file)


def _month(days: Days) -> Days:
    """The days of the first day's month."""
    last = days.first.replace(day=calendar.monthrange(days.first.year, days.first.month)[1])
    return days._replace(last=min(last, days.last))


def _brands(actor: Actor, brand: str, before: str) -> list[Brand]:
    after = keys.noun(before) if before else ""
    wanted = (each for each in brands.visible(actor, after) if brand == each.id or not (brand or each.is_sandbox))
    return list(islice(wanted, BRANDS))


def _lines(agency: str, parameters: Mapping[str, Any], days: Days, whose: Sequence[Brand]) -> Iterator[Line]:
    """One brand after the other, so that only one is in memory. The agency's own lines come after the last brand."""
    looked = list(gauges.between(agency, days.first, days.last))
    by = f"channel_{parameters['by']}"
    parts = ((brand, sums.of_brand(agency, brand, days, by, looked)) for brand in whose)
    yield from usage.lines(agency, by, parts, looked)
    if len(whose) < BRANDS and not parameters["brand"]:
        yield from usage.seats(by, looked)
