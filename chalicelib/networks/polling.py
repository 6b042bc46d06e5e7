"""How a network is asked for news that does not tell us by itself, and for what we missed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

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
    """`pull(credentials, mark)` looks at the account once, by at most five calls, and raises an Outcome if it cannot.

    The first look has the empty mark; it gives what the network has of the last 30 days, as history. A look may be made
    twice with one mark, and what it gives may overlap with what was given: ids decide what is new.
    `every` is how many seconds lie between looks, of which one that finds nothing takes so many `calls`. `quota` is how
    many the network allows in a day, `for_all` if that is for all accounts of an app together. Once in `own_every`
    seconds (0: never) a look asks for what the account itself said elsewhere, too, by one more call.
    """

    pull: Callable[[Credentials, Json], Pulled]
    every: int
    quota: int
    calls: int = 1
    for_all: bool = False
    own_every: int = 0

    @property
    def calls_a_day(self) -> int:
        return 86_400 // self.every * self.calls + (86_400 // self.own_every if self.own_every else 0)

    def asks_own(self, now: int) -> bool:
        """True for one of the looks within `own_every` seconds, by the time alone."""
        return self.own_every > 0 and now // 1000 % self.own_every < self.every


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
