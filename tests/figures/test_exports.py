"""Usage as a file: whoever does a portion again makes the same, and however much there is, it comes as one sheet."""

import csv
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.aws import storage
from chalicelib.figures import exports
from chalicelib.jobs.jobs import Portion
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.figures import Gauge, Hour
from tests.support.stack import Member, Stack, ask, eventually

NOW = clock.parse("2026-11-27T12:00:00Z")
LAST = date(2026, 11, 27)
BRAND = "brd_{:026d}"


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def open_brands(agency: str, number: int) -> None:
    for index in range(number):
        id = BRAND.format(index)
        table.put(Brand(agency, keys.noun(id), id=id, name=f"={index}", created_at=0))


def said(agency: str, day: date, channels: int = 1, brand: int = 0) -> None:
    """On that day somebody said something in each of so many channels of the brand."""
    hour = clock.parse(f"{day}T08:00:00Z")
    cells = [["in", f"chn_{number}", "dm", "", "", 0, 1] for number in range(channels)]
    partition = keys.figures(agency, BRAND.format(brand))
    table.put(Hour(partition, keys.hour(hour), hour=hour, cells=cells, facts=channels, expires=0))


@dataclass
class Export:
    """Asked for by somebody, and made portion by portion, each of them so often."""

    agency: str
    again: int = 1
    given: dict[str, str] = field(default_factory=dict)
    positions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        days = {"from": "2026-11-01", "to": str(LAST), "zone": "utc", "by": "day", "brand": ""}
        self.given = {**days, "folder": ids.new("usg"), **self.given}

    def portion(self, position: str) -> Portion:
        return exports.portion(actors.system(self.agency), self.given, position, NOW)

    def file(self) -> bytes:
        position: str | None = ""
        while position is not None:
            self.positions.append(position)
            for _ in range(self.again):
                done = self.portion(position)
            position = done.next
        return storage.get(done.file) or b""

    def lines(self) -> list[Mapping[str, str]]:
        return list(csv.DictReader(self.file().decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("number", [0, 1, 7, 8, 9, 16, 17])
def test_every_brand_is_in_the_file_once_however_many_there_are_and_however_often_it_is_made(
    agency: str, number: int
) -> None:
    open_brands(agency, number)
    for index in range(number):
        said(agency, LAST, brand=index)
    lines = Export(agency, again=2).lines()
    assert [line["brand"] for line in lines] == [BRAND.format(index) for index in range(number)]
    assert all((line["channel"], line["period"], line["in"]) == ("chn_0", str(LAST), "1") for line in lines)


def test_months_follow_each_other_with_the_agencys_own_lines(agency: str) -> None:
    open_brands(agency, 1)
    month = clock.parse("2026-10-01T00:00:00Z")
    about: Any = {"channels": {BRAND.format(0): {"chn_0": ["x", 1 << 30]}}, "seats": {"31": 3}}
    table.put(Gauge(keys.figures(agency), keys.hour(month, keys.MONTHS), days=1 << 30, expires=0, **about))
    for day in (date(2026, 10, 31), date(2026, 11, 1)):
        said(agency, day)
    lines = Export(agency, given={"from": "2026-10-31", "by": "month"}).lines()
    columns = ("brand_name", "channel", "period", "in", "channel_days", "seat_days")
    assert [tuple(line[name] for name in columns) for line in lines] == [
        ("'=0", "chn_0", "2026-10", "1", "1", ""),
        ("", "", "2026-10", "0", "", "3"),
        ("'=0", "chn_0", "2026-11", "1", "", ""),
    ]


def test_one_brand_alone_is_exported_if_it_is_named(agency: str) -> None:
    open_brands(agency, 2)
    for index in range(2):
        said(agency, LAST, brand=index)
    assert [line["brand"] for line in Export(agency, given={"brand": BRAND.format(1)}).lines()] == [BRAND.format(1)]


# BI-38
def test_four_hundred_days_of_five_hundred_channels_are_made_in_little_memory(agency: str) -> None:
    open_brands(agency, 1)
    first = LAST - timedelta(days=399)
    for number in range(400):
        said(agency, first + timedelta(days=number), channels=500)
    export = Export(agency, given={"from": str(first)})
    file = export.file()
    assert (file.count(b"\r\n"), len(export.positions)) == (200_001, 14)
    tracemalloc.start()
    export.portion(export.positions[-1])  # the last one makes its lines, and joins all
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(file)


# BI-38
@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"from": "2026-11-02", "to": "2026-11-01"}, "to"), ({"from": "2025-10-23"}, "from")],
)
def test_days_that_are_too_many_or_the_wrong_way_round_are_not_exported(
    agency: str, wrong: Mapping[str, str], where: str
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        exports.start(actors.system(agency), {"by": "day", **wrong}, NOW)
    assert refusal.value.field == where


# BI-38
def test_owner_gets_a_link_that_leads_to_the_sheet_and_who_only_reads_the_audit_does_not(stack: Stack) -> None:
    agency = stack.ours
    assert agency.members["community_manager"].call("POST", "/billing/usage/exports", {"by": "day"}).status == 403
    job = agency.owner.post("/billing/usage/exports", {"by": "month"})
    link = eventually(lambda: shown(agency.owner, job["id"])["file"])
    reads_the_audit = agency.owner.post("/roles", {"name": f"R{job['id']}", "permissions": ["audit.view"]})["id"]
    assert shown(stack.someone(agency, reads_the_audit, None), job["id"])["file"] is None
    answer = ask("GET", link)
    assert answer.headers["content-disposition"].endswith("usage.csv")
    assert answer.raw.decode("utf-8-sig").startswith("brand,brand_name,channel,")


def shown(member: Member, job: str) -> Mapping[str, Any]:
    row: Mapping[str, Any] = member.get(f"/jobs/{job}")
    return row
