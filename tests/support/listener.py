"""Open pages: sockets of members."""

from collections.abc import Mapping
from typing import Any

from local.listener import Closed, Listener, Refused
from tests.support.stack import Member

__all__ = ["Closed", "Listener", "Refused", "listening", "ticket"]
Json = Mapping[str, Any]


def ticket(member: Member, **headers: str) -> Json:
    """A ticket for the member, asked for with these headers."""
    answer = member.call("POST", "/socket-tickets", headers=headers)
    assert answer.status == 201, answer
    content: Json = answer.json
    return content


def listening(member: Member, **wanted: Any) -> Listener:
    """A socket of the member that listens to what is wanted."""
    given = ticket(member)
    listener = Listener(f"{given['url']}?ticket={given['ticket']}")
    listener.asks({"do": "listen", **wanted}, "listening")
    return listener
