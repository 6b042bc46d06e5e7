"""What `make demo NETWORK=<any>` plays: somebody says something there, and is answered."""

from typing import Any

import pytest

from local import one_network
from local.day import Day, Missing
from tests.support.stack import Stack

# One that posts, one that is asked, one of reviews, and one on which nobody says anything.
KINDS = {"line": "is sent", "mastodon": "is sent", "google_business": "is sent", "pinterest": "one publishes only"}


class Lines:
    """A screen that only keeps what is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def step(self, text: str) -> None:
        self.lines.append(text)

    note = step

    def show(self, *_: Any, **__: Any) -> None:
        """The inbox is not drawn."""


def day(stack: Stack) -> tuple[Day, Lines]:
    """Of a brand of its own, on which the owner does what others do in the demo."""
    agency, lines = stack.brand(), Lines()
    tokens = dict.fromkeys(agency.members, agency.owner.token)
    known = {"double": stack.double, "api": stack.api, "networks": stack.networks, "tokens": tokens, "page": ""}
    screen: Any = lines
    return Day({**known, "brand": agency.brand}, screen), lines


@pytest.mark.parametrize("network", KINDS)
def test_network_of_each_kind_has_its_turn(stack: Stack, network: str) -> None:
    today, lines = day(stack)
    one_network.play(today, network)
    assert KINDS[network] in lines.lines[-1]


def test_network_that_is_not_there_is_told_with_those_that_are(stack: Stack) -> None:
    today, lines = day(stack)
    for name in ("nowhere", "example"):
        with pytest.raises(Missing, match="mastodon, messenger"):
            one_network.play(today, name)
    assert lines.lines == []
