"""How a network is asked for news that does not tell us by itself, and for what we missed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from chalicelib.networks.incoming import Json
from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What one look at an account found: bodies that `parse` reads, oldest first, each with its account in it.

    `mark` is where the next look begins, at most 2 KB; it does not change while there is nothing new. `more`: there is
    more to be read already.
    """

    bodies: Sequence[Json] = ()
    mark: Json = field(default_factory=dict)
    calls: int = 1
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Polling:
    """`pull(credentials, mark, every)` looks at the account once, by at most five calls, or raises an Outcome.

    The first look has the empty mark; it gives what the network has of the last 30 days, as history. A look may be made
    twice with one mark, and what it gives may overlap with what was given: ids decide what is new.
    `every` is how many seconds lie between looks, of which one that finds nothing takes so many `calls`. `quota` is how
    many the network allows in a day, `for_all` if that is for all accounts of an app together: the more there are, the
    more time is between looks, so that these take at most `share` percent of it. `pull` is told how much that is now.
    Once in `own_every` seconds (0: never), or as much less often, a look asks for what the account itself said
    elsewhere, too, by one more call.
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
        """Of an account that is looked at as often as can be."""
        return 86_400 // self.every * self.calls + (86_400 // self.own_every if self.own_every else 0)

    @property
    def fit(self) -> int:
        """How many accounts of an app are looked at as often as can be, if their quota is one."""
        return self.quota * self.share // 100 // self.calls_a_day

    def stretched(self, accounts: int) -> int:
        """How many minutes lie between looks at each of so many accounts of an app."""
        steps = (step for step in _steps() if accounts * self.calls_a_day <= step * self.quota * self.share // 100)
        return -(-self.every // 60) * (next(steps) if self.for_all else 1)

    def calls_of(self, accounts: int) -> int:
        """How many calls a day all of them take."""
        return -(-accounts * self.calls_a_day * -(-self.every // 60) // self.stretched(accounts))

    def asks_own(self, now: int, every: int) -> bool:
        """True for one of the looks within `own_every` seconds, by the time alone."""
        return self.own_every > 0 and now // 1000 % self._own_every(every) < every

    def own_turn(self, now: int, every: int) -> int:
        """Counts the stretches of time of which each has one look that asks for what the account said."""
        return now // 1000 // self._own_every(every)

    def _own_every(self, every: int) -> int:
        return self.own_every * every // self.every


def _steps() -> Iterator[int]:
    """1, 2, 3, 4, 6, 8, 12 and so on: powers of two, and three times these.

    All up to one of them divide three times that one. So each account has a minute in that time that suits all of them:
    it is looked at after three times the longest interval at the latest, however often the interval changes.
    """
    yield 1
    for power in count():
        yield 2 << power
        yield 3 << power


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What happened since a moment (ms) is asked for, from the mark on that the last answer gave; at first it is empty.

    `is_history`: it was before we were told of anything, so nobody has to answer it.
    """

    since: int
    mark: Json = field(default_factory=dict)
    is_history: bool = False


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How much of something the network allows, and how much of it was used; None where it does not tell.

    It begins anew at `ends_at` (ms), 0 if that is not known.
    """

    name: str
    used: int | None = None
    most: int | None = None
    ends_at: int = 0
