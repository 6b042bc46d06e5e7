"""What is superseded is due no longer: whoever changes their mind a hundred times leaves one thing to be done (S11)."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import clock
from chalicelib.store import due
from tests.support.people import Fan
from tests.support.stack import Stack

YEAR = 365 * clock.DAY


def due_for(target: str) -> list[str]:
    """The kinds of work that are due for the target within a year."""
    return [item.kind for item in due.now_due(clock.now() + YEAR) if item.target == target]


def soon(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


@pytest.fixture
def fan(stack: Stack) -> Fan:
    return Fan(stack.connect("telegram", stack.ours))


def test_conversation_snoozed_again_wakes_once(stack: Stack, fan: Fan) -> None:
    id = fan.starts()["id"]
    for hours in (1, 2, 3):
        stack.ours.owner.patch(f"/conversations/{id}", {"status": "snoozed", "snoozed_until": soon(hours)})
    assert due_for(id).count("snooze") == 1
    stack.ours.owner.patch(f"/conversations/{id}", {"status": "open"})
    assert due_for(id).count("snooze") == 0


def test_reply_that_is_withdrawn_is_not_due(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.starts()['id']}/replies"
    planned = stack.ours.owner.post(path, {"text": "Soon", "send_at": soon(1)})
    assert due_for(planned["id"]) == ["reply"]
    stack.ours.owner.post(f"/replies/{planned['id']}/withdraw")
    assert due_for(planned["id"]) == []


def test_reply_waits_for_one_expiry(stack: Stack, fan: Fan) -> None:
    path, creator = f"/conversations/{fan.starts()['id']}/replies", stack.ours.members["content_creator"]
    reply = creator.post(path, {"text": "Like this?"})
    for text in ("Like that?", "Or that?"):
        creator.patch(f"/replies/{reply['id']}", {"text": text})
        creator.post(f"/replies/{reply['id']}/submit")
    assert due_for(reply["id"]) == ["expiry"]
    creator.post(f"/replies/{reply['id']}/withdraw")
    assert due_for(reply["id"]) == []


def test_brand_changed_often_is_checked_once_a_minute(stack: Stack) -> None:
    brand = stack.brand().brand
    for hours in range(1, 6):
        stack.ours.owner.patch(f"/brands/{brand}", {"settings": {"auto_resolve_hours": 24 * hours}})
    assert due_for(brand).count("brand") <= 2  # two if the minute ended meanwhile
