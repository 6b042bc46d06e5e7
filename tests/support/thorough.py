"""How much is tried by chance: as much as there is time for in `make test`, and more in `make check`."""

import os
from typing import TypeVar

from hypothesis import settings

_USUAL = 100  # examples of a property; only the profile `quick` has fewer

T = TypeVar("T")


def tries(some: T, more: T) -> T:
    """`more` if THOROUGH is set."""
    return more if os.environ.get("THOROUGH") else some


def examples(most: int) -> int:
    """So many examples of a property, or as few as `make quick` tries of all others."""
    return min(most, settings().max_examples) if settings().max_examples < _USUAL else most
