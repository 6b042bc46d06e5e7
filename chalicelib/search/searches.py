"""A search: a condition on the conversations of some brands, and the walk through them by activity."""

import heapq
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from chalicelib import errors, moments, trees
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.inbox import conversations
from chalicelib.search import conditions, narrowing
from chalicelib.store import counters, keys, listings, table, together
from chalicelib.store.counters import Place
from chalicelib.store.models.inbox import Conversation
from chalicelib.trees import Tree

EXAMINED, ASKED = 1_000, 100_000
MOST_PLACES = 500
_TOO_MANY = f"A request reads at most {MOST_PLACES} pairs of brand and status. Ask for fewer brands."
AHEAD, LATER, FEW = 100, 3, 10
LEAST = 2
FEW_PLACES = 4  # so many cost less to ask than to find out which of them have anything
# Neither a list nor a condition reads these, so a page does not ask for them: parsing an answer is what costs time.
_NOT_READ = {
    "sk",
    "inbox",
    "thread",
    "opened_at",
    "assigned_at",
    "look_at",
    "people",
    "parked",
    "heard",
    "spoken",
    "revised",
    "coarse_at",
}
_READ = [name for name in Conversation.get_attributes() if name not in _NOT_READ]
Read = Callable[[int, str], tuple[list[Conversation], int, str]]  # a portion of one place, of that size beyond an edge
ALL = "all"  # as a status
# Each filter of the inbox as a condition; those of several values take any of them.
FILTERS: Mapping[str, Callable[[Any], Tree]] = {
    "status": lambda names: {"field": "status", "is": list(conversations.STATUSES) if ALL in names else names},
    **{
        name: partial(lambda name, values: {"field": name, "is": values}, name)
        for name in ("channel", "network", "surface", "priority", "contact", "waiting", "paid")
    },
    "assignee": lambda ids: {"field": "assignee", "is": [None if id == "none" else id for id in ids]},
    "label": lambda labels: {"field": "labels", "has": labels},
    "unread": lambda is_any: {"field": "unread", "over": 0} if is_any else {"field": "unread", "is": 0},
    "window_closes_within": lambda hours: {
        "all": [{"field": "status", "is": ["open", "pending"]}, {"field": "window", "closes_within": f"{hours}h"}]
    },
}


@dataclass(frozen=True)
class Search:
    """A condition as one member asks it. Whatever matches is in these brands and places.

    `scope` names its cursors. `plain` is True if the condition asks only about brands and statuses: then everything in
    the places matches. `where` is what the table can test of it. A request examines at most `examined` conversations
    for this search. With `since` (ms), only conversations that changed since then match.
    """

    actor: Actor
    brands: frozenset[str]
    places: frozenset[Place]
    test: conditions.Test
    scope: str
    plain: bool
    where: table.Condition | None = None
    examined: int = EXAMINED
    since: int = 0

    def finds(self, conversation: Conversation, now: int) -> bool:
        """True if the conversation matches and the actor may see it."""
        return self.matches(conversation, now) and conversations.visible(self.actor, conversation)

    def matches(self, conversation: Conversation, now: int) -> bool:
        """True if the conversation matches, whether or not the actor may see it."""
        is_meant = conversation.brand in self.brands and conversation.updated_at >= self.since
        return is_meant and self.test(conversation, now)


def of_condition(
    actor: Actor, brand_ids: Sequence[str], tree: Tree, examined: int = EXAMINED, since: int = 0
) -> Search:
    """A search in these brands, for all of which the actor must work; with `since` (ms), for what changed since."""
    text, where = json.dumps(tree, sort_keys=True), narrowing.of(tree, actor)
    if since:
        is_late: table.Condition = Conversation.updated_at >= since
        where = is_late if where is None else where & is_late
    return Search(
        actor,
        frozenset(conditions.brands(tree, brand_ids)),
        conditions.places(tree, brand_ids),
        conditions.compile(tree, actor),
        "|".join(["conversations", actor.agency, *sorted(brand_ids), text, *([str(since)] if since else [])]),
        trees.fields_of(tree) <= {"status", "brand"} and not since,
        where,
        examined,
        since,
    )


