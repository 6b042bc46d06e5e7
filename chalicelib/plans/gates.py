"""What the door asks: whether the agency's subscription allows an operation of that class now.

What lets in is remembered in the process for ten seconds; what refuses is always read anew, so who has paid is let in
with their next request. Where billing is off, nothing is read and everything is allowed.
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
    known = _known(actor.agency, pays, now)
    if not entitlements.permits(known, pays):
        is_stopped = pays == "outbound" and entitlements.allowed(pays, known.level)
        raise entitlements.refusal(known, known.stop if is_stopped else None, may_pay=may_pay(actor))


def may_pay(actor: Actor) -> bool:
    """True if the actor may change what the agency pays for."""
    return actor.may(MANAGE, brand=None)


def allows(agency: str, pays: str, now: int) -> bool:
    """True if an operation of that class is allowed."""
    return entitlements.permits(_known(agency, pays, now), pays)


def _known(agency: str, pays: str, now: int) -> Entitlements:
    """What the agency may do; read anew if what is remembered does not allow the class."""
    if pays == "never" or not settings.get().billing:
        return OPEN
    until, known = _kept.get(agency, (0.0, OPEN))
    is_enough = until > time.monotonic() and entitlements.permits(known, pays)
    return known if is_enough else given(agency, now)


def given(agency: str, now: int) -> Entitlements:
    """What the agency may do and have, read anew; everything where billing is off."""
    if not settings.get().billing:
        return OPEN
    stored = records.load(agency, now)
    known = records.of(stored)
    fresh = entitlements.entitlements(known, spending.stop(stored, known, now), spending.charged(stored, now))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[agency] = (time.monotonic() + _KEPT_SECONDS, fresh)
    return fresh


def check_charges(actor: Actor, network: "Network", now: int) -> None:
    """Raises PaymentRequired if the network charges for messages, and the agency's cap on that is reached."""
    if not allows_charges(actor.agency, network, now):
        known = given(actor.agency, now)
        raise entitlements.refusal(known, known.charged, may_pay=may_pay(actor))


def allows_charges(agency: str, network: "Network", now: int) -> bool:
    """True if the agency may send what this network may charge for."""
    if not network.capabilities.costs:
        return True
    known = _known(agency, "outbound", now)
    return known.charged is None or given(agency, now).charged is None


def limits(agency: str, now: int) -> Limits:
    """What the agency may have, as far as was read in the last seconds."""
    return _known(agency, "outbound", now).limits


def forget(agency: str) -> None:
    """Reads the agency's subscription anew when next asked: it has just changed here."""
    _kept.pop(agency, None)
