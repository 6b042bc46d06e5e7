"""What every model gets and answers, whoever runs it."""

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
    """Whatever gives opinions on texts, wherever it runs."""

    def judge(self, text: str) -> Sequence[Opinion]:
        """The text is one whole message, of which a model reads at most LONGEST. Raises Unavailable if there is no
        answer in time.
        """


def units(text: str) -> int:
    return max(1, -(-len(text[:LONGEST]) // UNIT))
