"""A short-lived token is asked for once for each secret, and again when it ends or is refused."""

from itertools import count

from chalicelib.networks import passes
from chalicelib.networks.double import number


def test_token_is_made_once_for_each_secret() -> None:
    numbers, ours, theirs = count(), ("a", f"{number()}"), ("a", f"{number()}")
    tokens = [passes.get(key, lambda: (str(next(numbers)), 900)) for key in (ours, theirs, ours, theirs)]
    assert tokens == ["0", "1", "0", "1"]
    passes.drop(ours)
    assert passes.get(ours, lambda: ("new", 900)) == "new"


def test_token_that_lives_for_minutes_only_is_not_kept() -> None:
    secret = (f"{number()}",)
    assert passes.get(secret, lambda: ("a", 100)) == "a"
    assert passes.get(secret, lambda: ("b", 100)) == "b"


def test_memory_is_bounded() -> None:
    for _ in range(1100):
        passes.get((f"{number()}",), lambda: ("t", 900))
    assert len(passes._kept) <= 1000
