"""How to ask a network for news that it does not post by itself, and for events that we missed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from chalicelib.networks.incoming import Json
from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What one look at an account found: bodies that `parse` reads, oldest first, each with its account in it.

    `mark` is where the next look begins, at most 2 KB; it does not change while there is nothing new. `more`: there is
    more to read right now.
    """

    bodies: Sequence[Json] = ()
    mark: Json = field(default_factory=dict)
    calls: int = 1
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Polling:
    """`pull(credentials, mark, every)` looks at the account once, by at most five calls, or raises an Outcome.

    The first look has the empty mark; it gives what the network has of the last 30 days, as history. A look may be
    repeated with the same mark, and may give again what was given before: ids decide what is new.

    `every` is the shortest time between looks in seconds; a look that finds nothing takes `calls` calls. `quota` is how
    many calls the network allows in a day: for each account or, with `for_all`, for all accounts of an app together. In
    that case the time between looks grows with the number of accounts, so that all looks take at most `share` percent
    of the quota. `pull` gets the present time between looks as its `every`. Once in `own_every` seconds (0: never), or
    as much less often, a look also asks, by one more call, for what the account itself said elsewhere.
    """

    pull: Callable[[Credentials, Json, int], Pulled]
    every: int
    quota: int
    calls: int = 1
    for_all: bool = False
    share: int = 80
    own_every: int = 0

    @property
    def calls_a_day(self) -> int:
        """The calls for an account that is looked at as often as possible."""
        return 86_400 // self.every * self.calls + (86_400 // self.own_every if self.own_every else 0)

    @property
    def fit(self) -> int:
        """How many accounts of an app can be looked at as often as possible, if they share one quota."""
        return self.quota * self.share // 100 // self.calls_a_day

    def stretched(self, accounts: int) -> int:
        """The minutes between two looks at an account, if the app has so many accounts."""
        steps = (step for step in _steps() if accounts * self.calls_a_day <= step * self.quota * self.share // 100)
        return -(-self.every // 60) * (next(steps) if self.for_all else 1)

    def calls_of(self, accounts: int) -> int:
        """The calls a day for so many accounts of an app together."""
        return -(-accounts * self.calls_a_day * -(-self.every // 60) // self.stretched(accounts))

    def asks_own(self, now: int, every: int) -> bool:
        """True for one look in each `own_every` seconds; only the time decides which one."""
        return self.own_every > 0 and now // 1000 % self._own_every(every) < every

    def own_turn(self, now: int, every: int) -> int:
        """The number of the present stretch of `own_every` seconds; in each stretch one look asks for what the account
        said.
        """
        return now // 1000 // self._own_every(every)

    def _own_every(self, every: int) -> int:
        return self.own_every * every // self.every


def _steps() -> Iterator[int]:
    """1, 2, 3, 4, 6, 8, 12 and so on: powers of two, and three times these.

    Every step up to a step `s` divides `3 * s`. So each account has one minute in that time that suits all these steps:
    it is looked at after three times the longest interval at the latest, however often the interval changes.
    """
    yield 1
    for power in count():
        yield 2 << power
        yield 3 << power


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A request for what happened since a moment (ms); `mark` is that of the last answer, and empty at first.

    `is_history`: these events are older than the first one that the network told us, so nobody has to answer them.
    """

    since: int
    mark: Json = field(default_factory=dict)
    is_history: bool = False


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How much of something the network allows (`most`), and how much of it was `used`; None where it does not tell.

    The count begins anew at `ends_at` (ms), 0 if that is not known.
    """

    name: str
    used: int | None = None
    most: int | None = None
    ends_at: int = 0
