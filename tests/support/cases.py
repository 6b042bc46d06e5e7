"""A table of bad inputs: each id of the catalogue has one function, and a test is called by both."""

from collections.abc import Callable
from typing import TypeVar

from tests.support.people import Fan
from tests.support.stack import Stack

F = TypeVar("F", bound=Callable[..., None])


def asks(stack: Stack, network: str = "messenger") -> tuple[Fan, str]:
    """Somebody who wrote, and where to answer them."""
    fan = Fan(stack.connect(network))
    return fan, f"/conversations/{fan.starts()['id']}/replies"


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

    def sentence(self, id: str) -> str:
        """The id and what is tried, as pytest names the test."""
        return f"{id}{self[id].__name__}"
