"""What a portion of events led to, and where delivery goes on. Pure.

A failure that a success followed is the event's own: the others go on, and it is tried again by itself. Until then it
is the endpoint's: the event stays where it is, and so the order stays what it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """A place in the lane: before the event at `index` of the segment `number`."""

    number: int
    index: int = 0


@dataclass(frozen=True)
class Settled:
    """Where delivery goes on. The events `ahead` lie behind that place and are done; `tries` counts those of others.

    The `own` events failed by their own fault, the `spent` ones for the last time.
    """

    place: Place
    ahead: tuple[str, ...] = ()
    tries: Mapping[str, int] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    spent: tuple[str, ...] = ()


def settle(
    events: Sequence[tuple[Place, str]],
    end: Place,
    results: Sequence[tuple[str, bool]],
    ahead: Collection[str] = (),
    tries: Mapping[str, int] | None = None,
    most: int = 10,
) -> Settled:
    """Where delivery goes on after this portion, which reached up to `end`.

    `events` are its events in their order, with their places; `results` says in the order of time which of them were
    tried, and whether that succeeded. Those `ahead` were done before; `tries` is how often others were tried before.
    """
    counted = dict(tries or {})
    for id, succeeded in results:
        counted[id] = counted.get(id, 0) + (not succeeded)
    last_success = max((turn for turn, (_, succeeded) in enumerate(results) if succeeded), default=-1)
    done = {id for id, succeeded in results if succeeded} | set(ahead)
    failed = [(turn, id) for turn, (id, succeeded) in enumerate(results) if not succeeded]
    own = [id for turn, id in failed if turn < last_success]
    spent = [id for _, id in failed if counted[id] >= most]
    over = {*done, *own, *spent}
    left = [(place, id) for place, id in events if id not in over]
    place = left[0][0] if left else end
    return Settled(
        place,
        tuple(id for where, id in events if where > place and id in over),
        {id: counted[id] for _, id in left if counted.get(id)},
        tuple(id for id in own if id not in spent),
        tuple(spent),
    )
