"""The draft of a brand's line, on which people work until it is published. It begins as the starter."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from chalicelib import clock, errors, room
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.editorial import differences, revisions, starters
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand, LineInForce, StoredLine

Json = Mapping[str, Any]
MOST_BYTES = 200_000


def get(brand: Brand, language: str = "en") -> StoredLine:
    """The draft; where none is saved, the starter in that language as a draft of version 0."""
    return of(brand.pk, brand.id, language)


def of(agency: str, brand: str, language: str = "en") -> StoredLine:
    """Like `get`, for the brand with that id."""
    pk = keys.within(agency, brand)
    draft = table.get(StoredLine, pk, keys.line(0))
    starter = None if draft else starters.starter(language)
    return draft or StoredLine(pk, keys.line(0), content=starter, author="", version=0, saved_at=0)


def save(actor: Actor, brand: Brand, draft: StoredLine, content: Json, now: int) -> StoredLine:
    """Replaces the content. Raises Invalid if it is too long, PreconditionFailed if the draft changed meanwhile."""
    if room.size(content) > MOST_BYTES:
        raise errors.Invalid(f"The editorial line has more than {MOST_BYTES} bytes.", code="line_too_long")
    return _write("line.save", actor, brand, draft, content, draft.retired, now)


def restore(actor: Actor, brand: Brand, draft: StoredLine, content: Json, now: int) -> StoredLine:
    """Gives the draft an earlier content. Its clauses have their old meaning, so their ids are no longer retired.

    Raises PreconditionFailed if the draft changed meanwhile.
    """
    return _write("line.save", actor, brand, draft, content, _not_in(content, draft.retired), now)


def discard(actor: Actor, brand: Brand, draft: StoredLine, content: Json, now: int) -> StoredLine:
    """Like `restore`, but the audit says that what was saved since is discarded."""
    return _write("line.discard", actor, brand, draft, content, _not_in(content, draft.retired), now)


def _not_in(content: Json, retired: Sequence[str]) -> list[str]:
    return sorted(set(retired) - differences.clause_ids(content))


def _write(
    action: str, actor: Actor, brand: Brand, draft: StoredLine, content: Json, retired: Sequence[str], now: int
) -> StoredLine:
    what = differences.changes(draft.content, content)
    entry = audit.entry(actor, action, brand.id, now, brand=brand.id, after=what)
    saved = with_changes(draft, content=content, retired=retired, author=actor.member, saved_at=now)
    table.transact(replacing(draft, saved), revisions.raising(actor.agency, brand.id), entry)
    return saved


def with_changes(draft: StoredLine, **changes: Any) -> StoredLine:
    """The draft as it is after the changes, in its next version."""
    return StoredLine(**{**draft.attribute_values, **changes, "version": draft.version + 1})


def replacing(draft: StoredLine, changed: StoredLine) -> table.Write:
    """For transact: replaces the draft that was read by the changed one. Raises PreconditionFailed if it changed
    meanwhile.
    """
    unchanged = StoredLine.version == draft.version if draft.version else StoredLine.pk.does_not_exist()
    return table.putting(changed, unchanged, otherwise=errors.PreconditionFailed)


def pointer(agency: str, brand: str) -> LineInForce:
    """Which version is in force, and whether another is planned; the number is 0 before the first is published."""
    pk = keys.within(agency, brand)
    return table.get(LineInForce, pk, keys.LINE) or LineInForce(pk, keys.LINE, number=0, published_at=0)


def in_force(agency: str, brand: str) -> int:
    """The number of the version in force; 0 before the first is published."""
    return pointer(agency, brand).number


def view(brand: Brand, draft: StoredLine) -> Json:
    from chalicelib.editorial import contents, faults

    holds = pointer(brand.pk, brand.id)
    planned = {"number": holds.number + 1, "effective_at": clock.text(holds.next_at)} if holds.next_at else None
    return {
        "brand": brand.id,
        "line": draft.content,
        "version": draft.version,
        "in_force": holds.number or None,
        "planned": planned,
        "warnings": [asdict(fault) for fault in faults.ambiguous(contents.line_of(draft.content))],
        "saved_by": draft.author or None,
        "saved_at": clock.text(draft.saved_at) if draft.version else None,
    }
