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
def told(stack: Stack) -> Iterator[Audit]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield Audit(agency)


@pytest.mark.parametrize("most", [1, 2, 3, 5, 1000])
def test_audit_that_nobody_touched_is_intact_in_parts_of_any_size(told: Audit, most: int) -> None:
    parts = told.parts(most)
    assert [part.is_intact for part in parts] == [True] * len(parts)
    assert (parts[-1].sealed, sum(part.waiting for part in parts)) == (5, 0)


def test_rewritten_entry_breaks_its_link(told: Audit) -> None:
    told.rewrites(2, actor="mbr_somebody_else")
    assert told.shows().broken_at == 2


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize("most", [1, 2, 1000])
def test_rewritten_entry_is_found_although_all_links_fit(told: Audit, number: int, most: int) -> None:
    told.rewrites(number, actor="mbr_somebody_else")
    told.reseals()
    broken = [part.broken_at for part in told.parts(most) if part.broken_at]
    assert broken
    assert number <= broken[0] <= number + 1


@pytest.mark.parametrize("left", range(5))
def test_chain_that_was_cut_off_is_found(told: Audit, left: int) -> None:
    for number, id in list(enumerate(told.ids, 1))[left:]:
        table.delete(Seal(told.pk, keys.chain(number)))
        table.delete(Sealed(told.pk, keys.SEALED + id))
        table.delete(AuditEntry(told.pk, keys.ENTRIES + id))
    assert told.shows().broken_at == left + 1


def test_entry_that_was_never_sealed_is_found_after_an_hour(told: Audit) -> None:
    id = told.writes("sixth")
    assert (told.shows().waiting, told.shows().overdue) == (1, ())
    late = told.shows(NOW + clock.HOUR + 1)
    assert (late.waiting, late.overdue, late.is_intact) == (0, (id,), False)


def test_mark_without_a_link_hides_no_entry(told: Audit) -> None:
    id = told.writes("sixth")
    for number in (1, 6):
        table.put(Sealed(told.pk, keys.SEALED + id, number=number))
        assert told.shows(NOW + clock.HOUR + 1).overdue == (id,)


def test_unsealed_entry_is_found_however_many_came_after(told: Audit) -> None:
    id = told.writes("lost")
    more = [told.writes(f"later {number}") for number in range(120)]
    for start in range(0, 120, 10):
        told.seals(more[start : start + 10])
    assert told.shows(NOW + clock.HOUR + 1).overdue == (id,)


def test_sealing_again_changes_nothing(told: Audit) -> None:
    for _ in range(2):
        told.seals(told.ids)
    assert (told.shows().sealed, told.shows().is_intact) == (5, True)


def test_anchor_of_something_else_is_told_and_takes_nothing_away(told: Audit) -> None:
    anchors.keep(told.agency, 4, "f" * 64)
    assert told.shows().broken_at == 4
