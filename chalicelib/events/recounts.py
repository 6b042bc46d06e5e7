"""Counts a brand's tallies again and corrects them, while people work on.

A tally does not yet show what the stream has not reported. So there is a look, and at least a minute later `settle`: a
tally that did not move from a minute before the look until then is either equal to what was counted, or wrong and
replaced. A tally that moved is not judged; the caller repeats look and settle until each tally has had a calm minute.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib import clock
from chalicelib.events import tallies
from chalicelib.events.events import Event
from chalicelib.events.tallies import Place
from chalicelib.inbox import conversations
from chalicelib.store import keys, listings, table
from chalicelib.store.models.inbox import Conversation, Tally

LAG = clock.MINUTE  # by then the index shows a change, and the lane has told it: both usually within a second
# It agreed; it was wrong and is replaced; or it moved, so that nothing is known of it.
Outcome = Literal["equal", "mended", "moving"]
_READ = ["pk", "inbox", "status", "assignee", "unread", "waiting_since"]
_NUMBERS = sorted({*tallies.OF_BRAND, *tallies.OF_ASSIGNEE})


@dataclass(frozen=True)
class Look:
    """What was found at `at` (ms): the tallies, and the numbers counted from the conversations themselves."""

    agency: str
    at: int
    tallies: Mapping[Place, Tally]
    counted: Mapping[Place, Counter[str]]


def look(agency: str, brand: str, now: int) -> Look:
    """Reads the tallies of the brand first, and then its conversations."""
    before = tallies.known(agency, [brand], consistent=True)
    return Look(agency, now, before, _counted(agency, brand))


def _counted(agency: str, brand: str) -> Mapping[Place, Counter[str]]:
    """Counts each conversation as it was read last: one that changes meanwhile may come twice or not at all.

    In both cases its tallies move, too.
    """
    latest = {
        conversation.id: tallies.names(conversation.serialize(null_check=False))
        for conversation in _unresolved(agency, brand)
    }
    everything = Counter(name for names in latest.values() for name in names)
    return tallies.sums([Event("", "counters.changed", 0, brand, brand, deltas=everything)])


def _unresolved(agency: str, brand: str) -> Iterator[Conversation]:
    for status in conversations.UNRESOLVED:
        yield from listings.every(Conversation, keys.inbox(agency, brand, status), after="0", only=_READ)


def settle(seen: Look) -> Mapping[Place, Outcome]:
    """Replaces the tallies that are wrong. Call it at least a minute after the look; a repeat does no harm."""
    return {place: _settle_place(seen, place) for place in {*seen.tallies, *seen.counted}}


def _settle_place(seen: Look, place: Place) -> Outcome:
    before, counted = seen.tallies.get(place), seen.counted.get(place) or Counter()
    moves, moved_at, through = (before.moves, before.moved_at, before.through) if before else (0, 0, None)
    if moved_at > seen.at - LAG:
        return "moving"
    if all((getattr(before, name) if before else 0) == counted[name] for name in _NUMBERS):
        now = table.get(Tally, *tallies.key(seen.agency, place))
        return "equal" if (now.moves if now else 0) == moves else "moving"
    mended = Tally(*tallies.key(seen.agency, place), moves=moves + 1, moved_at=moved_at, through=through)
    for name in _NUMBERS:
        setattr(mended, name, counted[name])
    is_unmoved = Tally.moves == moves if before else Tally.pk.does_not_exist()
    return "mended" if table.put(mended, is_unmoved) else "moving"
