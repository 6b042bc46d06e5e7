"""Lists the audit for people: newest first, filtered, page by page."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib import clock, errors, ids, moments, page
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry

FIELDS = ("brand", "actor", "action", "target")  # of an entry, by whose values it is found
_MOST_EXAMINED = 2_000  # entries, for one page
_LATEST = clock.HOUR  # so long after the moment that it tells, an entry has been written


def listing(actor: Actor, filters: Mapping[str, str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the entries that fit the filters, newest first: values by field, and `since` and `until` as texts.

    An actor for some brands sees only entries of those brands. One page examines at most 2,000 entries, so it may be
    short, or empty, and still have a next one. Raises Invalid for a text that is no time.
    """
    scope = "|".join(["audit", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    since, until = (moments.parse(filters[name], name) if name in filters else None for name in ("since", "until"))
    if since is not None and until is not None and since >= until:
        raise errors.Invalid("`until` has to be after `since`.", code="bad_times", field="until")
    oldest = "" if since is None else _key_before(since - clock.MINUTE)
    edge = page.position(scope, cursor) or ("" if until is None else _key_before(until + _LATEST))
    brands, wanted = actor.brands(), {name: value for name, value in filters.items() if name in FIELDS}
    entries: list[AuditEntry] = []
    examined = 0
    for entry in islice(_newest_first(actor.agency, oldest, edge, limit + 1), _MOST_EXAMINED):
        examined, edge = examined + 1, entry.sk
        is_in_time = (since is None or entry.at >= since) and (until is None or entry.at < until)
        is_visible = is_in_time and (brands is None or entry.brand in brands)
        if is_visible and all(getattr(entry, name) == value for name, value in wanted.items()):
            entries.append(entry)
        if len(entries) == limit:
            break
    may_have_more = len(entries) == limit or examined == _MOST_EXAMINED
    return {"items": [view(entry) for entry in entries], "next": page.cursor(scope, edge) if may_have_more else None}


def _newest_first(agency: str, after: str, before: str, portion: int) -> Iterator[AuditEntry]:
    """The entries between these sort keys, in portions that double: what is wanted is mostly among the first."""
    while True:
        entries = [
            *table.query(
                AuditEntry, keys.audit(agency), keys.ENTRIES, newest=True, before=before, after=after, limit=portion
            )
        ]
        yield from entries
        # The query leaves out the entry at the edge, so one less than the portion may be all that it could give.
        if len(entries) < portion - 1:
            return
        before, portion = entries[-1].sk, min(2 * portion, _MOST_EXAMINED)


def _key_before(at: int) -> str:
    """The sort key that follows those of all entries written before that moment (ms)."""
    return f"{keys.ENTRIES}aud_{ids.moment(max(at, 0))}"


def view(entry: AuditEntry) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "at": clock.text(entry.at),
        "performed_by": {"id": entry.actor, "kind": entry.actor_kind},
        "action": entry.action,
        "target": entry.target,
        "brand": entry.brand or None,
        "before": entry.before,
        "after": entry.after,
        "source": entry.source or None,
    }
