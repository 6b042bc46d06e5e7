"""A process that dies between its steps, to see what the clock makes of what it leaves."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from chalicelib.store import connection

MOMENTS = range(7)  # for work of up to three transactions; nothing dies at a moment that does not come


class Died(BaseException):
    """The process is no more; nothing catches this."""


@contextmanager
def dying(moment: int, *operations: str) -> Iterator[None]:
    """Inside, the process dies right before its first transaction (0), right after it (1), before its second (2), ..

    What it does elsewhere lies between two transactions. If it makes fewer, it lives. With `operations`, it dies at
    these instead of transactions.
    """
    moments = count()

    def pass_by(**_: Any) -> None:
        if next(moments) == moment:
            raise Died

    events = connection.opened().connection.client.meta.events
    where = operations or ("TransactWriteItems",)
    edges = [f"{edge}.dynamodb.{operation}" for operation in where for edge in ("before-call", "after-call")]
    for edge in edges:
        events.register(edge, pass_by, unique_id=edge)
    try:
        with suppress(Died):
            yield
    finally:
        for edge in edges:
            events.unregister(edge, unique_id=edge)
