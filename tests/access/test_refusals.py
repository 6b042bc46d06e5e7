"""However often somebody is refused the same thing, the audit grows by two entries a minute (S4)."""

import pytest

from chalicelib import clock
from chalicelib.access import refusals
from chalicelib.access.actors import Actor
from chalicelib.store import due, fence, keys, table
from chalicelib.store.models.audit import AuditEntry
from tests.support.stack import Stack, number


@pytest.fixture
def refused(stack: Stack) -> Actor:
    """Somebody who was refused the same thing 20 times within a minute."""
    actor = Actor(stack.ours.id, f"mbr_{number()}", "Eve", source="192.0.2.7")
    with fence.within(actor.agency):
        for _ in range(20):
            refusals.record(actor, "list_audit", {"id": "x"}, clock.parse("2026-11-26T10:00:30Z"))
    return actor


def entries(actor: Actor) -> list[AuditEntry]:
    theirs = AuditEntry.actor == actor.member
    return list(table.query(AuditEntry, keys.audit(actor.agency), keys.ENTRIES, where=theirs, consistent=True))


def test_many_refusals_are_two_entries_and_a_number(refused: Actor) -> None:
    [item] = [item for item in due.now_due(clock.now()) if refused.member in item.target]
    with fence.within(refused.agency):
        for _ in range(2):  # the second time does nothing
            refusals.close(refused.agency, item.target, clock.now())
        assert [entry.after for entry in entries(refused)] == [{"id": "x"}, {"more": 19}]
        assert {(entry.action, entry.target, entry.source) for entry in entries(refused)} == {
            ("access.denied", "list_audit", "192.0.2.7")
        }
        due.take_out(refused.agency, [item])


def test_first_refusal_is_told_at_once(refused: Actor) -> None:
    with fence.within(refused.agency):
        assert [entry.after for entry in entries(refused)] == [{"id": "x"}]
