"""Whatever comes of a portion: nothing is forgotten, nothing done is done again, and an outage keeps the order."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.deliveries import portions
from chalicelib.deliveries.portions import Place, Settled

EVENTS = [(Place(5, index), f"evt_{index}") for index in range(8)]
IDS = [id for _, id in EVENTS]
END = Place(9)


def settle(results: Sequence[tuple[str, bool]], **more: Any) -> Settled:
    return portions.settle(EVENTS, END, results, **more)


def good(*ids: str) -> list[tuple[str, bool]]:
    return [(id, True) for id in ids]


def bad(*ids: str) -> list[tuple[str, bool]]:
    return [(id, False) for id in ids]


def test_all_delivered_goes_on_behind_the_portion() -> None:
    assert settle(good(*IDS)) == Settled(END)


def test_outage_leaves_all_where_it_is() -> None:
    settled = settle(bad(*IDS[:3]))
    assert settled.place == Place(5, 0)
    assert settled.tries == dict.fromkeys(IDS[:3], 1)
    assert settled.own == settled.ahead == ()


def test_failure_that_a_success_followed_is_the_events_own() -> None:
    settled = settle([*bad(IDS[0]), *good(*IDS[1:])])
    assert settled == Settled(END, own=(IDS[0],))


def test_failures_after_the_last_success_stay() -> None:
    settled = settle([*good(*IDS[:4]), *bad(*IDS[4:])])
    assert settled.place == Place(5, 4)
    assert settled.own == ()


def test_what_lies_ahead_is_not_delivered_again() -> None:
    settled = settle([*good(IDS[2], IDS[5]), *bad(IDS[0])])
    assert settled.place == Place(5, 0)
    assert settled.ahead == (IDS[2], IDS[5])
    assert settle(good(IDS[0], IDS[1], IDS[3]), ahead=settled.ahead).place == Place(5, 4)


def test_last_try_is_the_last() -> None:
    settled = settle(bad(IDS[0]), tries={IDS[0]: 9})
    assert settled.spent == (IDS[0],)
    assert settled.place == Place(5, 1)


RESULTS = st.permutations(IDS).flatmap(
    lambda ids: st.lists(st.booleans(), max_size=len(ids)).map(lambda ends: list(zip(ids, ends, strict=False)))
)


@given(results=RESULTS, before=st.sets(st.sampled_from(IDS)))
def test_every_event_is_done_or_on_its_own_or_still_to_come(results: list[tuple[str, bool]], before: set[str]) -> None:
    tried = [(id, succeeded) for id, succeeded in results if id not in before]
    settled = settle(tried, ahead=before)
    done = {id for id, succeeded in tried if succeeded} | before
    to_come = {id for place, id in EVENTS if place >= settled.place} - set(settled.ahead)
    assert done.isdisjoint(to_come)
    assert done | to_come | set(settled.own) == set(IDS)
    assert to_come.isdisjoint(settled.own)
