"""Makes an agency's index anew from its messages and contacts, and checks it. People may go on working meanwhile.

Whatever happens after the start is in the lane behind the mark that is set, so the index takes it up as always. In
between all lines are on the disk, in a file for each 30 days, because they are read by conversation and put by time.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

from chalicelib import clock, ids
from chalicelib.contacts import contacts
from chalicelib.events import lane
from chalicelib.inbox import conversations
from chalicelib.store import keys, listings, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.texts import lines, turns
from chalicelib.texts.indexes import Index
from chalicelib.texts.lines import CONTACTS, GONE, MESSAGES, Line

SLICE = 30 * clock.DAY
PORTION = 20_000  # lines
_MOST_AT_ONCE = 100
Say = Callable[[str], object]


@dataclass
class _Pile:
    """Lines on the disk, in a file for each 30 days; and the version of each line, by key."""

    folder: Path
    versions: dict[str, int] = field(default_factory=dict)

    def add(self, every: Iterable[Line]) -> None:
        by_slice: dict[int, list[Line]] = {}
        for line in every:
            if line.key not in self.versions:
                self.versions[line.key] = line.version
                by_slice.setdefault(ids.at(line.key) // SLICE, []).append(line)
        for number, some in by_slice.items():
            with (self.folder / f"{number:09d}").open("a") as file:
                file.writelines(json.dumps(astuple(line)) + "\n" for line in some)

    def portions(self) -> Iterator[Sequence[Line]]:
        """All lines, newest first, in portions of 20,000."""
        waiting: list[Line] = []
        for path in sorted(self.folder.iterdir(), reverse=True):
            some = [Line(*json.loads(text)) for text in path.read_text().splitlines()]
            waiting += sorted(some, key=lambda line: line.key, reverse=True)
            while len(waiting) >= PORTION:
                yield waiting[:PORTION]
                waiting = waiting[PORTION:]
        if waiting:
            yield waiting


def rebuild(agency: str, index: Index, brands: Sequence[str], folder: Path, now: int, say: Say) -> bool:
    """Makes both shelves anew. Reports through `say` what was wrong, and returns whether everything is right now."""
    number = lane.head(agency)
    piles = {shelf: _Pile(folder / shelf) for shelf in (MESSAGES, CONTACTS)}
    for pile in piles.values():
        pile.folder.mkdir()
    _collect(agency, brands, piles)
    is_right = True
    for shelf, pile in piles.items():
        say(f"{shelf}: {len(pile.versions)}; the index had {compared(index, agency, shelf, pile.versions)}")
        index.replace(agency, shelf, pile.portions())
        faults = compared(index, agency, shelf, pile.versions)
        is_right = is_right and not faults
        say(f"{shelf}: now it has {faults}" if faults else f"{shelf}: proved")
    while not turns.set_mark(turns.mark(agency, index), number, now - lane.CLOCKS_DIFFER):
        continue
    return is_right


def compared(index: Index, agency: str, shelf: str, versions: Mapping[str, int]) -> str:
    """How the index differs from these versions of lines; empty if it does not."""
    numbers: Counter[str] = Counter()
    seen: set[str] = set()
    for line in index.every(agency, shelf):
        if line.version != GONE:
            numbers["twice"] += line.key in seen
            seen.add(line.key)
            numbers["too much"] += line.key not in versions
            numbers["old"] += line.version < versions.get(line.key, 0) and bool(line.text)
    numbers["missing"] = len(versions.keys() - seen)
    return ", ".join(f"{number} {name}" for name, number in numbers.items() if number)


def _collect(agency: str, brands: Sequence[str], piles: Mapping[str, _Pile]) -> None:
    """All messages and their authors. The search for conversations is repeated until it finds no new one, as one may
    change its status meanwhile.
    """
    known: set[str] = set()
    people: set[str] = set()
    while talks := [talk for brand in brands for talk in _conversations(agency, brand) if talk.pk not in known]:
        for talk in talks:
            messages = list(table.query(Message, talk.pk, keys.MESSAGES))
            piles[MESSAGES].add(lines.of_message(message, talk.network) for message in messages)
            people |= {talk.contact, *((message.author or {}).get("contact", "") for message in messages)}
        known |= {talk.pk for talk in talks}
    wanted = sorted(filter(None, people))
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        places = [(keys.within(agency, id), keys.CONTACT) for id in wanted[start : start + _MOST_AT_ONCE]]
        stored = table.many_readable(Contact, places)
        led = (contacts.find(agency, contact.id) for contact in stored if contact.context)
        every = (*(contact for contact in stored if not contact.context), *led)
        piles[CONTACTS].add(lines.of_contact(contact) for contact in every if contact)


def _conversations(agency: str, brand: str) -> Iterator[Conversation]:
    for status in conversations.STATUSES:
        yield from listings.every(
            Conversation, keys.inbox(agency, brand, status), only=["pk", "sk", "network", "contact", "created_at"]
        )
