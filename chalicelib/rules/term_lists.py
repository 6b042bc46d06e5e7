"""Term lists: words that a brand looks for in messages, beside those that the detector knows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib import clock, errors, ids, room
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.editorial import revisions
from chalicelib.store import keys, table
from chalicelib.store.models.brands import StoredTermList

if TYPE_CHECKING:
    from chalicelib.words.term_lists import TermList

Json = Mapping[str, Any]
MOST_LISTS = 50
MOST_BYTES = 200_000  # of a list
_DEFAULTS: Json = {"language": "any", "category": "insult", "severity": 2, "certainty": "clear", "allowed": []}


def create(actor: Actor, brand: str, fields: Json, own: frozenset[str], now: int) -> StoredTermList:
    """Raises Invalid with the place of each entry that cannot be looked for, Conflict if there are too many lists."""
    pk, id = keys.within(actor.agency, brand), ids.of_brand(brand, "trm")
    created = StoredTermList(
        pk, keys.TERM_LISTS + id, id=id, brand=brand, created_at=now, updated_at=now, **{**_DEFAULTS, **fields}
    )
    _check(created, own)
    if sum(1 for _ in every(actor.agency, brand)) >= MOST_LISTS:
        raise errors.Conflict(f"A brand has at most {MOST_LISTS} term lists.", code="too_many")
    _write(actor, created, table.putting(created, StoredTermList.pk.does_not_exist()), "create", now)
    return created


def change(actor: Actor, stored: StoredTermList, changes: Json, own: frozenset[str], now: int) -> StoredTermList:
    """Raises what `create` raises, and PreconditionFailed if the list changed since it was read."""
    kept = {**stored.attribute_values, **changes, "version": stored.version + 1, "updated_at": now}
    changed = StoredTermList(**kept)
    _check(changed, own)
    unchanged = StoredTermList.version == stored.version
    put = table.putting(changed, unchanged, otherwise=errors.PreconditionFailed)
    _write(actor, changed, put, "change", now)
    return changed


def remove(actor: Actor, stored: StoredTermList, now: int) -> None:
    """Raises PreconditionFailed if the list changed since it was read."""
    unchanged = StoredTermList.version == stored.version
    gone = table.deleting(stored, unchanged, otherwise=errors.PreconditionFailed)
    _write(actor, stored, gone, "remove", now)


def _write(actor: Actor, stored: StoredTermList, write: table.Write, action: str, now: int) -> None:
    after = {"entries": len(stored.entries), "allowed": len(stored.allowed)}
    entry = audit.entry(actor, f"term_list.{action}", stored.id, now, brand=stored.brand, after=after)
    table.transact(write, revisions.raising(actor.agency, stored.brand), entry)


def _check(stored: StoredTermList, own: frozenset[str]) -> None:
    from chalicelib.words import term_lists

    if room.size([stored.entries, stored.allowed]) > MOST_BYTES:
        raise errors.Invalid(
            f"A term list takes at most {MOST_BYTES} bytes.", code="term_list_too_long", field="entries"
        )
    faults = list(term_lists.faults(terms(stored), own))
    if faults:
        field = f"{faults[0].field}.{faults[0].place}"
        more = {"faults": [asdict(fault) for fault in faults[:100]]}
        raise errors.Invalid("Some entries cannot be used: see `faults`.", code="term_faults", field=field, more=more)


def terms(stored: StoredTermList) -> "TermList":
    from chalicelib.words.term_lists import TermList

    return TermList(
        stored.id, tuple(stored.entries), tuple(stored.allowed), stored.category, stored.severity, stored.certainty,
        stored.language,
    )  # fmt: skip


def get(actor: Actor, id: str) -> StoredTermList:
    """Raises NotFound unless the list is of one of the actor's brands."""
    if not ids.is_id(id, "trm"):
        raise errors.NotFound
    brand = ids.brand_of(id)
    actor.admit(brand)
    stored = table.get(StoredTermList, keys.within(actor.agency, brand), keys.TERM_LISTS + id)
    if stored is None:
        raise errors.NotFound
    brands.get(actor, brand)
    return stored


def every(agency: str, brand: str, after: str = "") -> Iterator[StoredTermList]:
    """The brand's lists, in the order in which they were made; with a sort key, those after it."""
    return table.query(StoredTermList, keys.within(agency, brand), keys.TERM_LISTS, after=after)


def warnings(stored: StoredTermList) -> Sequence[Json]:
    """The first 100 entries that are everyday words of a language."""
    from chalicelib.words import term_lists

    return [asdict(fault) for fault in term_lists.warnings(terms(stored))][:100]


def view(stored: StoredTermList) -> Json:
    return {
        "id": stored.id,
        "brand": stored.brand,
        "name": stored.name,
        "language": stored.language,
        "category": stored.category,
        "severity": stored.severity,
        "certainty": stored.certainty,
        "entries": stored.entries,
        "allowed": stored.allowed,
        "warnings": warnings(stored),
        "version": stored.version,
        "created_at": clock.text(stored.created_at),
        "updated_at": clock.text(stored.updated_at),
    }
