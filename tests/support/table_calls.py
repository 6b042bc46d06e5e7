"""Which calls of the table are made, and how many items queries look at."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from chalicelib.store import table

T = TypeVar("T")


def watched() -> AbstractContextManager[list[str]]:
    """Gives a list which has the name of each call that is made inside."""
    return _noted("*", lambda call: str(call["model"].name))


def examined() -> AbstractContextManager[list[int]]:
    """Gives a list which has how many items each query looks at that is made inside."""
    return _noted("Query", lambda call: int(call["parsed"]["ScannedCount"]))


@contextmanager
def _noted(calls: str, what: Callable[[Mapping[str, Any]], T]) -> Iterator[list[T]]:
    noted: list[T] = []

    def note(**call: Any) -> None:
        noted.append(what(call))

    events = table.connection().client.meta.events
    events.register(f"after-call.dynamodb.{calls}", note)
    try:
        yield noted
    finally:
        events.unregister(f"after-call.dynamodb.{calls}", note)
