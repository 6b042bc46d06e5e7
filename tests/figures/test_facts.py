"""What a change of a message comes to: a fact with the id and the hour of its message, however it is told."""

from typing import Any

import pytest

from benchmarks.machine import matches
from chalicelib import clock
from chalicelib.figures import facts
from chalicelib.figures.facts import Cell
from chalicelib.store.changes import Change
from local import infra
from tests.figures.told import AGENCY, HOUR, brand_of, image, inserted, message, modified, record, removed, summed

FILE = {"kind": "image", "stored": "media/a", "size": 700}
AWAITED = {"kind": "image", "expires": True}
PLAIN, PICTURE, LATER = message(), message(attachments=[FILE]), message(attachments=[AWAITED])
OURS = message(direction="out", reply="rpl_1", source="person")
ECHO = message(direction="out", source="native_app")
OLD = message(context={"history": True}, attachments=[FILE])
CASES = {
    "message_that_came": (inserted(PLAIN), {"in": 1}),
    "message_of_ours": (inserted(OURS), {"out": 1}),
    "message_said_on_the_network_itself": (inserted(ECHO), {"echo": 1}),
    "echo_that_was_ours": (removed(ECHO), {"gone": 1}),
    "message_with_a_file_we_have": (inserted(PICTURE), {"in": 1, "media": 700}),
    "file_that_is_copied_later": (modified(LATER, PICTURE), {"media": 700}),
    "file_that_was_there": (modified(PICTURE, message(attachments=[FILE], status="read")), {}),
    "file_that_is_lost": (modified(PICTURE, PLAIN), {}),
    "message_that_was_edited": (modified(PLAIN, message(text="b", edited_at=1)), {}),
    "message_that_was_removed": (removed(PLAIN), {}),
    "message_of_ours_that_was_removed": (removed(OURS), {}),
    "history": (inserted(OLD), {}),
    "file_of_history": (modified(message(context={"history": True}), OLD), {}),
    "no_message": (Change("INSERT", f"{AGENCY}#cnv_1", "conversation", {}, {"id": {"S": "cnv_1"}}), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_change_comes_to_these_facts(name: str) -> None:
    change, expected = CASES[name]
    assert summed(list(facts.of_change(change))) == expected


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected])
def test_change_that_counts_is_let_through(name: str) -> None:
    patterns = infra.table()["functions"]["on_count"]["stream"]
    assert any(matches(pattern, record(CASES[name][0])) for pattern in patterns)


def test_change_of_a_message_without_files_is_not_even_told() -> None:
    patterns: list[Any] = infra.table()["functions"]["on_count"]["stream"]
    assert not any(matches(pattern, record(modified(OURS, OURS))) for pattern in patterns)


def test_fact_says_whose_it_is_when_and_what_for() -> None:
    [fact] = facts.of_change(inserted(message(at=HOUR + 46 * clock.MINUTE)))
    assert (fact.agency, fact.brand, fact.hour) == (AGENCY, brand_of(AGENCY), HOUR)
    assert fact.cell == Cell("in", "chn_a", "dm", "", "", 3)


def test_look_at_the_stored_message_makes_the_facts_that_were_told_of_it() -> None:
    expected = [*facts.of_change(inserted(LATER)), *facts.of_change(modified(LATER, PICTURE))]
    assert list(facts.of_message(PICTURE.pk, image(PICTURE))) == expected
