"""Delivers events: signed, posted, held back, shuffled, sent twice or lost, as a test wishes."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.stripe import destinations
from local.stripe.accounts import Account, Thing

MODES = ("now", "hold", "reversed", "shuffled", "twice", "drop")
# Posts those bytes there and answers with the status; 0 if nobody answered.
Post = Callable[[str, bytes, Mapping[str, str]], int]


def signature(secrets: list[str], at: int, body: bytes) -> str:
    """With one `v1` for each valid secret."""
    signed = str(at).encode() + b"." + body
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])


@dataclass(frozen=True)
class Parcel:
    destination: Thing
    event: str
    type: str
    body: bytes


def ordered(parcels: list[Parcel], mode: str, seed: int) -> list[Parcel]:
    """The order in which they are posted once the test releases them."""
    if mode == "reversed":
        return parcels[::-1]
    if mode == "shuffled":
        places = sorted(range(len(parcels)), key=lambda place: hashlib.sha256(f"{seed} {place}".encode()).digest())
        return [parcels[place] for place in places]
    return list(parcels)


@dataclass
class Courier:
    """Delivers one account's events, in a thread of its own that ends when nothing is left.

    `waits` are the seconds between the tries of one event, and `pause` waits for them.
    """

    account: Account
    post: Post
    now: Callable[[], float]
    waits: tuple[float, ...] = (0.02, 0.04, 0.08, 0.16)
    pause: Callable[[float], object] = time.sleep  # between two tries of a post; tests do not wait
    mode: str = "now"
    seed: int = 0
    twice: bool = False
    held: list[Parcel] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Parcel] = field(default_factory=list)  # everything there ever was, for a replay
    _queue: list[Parcel] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _running: bool = False

    def take_event(self, event: Thing, thing: Thing) -> None:
        """Takes an event for every destination that wants it. It is called with the account's lock held, so it posts
        nothing itself.
        """
        thin = destinations.thin(self.account, event, thing)
        for destination in self.account.all(destinations.KIND):
            is_thin = destination["event_payload"] == "thin"
            notification = destinations.notification(thin) if is_thin else self.account.shown(event)
            listens = {"*", notification["type"]} & set(destination["enabled_events"])
            if listens and (is_thin or event["type"] not in destinations.THIN_ONLY):
                body = json.dumps(notification, indent=2).encode()
                self._take(Parcel(destination, notification["id"], notification["type"], body))

    def _take(self, parcel: Parcel) -> None:
        with self._changed:
            self.sent.append(parcel)
            if self.mode == "drop":
                self._note(parcel, 0, "dropped")
            elif self.mode in ("now", "twice"):
                self._queue += [parcel] * self._copies()
                self._start()
            else:
                self.held.append(parcel)

    def _copies(self) -> int:
        return 2 if self.twice or self.mode == "twice" else 1

    def change(self, mode: str, seed: int = 0, *, twice: bool = False) -> None:
        with self._changed:
            self.mode, self.seed, self.twice = mode, seed, twice

    def flush(self, seconds: float = 60) -> None:
        """Releases what is held, and waits until everything is delivered or given up."""
        with self._changed:
            self._queue += ordered(self.held * self._copies(), self.mode, self.seed)
            self.held = []
            self._start()
            self._changed.wait_for(lambda: not self._running, seconds)

    def replay(self, mode: str, seed: int = 0, *, twice: bool = False) -> None:
        """Holds everything that was ever sent, once more and in another order, until flush."""
        with self._changed:
            self.mode, self.seed, self.twice = mode, seed, twice
            self.held = list(self.sent)

    def _start(self) -> None:
        if self._queue and not self._running:
            self._running = True
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._queue:
                    self._running = False
                    self._changed.notify_all()
                    return
                parcel = self._queue.pop(0)
            self._deliver(parcel)

    def _deliver(self, parcel: Parcel) -> None:
        """Any answer other than a 2xx is tried again, five times in all."""
        for wait in (*self.waits, None):
            at = int(self.now())
            headers = {
                "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (+https://stripe.com)",
                "Stripe-Signature": signature(parcel.destination["_secrets"], at, parcel.body),
            }  # fmt: skip
            status = self.post(parcel.destination["webhook_endpoint"]["url"], parcel.body, headers)
            delivered = 200 <= status < 300
            self._note(parcel, status, "delivered" if delivered else "failed")
            if delivered or wait is None:
                return
            self.pause(wait)

    def _note(self, parcel: Parcel, status: int, outcome: str) -> None:
        self.attempts.append({"event": parcel.event, "type": parcel.type, "status": status, "outcome": outcome})
