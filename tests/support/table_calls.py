"""Which calls of the table are made, and how many items queries look at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store import table


@contextmanager
def watched() -> Iterator[list[str]]:
    """Gives a list which has the name of each call that is made inside."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb.*", note)
    try:
        yield calls
    finally:
        events.unregister("after-call.dynamodb.*", note)


@contextmanager
def examined() -> Iterator[list[int]]:
    """Gives a list which has how many items each query looks at that is made inside."""
    counts: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        counts.append(parsed["ScannedCount"])

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb.Query", note)
    try:
        yield counts
    finally:
        events.unregister("after-call.dynamodb.Query", note)
