"""What every model is asked and answers, whoever runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

LONGEST = 8_000  # characters of a text that it is shown
UNIT = 1_000  # characters: what a longer text has counts several times


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a text is, how sure the model is of it (1 to 100), and the reason that it gives."""

    category: str
    score: int
    reason: str


class Model(Protocol):
    """Whatever gives opinions on texts; what it learned from, and where it runs, is its own affair."""

    def judge(self, text: str) -> Sequence[Opinion]:
        """The text, at most LONGEST of it, is one whole message. Raises Unavailable if there is no answer in time."""


def units(text: str) -> int:
    """How many units a model reads of the text."""
    return max(1, -(-len(text[:LONGEST]) // UNIT))
