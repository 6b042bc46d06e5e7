"""How much is tried by chance: as much as there is time for in `make test`, and more in `make check`."""

import os
from typing import TypeVar

T = TypeVar("T")


def tries(some: T, more: T) -> T:
    """`more` if THOROUGH is set."""
    return more if os.environ.get("THOROUGH") else some
