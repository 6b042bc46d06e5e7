"""What an agency has when its days begin: each day once, and a day on which nobody looked is not known."""

from collections.abc import Iterator, Mapping
from contextvars import Context
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.background import due
from chalicelib.figures import gauges, hours, usage
from chalicelib.figures.gauges import Looked
from chalicelib.people import agencies
from chalicelib.store import fence, keys, table
from chalicelib.store.due import now_due
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.figures import Gauge
from chalicelib.store.models.people import Agency, Member
from chalicelib.store.models.work import Due
from tests.figures.told import brand_of
from tests.support.dying import dying
from tests.support.stack import Stack

MIDNIGHT = clock.parse("2026-11-30T00:00:00Z")
DAY = date(2026, 11, 30)
SEATED, LOOKS_ON = {"role": "agent", "brands": None}, {"role": "client", "brands": None}


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """With a brand of one channel, two people who work, and a client who looks on."""
    agency = ids.new("agc")
    with fence.within(agency):
        table.put(Agency(agency, agencies.KEY, id=agency, name="Ten", created_at=0))
        table.put(Brand(agency, keys.noun(brand_of(agency)), id=brand_of(agency), name="Nine", created_at=0))
        for number, grant in enumerate((SEATED, SEATED, LOOKS_ON)):
            id = ids.new("mbr")
            about: Any = {"subject": str(number), "name": "", "email": "", "grants": [grant]}
            table.put(Member(agency, keys.noun(id), id=id, created_at=0, **about))
        connect(agency, "chn_a")
        yield agency
        table.delete(Agency(agency, agencies.KEY))  # what it has in use was counted by nobody


def connect(agency: str, id: str, at: int = 0, **more: Any) -> Channel:
    about = {"brand": brand_of(agency), "network": "example", "account": id, "name": "Shop", "sealed": ""}
    channel = Channel(agency, keys.noun(id), id=id, created_at=at, **{**about, **more})
    table.put(channel)
    return channel


def seen(agency: str, days: int = 3) -> Mapping[date, Looked]:
    return {each.day: each for each in gauges.between(agency, DAY - timedelta(days=days), DAY + timedelta(days=days))}


def asked(agency: str) -> list[Due]:
    """What is due for the agency; the clock looks for it inside nobody's fence."""
    return Context().run(lambda: [item for item in now_due(MIDNIGHT + 2 * clock.DAY) if item.target == agency])


def channels_of(looked: Looked, agency: str) -> list[str]:
    return sorted(looked.channels[brand_of(agency)])


def test_day_has_what_was_connected_when_it_began(agency: str) -> None:
    connect(agency, "chn_late", MIDNIGHT + 1)
    connect(agency, "chn_begun", 0, settling="connecting")
    gauges.look(agency, MIDNIGHT + clock.HOUR)
    [(day, looked)] = seen(agency).items()
    assert (day, channels_of(looked, agency), looked.seats) == (DAY, ["chn_a"], 2)


def test_month_ends_and_the_next_one_begins(agency: str) -> None:
    for number in range(3):
        gauges.look(agency, MIDNIGHT + number * clock.DAY)
    assert list(seen(agency)) == [DAY, date(2026, 12, 1), date(2026, 12, 2)]
    rows = list(table.query(Gauge, keys.figures(agency), keys.MONTHS, consistent=True))
    months = [clock.parse(f"2026-{month}-01T00:00:00Z") for month in (11, 12)]
    assert [row.expires for row in rows] == [(month + gauges.KEPT) // clock.SECOND for month in months]


def test_channel_that_is_gone_keeps_the_days_on_which_it_was_there(agency: str) -> None:
    gone = connect(agency, "chn_b")
    gauges.look(agency, MIDNIGHT - clock.DAY)
    table.delete(gone)
    gauges.look(agency, MIDNIGHT)
    assert [channels_of(each, agency) for each in seen(agency).values()] == [["chn_a", "chn_b"], ["chn_a"]]


def test_second_look_on_a_day_changes_nothing(agency: str) -> None:
    gauges.look(agency, MIDNIGHT)
    connect(agency, "chn_b")
    gauges.look(agency, MIDNIGHT + clock.HOUR)
    gauges.begin(agency, MIDNIGHT + clock.HOUR)
    assert channels_of(seen(agency)[DAY], agency) == ["chn_a"]


def test_day_for_which_there_is_no_room_is_not_known_and_the_next_is_looked_at(agency: str) -> None:
    many = {f"chn_{number}": ["example", 1] for number in range(gauges.MOST_CHANNELS)}
    first = clock.parse("2026-11-01T00:00:00Z")
    place = keys.figures(agency), keys.hour(first, keys.MONTHS)
    table.put(Gauge(*place, days=1, channels={brand_of(agency): many}, seats={"1": 2}, expires=0))
    gauges.look(agency, MIDNIGHT)
    assert (list(seen(agency)), len(asked(agency))) == ([], 1)


def test_who_looks_asks_for_tomorrow_first_wherever_they_die(agency: str) -> None:
    for moment in range(4):
        with dying(moment, "PutItem"):
            gauges.look(agency, MIDNIGHT)
        assert len(asked(agency)) >= len(seen(agency))
    [item] = asked(agency)
    due.perform({"what": item.kind, "agency": agency, "target": item.target, "when": item.when, "at": item.when})
    assert MIDNIGHT + clock.DAY <= item.when < MIDNIGHT + clock.DAY + 10 * clock.MINUTE


def test_agency_that_is_no_more_is_looked_at_no_more(agency: str) -> None:
    table.delete(Agency(agency, agencies.KEY))
    gauges.look(agency, MIDNIGHT)
    assert (seen(agency), asked(agency)) == ({}, [])


def test_agency_is_looked_at_from_its_first_fold_on(agency: str) -> None:
    now = clock.now()
    task = hours.task(agency, now // clock.HOUR * clock.HOUR, now, now)
    due.perform(task.body)
    assert len(list(gauges.between(agency, date(2026, 1, 1), date(2999, 1, 1)))) == 1


def shown(agency: str, by: str, **more: Any) -> list[tuple[Any, ...]]:
    query = {"from": "2026-11-28", "to": "2026-12-01", "by": by, "zone": "utc", **more}
    report = usage.report(agency, usage.read_query(actors.system(agency), query, MIDNIGHT))
    assert report["days_looked_at"] == 3
    columns = ("brand", "channel", "period", "channel_days", "seat_days")
    return [tuple(line[name] for name in columns) for line in report["items"]]


def test_days_of_channels_and_seats_are_in_the_usage_whatever_it_is_by(agency: str) -> None:
    brand = brand_of(agency)
    for number in (0, -1, 1):
        gauges.look(agency, MIDNIGHT + number * clock.DAY)
    assert shown(agency, "brand") == [(brand, None, None, 3, None), (None, None, None, None, 6)]
    assert shown(agency, "channel") == [(brand, "chn_a", None, 3, None), (None, None, None, None, 6)]
    months = [("2026-11", 2), ("2026-12", 1)]
    of_the_agency = [(None, None, month, None, 2 * days) for month, days in months]
    assert shown(agency, "month") == [(brand, None, month, days, None) for month, days in months] + of_the_agency
    days = ("2026-11-29", "2026-11-30", "2026-12-01")
    assert shown(agency, "day", brand=brand) == [(brand, None, day, 1, None) for day in days]
