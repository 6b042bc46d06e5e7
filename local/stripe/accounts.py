"""An account: its objects, its times, what is due, and how an object is shown.

Objects are stored as they are shown, with ids in place of other objects; names that begin with `_` are never shown.
"""

import hashlib
import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.stripe.refusals import Refused, invalid, missing

Thing = dict[str, Any]
COUNTRY = "DE"
API_VERSION = "2026-10-28.endive"
SETTINGS: dict[str, Any] = {
    "after_retries": "pause",  # or unpaid, cancel, leave
    "pause_after": "final",  # or first
    "resume_when_paid": True,
    "draft_seconds": 3600,
    "retry_days": (1, 2, 4, 6, 8, 10, 12, 14),  # after the first failure
    "tax_percent": 0,
    "clock": None,  # the test clock of every customer that names none
}


# What these kinds do not say, unlike all others.
UNTOLD = {"refund": ("livemode",), "discount": ("created", "livemode")}


def id_of(key: str) -> str:
    return f"acct_{hashlib.sha256(key.encode()).hexdigest()[:16]}"


@dataclass
class Account:
    """`times[None]` is the account's own time, the others are its test clocks'. Hold `lock` while you use it."""

    id: str
    objects: dict[str, Thing] = field(default_factory=dict)
    times: dict[str | None, int] = field(default_factory=lambda: {None: 0})
    settings: dict[str, Any] = field(default_factory=lambda: dict(SETTINGS))
    kept: dict[str | None, tuple[str, Any, int]] = field(default_factory=dict)  # answers by idempotency key
    dues: list[tuple[int, int, str | None, str, str]] = field(default_factory=list)
    on_event: Callable[[Thing, Thing], None] = lambda event, thing: None
    request: dict[str, Any] = field(default_factory=dict)
    pages: str = ""  # where its pages are, as whoever calls names this machine
    offset: int = 0  # how far the account's own time was moved
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def new_id(self, prefix: str) -> str:
        """Ids of different accounts never clash, so a page's address needs only the id."""
        return f"{prefix}_{self.id[-8:]}{next(self._numbers):08d}"

    def now(self, clock: str | None = None) -> int:
        return self.times[clock]

    def time_of(self, thing: Mapping[str, Any]) -> int:
        """The time of the object's clock."""
        return self.times[thing.get("_clock")]

    def tax_of(self, subscription: Thing) -> int:
        """The tax in percent, 0 if tax is off. Customers who are exempt, or verified in another country, pay none."""
        if not subscription["automatic_tax"]["enabled"]:
            return 0
        who = self.objects[subscription["customer"]]
        abroad = [
            tax_id for tax_id in who["_more"]["tax_ids"]["data"]
            if tax_id["verification"]["status"] == "verified" and tax_id["country"] != COUNTRY
        ]  # fmt: skip
        return 0 if abroad or who["tax_exempt"] in ("exempt", "reverse") else int(self.settings["tax_percent"])

    def make(
        self, kind: str, prefix: str, /, *, clock: str | None = None, id: str | None = None, **fields: Any
    ) -> Thing:
        made = {
            "id": id or self.new_id(prefix), "object": kind, "created": self.now(clock), "livemode": False,
            "_clock": clock, **fields,
        }  # fmt: skip
        for name in UNTOLD.get(kind, ()):
            del made[name]
        self.objects[made["id"]] = made
        return made

    def get(self, kind: str, id: Any, param: str = "id") -> Thing:
        thing = self.objects.get(id) if isinstance(id, str) else None
        if thing is None or thing["object"] != kind:
            raise missing(kind.rpartition(".")[2], str(id), param)
        return thing

    def all(self, kind: str, **wanted: Any) -> list[Thing]:
        """The newest first; `wanted` are values that fields must have."""
        things = [
            thing
            for thing in self.objects.values()
            if thing["object"] == kind and all(thing.get(name) == value for name, value in wanted.items())
        ]
        return things[::-1]

    def due(self, at: int, kind: str, thing: Mapping[str, Any]) -> None:
        self.dues.append((at, next(self._numbers), thing.get("_clock"), kind, thing["id"]))

    def emit(self, type: str, thing: Thing, previous: Mapping[str, Any] | None = None) -> Thing:
        """Stores the event and passes it to `on_event`, which posts it."""
        data: Thing = {"object": self.shown(thing)}
        if previous:
            data["previous_attributes"] = dict(previous)
        event = self.make(
            "event", "evt", clock=thing.get("_clock"), type=type, api_version=API_VERSION, data=data,
            pending_webhooks=0, request=dict(self.request),
        )  # fmt: skip
        self.on_event(event, thing)
        return event

    def changed(self, type: str, thing: Thing, **fields: Any) -> None:
        """Sets those fields, and emits an event if any of them changed."""
        previous = {name: thing.get(name) for name, value in fields.items() if thing.get(name) != value}
        thing.update(fields)
        if previous:
            self.emit(type, thing, {name: value for name, value in previous.items() if not name.startswith("_")})

    def shown(self, thing: Any, expand: tuple[str, ...] = ()) -> Any:
        """A copy without hidden fields, with the objects instead of the ids at the paths in `expand`."""
        if isinstance(thing, list):
            return [self.shown(inner, expand) for inner in thing]
        if not isinstance(thing, dict):
            return thing
        below: dict[str, list[str]] = {}
        for path in expand:
            name, _, rest = path.partition(".")
            below.setdefault(name, []).extend([rest] if rest else [])
        shown = {}
        for name, value in thing.items():
            if name.startswith("_"):
                continue
            shown[name] = self._field(value, name in below, tuple(below.get(name, ())))
        for name in below.keys() & thing.get("_more", {}).keys():
            shown[name] = self.shown(thing["_more"][name], tuple(below[name]))
        return shown

    def _field(self, value: Any, opened: bool, expand: tuple[str, ...]) -> Any:
        if opened and isinstance(value, str) and value in self.objects:
            return self.shown(self.objects[value], expand)
        return self.shown(value, expand)


def listing(account: Account, kind: str, params: Mapping[str, Any], fields: str, url: str) -> Thing:
    """A page of the objects that fit the call; `fields` names the parameters that filter, separated by blanks."""
    wanted = {name: params[name] for name in fields.split() if name in params}
    return page(account.all(kind, **wanted), params, url)


def page(things: list[Thing], params: Mapping[str, Any], url: str) -> Thing:
    """One page of the things, in the form of Stripe's lists."""
    limit = params.get("limit", "10")
    if not str(limit).isdecimal() or not 1 <= int(limit) <= 100:
        raise invalid("limit must be between 1 and 100", "limit", "parameter_invalid_integer")
    if start := params.get("starting_after"):
        ids = [thing["id"] for thing in things]
        if start not in ids:
            raise Refused(f"No such object: '{start}'", code="resource_missing", param="starting_after")
        things = things[ids.index(start) + 1 :]
    return {"object": "list", "url": url, "has_more": len(things) > int(limit), "data": things[: int(limit)]}
