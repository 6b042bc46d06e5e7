"""What came of a portion of events, and where delivery continues. Pure.

If a success followed a failure, the failure is the event's own: it is retried separately, and the others go on. Until
then the failure is the endpoint's: delivery stays at this event, so the order is kept.
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
    """Where delivery continues. The events `ahead` are behind that place but done; `tries` counts failed tries of
    others.

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
    """Where delivery continues after this portion, which reached up to `end`.

    `events` are its events in their order, with their places; `results` says, in the order of time, which events were
    tried and whether that succeeded. The events `ahead` were done before; `tries` is how often others were tried
    before.
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
