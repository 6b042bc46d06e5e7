"""How much is tried by chance: as much as there is time for in `make test`, and more in `make check`."""

import os


def tries(some: int, more: int) -> int:
    """`more` if THOROUGH is set."""
    return more if os.environ.get("THOROUGH") else some
