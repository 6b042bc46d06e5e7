"""A search: in the index, and in what happened since the index was last updated."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.events import lane
from chalicelib.texts import changes, turns
from chalicelib.texts.indexes import Found, Index, Query, Time
from chalicelib.texts.lines import CONTACTS, MESSAGES, Line

_MOST_SEGMENTS = 1_000  # of the lane
_MOST_NEW = 1_000  # messages and contacts that the index may not have yet; of more, the newest


@dataclass(frozen=True)
class News:
    """What the index may not have yet, or in an older version: lines by shelf and key, and keys that are gone."""

    lines: Mapping[str, Mapping[str, Line]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def news(agency: str, index: Index) -> News:
    """What happened since the index followed the lane last."""
    try:
        tail = turns.unread(agency, index, _MOST_SEGMENTS)
    except lane.Gone:  # the index has to be made anew; what it has is better than nothing
        return News()
    targets = changes.targets(tail.events)[-_MOST_NEW:]
    if not targets:
        return News()
    now = changes.read(agency, targets)
    by_shelf = {MESSAGES: now.messages, CONTACTS: now.contacts}
    return News(
        {shelf: {line.key: line for line in lines} for shelf, lines in by_shelf.items()},
        frozenset(now.removed),
    )  # fmt: skip


@dataclass(frozen=True)
class Search:
    """A query to a shelf of an agency, with what the index does not have yet.

    `network` restricts contacts, each of which may be of several networks. `labels`: a message's conversation must have
    one of them now; if there are none, all match.
    """

    agency: str
    index: Index
    shelf: str
    query: Query
    news: News
    network: str = ""
    labels: frozenset[str] = frozenset()

    def find(self, before: str, most: int, time: Time) -> Found:
        """The keys below `before`, newest first, at most `most`."""
        fresh = self.news.lines.get(self.shelf, {})
        stored = self.index.find(self.agency, self.shelf, self.query, before, most, time)
        known = [key for key in stored.keys if key not in fresh and key not in self.news.removed]
        end = stored.next or ""
        new = [key for key, line in fresh.items() if end <= key < before and self.query.finds(line)]
        keys = sorted((*known, *new), reverse=True)
        return Found(keys[:most], keys[most - 1] if len(keys) > most else stored.next)
