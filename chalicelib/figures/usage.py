"""The messages of an agency's brands in a range of days, by brand, channel, day or month, so that it can bill its
customers.

It is added up from the hours of the brands, as the bills are, and nothing is stored for it. It also shows the channels
and seats at the beginning of each day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.figures import billed, charges, gauges, sums
from chalicelib.figures.charges import Lists
from chalicelib.figures.gauges import Looked
from chalicelib.figures.sums import CHANNEL_DAYS, KINDS, SEAT_DAYS, Days, Part
from chalicelib.store import together
from chalicelib.store.models.brands import Brand

BY = ("brand", "channel", "day", "month")
MOST_DAYS = 400
MOST_BRAND_DAYS = 1_600  # fifty brands for a month: what is added up within the time of a request
NUMBERS = (*KINDS.values(), CHANNEL_DAYS, SEAT_DAYS)
Line = Mapping[str, Any]
COLUMNS = ("brand", "brand_name", "channel", "channel_name", "network", "period", *NUMBERS)
_OF_NOTHING: Line = {
    **dict.fromkeys(COLUMNS), **dict.fromkeys(KINDS.values(), 0),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is to be shown. `is_whole`: the request is about all of the agency's brands."""

    days: Days
    by: str
    brands: Sequence[Brand]
    is_whole: bool = True


def read_query(actor: Actor, query: Mapping[str, Any], now: int) -> Asked:
    """Reads a request; without days it is about this month. Raises Invalid for days that do not exist, or too many.

    Without a brand, sandboxes are left out, because they are not billed.
    """
    days = read_days(query, now)
    whose = [brands.get(actor, query["brand"])] if "brand" in query else _billed_brands(actor)
    if days.number * len(whose) > MOST_BRAND_DAYS and len(whose) > 1:
        detail = f"Days times brands are over {MOST_BRAND_DAYS}: name a brand, ask for fewer days, or export a file."
        raise errors.Invalid(detail, code="too_much", field="brand")
    return Asked(days, query["by"], whose, "brand" not in query)


def _billed_brands(actor: Actor) -> list[Brand]:
    return [brand for brand in brands.visible(actor) if not brand.is_sandbox]


def read_days(query: Mapping[str, Any], now: int) -> Days:
    """The days that a request is about."""
    last = _day(query, "to") or datetime.fromtimestamp(now / clock.SECOND, UTC).date()
    first = _day(query, "from") or last.replace(day=1)
    days = Days(first, last, query["zone"] == "brand")
    if last < first:
        wrong = "to" if "to" in query else "from"
        raise errors.Invalid("`from` is after `to`, which is today by default.", code="bad_times", field=wrong)
    if days.number > MOST_DAYS:
        raise errors.Invalid(f"The range is longer than {MOST_DAYS} days.", code="bad_times", field="from")
    return days


def _day(query: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(query[name]) if name in query else None
    except ValueError as wrong:
        raise errors.Invalid("The value has to be a day such as 2026-11-27.", code="bad_times", field=name) from wrong


def report(agency: str, asked: Asked, *, lists: Lists = charges.costs_of) -> Mapping[str, Any]:
    """The usage as the API shows it: a line for each group that has any, and the totals."""
    looked = list(gauges.between(agency, asked.days.first, asked.days.last))
    summing = [partial(sums.of_brand, agency, brand, asked.days, asked.by, looked) for brand in asked.brands]
    parts = list(zip(asked.brands, together.each(summing), strict=True))
    shown = list(lines(agency, asked.by, parts, looked))
    if asked.is_whole:
        shown += seats(asked.by, looked)
    charged = [line for brand, part in parts for line in _charge_lines(brand, part, lists)]
    return {
        "from": asked.days.first.isoformat(),
        "to": asked.days.last.isoformat(),
        "by": asked.by,
        "zone": "brand" if asked.days.is_local else "utc",
        "days_looked_at": len(looked),
        "items": shown,
        "totals": {name: _total(name, shown) for name in NUMBERS},
        "charges": charged,
        "charged": charges.total(charged),
        "billed": _billed(agency, asked),
    }


def lines(agency: str, by: str, parts: Iterable[tuple[Brand, Part]], looked: Sequence[Looked]) -> Iterator[Line]:
    """The lines of brands. `channel_days` is null if no day of the group has a look."""
    names = {channel.id: channel.name for channel in channels.every(agency)}
    known = {sums.period(by, each.day) for each in looked}
    for brand, part in parts:
        about = {**_OF_NOTHING, "brand": brand.id, "brand_name": brand.name}
        for (channel, period), counts in sorted(part.groups.items()):
            yield {
                **about,
                "channel": channel or None,
                "channel_name": names.get(channel),
                "network": part.networks.get(channel),
                "period": period or None,
                **{name: counts[name] for name in KINDS.values()},
                CHANNEL_DAYS: counts[CHANNEL_DAYS] if period in known else None,
            }


def seats(by: str, looked: Sequence[Looked]) -> Iterator[Line]:
    """The lines of the agency itself, because seats belong to no brand."""
    for period, days in sorted(sums.seats(by, looked).items()):
        yield {**_OF_NOTHING, "period": period or None, SEAT_DAYS: days}


def _total(name: str, shown: Sequence[Line]) -> int | None:
    known = [line[name] for line in shown if line[name] is not None]
    return sum(known) if known or name in KINDS.values() else None


def _billed(agency: str, asked: Asked) -> Mapping[str, int] | None:
    """None unless the request is about the whole agency and days in UTC, as bills are."""
    if asked.days.is_local or not asked.is_whole:
        return None
    return billed.billed(agency, *asked.days.hours())


def _charge_lines(brand: Brand, part: Part, lists: Lists) -> Iterator[Mapping[str, Any]]:
    """A line for each day, network and way for which the network charges."""
    for (day, network, way), count in sorted(part.charged.items()):
        if cost := charges.cost(lists(network), way, day):
            about = {"brand": brand.id, "day": day.isoformat(), "network": network, "way": way}
            yield {**about, **charges.view(cost, count)}
