"""Watching the calls to the table, or answering them, at a moment of botocore's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store import connection


@contextmanager
def at(moment: str, do: Callable[..., Any]) -> Iterator[None]:
    """Calls `do` at that moment of each call inside, such as `before-call.dynamodb.Query`."""
    events = connection.opened().connection.client.meta.events
    events.register(moment, do, unique_id=moment)
    try:
        yield
    finally:
        events.unregister(moment, unique_id=moment)
