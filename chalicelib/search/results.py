"""What a search finds, page by page or counted.

A request examines so many conversations and no more: a page may be short, and its cursor goes on where it ended.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib import clock, page
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.search.searches import AHEAD, ASKED, EXAMINED, Search, walk
from chalicelib.store.models.inbox import Conversation

Json = Mapping[str, Any]
Found = tuple[list[Conversation], Any]


def page_of(search: Search, order: str, limit: int, cursor: str | None, now: int) -> Json:
    """A page of what is found, and where to go on; where there is nothing to go on to is the end."""
    scope = f"{search.scope}|{order}"
    in_order, shape = _IN_ORDER[order]
    found, edge = in_order(search, page.position(scope, cursor, *shape), limit, now)
    return {
        "items": [conversations.view(conversation) for conversation in found],
        "next": page.cursor(scope, edge) if edge else None,
    }


def _newest(search: Search, edge: str | None, limit: int, now: int) -> Found:
    return _in_turn(search, _walk(search, limit, before=edge or ""), limit, now)


def _oldest(search: Search, edge: str | None, limit: int, now: int) -> Found:
    return _in_turn(search, _walk(search, limit, after=edge or "0"), limit, now)


def _walk(search: Search, limit: int, **edge: str) -> Iterator[Conversation]:
    ahead = limit + 1 if search.plain else max(limit + 1, AHEAD)
    return walk(search.partitions(*search.statuses), ahead, **edge)


def _in_turn(search: Search, found_on: Iterator[Conversation], limit: int, now: int) -> Found:
    found: list[Conversation] = []
    for number, conversation in enumerate(found_on, 1):
        found += [conversation] if search.finds(conversation, now) else []
        if len(found) > limit:
            return found[:limit], found[limit - 1].activity
        if number == search.examined:
            return found, conversation.activity
    return found, None


def _window(search: Search, position: Any, limit: int, now: int) -> Found:
    """Soonest to close first, among the newest in activity, as all are whose window is open; then among those before.

    All pages tell the time by the first, so that what closes meanwhile does not come twice.
    """
    at, edge, *last = position or (now, "", 0, "")
    block = list(islice(_walk(search, limit, before=edge), search.examined))
    ranked = sorted((_rank(conversation, at), conversation) for conversation in block if search.finds(conversation, at))
    left = [(rank, conversation) for rank, conversation in ranked if rank > last]
    found = [conversation for _, conversation in left[:limit]]
    if len(left) > limit:
        return found, [at, edge, *left[limit - 1][0]]
    return found, [at, block[-1].activity, 0, ""] if len(block) == search.examined else None


def _rank(conversation: Conversation, now: int) -> list[Any]:
    closes = conversations.closes(conversation)
    return [closes if closes and closes > now else clock.LAST, conversation.activity]


# How each goes on, and from what kind of position.
_IN_ORDER: Mapping[str, tuple[Callable[[Search, Any, int, int], Found], tuple[type, ...]]] = {
    "newest": (_newest, ()),
    "oldest": (_oldest, ()),
    "window": (_window, (int, str, int, str)),
}
ORDERS = tuple(_IN_ORDER)


def counts(actor: Actor, searches: Sequence[Search], now: int, examined: int = EXAMINED) -> list[Json]:
    """How many each finds, from one walk through each status for all; `more` if not all there is was examined.

    Many searches are asked of fewer conversations, so that the answer comes in seconds.
    """
    most = min(examined, ASKED // max(1, len(searches)))
    found: Counter[int] = Counter()
    more: set[int] = set()
    for status in conversations.STATUSES:
        asking = {place: search for place, search in enumerate(searches) if status in search.statuses}
        everywhere = set[str]().union(*(search.partitions(status) for search in asking.values()))
        on = walk(everywhere, AHEAD)
        for conversation in islice(on, most):
            if conversations.visible(actor, conversation):
                found.update(place for place, search in asking.items() if search.matches(conversation, now))
        more.update(asking if next(on, None) else ())
    return [
        {"count": min(found[place], examined), "more": place in more or found[place] > examined}
        for place in range(len(searches))
    ]
