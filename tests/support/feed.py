"""The feed of events as a member reads it: on from a cursor, until there is no more."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from tests.support.stack import Member, eventually


def news(member: Member, after: str, **query: Any) -> list[Any]:
    """All that happened after that cursor."""
    events: list[Any] = []
    while True:
        answer = member.get("/events", after=after, **query)
        events, after = events + answer["items"], answer["cursor"]
        if not answer["more"]:
            return events


def end(member: Member) -> str:
    """The cursor of what happens from now on."""
    return str(member.get("/events", after="now")["cursor"])


def until_told(member: Member, after: str, types: Collection[str], **query: Any) -> list[Any]:
    """All that happened after that cursor, once something of each type did, as often as it is named."""

    def told() -> Any:
        events = news(member, after, **query)
        return events if Counter(event["type"] for event in events) >= Counter(types) else None

    return list(eventually(told))
