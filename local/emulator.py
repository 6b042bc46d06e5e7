"""Runs MiniStack, which reads the text of a condition anew for each item that it looks at; run like this, once.

It remembers what depends on the text alone, so its answers stay the same. A version that has no such function is left
as it is.
"""

import sys
from functools import lru_cache

from ministack import app
from ministack.services import dynamodb

READ_FROM_TEXT = ("_tokenize", "_condition_syntax_error")
_MOST_TEXTS = 10_000


def remember() -> None:
    """From now on, what was read from a text is not read again."""
    for name in READ_FROM_TEXT:
        if hasattr(dynamodb, name):
            setattr(dynamodb, name, lru_cache(_MOST_TEXTS)(getattr(dynamodb, name)))


if __name__ == "__main__":
    remember()
    sys.exit(app.main())
