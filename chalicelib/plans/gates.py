"""Checks whether the agency's subscription allows an operation of a class now.

A permission is kept in the process for ten seconds; a refusal is always read again, so after a payment the next request
is allowed. Where billing is off, nothing is read and everything is allowed.
"""

import time
from typing import TYPE_CHECKING

from chalicelib import settings
from chalicelib.access.actors import Actor
from chalicelib.plans import entitlements, records, spending
from chalicelib.plans.entitlements import OPEN, Entitlements
from chalicelib.plans.plans import Limits

if TYPE_CHECKING:  # it takes a third of a cold start, and most processes ask no network
    from chalicelib.networks.base import Network

MANAGE = "billing.manage"
_KEPT_SECONDS, _MOST_KEPT = 10.0, 1_000
_kept: dict[str, tuple[float, Entitlements]] = {}  # by agency: until when it may be used, and what it may do


def check(actor: Actor, pays: str, now: int) -> None:
    """Raises PaymentRequired unless an operation of that class is allowed in the actor's agency."""
    known = _entitlements(actor.agency, pays, now)
    if not entitlements.permits(known, pays):
        is_stopped = pays == "outbound" and entitlements.allowed(pays, known.level)
        raise entitlements.refusal(known, known.stop if is_stopped else None, may_pay=may_pay(actor))


def may_pay(actor: Actor) -> bool:
    """True if the actor may change what the agency pays for."""
    return actor.may(MANAGE, brand=None)


def allows(agency: str, pays: str, now: int) -> bool:
    return entitlements.permits(_entitlements(agency, pays, now), pays)


def _entitlements(agency: str, pays: str, now: int) -> Entitlements:
    """Read again if what is kept does not allow the class."""
    if pays == "never" or not settings.get().billing:
        return OPEN
    until, known = _kept.get(agency, (0.0, OPEN))
    is_enough = until > time.monotonic() and entitlements.permits(known, pays)
    return known if is_enough else read_entitlements(agency, now)


def read_entitlements(agency: str, now: int) -> Entitlements:
    """What the agency may do and have, read again; everything where billing is off."""
    if not settings.get().billing:
        return OPEN
    stored = records.load(agency, now)
    known = records.of(stored)
    fresh = entitlements.entitlements(
        known, spending.stopping_limit(stored, known, now), spending.reached_cap(stored, now)
    )
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[agency] = (time.monotonic() + _KEPT_SECONDS, fresh)
    return fresh


def check_allows_charges(actor: Actor, network: "Network", now: int) -> None:
    """Raises PaymentRequired if the network charges for messages, and the agency's cap on that is reached."""
    if not allows_charges(actor.agency, network, now):
        known = read_entitlements(actor.agency, now)
        raise entitlements.refusal(known, known.charged, may_pay=may_pay(actor))


def allows_charges(agency: str, network: "Network", now: int) -> bool:
    """True if the agency may send messages for which this network may charge."""
    if not network.capabilities.costs:
        return True
    known = _entitlements(agency, "outbound", now)
    return known.charged is None or read_entitlements(agency, now).charged is None


def limits(agency: str, now: int) -> Limits:
    """The agency's limits, which may be some seconds old."""
    return _entitlements(agency, "outbound", now).limits


def forget(agency: str) -> None:
    """Makes the next check read the agency's subscription again, because it has just changed here."""
    _kept.pop(agency, None)
