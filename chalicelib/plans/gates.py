"""What the door asks: whether the agency's subscription allows an operation of that class now.

What lets in is remembered in the process for ten seconds; what refuses is always read anew, so who has paid is let in
with their next request. Where billing is off, nothing is read and everything is allowed.
"""

import time

from chalicelib import settings
from chalicelib.access.actors import Actor
from chalicelib.plans import entitlements, records
from chalicelib.plans.entitlements import OPEN, Entitlements

MANAGE = "billing.manage"
_KEPT_SECONDS, _MOST_KEPT = 10.0, 1_000
_kept: dict[str, tuple[float, Entitlements]] = {}  # by agency: until when it may be used, and what it may do


def check(actor: Actor, pays: str, now: int) -> None:
    """Raises PaymentRequired unless an operation of that class is allowed in the actor's agency."""
    given = _given(actor.agency, pays, now)
    if not entitlements.permits(given, pays):
        raise entitlements.refusal(given, may_pay=actor.may(MANAGE, brand=None))


def allows(agency: str, pays: str, now: int) -> bool:
    """True if an operation of that class is allowed."""
    return entitlements.permits(_given(agency, pays, now), pays)


def _given(agency: str, pays: str, now: int) -> Entitlements:
    """What the agency may do; read anew if what is remembered does not allow the class."""
    if pays == "never" or not settings.get().billing:
        return OPEN
    until, known = _kept.get(agency, (0.0, OPEN))
    if until > time.monotonic() and entitlements.permits(known, pays):
        return known
    given = entitlements.entitlements(records.of(records.load(agency, now)))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[agency] = (time.monotonic() + _KEPT_SECONDS, given)
    return given


def forget(agency: str) -> None:
    """Reads the agency's subscription anew when next asked: it has just changed here."""
    _kept.pop(agency, None)
