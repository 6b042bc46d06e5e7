"""Doubles refuse the same lists of the Graph API as Meta does, and the marks of `past` stay small."""

import json
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks._meta import double_lists, past
from chalicelib.networks.double import Request
from chalicelib.networks.read import words

KNOWN = {"id": None, "text": None, "by": {"id": None}}
ROWS = [{"id": str(n), "text": "x", "at": n, "by": {"id": "7"}} for n in range(9, 0, -1)]


def asks(**query: str) -> Any:
    request = Request("facebook", "GET", "graph.facebook.com", "/v25.0/1/rows", query, {}, {})
    return double_lists.edge(request, ROWS, KNOWN, at="at")


def test_pages_follow_their_cursors_to_the_end() -> None:
    first = asks(fields="id,by{id}", limit="5", since="2", until="8")
    last = asks(fields="id", limit="5", since="2", until="8", after=first["paging"]["cursors"]["after"])
    assert [row["id"] for row in (*first["data"], *last["data"])] == ["8", "7", "6", "5", "4", "3", "2"]
    assert (first["data"][0], "next" in first["paging"], "next" in last["paging"]) == (
        {"id": "8", "by": {"id": "7"}}, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {"fields": "id,name"}, {"fields": "by{name}"}, {"fields": "by{id"}, {"limit": "101"}, {"limit": "x"},
        {"after": "x"}, {"since": "yesterday"}, {"order": "newest"}, {"fields": "id,,text"},
    ],
    ids=str,
)  # fmt: skip
def test_what_there_is_not_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(double_lists.Wrong):
        asks(**query)


def test_mark_is_small_however_long_ids_and_cursors_are() -> None:
    cursor = {"cursors": {"after": "c" * 300}, "next": "https://graph.facebook.com/next"}

    def call(path: str, query: Any) -> Any:
        rows = [{"id": f"{n}" * 60, "inner": {"data": [{"id": "1"}], "paging": cursor}} for n in range(4)]
        return {"data": rows, "paging": cursor} if path == "/rows" else rows[0]

    rows = past.Lists(
        path="/rows", fields="id", inner="inner", inner_fields="id", is_near=lambda row: True, at=lambda item: 1,
        entries=lambda row, item: [{"id": words(item.get("id"))}],
    )  # fmt: skip
    mark: base.Json = {}
    for _ in range(3):
        pulled = past.past(call, "page", [rows], base.Stretch(since=1, mark=mark))
        mark = pulled.mark
        assert (pulled.more, len(json.dumps(mark)) <= 2048) == (True, True)
