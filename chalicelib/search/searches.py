"""What somebody looks for among the conversations of the brands they work for, and the walk by activity to find it."""

import heapq
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.inbox import conversations
from chalicelib.search import conditions
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation

EXAMINED, ASKED = 1_000, 100_000
PARTITIONS = 500
AHEAD, FEW = 100, 10
# What view(), visible() and conditions read, and the order: a page asks for nothing else, as reading an answer costs
# more than asking for it.
_READ = [
    "pk", "brand", "channel", "network", "surface", "status", "origin", "contact", "contact_name", "unread",
    "last_message", "context", "version", "created_at", "updated_at", "activity", "last_at", "last_in_at",
    "assignee", "priority", "labels", "attributes", "snoozed_until", "to",
    "participants", "waiting_since", "clocks",
]  # fmt: skip
# Each filter of the inbox is a condition.
FILTERS: Mapping[str, Callable[[Any], conditions.Tree]] = {
    "status": lambda status: {"field": "status", "is": status},
    "channel": lambda channel: {"field": "channel", "is": channel},
    "network": lambda key: {"field": "network", "is": key},
    "surface": lambda surface: {"field": "surface", "is": surface},
    "assignee": lambda who: {"field": "assignee", "is": None if who == "none" else who},
    "priority": lambda priority: {"field": "priority", "is": priority},
    "label": lambda label: {"field": "labels", "has": label},
    "waiting": lambda waiting: {"field": "waiting", "is": waiting},
    "window_closes_within": lambda hours: {
        "all": [{"field": "status", "is": ["open", "pending"]}, {"field": "window", "closes_within": f"{hours}h"}]
    },
}


@dataclass(frozen=True)
class Search:
    """A condition as somebody asks it. All that it finds is in these brands and statuses; `scope` is for its cursors.

    `plain` says that it asks for nothing else. A request examines at most `examined` conversations for it.
    """

    actor: Actor
    brands: frozenset[str]
    statuses: tuple[str, ...]
    test: conditions.Test
    scope: str
    plain: bool
    examined: int = EXAMINED

    def finds(self, conversation: Conversation, now: int) -> bool:
        """True if it is looked for, and the actor may see it."""
        return self.matches(conversation, now) and conversations.visible(self.actor, conversation)

    def matches(self, conversation: Conversation, now: int) -> bool:
        """True if it is looked for, by whomever."""
        return conversation.brand in self.brands and self.test(conversation, now)

    def partitions(self, *statuses: str) -> set[str]:
        """Where it finds anything in these statuses."""
        within = set(statuses).intersection(self.statuses)
        return {keys.inbox(self.actor.agency, brand, status) for brand in self.brands for status in within}


def of_condition(actor: Actor, brands: Sequence[str], tree: conditions.Tree, examined: int = EXAMINED) -> Search:
    """Look for that in these brands, which the actor works for."""
    return Search(
        actor,
        frozenset(conditions.brands(tree, brands)),
        conditions.statuses(tree),
        conditions.compile(tree, actor),
        "|".join(["conversations", actor.agency, *sorted(brands), json.dumps(tree, sort_keys=True)]),
        {leaf["field"] for leaf in conditions.leaves(tree)} <= {"status", "brand"},
        examined,
    )


def filtered(query: Mapping[str, Any]) -> conditions.Tree:
    """The filters of the inbox as a condition: what is open, unless another status is asked for or implied."""
    asked = query if "window_closes_within" in query else {"status": "open", **query}
    return {"all": [FILTERS[name](value) for name, value in asked.items() if name in FILTERS]}


def walk(partitions: Collection[str], ahead: int, *, before: str = "", after: str = "") -> Iterator[Conversation]:
    """Back in activity, from before an edge if there is one, or on from after one; `ahead` are read of each at once.

    Raises Invalid for more partitions than can be walked in the time a request has.
    """
    if len(partitions) > PARTITIONS:
        raise errors.Invalid("So many brands at once take too long: say which.", code="too_many_brands", field="brand")
    ahead = min(ahead, max(FEW, 2 * EXAMINED // max(1, len(partitions))))
    walks = [
        table.listed(Conversation, partition, before=before, after=after, newest=not after, only=_READ, page_size=ahead)
        for partition in partitions
    ]
    return heapq.merge(*map(table.readable, walks), key=lambda conversation: conversation.activity, reverse=not after)
