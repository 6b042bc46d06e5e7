"""An index is made anew from what is stored, and what was wrong with it is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.store import fence, keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.texts import rebuilding, turns
from chalicelib.texts.indexes import AFTER_ALL, Index, Query, within
from chalicelib.texts.lines import CONTACTS, MESSAGES
from chalicelib.texts.segments import Segments
from tests.support.stack import Stack
from tests.texts.making import line
from tests.texts.memory import Memory

NOW = clock.now()
ANA, BEN, OLD = (f"ctc_{letter * 20}" for letter in "abd")


@pytest.fixture
def agency(stack: Stack) -> Iterator[str]:
    agency = ids.new("agc")
    with fence.within(agency):
        yield agency


def talk(agency: str, number: int, contact: str, status: str, *texts: str, **more: Any) -> None:
    """A conversation in the index of the inbox, with what was said in it a month after the other."""
    id = f"cnv_{number:020d}"
    listed = {"inbox": keys.inbox(agency, "brd_1", status), "activity": keys.activity(number, id)}
    table.put(
        Conversation(
            keys.within(agency, id),
            keys.CONVERSATION,
            brand="brd_1",
            channel="chn_1",
            network="example",
            surface="dm",
            thread="x",
            status=status,
            contact=contact,
            created_at=NOW,
            updated_at=NOW,
            **listed,
        )
    )
    for month, text in enumerate(texts):
        message = ids.message(id, NOW - month * rebuilding.SLICE, str(month))
        table.put(
            Message(
                keys.within(agency, id),
                keys.message(message),
                id=message,
                channel="chn_1",
                brand="brd_1",
                direction="in",
                surface="dm",
                kind="text",
                text=text,
                author={"contact": contact},
                status="received",
                sent_at=NOW,
                received_at=NOW,
                **more,
            )
        )


def person(agency: str, id: str, name: str, **more: Any) -> None:
    place = keys.within(agency, id), keys.CONTACT
    table.put(Contact(*place, id=id, brand="brd_1", name=name, created_at=NOW, updated_at=NOW, **more))


def rebuilt(agency: str, index: Index, folder: Path) -> list[str]:
    said: list[str] = []
    folder.mkdir()
    assert rebuilding.rebuild(agency, index, ["brd_1", "brd_2"], folder, clock.now(), said.append)
    return said


@pytest.mark.parametrize("index", [Segments(), Memory()], ids=lambda index: index.name)
def test_an_index_made_anew_has_all_that_is_stored(agency: str, index: Index, tmp_path: Path) -> None:
    talk(agency, 1, ANA, "open", "first red", "second red", "third")
    talk(agency, 2, OLD, "resolved", "fourth red")
    talk(agency, 3, ANA, "snoozed", "", deleted_at=NOW)
    person(agency, ANA, "Ana")
    person(agency, BEN, "Ben")
    person(agency, OLD, "", context={"same_as": BEN})
    index.put(agency, MESSAGES, [line(1, "nobody said this red")])
    said = rebuilt(agency, index, tmp_path / "one")
    assert [text.partition(":")[0] for text in said] == [MESSAGES, MESSAGES, CONTACTS, CONTACTS]
    assert said[0].startswith("messages: 5; the index had 1 too much")
    assert said[1::2] == ["messages: proved", "contacts: proved"]
    page = index.find(agency, MESSAGES, Query(("red",)), AFTER_ALL, 10, within(60))
    assert (len(page.keys), list(page.keys)) == (3, sorted(page.keys, reverse=True))
    assert {entry.text for entry in index.every(agency, CONTACTS)} == {"ana", "ben"}
    again = rebuilt(agency, index, tmp_path / "two")
    assert again[0] == "messages: 5; the index had "
    turns.follow(agency, index, clock.now(), within(60))


def test_what_is_wrong_is_counted() -> None:
    index = Memory()
    index.put("agc_1", MESSAGES, [line(1, "x", version=2), line(2, "x"), line(3).blank])
    assert rebuilding.compared(index, "agc_1", MESSAGES, {line(1).key: 3, line(4).key: 1}) == (
        "1 too much, 1 old, 1 missing"
    )
