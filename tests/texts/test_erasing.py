"""Of whom the index forgot nothing is left in the bucket, whoever died while they wrote."""

import zlib
from collections.abc import Iterator

import pytest

from chalicelib import ids
from chalicelib.aws import storage
from chalicelib.store import fence
from chalicelib.texts import shelves
from chalicelib.texts.lines import CONTACTS, MESSAGES
from chalicelib.texts.segments import Segments, Sizes
from tests.support.stack import Stack
from tests.texts.making import line

CANARY = "zanzibarcanary"
INDEX = Segments()


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def everything(agency: str) -> bytes:
    """All that the bucket has of the agency's index, inflated."""
    return b"".join(_inflated(storage.get(key) or b"") for key in storage.keys(f"search/{agency}/"))


def _inflated(content: bytes) -> bytes:
    head = zlib.decompressobj()
    return head.decompress(content[4:]) + zlib.decompress(head.unused_data)


def test_a_word_of_somebody_who_was_erased_is_in_no_object(agency: str) -> None:
    INDEX.put(agency, MESSAGES, [line(at, f"{CANARY} {at}", author="ctc_ana") for at in range(5)])
    INDEX.put(agency, MESSAGES, [line(at, "hello", author="ctc_ben") for at in range(5, 9)])
    INDEX.put(agency, CONTACTS, [line(1, CANARY, author="ctc_ana")])
    assert everything(agency).count(CANARY.encode()) == 6
    INDEX.erase(agency, "ctc_ana")
    left = everything(agency)
    assert (CANARY.encode() in left, b"ctc_ana" in left, b"hello" in left) == (False, False, True)


def test_what_a_writer_left_who_died_is_deleted_too(agency: str) -> None:
    INDEX.put(agency, MESSAGES, [line(1, "hello")])
    shelves.put(shelves.read(agency, MESSAGES), [line(2, CANARY)])
    assert CANARY.encode() in everything(agency)
    INDEX.put(agency, MESSAGES, [line(3, "hello")])
    INDEX.erase(agency, "ctc_nobody")
    assert CANARY.encode() not in everything(agency)


def test_what_is_meant_for_a_later_version_is_left_to_who_puts_it(agency: str) -> None:
    INDEX.put(agency, MESSAGES, [line(1, "hello")])
    shelved = shelves.read(agency, MESSAGES)
    place = shelves.put(shelved, [line(2, "good bye")])
    shelves.sweep(shelved)
    assert shelves.change(shelved, [*shelved.places, place])
    assert b"good bye" in everything(agency)


def test_what_was_edited_or_taken_back_is_in_no_object(agency: str) -> None:
    INDEX.put(agency, MESSAGES, [line(1, CANARY), line(2, f"my {CANARY}"), line(3, f"{CANARY}s")])
    INDEX.put(agency, MESSAGES, [line(1, "edited", version=2), line(2, "", version=2)])
    INDEX.remove(agency, MESSAGES, [line(3).key])
    assert CANARY.encode() not in everything(agency)


def test_of_two_who_write_at_once_neither_is_lost(agency: str) -> None:
    INDEX.put(agency, MESSAGES, [line(1, "hello")])
    slow = shelves.read(agency, MESSAGES)
    INDEX.put(agency, MESSAGES, [line(2, "hello")])
    assert not shelves.change(slow, [*slow.places, shelves.put(slow, [line(3, "hello")])])
    assert {entry.key for entry in INDEX.every(agency, MESSAGES)} == {line(1).key, line(2).key}


def test_small_blocks_become_large_ones(agency: str) -> None:
    index = Segments(Sizes(small=4, large=12))
    for at in range(40):
        index.put(agency, MESSAGES, [line(at)])
    counts = [place.count for place in shelves.read(agency, MESSAGES).places]
    assert (sum(counts), max(counts)) == (40, 12)
    assert len(counts) < 8
    assert len(list(storage.keys(f"search/{agency}/{MESSAGES}/"))) == len(counts)