def filtered(query: Mapping[str, Any]) -> Tree:
    """The filters of the inbox as a condition. Without a status, or a filter that implies one, the status is open."""
    filters = query if "window_closes_within" in query else {"status": ["open"], **query}
    return {"all": [FILTERS[name](value) for name, value in filters.items() if name in FILTERS]}


def of_query(actor: Actor, query: Mapping[str, Any]) -> Search:
    """The search that the filters of the inbox describe. Raises NotFound for an unknown brand, Invalid for an
    unreadable time.
    """
    brand_ids = brands.scopes(actor, query.get("brand", ()))
    since = moments.parse(query["updated_since"], "updated_since") if "updated_since" in query else 0
    return of_condition(actor, brand_ids, filtered(query), since=since)


def occupied(agency: str, places: Collection[Place]) -> Collection[Place]:
    """Those of the places that have any conversation, by the counters. Up to four places are all returned: asking them
    costs less.
    """
    return counters.known(agency, places).keys() if len(places) > FEW_PLACES else places


@dataclass(frozen=True)
class Passed:
    """The table left out so many conversations, up to this activity."""

    activity: str
    number: int


def walk(
    agency: str,
    places: Collection[Place],
    ahead: int,
    *,
    before: str = "",
    after: str = "",
    where: table.Condition | None = None,
) -> Iterator[Conversation | Passed]:
    """The conversations of the places, newest activity first; with `before`, those before that activity.

    With `after` instead: those after it, oldest first. Each query reads at most `ahead` conversations. With `where` the
    table leaves out the others, and now and then a `Passed` says how many. Raises Invalid for more places than one
    request can walk in time.
    """
    if len(places) > MOST_PLACES:
        raise errors.Invalid(_TOO_MANY, code="too_many_brands", field="brand")
    share = max(1, len(places))
    # Twice as many as are wanted, shared out among the places: few of them are asked again.
    first = min(ahead, max(LEAST, 2 * ahead // share))
    ahead = min(ahead, max(FEW, 2 * EXAMINED // share))
    if where is not None:
        ahead = min(LATER * ahead, max(FEW, 2 * EXAMINED // share))  # most of them stay away
    edge, portion = after or before, partial(listings.portion, Conversation, newest=not after, only=_READ, where=where)
    reads = [partial(portion, keys.inbox(agency, *place)) for place in places]
    walks = together.each([partial(_begun, read, first, ahead, edge) for read in reads])
    return heapq.merge(*walks, key=lambda passed: passed.activity or "", reverse=not after)


def looked_at(candidates: Iterator[Conversation | Passed], most: int) -> Iterator[Conversation]:
    """The conversations of a walk, until `most` were examined, here or by the table."""
    for candidate in candidates:
        if isinstance(candidate, Passed):
            most -= candidate.number
        else:
            most -= 1
            yield candidate
        if most <= 0:
            return


def _begun(read: Read, first: int, ahead: int, edge: str) -> Iterator[Conversation | Passed]:
    """What is beyond the edge, in order; the first portion is read already."""
    conversations, left_out, edge = read(first, edge)
    return chain(_with_passed(conversations, left_out, edge), _rest(read, ahead, edge))


def _rest(read: Read, ahead: int, edge: str) -> Iterator[Conversation | Passed]:
    """Reads a portion only when the walk gets there."""
    while edge:
        conversations, left_out, edge = read(ahead, edge)
        yield from _with_passed(conversations, left_out, edge)


def _with_passed(conversations: list[Conversation], left_out: int, edge: str) -> Iterator[Conversation | Passed]:
    yield from conversations
    if left_out and edge:
        yield Passed(edge, left_out)
