"""Parts of a conversation: from one end, between two messages, or around one and from there in both directions."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib import errors, ids, page
from chalicelib.page import Part
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message


def part_of(conversation: Conversation, query: Mapping[str, Any]) -> Part[Message]:
    """The messages that are asked for, `oldest` or `newest` first.

    `before` and `after` are ids of messages between which the part lies, `around` that of one in its middle; these
    messages need not exist any more. Raises Invalid for a message of another conversation, and for `around` together
    with one of the others or a cursor.
    """
    is_newest, limit = query["order"] == "newest", query["limit"]
    low, high = (_key(conversation, query, name) for name in ("after", "before"))
    scope = "|".join([conversation.pk, query["order"], low, high])

    def beyond(edge: str, is_back: bool, most: int) -> Iterator[Message]:
        downwards = is_newest != is_back
        edges = (low, edge or high) if downwards else (edge or low, high)
        return _between(conversation, *edges, newest=downwards, most=most)

    middle = _key(conversation, query, "around")
    if not middle:
        return page.both_ways(scope, query.get("cursor"), limit, beyond, _sort_key)
    if low or high or "cursor" in query:
        raise errors.Invalid(
            "`around` does not go with `before`, `after` or `cursor`.", code="not_together", field="around"
        )
    later = list(_between(conversation, middle, "", newest=False, most=limit + 1))
    earlier = list(_between(conversation, "", middle + "\0", newest=True, most=limit + 1))
    return _around(scope, earlier, later, limit, is_newest=is_newest)


def _around(scope: str, earlier: list[Message], later: list[Message], limit: int, *, is_newest: bool) -> Part[Message]:
    """Both sides in one part. Each side comes with the nearest message first, and with one more than fits if there are
    more.
    """
    after = later[: max(limit // 2, limit - len(earlier))]
    before = earlier[: limit - len(after)]
    shown = [*after[::-1], *before]
    if not shown:
        return Part([])
    top = page.BACK + shown[0].sk if len(later) > len(after) else None
    bottom = shown[-1].sk if len(earlier) > len(before) else None
    if not is_newest:
        top, bottom = (page.BACK + shown[-1].sk if bottom else None), (shown[0].sk if top else None)
        shown.reverse()
    onward, back = (page.cursor(scope, place) if place else None for place in (bottom, top))
    return Part(shown, onward, back)


def _between(conversation: Conversation, low: str, high: str, *, newest: bool, most: int) -> Iterator[Message]:
    """At most so many messages between two sort keys, both left out; the query itself includes the higher one."""
    messages = table.query(
        Message, conversation.pk, keys.MESSAGES, newest=newest, limit=most + 1, before=high, after=low,
        consistent=True, only_readable=True,
    )  # fmt: skip
    return islice(messages, most)


def _sort_key(message: Message) -> str:
    return message.sk


def _key(conversation: Conversation, query: Mapping[str, Any], name: str) -> str:
    id = query.get(name)
    if not id:
        return ""
    if ids.conversation_of(id) != conversation.id:
        raise errors.Invalid(
            f"`{name}` has to be the id of a message of the conversation.", code="unknown_reference", field=name
        )
    return keys.message(id)
