"""The results of a search, page by page or counted.

A request examines a limited number of conversations, so a page may be short; its cursor goes on where it ended.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from chalicelib import clock, page
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations, windows
from chalicelib.page import Part
from chalicelib.search import narrowing
from chalicelib.search.searches import AHEAD, ASKED, EXAMINED, Passed, Search, looked_at, occupied, walk
from chalicelib.store import counters
from chalicelib.store.counters import Place
from chalicelib.store.models.inbox import Conversation

Json = Mapping[str, Any]
# The conversations, and the position from which the next page goes on; None at the end.
Found = tuple[list[Conversation], Any]
_BEFORE_ALL = (0, "")  # a rank before that of any conversation


def page_of(search: Search, order: str, limit: int, cursor: str | None, now: int) -> Part[Conversation]:
    """A page of what the search finds. Ordered by window, pages only go forward; by activity, also back."""
    scope = f"{search.scope}|{order}"
    if order == "window":
        items, position = _window(search, page.position(scope, cursor, *_WINDOW), limit, now)
        return Part(items, page.cursor(scope, position) if position else None)
    edge, is_back = page.split_position(page.position(scope, cursor))
    is_newest = (order == "newest") != is_back
    edges = {"before": edge} if is_newest else {"after": edge or "0"}
    items, more = _in_turn(search, _walk(search, limit, **edges, where=search.where), limit, now)
    return page.part(scope, edge, items, _activity, is_back=is_back, more=more or "")


def _activity(conversation: Conversation) -> str:
    return conversation.activity or ""


def _walk(search: Search, limit: int, **which: Any) -> Iterator[Conversation | Passed]:
    ahead = limit + 1 if search.plain else max(limit + 1, AHEAD)
    agency = search.actor.agency
    return walk(agency, occupied(agency, search.places), ahead, **which)


def _in_turn(search: Search, candidates: Iterator[Conversation | Passed], limit: int, now: int) -> Found:
    matches: list[Conversation] = []
    examined = 0
    for candidate in candidates:
        if isinstance(candidate, Passed):
            examined += candidate.number
        else:
            examined += 1
            matches += [candidate] if search.finds(candidate, now) else []
        if len(matches) > limit:
            return matches[:limit], matches[limit - 1].activity
        if examined >= search.examined:
            return matches, candidate.activity
    return matches, None


def _window(search: Search, position: Any, limit: int, now: int) -> Found:
    """The results in the order in which their windows close, the soonest first.

    The newest conversations by activity form a block, which is sorted by rank; those before it form the next block. A
    window is open only for hours, so conversations with an open window are in the first block. A position holds the
    time of the first page (all pages rank by it, so that no conversation comes twice), the edge before which the block
    begins, and the rank of the last conversation shown.
    """
    started_at, edge, *last_rank = position or (now, "", *_BEFORE_ALL)
    block = list(looked_at(_walk(search, limit, before=edge), search.examined))
    ranked = sorted(
        (
            (_rank(conversation, started_at), conversation)
            for conversation in block
            if search.finds(conversation, started_at)
        ),
        key=itemgetter(0),
    )
    left = [(rank, conversation) for rank, conversation in ranked if rank > last_rank]
    matches = [conversation for _, conversation in left[:limit]]
    if len(left) > limit:
        rank, _ = left[limit - 1]
        return matches, [started_at, edge, *rank]
    if len(block) == search.examined:
        return matches, [started_at, block[-1].activity, *_BEFORE_ALL]
    return matches, None


def _rank(conversation: Conversation, now: int) -> list[Any]:
    """When the window closes (ms; last if it is closed or there is none), then the activity, which is unique."""
    closes = windows.closes_at(conversation)
    return [closes if closes and closes > now else clock.LAST, conversation.activity]


ORDERS = ("newest", "oldest", "window")
_WINDOW = (int, str, int, str)  # the types of the parts of a position in that order


def counts(actor: Actor, searches: Sequence[Search], now: int, examined: int = EXAMINED) -> list[Json]:
    """How many conversations each search finds; `more` if there may be more.

    It is exact for a plain search by somebody who sees everything in its brands: for these there are counters.
    """
    brands = set[str]().union(*(search.brands for search in searches))
    whole = {brand for brand in brands if sight.is_whole(actor, brand)}
    exact = {number for number, search in enumerate(searches) if search.plain and search.brands <= whole}
    numbers = counters.known(actor.agency, set[Place]().union(*(searches[number].places for number in exact)))
    others = [search for number, search in enumerate(searches) if number not in exact]
    looked_through = iter(_looked_through(actor, others, now, examined))
    return [
        _exactly(search, numbers) if number in exact else next(looked_through) for number, search in enumerate(searches)
    ]


def _exactly(search: Search, numbers: Mapping[Place, int]) -> Json:
    return {"count": sum(numbers.get(place, 0) for place in search.places), "more": False}


def _looked_through(actor: Actor, searches: Sequence[Search], now: int, examined: int) -> list[Json]:
    """The same, by one walk per status for all searches.

    The more searches, the fewer conversations are examined, so that the answer takes only seconds.
    """
    most = min(examined, ASKED // max(1, len(searches)))
    where = narrowing.either(search.where for search in searches)
    matches: Counter[int] = Counter()
    more: set[int] = set()
    there = occupied(actor.agency, set[Place]().union(*(search.places for search in searches)))
    for status in conversations.STATUSES:
        places = {place for place in there if place[1] == status}
        asking = {number: search for number, search in enumerate(searches) if places & search.places}
        candidates = walk(actor.agency, places, AHEAD, where=where)
        for conversation in looked_at(candidates, most):
            if conversations.visible(actor, conversation):
                matches.update(number for number, search in asking.items() if search.matches(conversation, now))
        more.update(asking if next(candidates, None) else ())
    return [
        {"count": min(matches[number], examined), "more": number in more or matches[number] > examined}
        for number in range(len(searches))
    ]
