"""The labels in use, and how many conversations have each: counted in the transaction that changes a conversation's
labels.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from typing import Any
from urllib.parse import quote, unquote

from chalicelib import page
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table, together
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.work import Label


def counting(conversation: Conversation, after: Iterable[str]) -> list[table.Write]:
    """For transact: update the counts of labels for a conversation that has the labels `after` from now on."""
    partition = keys.within(keys.agency_of(conversation.pk), conversation.brand)
    before, now = set(conversation.labels or ()), set(after)
    changes = [*((name, 1) for name in sorted(now - before)), *((name, -1) for name in sorted(before - now))]
    return [
        table.changing(Label(partition, keys.LABELS + name), [Label.conversations.add(more)]) for name, more in changes
    ]


def listing(actor: Actor, brands: Sequence[str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the labels in use in these brands, by name. Only actors who see all conversations there get counts."""
    scope = "|".join(["labels", actor.agency, *sorted(brands)])
    edge = unquote(page.position(scope, cursor) or "")
    reads = [partial(_of_brand, actor.agency, brand, edge, limit + 1) for brand in brands]
    merged = heapq.merge(*together.each(reads), key=lambda label: label.sk)
    named = ((sk, sum(label.conversations for label in same)) for sk, same in groupby(merged, lambda label: label.sk))
    is_whole = all(sight.is_whole(actor, brand) for brand in brands)
    shown, more = page.cut(named, limit, scope, lambda row: quote(_name(row[0])))
    items = [{"name": _name(sk), "conversations": count if is_whole else None} for sk, count in shown]
    return {"items": items, "next": more}


def _of_brand(agency: str, brand: str, edge: str, most: int) -> list[Label]:
    """The first labels in use after the name `edge`. The number of a label older than the counting may be negative."""
    partition, after = keys.within(agency, brand), keys.LABELS + edge if edge else ""
    labels = table.query(Label, partition, keys.LABELS, after=after, where=Label.conversations > 0, consistent=True)
    return list(islice(labels, most))


def _name(sk: str) -> str:
    return sk.removeprefix(keys.LABELS)
