"""Crises: somebody declares that a brand is in a crisis until a time. Some rules apply only then.

A crisis ends at that time, or when somebody ends it before.
"""

from typing import Any

from chalicelib import clock, errors, moments
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.store import due, table
from chalicelib.store.models.brands import Brand

DUE = "crisis"  # the kind of the work that is due when one ends
USUALLY, LONGEST = clock.DAY, 30 * clock.DAY


def until(brand: Brand) -> int:
    """Until when (ms) the brand is in a crisis; 0 if it is in none."""
    return int(brand.crisis["until"]) if brand.crisis else 0


def begin(actor: Actor, brand: Brand, ends_at: str | None, reason: str, now: int) -> Brand:
    """Begins a crisis, for a day unless another time is named; for a present crisis, changes its time and reason.

    Raises Invalid for a time that is over or more than thirty days away, Conflict for an archived brand and if somebody
    else changed it at the same time.
    """
    brands.check_at_work(brand)
    at = moments.in_time(moments.parse(ends_at, "until"), now, "until") if ends_at is not None else now + USUALLY
    if at > now + LONGEST:
        raise errors.Invalid(
            f"The moment is more than {LONGEST // clock.DAY} days from now.", code="bad_times", field="until"
        )
    is_on = until(brand) > now
    since = brand.crisis["since"] if brand.crisis and is_on else now
    crisis = {"since": since, "until": at, "by": actor.member, "reason": reason}
    entry = audit.entry(actor, "brand.begin_crisis", brand.id, now, brand=brand.id, after={"until": clock.text(at)})
    table.transact(_changing(brand, Brand.crisis.set(crisis)), *_forgetting(actor, brand, at), entry,
                   due.at(actor.agency, at, DUE, brand.id))  # fmt: skip
    return brands.find(actor.agency, brand.id)


def end(actor: Actor, brand: Brand, now: int) -> Brand:
    """Ends the crisis; does nothing if there is none. Raises Conflict if somebody else changed it at the same time."""
    if brand.crisis:
        entry = audit.entry(actor, "brand.end_crisis", brand.id, now, brand=brand.id)
        table.transact(_changing(brand, Brand.crisis.remove()), *_forgetting(actor, brand), entry)
    return brands.find(actor.agency, brand.id)


def run_out(actor: Actor, id: str, when: int, now: int) -> None:
    """Ends the crisis whose time was `when`, unless its time was changed since."""
    brand = brands.find(actor.agency, id)
    if until(brand) == when:
        end(actor, brand, now)


def _changing(brand: Brand, action: Any) -> table.Write:
    is_same = Brand.crisis == brand.crisis if brand.crisis else Brand.crisis.does_not_exist()
    actions = [action, Brand.version.add(1)]
    raced = errors.Conflict("Somebody else has changed the crisis at the same time. Read the brand again.")
    return table.changing(Brand(brand.pk, brand.sk), actions, is_same, otherwise=raced)


def _forgetting(actor: Actor, brand: Brand, but: int = 0) -> list[table.Write]:
    """For transact: cancels the crisis's present due end, unless the new one is at the same time."""
    before = until(brand)
    return [due.no_longer(actor.agency, before, DUE, brand.id)] if before not in (0, but) else []
