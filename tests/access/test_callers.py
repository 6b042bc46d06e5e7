"""A token that merely expired is refused without a word to the user pool, so that its session can go on."""

import pytest

from chalicelib.access.tokens import Caller

AT = 1_000_000


@pytest.mark.parametrize(
    ("caller", "has_ended"),
    [
        (Caller("person", since=1, until=AT), True),
        (Caller("person", since=1, until=AT + 1), False),
        (Caller("key_of_somebody"), False),
    ],
)
def test_token_ends_when_it_says(caller: Caller, has_ended: bool) -> None:
    assert caller.has_ended(AT) == has_ended
