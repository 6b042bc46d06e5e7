"""The stream is only routed: what a change leaves to be done is queued, whose it is beside it, and nothing is done."""

from typing import Any

import pytest

from chalicelib.background import change
from chalicelib.background.change import Change

AGENCY = "agc_01j00000000000000000000000"
TALK = f"{AGENCY}#con_1"
SENT = {"todo": {"S": "send"}, "channel": {"S": "chn_1"}}
FILES = {"todo": {"S": "files,profile"}, "channel": {"S": "chn_1"}}
CASES = {
    "message_to_send": (Change("INSERT", TALK, "message#1", {}, SENT), ("outbox", "chn_1")),
    "message_with_files": (Change("INSERT", TALK, "message#1", {}, FILES), ("followup", AGENCY)),
    "message_with_less_to_do": (Change("MODIFY", TALK, "message#1", FILES, {**FILES, "todo": {"S": "files"}}), None),
    "audit_entry": (
        Change("INSERT", f"{AGENCY}#audit", "entry#aud_1", {}, {"id": {"S": "aud_1"}}),
        ("audit", AGENCY),
    ),
    "deadline": (
        Change("MODIFY", TALK, "conversation", {"status": {"S": "open"}}, {"status": {"S": "snoozed"}}),
        ("followup", AGENCY),
    ),
    "nothing_deadlines_depend_on": (Change("MODIFY", TALK, "conversation", {}, {"unread": {"N": "1"}}), None),
}


@pytest.mark.parametrize("name", CASES)
def test_change_leaves_one_task_of_its_agency(name: str) -> None:
    given, expected = CASES[name]
    tasks = [(task.queue, task.group) for task in change.tasks(given)]
    assert tasks == ([expected] if expected else [])


def test_change_that_cannot_be_read_brings_all_back() -> None:
    records: list[Any] = [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(n)}} for n in (7, 8)]
    assert change.handle(records) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
