"""A search: a condition on the conversations of some brands, and the walk through them by activity."""

import heapq
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.search import conditions
from chalicelib.store import counters, keys, table, together
from chalicelib.store.counters import Place
from chalicelib.store.models.inbox import Conversation

EXAMINED, ASKED = 1_000, 100_000
MOST_PLACES = 500
AHEAD, FEW = 100, 10
LEAST = 2
FEW_PLACES = 4  # so many cost less to ask than to find out which of them have anything
# Neither a list nor a condition reads these, so a page does not ask for them: parsing an answer is what costs time.
_UNREAD = {"sk", "inbox", "thread", "opened_at", "assigned_at", "look_at", "people", "parked", "heard", "spoken"}
_READ = [name for name in Conversation.get_attributes() if name not in _UNREAD]
# Each filter of the inbox as a condition.
FILTERS: Mapping[str, Callable[[Any], conditions.Tree]] = {
    "status": lambda status: {"field": "status", "is": status},
    "channel": lambda channel: {"field": "channel", "is": channel},
    "network": lambda key: {"field": "network", "is": key},
    "surface": lambda surface: {"field": "surface", "is": surface},
    "assignee": lambda assignee: {"field": "assignee", "is": None if assignee == "none" else assignee},
    "priority": lambda priority: {"field": "priority", "is": priority},
    "label": lambda label: {"field": "labels", "has": label},
    "waiting": lambda waiting: {"field": "waiting", "is": waiting},
    "window_closes_within": lambda hours: {
        "all": [{"field": "status", "is": ["open", "pending"]}, {"field": "window", "closes_within": f"{hours}h"}]
    },
}


@dataclass(frozen=True)
class Search:
    """A condition as one member asks it. Whatever matches is in these brands, at these places.

    `scope` names its cursors. `plain` is True if the condition asks for brands and statuses only: then all that is at
    the places matches. A request examines at most `examined` conversations for this search.
    """

    actor: Actor
    brands: frozenset[str]
    places: frozenset[Place]
    test: conditions.Test
    scope: str
    plain: bool
    examined: int = EXAMINED

    def finds(self, conversation: Conversation, now: int) -> bool:
        """True if the conversation matches and the actor may see it."""
        return self.matches(conversation, now) and conversations.visible(self.actor, conversation)

    def matches(self, conversation: Conversation, now: int) -> bool:
        """True if the conversation matches, whether or not the actor may see it."""
        return conversation.brand in self.brands and self.test(conversation, now)


def of_condition(actor: Actor, brands: Sequence[str], tree: conditions.Tree, examined: int = EXAMINED) -> Search:
    """A search in these brands, all of which the actor must work for."""
    return Search(
        actor,
        frozenset(conditions.brands(tree, brands)),
        conditions.places(tree, brands),
        conditions.compile(tree, actor),
        "|".join(["conversations", actor.agency, *sorted(brands), json.dumps(tree, sort_keys=True)]),
        conditions.asked(tree) <= {"status", "brand"},
        examined,
    )


def filtered(query: Mapping[str, Any]) -> conditions.Tree:
    """The filters of the inbox as a condition. Without a status, or a filter that implies one, it is that of open."""
    filters = query if "window_closes_within" in query else {"status": "open", **query}
    return {"all": [FILTERS[name](value) for name, value in filters.items() if name in FILTERS]}


def occupied(agency: str, places: Collection[Place]) -> Collection[Place]:
    """Those of the places in which there is anything, by the counters. Of few places all: asking them is cheaper."""
    return counters.known(agency, places).keys() if len(places) > FEW_PLACES else places


def walk(
    agency: str, places: Collection[Place], ahead: int, *, before: str = "", after: str = ""
) -> Iterator[Conversation]:
    """The conversations of the places, newest activity first; those before the edge `before`, if it is given.

    With the edge `after` instead: those after it, oldest first. Each query reads at most `ahead` conversations.
    Raises Invalid for more places than can be walked in the time of one request.
    """
    if len(places) > MOST_PLACES:
        raise errors.Invalid("So many brands at once take too long: say which.", code="too_many_brands", field="brand")
    share = max(1, len(places))
    # Twice as many as are wanted, shared out among the places: few of them are asked again.
    first = min(ahead, max(LEAST, 2 * ahead // share))
    ahead = min(ahead, max(FEW, 2 * EXAMINED // share))
    partitions = [keys.inbox(agency, *place) for place in places]
    walks = together.each([partial(_begun, partition, first, ahead, before, after) for partition in partitions])
    return heapq.merge(*walks, key=lambda conversation: conversation.activity, reverse=not after)


def _begun(partition: str, first: int, ahead: int, before: str, after: str) -> Iterator[Conversation]:
    """The conversations of a partition in their order, of which the first ones are read already."""
    begun, more = table.portion(
        Conversation, partition, first, before=before, after=after, newest=not after, only=_READ
    )
    if not more:
        return iter(begun)
    if begun:
        edge = begun[-1].activity or ""
        before, after = ("", edge) if after else (edge, "")
    return chain(begun, _rest(partition, ahead, before, after))


def _rest(partition: str, ahead: int, before: str, after: str) -> Iterator[Conversation]:
    """Asks only once somebody gets there."""
    yield from table.readable(
        table.listed(Conversation, partition, before=before, after=after, newest=not after, only=_READ, page_size=ahead)
    )
