"""How a member is protected from what others write: words masked in lists, pictures in grey, a limit of severe cases an
hour.

The settings are stored with the membership, which every request reads. Only the member and those who manage members see
them.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import SEVERE, Actor
from chalicelib.store import lookups, quota, table
from chalicelib.store.models.people import Membership

Json = Mapping[str, Any]
DEFAULT: Json = {"mask_from": SEVERE, "greyscale": False, "most_severe_per_hour": None}


def of(agency: str, subject: str) -> Json:
    """The settings of a member. Raises NotFound for somebody who left, and for a key, which has no such settings."""
    membership = table.get(Membership, lookups.user(subject), agency)
    if membership is None or not membership.member.startswith("mbr_"):
        raise errors.NotFound
    return {**DEFAULT, **(membership.shield or {})}


def change(actor: Actor, changes: Json, now: int) -> Json:
    """Changes some of the actor's own settings and gives all of them. Raises as `of` does."""
    changed = {**of(actor.agency, actor.subject), **changes}
    membership = Membership(lookups.user(actor.subject), actor.agency)
    table.transact(
        table.changing(membership, [Membership.shield.set(changed)], Membership.pk.exists(), otherwise=errors.NotFound),
        audit.entry(actor, "member.shield", actor.member, now, after={"changed": sorted(changes)}),
    )
    return changed


def is_spared(actor: Actor, now: int) -> bool:
    """True if the actor was already given as many severe cases in this hour as they want at most."""
    if actor.most_severe is None:
        return False
    return quota.used(actor.agency, f"severe.{actor.member}", now, period=clock.HOUR) >= actor.most_severe


def count(actor: Actor, severity: int, now: int) -> None:
    """Counts a case that the actor is given, if it is severe."""
    if actor.most_severe is not None and severity >= SEVERE:
        with suppress(errors.TooMany):  # they took others beside this one
            quota.take(actor.agency, f"severe.{actor.member}", actor.most_severe, now, period=clock.HOUR)
