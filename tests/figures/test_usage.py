"""What was said in a stretch of days: each once, on the day that it was in the zone that is asked for."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.billing import reports
from chalicelib.brands import brands
from chalicelib.figures import facts, hours, usage
from chalicelib.figures.sums import KINDS
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel
from tests.figures.told import brand_of, inserted, message
from tests.support.stack import Stack

NOW = clock.parse("2026-11-27T12:00:00Z")
DEFAULTS = {"by": "brand", "zone": "utc"}


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def open_brand(agency: str, id: str, zone: str = "UTC", name: str = "Nine") -> str:
    table.put(Brand(agency, keys.noun(id), id=id, name=name, settings={"time_zone": zone}, created_at=0))
    return id


def said(agency: str, *moments: str, zone: str = "UTC", **more: Any) -> None:
    """Somebody said something at each of these times of the zone."""
    for number, moment in enumerate(moments):
        at = round(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000
        batch = list(facts.of_change(inserted(message(number, at=at, agency=agency, **more))))
        hours.keep(batch)
        hours.fold(agency, batch[0].hour, NOW)


def shown(agency: str, **query: Any) -> Mapping[str, Any]:
    given = usage.read_query(actors.system(agency), {**DEFAULTS, **query}, NOW)
    return usage.report(agency, given)


def periods(report: Mapping[str, Any]) -> Mapping[str, int]:
    return {item["period"]: item["in"] for item in report["items"]}


def refused(agency: str, **query: Any) -> tuple[int, str]:
    with pytest.raises(errors.Problem) as refusal:
        usage.read_query(actors.system(agency), {**DEFAULTS, **query}, NOW)
    return refusal.value.status, refusal.value.field


def test_without_days_it_is_about_this_month_until_today(agency: str) -> None:
    open_brand(agency, brand_of(agency))
    said(agency, "2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-11-27T23:00:00", "2026-11-28T00:00:00")
    report = shown(agency)
    assert (report["from"], report["to"], report["totals"]["in"]) == ("2026-11-01", "2026-11-27", 2)


def test_kinds_are_shown_apart_and_added_up(agency: str) -> None:
    open_brand(agency, brand_of(agency))
    said(agency, "2026-11-02T08:00:00")
    said(agency, "2026-11-02T09:00:00", direction="out", reply="rpl_1")
    said(agency, "2026-11-02T10:00:00", direction="out")
    said(agency, "2026-11-02T11:00:00", attachments=[{"kind": "image", "stored": "media/a", "size": 70}])
    [item] = shown(agency)["items"]
    assert {name: item[name] for name in KINDS.values()} == {"in": 2, "out": 1, "echo": 1, "media_bytes": 70}
    unknown = {"channel_days": None, "seat_days": None}
    assert shown(agency)["totals"] == {"in": 2, "out": 1, "echo": 1, "media_bytes": 70, **unknown}


def test_day_of_the_brands_own_zone_begins_at_its_midnight(agency: str) -> None:
    zone = "Asia/Kathmandu"  # UTC+5:45
    open_brand(agency, brand_of(agency), zone)
    said(agency, "2026-11-03T23:59:00", "2026-11-04T00:00:00", "2026-11-04T05:44:00", zone=zone)
    days = {"from": "2026-11-03", "to": "2026-11-04", "by": "day"}
    assert periods(shown(agency, **days, zone="brand")) == {"2026-11-03": 1, "2026-11-04": 2}
    assert periods(shown(agency, **days)) == {"2026-11-03": 3}


def test_every_hour_of_the_day_on_which_clocks_change_is_of_that_day(agency: str) -> None:
    zone = "Europe/Paris"
    open_brand(agency, brand_of(agency), zone)
    said(agency, *(f"2026-10-25T{hour:02d}:30:00" for hour in range(24)), "2026-10-26T00:00:00", zone=zone)
    said(agency, "2026-10-25T01:30:00+00:00", direction="out", reply="rpl_1")  # the second half past two
    [item] = shown(agency, **{"from": "2026-10-25", "to": "2026-10-25"}, by="day", zone="brand")["items"]
    assert (item["in"], item["out"]) == (24, 1)


def test_months_and_channels_are_shown_with_what_they_are_called(agency: str) -> None:
    brand = open_brand(agency, brand_of(agency), name="=cmd()")
    about = {"brand": brand, "network": "example", "account": "1", "name": "Shop", "sealed": ""}
    table.put(Channel(agency, keys.noun("chn_a"), id="chn_a", created_at=0, **about))
    said(agency, "2026-10-31T08:00:00", "2026-11-02T08:00:00", "2026-11-03T08:00:00")
    days = {"from": "2026-10-01", "to": "2026-11-30"}
    assert periods(shown(agency, **days, by="month")) == {"2026-10": 1, "2026-11": 2}
    [item] = shown(agency, **days, by="channel")["items"]
    assert (item["channel_name"], item["network"], item["brand_name"], item["in"]) == ("Shop", "example", "=cmd()", 3)


def test_sandbox_is_shown_only_if_it_is_named_as_it_is_not_billed(agency: str) -> None:
    id = brand_of(agency)
    table.put(Brand(agency, keys.noun(id), id=id, name="Sandbox", is_sandbox=True, created_at=0))
    said(agency, "2026-11-02T08:00:00")
    assert shown(agency)["items"] == []
    assert shown(agency, brand=id)["totals"]["in"] == 1
    assert brands.billed(agency) == []
    assert reports.messages_by_hour(agency, NOW - 30 * clock.DAY, NOW) == {}


def test_brands_are_shown_apart_and_one_alone_if_it_is_named(agency: str) -> None:
    first, second = open_brand(agency, brand_of(agency)), open_brand(agency, ids.new("brd"))
    said(agency, "2026-11-02T08:00:00")
    said(agency, "2026-11-02T08:00:00", "2026-11-03T08:00:00", brand=second)
    assert {item["brand"]: item["in"] for item in shown(agency)["items"]} == {first: 1, second: 2}
    assert shown(agency, brand=second)["totals"]["in"] == 2


# BI-38
def test_days_that_are_not_too_many_or_the_wrong_way_round_are_refused(agency: str) -> None:
    assert refused(agency, **{"from": "2026-11-02", "to": "2026-11-01"}) == (422, "to")
    assert refused(agency, **{"from": "2026-11-28"}) == (422, "from")
    assert refused(agency, **{"from": "2025-10-23", "to": "2026-11-27"}) == (422, "from")
    assert refused(agency, **{"from": "2026-02-30", "to": "2026-11-27"}) == (422, "from")
    assert usage.read_query(actors.system(agency), {**DEFAULTS, "from": "2025-10-24", "to": "2026-11-27"}, NOW)
    for _ in range(5):
        open_brand(agency, ids.new("brd"))
    assert refused(agency, **{"from": "2025-11-28"}) == (422, "brand")


def test_brand_of_nobody_here_is_not_there(agency: str) -> None:
    assert refused(agency, brand=ids.new("brd")) == (404, "")


def test_what_a_network_charges_for_is_a_line_of_its_own_per_brand_and_day(agency: str) -> None:
    brand = open_brand(agency, brand_of(agency))
    about = {"brand": brand, "network": "whatsapp", "account": "1", "name": "Shop", "sealed": ""}
    table.put(Channel(agency, keys.noun("chn_a"), id="chn_a", created_at=0, **about))
    out: Mapping[str, Any] = {"direction": "out", "reply": "rpl_1"}
    said(agency, "2026-11-02T08:00:00", "2026-11-02T09:30:00", **out)
    said(agency, "2026-11-03T08:00:00", **out, say={"template": {"name": "a"}})
    report = shown(agency)
    lines = [
        (line["day"], line["network"], line["way"], line["messages"], line["amount"]) for line in report["charges"]
    ]
    assert lines == [("2026-11-02", "whatsapp", "reply", 2, None), ("2026-11-03", "whatsapp", "template", 1, None)]
    assert report["charged"] == {"amount": "0", "currency": "USD", "unpriced": 3}
