"""How much was used, and how long to wait, read from the headers of Meta's answers."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks._meta import usage
from chalicelib.networks._meta.double import usage as told

AT, DATE = 1_769_850_000_000, "Sat, 31 Jan 2026 09:00:00 GMT"
BY_KIND = "X-Business-Use-Case-Usage"


def percent(name: str, used: int, ends_at: int = 0) -> base.Quota:
    return base.Quota(name=f"{name}_percent", used=used, most=100, ends_at=ends_at)


def kinds(*uses: Mapping[str, Any]) -> dict[str, str]:
    return {BY_KIND: json.dumps({str(number): [use] for number, use in enumerate(uses)})}


def test_use_is_told_of_the_app_and_of_each_kind_of_use() -> None:
    assert usage.quotas({**told("pages", "1", calls=40, minutes=7), "Date": DATE}) == [
        *(percent("app_calls", 3), percent("app_cpu", 9), percent("app_time", 5)),
        percent("pages_calls", 40, AT + 7 * 60_000),
        percent("pages_cpu", 9, AT + 7 * 60_000),
        percent("pages_time", 5, AT + 7 * 60_000),
    ]


def test_use_of_the_page_alone_is_told_too() -> None:
    assert usage.quotas({"X-Page-Usage": json.dumps({"call_count": 28})}) == [percent("page_calls", 28)]


def test_most_that_one_of_several_used_is_what_counts() -> None:
    several = [{"type": "pages", "call_count": calls} for calls in (3, 70, 12)]
    assert usage.quotas(kinds(*several)) == [percent("pages_calls", 70)]


def test_wait_is_the_longest_that_is_told() -> None:
    waits = [{"type": kind, "estimated_time_to_regain_access": wait} for kind, wait in (("pages", 3), ("messenger", 9))]
    assert usage.pause(kinds(*waits, {"type": "instagram", "call_count": 2})) == 540
    assert usage.pause(told("pages", "1")) == 0


@pytest.mark.parametrize(
    "text",
    [
        *("", "no", "[]", "[" * 5000, '{"1": 2}', '{"1": [2]}', '{"1": [{"type": "<b>", "call_count": 1}]}'),
        '{"1": [{"type": "pages", "call_count": "many", "estimated_time_to_regain_access": true}]}',
        '{"1": [{"type": "pages", "call_count": 1e999, "estimated_time_to_regain_access": -5}]}',
    ],
)
def test_header_that_cannot_be_read_tells_nothing(text: str) -> None:
    for header in (BY_KIND, "X-App-Usage"):
        assert (list(usage.quotas({header: text})), usage.pause({header: text})) == ([], 0)
