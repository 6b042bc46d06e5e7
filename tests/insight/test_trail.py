"""The audit is read by its time, page by page, and a page looks at no more than it has to."""

from collections.abc import Iterator

import pytest

from chalicelib import clock, errors, ids
from chalicelib.access import actors
from chalicelib.insight import trail
from chalicelib.store import fence, keys, table
from chalicelib.store.models.audit import AuditEntry
from tests.support import table_calls
from tests.support.stack import Stack

NOON = clock.parse("2026-11-20T12:00:00Z")
SECONDS = 300  # of the story: an entry each, and every third was written half a minute late


@pytest.fixture(scope="module")
def agency(stack: Stack) -> Iterator[str]:
    """With an audit of five minutes."""
    agency = ids.new("agc")
    with fence.within(agency):
        for second in range(SECONDS):
            _write(agency, second)
        yield agency


def _write(agency: str, second: int) -> None:
    at, late = NOON + second * clock.SECOND, 30 * clock.SECOND * (second % 3 == 0)
    id = f"aud_{ids.moment(at + late)}{second:016}"
    where = {"pk": keys.audit(agency), "sk": keys.ENTRIES + id}
    who = {"actor": "mbr_1", "actor_kind": "member", "action": "a.b", "target": f"cnv_{second % 10}"}
    table.put(AuditEntry(**where, id=id, at=at, **who))


def seconds(agency: str, limit: int = 100, **filters: str) -> list[int]:
    """Of all entries that are listed, the seconds after noon: newest first, page by page."""
    times, cursor = [], None
    while True:
        page = trail.listing(actors.system(agency), filters, limit, cursor)
        times += [int(entry["id"][-16:]) for entry in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return times


def moment(second: float) -> str:
    return clock.text(int(NOON + second * clock.SECOND))


@pytest.mark.parametrize("limit", [5, 100])
@pytest.mark.parametrize(("since", "until"), [(None, None), (100, None), (None, 100), (90, 93), (0, 1), (299, 900)])
def test_entries_of_a_stretch_are_those_that_tell_of_it(
    agency: str, since: int | None, until: int | None, limit: int
) -> None:
    edges = {name: moment(at) for name, at in (("since", since), ("until", until)) if at is not None}
    wanted = range(since or 0, min(SECONDS, until or SECONDS))
    assert sorted(seconds(agency, limit, **edges)) == [*wanted]
    assert sorted(seconds(agency, limit, target="cnv_3", **edges)) == [second for second in wanted if second % 10 == 3]


def test_page_looks_at_about_as_many_entries_as_it_shows(agency: str) -> None:
    with table_calls.examined() as counts:
        trail.listing(actors.system(agency), {}, 50, None)
    assert counts == [51]


def test_entries_of_one_thing_are_looked_for_no_further_than_the_stretch(agency: str) -> None:
    with table_calls.examined() as counts:
        assert seconds(agency, 50, target="cnv_9", since=moment(280)) == [299, 289]
    assert sum(counts) < 150


@pytest.mark.parametrize("until", ["2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z"])
def test_stretch_that_ends_before_it_begins_is_refused(until: str) -> None:
    with pytest.raises(errors.Invalid, match="has to be after `since`"):
        trail.listing(actors.system("agc_1"), {"since": moment(0), "until": until}, 50, None)
