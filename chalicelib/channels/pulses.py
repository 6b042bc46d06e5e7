"""Failures of a network as a whole, as our own calls see them: which agency's calls failed in which minute, nothing
else.

A process writes only the first failure of an agency, network and minute, and only if a fifth of all its calls to the
network in the last five minutes failed. So a network that works costs no write, and neither does a call that is lost
now and then.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from chalicelib import clock, log
from chalicelib.channels import channels
from chalicelib.networks import base
from chalicelib.store import lookups, table
from chalicelib.store.models.channels import Channel, StoredPulse

KEPT = 3 * clock.HOUR
_LATELY, _ONE_IN = 5, 5  # minutes; calls
_MOST_REMEMBERED = 10_000
_MANY, _REMEMBERED_SECONDS = 1000, 10


@dataclass(frozen=True)
class Pulse:
    """Calls of an agency to a network failed, once or more often, in that minute since the epoch."""

    network: str
    agency: str
    minute: int


class Tally:
    """How many calls to each network this process made in each minute, and how many of them failed."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, dict[int, tuple[int, int]]] = defaultdict(dict)

    def add(self, network: str, minute: int, *, failed: bool) -> bool:
        """Counts a call. True if so many calls failed lately that this is more than chance."""
        recent = {at: counts for at, counts in self._calls[network].items() if at > minute - _LATELY}
        calls, failures = recent.get(minute, (0, 0))
        recent[minute] = calls + 1, failures + failed
        self._calls[network] = recent
        return sum(failures for _, failures in recent.values()) * _ONE_IN >= sum(calls for calls, _ in recent.values())


_tally = Tally()
_noted: set[Pulse] = set()  # by this process


def is_watched(network: base.Network) -> bool:
    """False where a failure says nothing of the network: each account has its own server, or no server is called."""
    return not network.many_servers and network.play is None


@contextmanager
def noting(channel: Channel) -> Iterator[None]:
    """Records a pulse if the call inside, for that channel, fails because the network does. Errors pass on.

    What the network refuses with reason (a dead token, a bad text, too many calls) is no failure.
    """
    network, failed = channels.network_of(channel), False
    try:
        yield
    except (base.Unreachable, base.Unknown):
        failed = True
        raise
    finally:
        if is_watched(network):
            _count(Pulse(channel.network, channel.pk, clock.now() // clock.MINUTE), failed=failed)


def _count(pulse: Pulse, *, failed: bool) -> None:
    if _tally.add(pulse.network, pulse.minute, failed=failed) and failed and pulse not in _noted:
        if len(_noted) >= _MOST_REMEMBERED:
            _noted.clear()
        _noted.add(pulse)
        try:
            keep(pulse)
        except Exception as error:  # noqa: BLE001 - what became of the call matters more
            log.problem("pulse_lost", error)


def keep(pulse: Pulse) -> None:
    """Writes the pulse; a repeat changes nothing."""
    sk = f"{pulse.minute:010d}#{pulse.network}#{pulse.agency}"
    expires = (pulse.minute * clock.MINUTE + KEPT) // clock.SECOND
    item = StoredPulse(lookups.pulses(), sk, agency=pulse.agency, expires=expires)
    table.put(item, StoredPulse.pk.does_not_exist() | (StoredPulse.agency == pulse.agency))


def between(first: int, last: int) -> list[Pulse]:
    """All pulses of these minutes, of all agencies. No caller may show which agencies these are, see `statuses`."""
    after, before = f"{first:010d}", f"{last + 1:010d}"
    return [_pulse(item) for item in table.query(StoredPulse, lookups.pulses(), "", after=after, before=before)]


class Memory:
    """Keeps what `read` gave for the minutes from `first` to `last`: for ten seconds if it is much, else not at all.

    So when many people look at an outage of many agencies, they do not each read all of it.
    """

    def __init__(
        self, read: Callable[[int, int], Sequence[Pulse]] = between, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._seconds = read, seconds
        self._until, self._of = 0.0, (0, 0)
        self._known: Sequence[Pulse] = ()

    def between(self, first: int, last: int) -> Sequence[Pulse]:
        if self._of != (first, last) or self._until <= self._seconds():
            self._known = tuple(self._read(first, last))
            self._until = self._seconds() + _REMEMBERED_SECONDS if len(self._known) >= _MANY else 0.0
            self._of = first, last
        return self._known


def _pulse(item: StoredPulse) -> Pulse:
    minute, network, agency = item.sk.split("#")
    return Pulse(network, agency, int(minute))
