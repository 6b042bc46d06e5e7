"""Where the blocks of a shelf are. A block is an object in the bucket that never changes.

Whoever changes the shelf first puts new objects, and then names them in the shelf's item, if nobody else changed that
since: of two writers at the same time one has to repeat. Then the objects that are no longer named are deleted. Objects
of a writer who died, or lost, are found by their names, which begin with the version that they were meant for.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from threading import Lock

from chalicelib import ids
from chalicelib.aws import storage
from chalicelib.store import keys, table
from chalicelib.store.models.search import Shelf
from chalicelib.texts import blocks
from chalicelib.texts.blocks import Block
from chalicelib.texts.lines import MOMENT, Line

MOST_BLOCKS = 4_000  # of twenty thousand lines: the shelf is one item
_MIME = "application/octet-stream"
_VERSION = 12  # digits
_SWEPT_EVERY = 16  # versions
_FAR = 1_000  # versions ahead: objects of a writer who makes the whole shelf anew are kept for that long
_MOST_REMEMBERED_BYTES = 96 << 20
_remembered: OrderedDict[str, Block] = (
    OrderedDict()
)  # the blocks read last, by key: pages are asked for one after the other


_one_at_a_time = Lock()  # blocks are fetched in several threads


@dataclass(frozen=True)
class Place:
    """A block: the name of its object, its number of lines, and the times of its newest line (`last`) and oldest one
    (`first`).
    """

    name: str
    count: int
    last: str
    first: str


@dataclass(frozen=True)
class Shelved:
    """The blocks of a shelf, as they are in this version."""

    agency: str
    shelf: str
    version: int
    places: Sequence[Place]


def read(agency: str, shelf: str) -> Shelved:
    item = table.get(Shelf, keys.within(agency, keys.TEXTS), keys.SHELVES + shelf)
    places = [Place(*values) for values in item.blocks] if item else []
    return Shelved(agency, shelf, item.version if item else 0, places)


def put(shelved: Shelved, lines: Sequence[Line], *, far: bool = False) -> Place:
    """Puts a block of these lines, newest first, for the next version of the shelf, or for a `far` one."""
    content = blocks.packed(lines)
    name = f"{shelved.version + (_FAR if far else 1):0{_VERSION}d}-{ids.digest(content.hex())}"
    storage.put(_prefix(shelved) + name, content, _MIME)
    return Place(name, len(lines), lines[0].key[:MOMENT], lines[-1].key[:MOMENT])


def load(shelved: Shelved, place: Place) -> Block | None:
    """None if the block no longer exists, because the shelf has another version by now."""
    key = _prefix(shelved) + place.name
    with _one_at_a_time:
        block = _remembered.pop(key, None)
    if block is None:
        content = storage.get(key)
        block = Block(content) if content is not None else None
    if block is not None:
        _remember(key, block)
    return block


def _remember(key: str, block: Block) -> None:
    with _one_at_a_time:
        _remembered[key] = block
        while len(_remembered) > 1 and sum(known.size for known in _remembered.values()) > _MOST_REMEMBERED_BYTES:
            _remembered.popitem(last=False)


def change(shelved: Shelved, places: Sequence[Place]) -> bool:
    """Makes these the blocks of the shelf; False if somebody else changed the shelf since it was read.

    Raises ValueError for more blocks than a shelf has room for: by then another index is needed.
    """
    if len(places) > MOST_BLOCKS:
        raise ValueError("too many blocks")
    item = Shelf(
        keys.within(shelved.agency, keys.TEXTS), keys.SHELVES + shelved.shelf,
        blocks=[list(astuple(place)) for place in places], version=shelved.version + 1,
    )  # fmt: skip
    is_first = Shelf.pk.does_not_exist() if not shelved.version else Shelf.version == shelved.version
    if not table.put(item, is_first):
        return False
    kept = {place.name for place in places}
    _delete(shelved, (place.name for place in shelved.places if place.name not in kept))
    if item.version % _SWEPT_EVERY == 1:
        sweep(Shelved(shelved.agency, shelved.shelf, item.version, places))
    return True


def sweep(shelved: Shelved, *, thorough: bool = False) -> None:
    """Deletes objects that their writers never came to name. Those meant for a later version may still be named, and
    stay.

    A `thorough` sweep also deletes those meant for far versions: whoever is making the shelf anew has to begin again.
    """
    kept = {place.name for place in shelved.places}
    latest = shelved.version + _FAR // 2
    for name in _names(shelved):
        version = int(name[:_VERSION])
        if name not in kept and (version <= shelved.version or (thorough and version > latest)):
            _delete(shelved, [name])


def has(shelved: Shelved, places: Iterable[Place]) -> bool:
    """True if all of the blocks are in the bucket."""
    return {place.name for place in places} <= set(_names(shelved))


def _names(shelved: Shelved) -> Iterator[str]:
    prefix, after = _prefix(shelved), ""
    while names := [key.removeprefix(prefix) for key in storage.keys(prefix, after=after)]:
        yield from names
        after = prefix + names[-1]


def _delete(shelved: Shelved, names: Iterable[str]) -> None:
    for name in names:
        with _one_at_a_time:
            _remembered.pop(_prefix(shelved) + name, None)
        storage.delete(_prefix(shelved) + name)


def _prefix(shelved: Shelved) -> str:
    return f"search/{shelved.agency}/{shelved.shelf}/"
