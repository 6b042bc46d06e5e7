"""The stream is only routed: what a change leaves to be done is queued, whose it is beside it, and nothing is done."""

import json
from typing import Any

import pytest

from benchmarks.machine import matches
from chalicelib import ids
from chalicelib.background import change
from chalicelib.store.changes import Change
from local import infra

AGENCY = "agc_01j00000000000000000000000"
TALK = f"{AGENCY}#con_1"
SENT = {"todo": {"S": "send"}, "channel": {"S": "chn_1"}}
PERSON, FILES, BOTH = (
    {"todo": {"S": work}, "channel": {"S": "chn_1"}} for work in ("profile", "fetch", "fetch,profile")
)


def picture(**fields: Any) -> Any:
    files = json.dumps([{"kind": "image", "media": "1", "expires": True, **fields}])
    return {"id": {"S": "msg_1"}, "attachments": {"S": files}}


STORED = picture(stored=f"media/{AGENCY}/msg_1/{ids.digest('image', '1', '')}", state="stored")
OPEN = {"status": {"S": "open"}, "last_message": {"S": "{}"}}
LONG, DELETED = {"id": {"S": "msg_1"}, "full_text": {"S": "text/1"}}, {"id": {"S": "msg_1"}, "deleted_at": {"N": "1"}}
CASES = {
    "message_to_send": (Change("INSERT", TALK, "message#1", {}, SENT), ("outbox", "chn_1")),
    "message_of_somebody_new": (Change("INSERT", TALK, "message#1", {}, PERSON), ("followup", AGENCY)),
    "message_with_files": (Change("INSERT", TALK, "message#1", {}, FILES), ("files", AGENCY)),
    "message_with_more_files": (Change("MODIFY", TALK, "message#1", PERSON, BOTH), ("files", AGENCY)),
    "message_deleted_with_a_picture": (Change("MODIFY", TALK, "message#1", STORED, DELETED), ("files", AGENCY)),
    "message_deleted_before_its_picture_was_copied": (
        Change("MODIFY", TALK, "message#1", picture(), DELETED),
        ("files", AGENCY),
    ),
    "message_deleted_with_a_long_text": (Change("MODIFY", TALK, "message#1", LONG, DELETED), ("files", AGENCY)),
    "message_replaced": (Change("REMOVE", TALK, "message#1", STORED, {}), ("files", AGENCY)),
    "message_whose_picture_is_copied": (Change("MODIFY", TALK, "message#1", picture(), STORED), None),
    "message_whose_picture_cannot_be_had": (
        Change("MODIFY", TALK, "message#1", picture(), picture(state="unavailable")),
        None,
    ),
    "message_with_less_to_do": (Change("MODIFY", TALK, "message#1", BOTH, FILES), None),
    "audit_entry": (
        Change("INSERT", f"{AGENCY}#audit", "entry#aud_1", {}, {"id": {"S": "aud_1"}}),
        ("audit", AGENCY),
    ),
    "deadline": (
        Change("MODIFY", TALK, "conversation", OPEN, {**OPEN, "status": {"S": "snoozed"}}),
        ("followup", AGENCY),
    ),
    "conversation_that_begins_with_a_message": (Change("INSERT", TALK, "conversation", {}, OPEN), ("followup", AGENCY)),
    "conversation_without_messages": (Change("INSERT", TALK, "conversation", {}, {"status": {"S": "open"}}), None),
    "nothing_deadlines_depend_on": (Change("MODIFY", TALK, "conversation", OPEN, {**OPEN, "unread": {"N": "1"}}), None),
}


@pytest.mark.parametrize("name", CASES)
def test_change_leaves_one_task_of_its_agency(name: str) -> None:
    given, expected = CASES[name]
    tasks = [(task.queue, task.group) for task in change.tasks(given)]
    assert tasks == ([expected] if expected else [])


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected])
def test_change_that_leaves_a_task_is_let_through(name: str) -> None:
    given = CASES[name][0]
    images = {"OldImage": given.old, "NewImage": given.new}
    record = {"eventName": given.kind, "dynamodb": {"Keys": {"pk": {"S": given.pk}, "sk": {"S": given.sk}}, **images}}
    assert any(matches(pattern, record) for pattern in infra.table()["functions"]["on_change"]["stream"])


# S6
def test_files_are_copied_beside_what_else_is_to_be_done() -> None:
    tasks = change.tasks(Change("INSERT", TALK, "message#1", {}, BOTH))
    assert [(task.queue, task.group) for task in tasks] == [("followup", AGENCY), ("files", AGENCY)]


def test_change_that_cannot_be_read_brings_all_back() -> None:
    records: list[Any] = [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(n)}} for n in (7, 8)]
    assert change.handle(records) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
