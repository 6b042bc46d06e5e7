"""The counters that screens show beside their lists: how much there is in the brands of an actor, as far as they may
know.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib import page
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.events import tallies
from chalicelib.events.tallies import OF_ASSIGNEE, Place
from chalicelib.store import counters, together
from chalicelib.store.models.inbox import Tally

Json = Mapping[str, Any]


def listing(actor: Actor, brands: Sequence[str], limit: int, cursor: str | None) -> Json:
    """A page of the counters of these brands, in the order of their ids."""
    scope = f"counters|{actor.agency}|{actor.member}"
    after = page.position(scope, cursor) or ""
    shown, more = page.cut((brand for brand in sorted(brands) if brand > after), limit, scope, str)
    return {"items": of_brands(actor, shown), "next": more}


def of_brands(actor: Actor, brands: Collection[str]) -> list[Json]:
    """The counters of these brands, all of which the actor must work for."""
    known = tallies.known(actor.agency, brands)
    statuses = _statuses(actor.agency, [brand for brand in brands if sight.is_whole(actor, brand)])
    return [view(actor, brand, statuses, known) for brand in brands]


def _statuses(agency: str, brands: Collection[str]) -> Mapping[counters.Place, int]:
    """How many conversations have each status. A few brands are read one by one, more of them as one range of keys."""
    asked = [[brand] for brand in brands] if len(brands) <= tallies.FEW else [brands]
    places = [{(brand, status) for brand in some for status in counters.STATUSES} for some in asked]
    read = together.each([partial(counters.known, agency, some) for some in places])
    return {place: number for numbers in read for place, number in numbers.items()}


def view(
    actor: Actor, brand: str, statuses: Mapping[counters.Place, int], known: Mapping[Place, Tally]
) -> Mapping[str, Any]:
    """What the actor may know: a number that would count conversations which they may not see is None.

    A team with nothing to do is left out.
    """
    is_whole, tally = sight.is_whole(actor, brand), known.get((brand, "")) or Tally()
    sees_own = sight.covers(actor, brand, actor.member)
    own = {assignee: _of_assignee(known.get((brand, assignee))) for assignee in (actor.member, *actor.teams)}
    return {
        "brand": brand,
        "statuses": {status: statuses.get((brand, status), 0) for status in counters.STATUSES} if is_whole else None,
        "unread": tally.unread if is_whole else None,
        "waiting": tally.waiting if is_whole else None,
        "unassigned": tally.unassigned if sight.covers(actor, brand, None) else None,
        "mine": own[actor.member] if sees_own else None,
        "teams": [{"team": team, **own[team]} for team in actor.teams if sees_own and any(own[team].values())],
    }


def _of_assignee(tally: Tally | None) -> Mapping[str, int]:
    return {name: getattr(tally, name) if tally else 0 for name in OF_ASSIGNEE}
