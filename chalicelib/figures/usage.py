"""What was said for an agency's brands in a stretch of days, by brand, channel, day or month: it can bill by it.

It is summed up from the hours of the brands, so it shows what is billed, and nothing is stored for it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, partial
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.channels import channels
from chalicelib.figures import billed, charges, hours
from chalicelib.figures.charges import Lists
from chalicelib.figures.facts import QUARTER, Cell
from chalicelib.store import together
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.figures import Hour

BY = ("brand", "channel", "day", "month")
KINDS = {"in": "in", "out": "out", "echo": "echo", "media": "media_bytes"}
MOST_DAYS = 400
MOST_BRAND_DAYS = 1_600  # fifty brands for a month: what is added up within the time of a request
_FARTHEST = 15 * clock.HOUR  # a zone's midnight is so close to that of UTC
Group = tuple[str, str]  # a channel or nothing, and a day, a month or nothing
Charged = tuple[date, str, str]  # a day, a network, and what it may charge for


@dataclass(frozen=True)
class Asked:
    """What is to be shown. `first` and `last` are days, both included, in UTC or in each brand's own zone.

    `is_whole`: about all of the agency's brands.
    """

    first: date
    last: date
    by: str
    is_local: bool
    brands: Sequence[Brand]
    is_whole: bool = True


@dataclass(frozen=True)
class _Part:
    """What there was of a brand by group, the networks of its channels, and what these may charge for."""

    groups: Mapping[Group, Counter[str]]
    networks: dict[str, str]
    charged: Mapping[Charged, int]


def asked(actor: Actor, query: Mapping[str, Any], now: int) -> Asked:
    """Reads a request. Without days it is about this month; Invalid for days that there are not, or too many."""
    last = _day(query, "to") or datetime.fromtimestamp(now / clock.SECOND, UTC).date()
    first = _day(query, "from") or last.replace(day=1)
    if last < first:
        raise errors.Invalid("It ends before it begins.", field="to")
    days = (last - first).days + 1
    if days > MOST_DAYS:
        raise errors.Invalid(f"At most {MOST_DAYS} days.", field="from")
    whose = [brands.get(actor, query["brand"])] if "brand" in query else list(brands.visible(actor))
    if days * len(whose) > MOST_BRAND_DAYS and len(whose) > 1:
        raise errors.Invalid("Too much at once: name a brand, or ask for fewer days.", field="brand")
    return Asked(first, last, query["by"], query["zone"] == "brand", whose, "brand" not in query)


def _day(query: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(query[name]) if name in query else None
    except ValueError as wrong:
        raise errors.Invalid("A day as in 2026-11-27.", field=name) from wrong


def report(agency: str, asked: Asked, *, lists: Lists = charges.listed) -> Mapping[str, Any]:
    """The usage as the API shows it: an item for each group in which there was anything, and the sums of all."""
    known = {channel.id: (channel.name, channel.network) for channel in channels.every(agency)}
    parts = together.each([partial(_of_brand, agency, asked, brand) for brand in asked.brands])
    items = [
        _shown(brand, group, counts, part.networks | {id: network for id, (_, network) in known.items()}, known)
        for brand, part in zip(asked.brands, parts, strict=True)
        for group, counts in sorted(part.groups.items())
    ]
    lines = [line for brand, part in zip(asked.brands, parts, strict=True) for line in _charged(brand, part, lists)]
    totals = {name: sum(item[name] for item in items) for name in KINDS.values()}
    about = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "by": asked.by}
    return {
        **about,
        "zone": "brand" if asked.is_local else "utc",
        "items": items,
        "totals": totals,
        "charges": lines,
        "charged": charges.total(lines),
        "billed": _billed(agency, asked),
    }


def _billed(agency: str, asked: Asked) -> Mapping[str, int] | None:
    """Bills are about whole agencies, and their days are those of UTC."""
    if asked.is_local or not asked.is_whole:
        return None
    start, end = _stretch(asked)
    return billed.billed(agency, start + _FARTHEST, end - _FARTHEST)


def _of_brand(agency: str, asked: Asked, brand: Brand) -> _Part:
    name = settings.of(brand.settings).time_zone if asked.is_local else "UTC"
    groups: dict[Group, Counter[str]] = {}
    networks: dict[str, str] = {}
    charged: Counter[Charged] = Counter()
    zone = clock.zone_of(name)
    for row in hours.between(agency, brand.id, *_stretch(asked)):
        networks |= row.networks
        for day, cell, count in _dated(row, zone):
            if asked.first <= day <= asked.last and cell.kind in KINDS:
                groups.setdefault(_group(asked.by, day, cell), Counter())[KINDS[cell.kind]] += count
                if way := charges.way(cell):
                    charged[day, row.networks.get(cell.channel, ""), way] += count
    return _Part(groups, networks, charged)


def _charged(brand: Brand, part: _Part, lists: Lists) -> Iterator[Mapping[str, Any]]:
    """A line for each day, network and way for which the network charges."""
    for (day, network, way), count in sorted(part.charged.items()):
        if cost := charges.cost(lists(network), way, day):
            about = {"brand": brand.id, "day": day.isoformat(), "network": network, "way": way}
            yield {**about, **charges.view(cost, count)}


def _stretch(asked: Asked) -> tuple[int, int]:
    """Hours that surely hold all days, whatever the zone."""
    midnights = (datetime.combine(day, datetime.min.time(), UTC) for day in (asked.first, asked.last))
    start, end = (round(midnight.timestamp()) * clock.SECOND for midnight in midnights)
    return start - _FARTHEST, end + clock.DAY + _FARTHEST


def _dated(row: Hour, zone: tzinfo) -> Iterator[tuple[date, Cell, int]]:
    """What there was in an hour, with the days of the zone on which that was: midnight may be within an hour of UTC."""
    days: dict[int, date] = {}
    for cell, count in hours.of(row).items():
        if cell.quarter not in days:
            moment = timedelta(milliseconds=row.hour + cell.quarter * QUARTER)
            days[cell.quarter] = (datetime(1970, 1, 1, tzinfo=UTC) + moment).astimezone(zone).date()
        yield days[cell.quarter], cell, count


def _group(by: str, day: date, cell: Cell) -> Group:
    return cell.channel if by == "channel" else "", _period(by, day)


@cache
def _period(by: str, day: date) -> str:
    return {"day": day.isoformat(), "month": day.isoformat()[:7]}.get(by, "")


def _shown(
    brand: Brand,
    group: Group,
    counts: Counter[str],
    networks: Mapping[str, str],
    known: Mapping[str, tuple[str, str]],
) -> Mapping[str, Any]:
    channel, period = group
    return {
        "brand": brand.id,
        "brand_name": brand.name,
        "channel": channel or None,
        "channel_name": known[channel][0] if channel in known else None,
        "network": networks.get(channel),
        "period": period or None,
        **{name: counts[name] for name in KINDS.values()},
    }
