"""Conditions that the table itself checks, so that fewer conversations are read here.

Every conversation that matches the tree meets the narrowing, but others may too; whatever is read is still tested.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

from chalicelib import trees
from chalicelib.access.actors import Actor
from chalicelib.search import fields
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.table import Condition
from chalicelib.trees import Tree

MOST_VALUES = 50  # that a tree compares with: DynamoDB takes 4 KB of conditions
_IS: Mapping[str, Callable[[Any], Iterable[Condition]]] = {
    "channel": lambda channel: [Conversation.channel == channel],
    "network": lambda name: [Conversation.network == name],
    "surface": lambda name: [Conversation.surface == name],
    "contact": lambda contact: [Conversation.contact == contact],
    "assignee": lambda assignee: _is(Conversation.assignee, assignee, None),
    "priority": lambda name: _is(Conversation.priority, name, "normal"),
    "unread": lambda number: [Conversation.unread == number],
    "waiting": lambda waits: [
        Conversation.waiting_since.exists() if waits else Conversation.waiting_since.does_not_exist()
    ],
    "paid": lambda paid: [Conversation.paid.exists() if paid else Conversation.paid.does_not_exist()],
}
_HAS: Mapping[str, Callable[[str], Iterable[Condition]]] = {
    "labels": lambda label: [Conversation.labels.contains(label)],  # among them in the JSON text, in its quotes
    "participants": lambda member: [Conversation.participants.contains(member)],
}


def _is(attribute: Any, value: Any, without: Any) -> Iterator[Condition]:
    """Alternatives; `without` is the value of a conversation that lacks the attribute."""
    if value is not None:
        yield attribute == value
    if value == without:
        yield attribute.does_not_exist()


def of(tree: Tree, viewer: Actor) -> Condition | None:
    """The narrowing of the tree for this viewer; None if the table cannot leave anything out."""
    compared = sum(len(fields.values(leaf, viewer)) for leaf in trees.leaves(tree))
    return _of_branch(tree, viewer) if compared <= MOST_VALUES else None


def either(narrowings: Iterable[Condition | None]) -> Condition | None:
    """The narrowing for what any of several searches finds; None if one of them has none, or if all together are too
    long.
    """
    every = list(narrowings)
    if len(every) == 1:
        return every[0]
    some = [narrowing for narrowing in every if narrowing is not None]
    is_short = sum(map(_comparisons, some)) <= MOST_VALUES
    return reduce(or_, some) if some and len(some) == len(every) and is_short else None


def _comparisons(condition: Condition) -> int:
    parts = [part for part in condition.values if isinstance(part, Condition)]
    return sum(map(_comparisons, parts)) if parts else 1


def _of_branch(tree: Tree, viewer: Actor) -> Condition | None:
    if "field" in tree:
        return _of_leaf(tree, viewer)
    [(word, branches)] = tree.items()
    every = [_of_branch(branch, viewer) for branch in branches]
    some = [narrowing for narrowing in every if narrowing is not None]
    if word == "all":
        return reduce(and_, some) if some else None
    return reduce(or_, some) if word == "any" and len(some) == len(every) else None


def _of_leaf(leaf: Tree, viewer: Actor) -> Condition | None:
    if "over" in leaf:
        more: Condition = Conversation.unread > leaf["over"]
        return more
    alternatives_of = (_IS if "is" in leaf else _HAS).get(leaf["field"])
    if alternatives_of is None:
        return None
    every = [alternative for value in fields.values(leaf, viewer) for alternative in alternatives_of(value)]
    return reduce(or_, every) if every else None
