"""Numbers that a screen shows beside its lists: how much there is to do in a brand, and for each of its assignees.

Nothing is counted where a message is stored. The stream reports each change of a conversation; its effect on the
numbers becomes the event `counters.changed`. The lane has each event once, and a tally remembers up to which segment of
the lane it has added. So the numbers are exact, with a delay of about a second.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from chalicelib import clock
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.events.events import Event
from chalicelib.inbox import conversations
from chalicelib.store import keys, table, together
from chalicelib.store.changes import Image
from chalicelib.store.models.inbox import Tally

Deltas = Mapping[str, int]
Place = tuple[str, str]  # a brand, and an assignee of it or nothing
OF_BRAND = ("unread", "waiting", "unassigned")
OF_ASSIGNEE = ("assigned", "unread", "waiting")
FEW = 8  # so many brands are asked for one by one, more of them together with all that lies between them


def deltas(old: Image, new: Image) -> Deltas:
    """What a change of a conversation adds to the counts of its brand; an image is empty if there is no conversation.

    The names are the statuses and OF_BRAND, and for an assignee those of OF_ASSIGNEE behind their id: `mbr_1/unread`.
    """
    change = Counter(names(new))
    change.subtract(names(old))
    return {name: number for name, number in change.items() if number}


def names(image: Image) -> list[str]:
    """The names of the counts, as in `deltas`, in which the conversation counts; none before its first message."""
    if "inbox" not in image:
        return []
    status, assignee = _text(image, "status"), _text(image, "assignee")
    if status not in conversations.UNRESOLVED:
        return [status]
    unread = ["unread"] if int(image.get("unread", {}).get("N", 0)) > 0 else []
    states = [*unread, *(["waiting"] if "N" in image.get("waiting_since", {}) else [])]
    theirs = [f"{assignee}/{name}" for name in ("assigned", *states)] if assignee else ["unassigned"]
    return [status, *states, *theirs]


def _text(image: Image, name: str) -> str:
    return str(image.get(name, {}).get("S", ""))


def shown(actor: Actor, brand: str, numbers: Deltas) -> Deltas:
    """Those of an event's deltas whose counters the actor may see."""
    return {name: number for name, number in numbers.items() if _covers(actor, brand, name)}


def rows(numbers: Deltas) -> list[Mapping[str, Any]]:
    """Deltas as the API shows them."""
    parts = ((*name.rpartition("/"), number) for name, number in numbers.items())
    return [{"counter": name, "assignee": assignee or None, "by": number} for assignee, _, name, number in parts]


def _covers(actor: Actor, brand: str, name: str) -> bool:
    assignee = name.rpartition("/")[0]
    if assignee or name == "unassigned":
        return sight.covers(actor, brand, assignee)
    return sight.is_whole(actor, brand)


def sums(events: Sequence[Event]) -> Mapping[Place, Counter[str]]:
    """What the events together add at each place, including places where the sum is 0."""
    places: dict[Place, Counter[str]] = {}
    for event in events:
        for name, number in (event.deltas or {}).items():
            assignee, _, kind = name.rpartition("/")
            if kind in (OF_ASSIGNEE if assignee else OF_BRAND):
                places.setdefault((event.brand, assignee), Counter())[kind] += number
    return places


def add(agency: str, number: int, events: Sequence[Event]) -> None:
    """Adds the numbers of the events of that segment of the lane, once at each place; a repeat does nothing.

    The segments of an agency come in their order: its events are appended by one process at a time, and what a process
    that died left undone comes again before anything else.
    """
    together.each([partial(_add_at_place, agency, number, place, added) for place, added in sums(events).items()])


def _add_at_place(agency: str, number: int, place: Place, added: Counter[str]) -> bool:
    """Moves the tally even if nothing is added: a recount sees by `moves` that something changed meanwhile."""
    numbers = [getattr(Tally, name).add(more) for name, more in added.items() if more]
    moved = [Tally.moves.add(1), Tally.moved_at.set(clock.now()), Tally.through.set(number)]
    is_new: table.Condition = Tally.through.does_not_exist() | (Tally.through < number)
    return table.update(Tally(*key(agency, place)), [*numbers, *moved], is_new)


def known(agency: str, brands: Collection[str], *, consistent: bool = False) -> Mapping[Place, Tally]:
    """The tallies of the brands and of their assignees. Unless `consistent`, the read costs half and may be a moment
    old.
    """
    read = partial(table.query, Tally, keys.within(agency, keys.TALLIES), consistent=consistent)
    return {place: tally for tally in _read(read, sorted(brands)) if (place := place_of(tally))[0] in brands}


def _read(read: Callable[..., Iterator[Tally]], brands: Sequence[str]) -> Iterator[Tally]:
    if len(brands) > FEW:
        return read("", after=brands[0], before=keys.tally(brands[-1], "~"))
    return chain(*together.each([partial(_whole, read, keys.tally(brand)) for brand in brands]))


def _whole(read: Callable[..., Iterator[Tally]], prefix: str) -> list[Tally]:
    return list(read(prefix))


def key(agency: str, place: Place) -> tuple[str, str]:
    return keys.within(agency, keys.TALLIES), keys.tally(*place)


def place_of(tally: Tally) -> Place:
    brand, _, assignee = tally.sk.partition("#")
    return brand, assignee
