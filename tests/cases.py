"""A table of bad inputs: each id of the catalogue has one function, which pytest calls under that id."""

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., None])


class Cases(dict[str, Callable[..., None]]):
    """Ids, and what is tried for each."""

    def add(self, id: str) -> Callable[[F], F]:
        """Declare the function what is tried for that id."""

        def declare(attempt: F) -> F:
            if id in self:
                raise ValueError(f"{id} twice")
            self[id] = attempt
            return attempt

        return declare
