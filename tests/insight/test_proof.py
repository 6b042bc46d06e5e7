"""S13: whoever can write the table, and nothing else, cannot make the audit tell something else unseen."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from chalicelib import clock, ids
from chalicelib.background import audit as sealing
from chalicelib.insight import anchors, chain, proof
from chalicelib.store import fence, keys, table
from chalicelib.store.models.audit import AuditEntry, Seal, Sealed
from tests.support.stack import Stack

NOW = clock.parse("2026-11-26T10:00:00Z")
ACTIONS = ("first", "second", "third", "fourth", "fifth")


@dataclass
class Audit:
    """An agency's audit of five entries, which were sealed two, two and one at once."""

    agency: str = field(default_factory=lambda: ids.new("agc"))
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for action in ACTIONS:
            self.ids.append(self.writes(action))
        for start in range(0, len(ACTIONS), 2):
            self.seals(self.ids[start : start + 2])

    def writes(self, action: str) -> str:
        """An entry whose id the running product takes no notice of, so that nobody else seals it."""
        id = ids.new("tst")
        entry = AuditEntry(
            self.pk, keys.ENTRIES + id, id=id, at=NOW, actor="mbr_1", actor_kind="member", action=action, target="x"
        )
        table.put(entry)
        return id

    def seals(self, entries: list[str]) -> None:
        records = [
            {"messageId": id, "attributes": {"MessageGroupId": self.agency}, "body": f'{{"entry": "{id}"}}'}
            for id in entries
        ]
        assert sealing.handle(records) == {"batchItemFailures": []}

    @property
    def pk(self) -> str:
        return keys.audit(self.agency)

    def rewrites(self, number: int, **fields: str) -> None:
        """What code in any function can do: put another entry there."""
        entry = table.get(AuditEntry, self.pk, keys.ENTRIES + self.ids[number - 1])
        assert entry
        for name, value in fields.items():
            setattr(entry, name, value)
        table.put(entry)

    def reseals(self) -> None:
        """The rest of the lie: put links that fit the entries as they are now."""
        before = chain.START
        for number, id in enumerate(self.ids, 1):
            entry = table.get(AuditEntry, self.pk, keys.ENTRIES + id)
            assert entry
            before = chain.digest(before, entry)
            table.put(Seal(self.pk, keys.chain(number), number=number, entry=id, hash=before))

    def shows(self, now: int = NOW, most: int = proof.MOST) -> proof.Proof:
        return proof.verify(self.agency, now, most=most)

    def parts(self, most: int) -> list[proof.Proof]:
        parts = [self.shows(most=most)]
        while parts[-1].next:
            parts.append(proof.verify(self.agency, NOW, parts[-1].next, most))
        return parts


@pytest.fixture
def audit(stack: Stack) -> Iterator[Audit]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield Audit(agency)


@pytest.mark.parametrize("most", [1, 2, 3, 5, 1000])
def test_audit_that_nobody_touched_is_intact_in_parts_of_any_size(audit: Audit, most: int) -> None:
    parts = audit.parts(most)
    assert [part.is_intact for part in parts] == [True] * len(parts)
    assert (parts[-1].sealed, sum(part.waiting for part in parts)) == (5, 0)


def test_rewritten_entry_breaks_its_link(audit: Audit) -> None:
    audit.rewrites(2, actor="mbr_somebody_else")
    assert audit.shows().broken_at == 2


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("most", [1, 2, 1000])
def test_rewritten_entry_is_found_although_all_links_fit(audit: Audit, number: int, most: int) -> None:
    audit.rewrites(number, actor="mbr_somebody_else")
    audit.reseals()
    broken = [part.broken_at for part in audit.parts(most) if part.broken_at]
    assert broken
    assert number <= broken[0] <= number + 1


@pytest.mark.parametrize("left", range(5))
def test_chain_that_was_cut_off_is_found(audit: Audit, left: int) -> None:
    for number, id in list(enumerate(audit.ids, 1))[left:]:
        table.delete(Seal(audit.pk, keys.chain(number)))
        table.delete(Sealed(audit.pk, keys.SEALED + id))
        table.delete(AuditEntry(audit.pk, keys.ENTRIES + id))
    assert audit.shows().broken_at == left + 1


def test_entry_that_was_never_sealed_is_found_after_an_hour(audit: Audit) -> None:
    id = audit.writes("sixth")
    assert (audit.shows().waiting, audit.shows().overdue) == (1, ())
    late = audit.shows(NOW + clock.HOUR + 1)
    assert (late.waiting, late.overdue, late.is_intact) == (0, (id,), False)


def test_mark_without_a_link_hides_no_entry(audit: Audit) -> None:
    id = audit.writes("sixth")
    for number in (1, 6):
        table.put(Sealed(audit.pk, keys.SEALED + id, number=number))
        assert audit.shows(NOW + clock.HOUR + 1).overdue == (id,)


def test_unsealed_entry_is_found_however_many_came_after(audit: Audit) -> None:
    id = audit.writes("lost")
    more = [audit.writes(f"later {number}") for number in range(120)]
    for start in range(0, 120, 10):
        audit.seals(more[start : start + 10])
    assert audit.shows(NOW + clock.HOUR + 1).overdue == (id,)


def test_sealing_again_changes_nothing(audit: Audit) -> None:
    for _ in range(2):
        audit.seals(audit.ids)
    assert (audit.shows().sealed, audit.shows().is_intact) == (5, True)


def test_anchor_of_something_else_is_told_and_takes_nothing_away(audit: Audit) -> None:
    anchors.keep(audit.agency, 4, "f" * 64)
    assert audit.shows().broken_at == 4
