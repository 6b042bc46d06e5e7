"""How one version of a line replaces another: at once, or at a time that was set before.

Until that time the old version is in force, and the new one can be taken back. At that time the clock's tick changes
the small item that every reply and every message reads, so no reader has to know that a version is planned.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.editorial import differences, drafts, revisions
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand, LineInForce, Rulebook, StoredLine

Json = Mapping[str, Any]
DUE = "line"  # the kind of the work that is due when a planned version takes effect


def publishing(actor: Actor, holds: LineInForce, brand: str, at: int, after: Json, now: int) -> list[table.Write]:
    """For transact: puts the next version into force. Raises PreconditionFailed if somebody else did meanwhile."""
    pointer = _pointing(holds, number=holds.number + 1, published_at=at)
    return [pointer, *_audit_and_refresh(actor, holds, brand, after, now)]


def _audit_and_refresh(actor: Actor, holds: LineInForce, brand: str, after: Json, now: int) -> list[table.Write]:
    """For transact: makes caches of the line read it anew, and audits the next version."""
    entry = audit.entry(actor, "line.publish", brand, now, brand=brand, before={"number": holds.number}, after=after)
    return [revisions.raising(actor.agency, brand), entry]


def planning(actor: Actor, holds: LineInForce, brand: str, at: int, after: Json, now: int) -> list[table.Write]:
    """For transact: the next version takes effect at that time (ms). Raises as `publishing` does."""
    plan = {**after, "effective_at": clock.text(at)}
    return [
        _pointing(holds, number=holds.number, published_at=holds.published_at, next_at=at),
        due.at(actor.agency, at, DUE, brand),
        audit.entry(actor, "line.plan", brand, now, brand=brand, before={"number": holds.number}, after=plan),
    ]


def _pointing(holds: LineInForce, **to: int) -> table.Write:
    unchanged = (LineInForce.number == holds.number) & LineInForce.next_at.does_not_exist()
    is_first = LineInForce.pk.does_not_exist() | unchanged
    return table.putting(
        LineInForce(holds.pk, keys.LINE, **to), unchanged if holds.number else is_first,
        otherwise=errors.PreconditionFailed,
    )  # fmt: skip


def take_effect(actor: Actor, brand: str, when: int, now: int) -> bool:
    """Puts the version that was planned for that time (ms) into force, once.

    Returns False if that was done before, or the version was taken back.
    """
    holds = drafts.pointer(actor.agency, brand)
    coming = _version_planned_in(holds)
    if coming is None or holds.next_at != when:
        return False
    silent = silenced(actor.agency, brand, coming.content)
    after = {
        "number": coming.number, **differences.changes(_content(holds), coming.content),
        **({"silent": silent} if silent else {}),
    }  # fmt: skip
    with suppress(errors.PreconditionFailed):
        pointer = _if_planned(
            holds, LineInForce.number.set(coming.number), LineInForce.published_at.set(now),
            LineInForce.next_at.remove(),
        )  # fmt: skip
        table.transact(pointer, *_audit_and_refresh(actor, holds, brand, after, now))
        return True
    return False


def _if_planned(holds: LineInForce, *actions: table.Action) -> table.Write:
    is_planned = (LineInForce.number == holds.number) & (LineInForce.next_at == holds.next_at)
    return table.changing(LineInForce(holds.pk, keys.LINE), actions, is_planned, otherwise=errors.PreconditionFailed)


def withdraw(actor: Actor, brand: Brand, draft: StoredLine, now: int) -> StoredLine:
    """Takes the planned version back, without a trace, and returns the draft, which stays.

    Raises Conflict if none is planned, PreconditionFailed if the draft changes, or the version takes effect, at this
    moment.
    """
    holds = drafts.pointer(brand.pk, brand.id)
    coming = _version_planned_in(holds)
    if coming is None:
        raise errors.Conflict("No version of the editorial line is planned.", code="nothing_planned")
    mended = drafts.with_changes(draft, retired=sorted(set(draft.retired) - differences.clause_ids(_content(holds))))
    number = {"number": coming.number}
    table.transact(
        _if_planned(holds, LineInForce.next_at.remove()),
        table.deleting(coming, StoredLine.pk.exists()),
        drafts.replacing(draft, mended),
        due.no_longer(actor.agency, holds.next_at or 0, DUE, brand.id),
        audit.entry(actor, "line.withdraw", brand.id, now, brand=brand.id, before=number),
    )
    return mended


def _content(holds: LineInForce) -> Json:
    """The content of the version in force; empty before the first."""
    version = table.get(StoredLine, holds.pk, keys.line(holds.number)) if holds.number else None
    return version.content if version else {}


def planned_version(agency: str, brand: str) -> StoredLine | None:
    return _version_planned_in(drafts.pointer(agency, brand))


def _version_planned_in(holds: LineInForce) -> StoredLine | None:
    return table.get(StoredLine, holds.pk, keys.line(holds.number + 1)) if holds.next_at else None


def silenced(agency: str, brand: str, content: Json) -> list[str]:
    """The ids of live rules that cite a clause which is not in this content."""
    book = table.get(Rulebook, keys.within(agency, brand), keys.RULES)
    clauses = differences.clause_ids(content)
    return [rule["id"] for rule in (book.rules if book else ()) if _cites(rule) - clauses]


def _cites(rule: Json) -> set[str]:
    """The clauses that the live versions of a rule cite. A rule in shadow does not count: it may stop matching."""
    at_work = [rule["live"], rule["said"] if rule["state"] == "live" else None]
    return {said["clause"] for said in at_work if said}
