"""The index follows the lane; what it does not have yet is found all the same, and as it is now."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import clock, errors, ids
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import fence, keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.events import StoredSegment
from chalicelib.store.models.inbox import Message
from chalicelib.texts import searches, turns
from chalicelib.texts.indexes import AFTER_ALL, Query, within
from chalicelib.texts.lines import CONTACTS, MESSAGES, message_of
from tests.support.spoiling import spoiled
from tests.support.stack import Stack, eventually
from tests.texts.memory import Memory

NOW = clock.now()
INDEX = Memory()
TALK = f"cnv_{'c' * 20}"


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    """An agency of its own. The deployed functions follow its lane, too, but with the index that they have."""
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def said(
    agency: str, number: int, text: str, *, type: str = "message.received", contact: str = "ctc_1", **more: Any
) -> str:
    """Stores a message, or changes it, and tells the lane alone."""
    id = ids.message(TALK, NOW - 1_000 + number, str(number))
    message = Message(
        keys.within(agency, TALK), keys.message(id), id=id, channel="chn_1", brand="brd_1", direction="in",
        surface="dm", kind="text", text=text, author={"contact": contact, "name": "Ana"}, status="received",
        sent_at=NOW, received_at=NOW, **more,
    )  # fmt: skip
    table.put(message)
    tell(agency, type, id, more.get("version", 1))
    return id


def tell(agency: str, type: str, target: str, version: int) -> None:
    event = Event(f"evt_{ids.digest(type, target, str(version))}", type, NOW, "brd_1", target, version)
    lane.append(agency, [event], NOW, NOW)


def found(agency: str, *words: str, shelf: str = MESSAGES) -> list[str]:
    search = searches.Search(agency, INDEX, shelf, Query(words), searches.news(agency, INDEX))
    return list(search.find(AFTER_ALL, 100, within(60)).keys)


def messages(agency: str, *words: str) -> list[str]:
    return [message_of(key) for key in found(agency, *words)]


def follow(agency: str) -> None:
    assert turns.follow(agency, INDEX, clock.now(), within(60)) == 0


def test_a_message_is_found_before_the_index_has_it_and_after(agency: str) -> None:
    first = said(agency, 1, "Where is my ORDER?")
    assert messages(agency, "order") == [first]
    follow(agency)
    second = said(agency, 2, "The order came")
    assert messages(agency, "order") == [second, first]
    follow(agency)
    assert messages(agency, "order") == [second, first]
    assert {line.key for line in INDEX.every(agency, MESSAGES)} >= set(found(agency))


def test_what_was_edited_or_taken_back_since_is_found_as_it_is_now(agency: str) -> None:
    first, _ = said(agency, 1, "red shoes"), said(agency, 2, "red hat")
    follow(agency)
    said(agency, 1, "blue shoes", type="message.edited", version=2)
    said(agency, 2, "", type="message.deleted", version=2, deleted_at=NOW)
    for _ in range(2):
        assert (messages(agency, "red"), messages(agency, "blue")) == ([], [first])
        follow(agency)


def test_a_message_that_is_no_more_is_forgotten(agency: str) -> None:
    id = said(agency, 1, "red shoes")
    follow(agency)
    table.delete(Message(keys.within(agency, TALK), keys.message(id)))
    tell(agency, "message.removed", id, 1)
    for _ in range(2):
        assert messages(agency, "red") == []
        follow(agency)


def test_a_contact_is_found_by_names_and_numbers_and_forgotten_with_all_they_wrote(agency: str) -> None:
    id = f"ctc_{'1' * 20}"
    identity = {"network": "example", "id": "x", "username": "@anita", "phone": "+33612345678"}
    contact = Contact(
        keys.within(agency, id), keys.CONTACT, id=id, brand="brd_1", name="Ána Silva", identities=[identity],
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    table.put(contact)
    tell(agency, "contact.created", id, 1)
    said(agency, 1, "zanzibar", contact=id)
    for _ in range(2):
        counts = [len(found(agency, word, shelf=CONTACTS)) for word in ("ana", "anita", "612345678", "ben")]
        assert counts == [1, 1, 1, 0]
        follow(agency)
    table.delete(contact)
    tell(agency, "contact.changed", id, 2)

    def is_forgotten() -> bool:
        """The deployed functions may only now tell of the message: it is in the tail until the index follows."""
        follow(agency)
        return found(agency, "ana", shelf=CONTACTS) == [] == found(agency, "zanzibar")

    eventually(is_forgotten)


def test_what_cannot_be_read_stops_nothing_behind_it_and_is_not_forgotten(agency: str) -> None:
    first = said(agency, 1, "hello")
    follow(agency)
    with spoiled(Message, keys.within(agency, TALK), keys.message(first), "sent_at"):
        tell(agency, "message.edited", first, 2)
        second = said(agency, 2, "hello")
        for _ in range(2):
            assert messages(agency, "hello") == [second, first]
            follow(agency)


def test_a_turn_that_died_before_it_noted_how_far_it_got_is_done_again(agency: str) -> None:
    said(agency, 1, "hello")
    tail = turns.unread(agency, INDEX)
    follow(agency)
    assert not turns.move(tail, NOW)
    follow(agency)
    assert len(messages(agency, "hello")) == 1


def test_a_turn_goes_on_where_there_was_no_time(agency: str) -> None:
    ids_said = [said(agency, number, "hello") for number in range(5)]
    assert turns.follow(agency, INDEX, clock.now(), within(0), most=2)
    follow(agency)
    assert messages(agency, "hello") == ids_said[::-1]


def test_an_index_that_is_too_far_behind_says_so_and_finds_what_it_has(agency: str) -> None:
    said(agency, 1, "hello")
    follow(agency)
    for number in (2, 3):
        said(agency, number, "good bye")
    read = keys.segment(turns.mark(agency, INDEX).number)
    place = keys.within(agency, keys.EVENT_LOG)
    table.delete(next(table.query(StoredSegment, place, keys.LOG, after=read, consistent=True)))
    with pytest.raises(lane.Gone):
        follow(agency)
    assert len(found(agency, "hello")) == 1


def test_a_turn_goes_on_where_somebody_else_came_first_and_comes_again_if_there_is_no_time(agency: str) -> None:
    said(agency, 1, "hello")
    assert turns.follow(agency, _Overtaken(), clock.now(), within(60)) == 0
    said(agency, 2, "hello")
    with pytest.raises(errors.Unavailable):
        turns.follow(agency, _Overtaken(), clock.now(), within(0))


class _Overtaken(Memory):
    """While it is put, somebody else puts the same."""

    def put(self, agency: str, shelf: str, lines: Any) -> None:
        follow(agency)
        super().put(agency, shelf, lines)


def test_tasks_are_named_so_that_the_queue_takes_one_in_a_while(nowhere: None) -> None:
    def named(now: int, number: int) -> list[str]:
        segment = lane.Segment(number, now, [Event("evt_1", "message.received", now, "brd_1", "msg_1")])
        return [task.once for task in turns.tasks("agc_1", [segment], now)]

    every = 20 * clock.SECOND
    assert named(0, 1) == named(every - 1, 2) != named(every, 3)
    assert named(0, 1) != named(0, 100)
    assert turns.tasks("agc_1", [], 0) == []
