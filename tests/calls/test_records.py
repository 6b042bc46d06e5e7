"""A line of the log becomes a call, and nothing else does."""

import base64
import gzip
import json
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.api import noted
from chalicelib.background import call as on_call
from chalicelib.calls import records
from chalicelib.store import fence, keys, table
from chalicelib.store.models.requests import Call
from tests.support.stack import Stack

LINE = {
    "level": "INFO", "message": "request", "mark": noted.MARK, "agency": "agc_1", "request": "0a-1b", "verb": "POST",
    "path": "/v1/conversations/{id}/replies", "actor": "key_1", "actor_kind": "key", "code": "",
    "things": "cnv_1,rpl_1", "at": 1_800_000_000_000, "status": 201, "took": 40,
}  # fmt: skip
BAD: dict[str, Any] = {
    "no JSON": "request",
    "a list": "[]",
    "another line": json.dumps({**LINE, "mark": "other"}),
    "no agency": json.dumps({**LINE, "agency": "brd_1"}),
    "a text for a number": json.dumps({**LINE, "status": "201"}),
    "true for a number": json.dumps({**LINE, "at": True}),
    "something missing": json.dumps({name: value for name, value in LINE.items() if name != "actor"}),
    "a strange request": json.dumps({**LINE, "request": "a#b"}),
}


def test_a_line_of_ours_is_a_call() -> None:
    call = records.read(json.dumps(LINE))
    assert call
    assert records.view(call) == {
        "request": "0a-1b", "at": clock.text(1_800_000_000_000), "route": "POST /conversations/{id}/replies",
        "status": 201, "code": None, "performed_by": {"id": "key_1", "kind": "key"}, "things": ["cnv_1", "rpl_1"],
        "ms": 40,
    }  # fmt: skip


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_no_other_line_is_one(line: str) -> None:
    assert records.read(line) is None


def test_lines_that_come_twice_are_kept_once_and_each_in_its_agency(stack: Stack) -> None:
    agencies = [ids.new("agc"), ids.new("agc")]
    lines = [json.dumps({**LINE, "agency": agency, "request": f"r-{n}"}) for agency in agencies for n in range(3)]
    batch = {"logEvents": [{"message": line} for line in [*lines, *lines, *BAD.values()]]}
    event = {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(batch).encode())).decode()}}
    for _ in range(2):
        on_call.handle(event)
    for agency in agencies:
        with fence.within(agency):
            kept = list(table.query(Call, keys.within(agency, "calls"), keys.CALLS, consistent=True))
            assert [call.sk for call in kept] == [f"{keys.CALLS}r-{n}" for n in range(3)]
