"""Which index this stage has, by the setting SEARCH."""

from functools import cache

from chalicelib import settings
from chalicelib.texts.indexes import Index
from chalicelib.texts.segments import Segments


@cache
def index() -> Index:
    """Raises ValueError if it is not told which, or where."""
    chosen = settings.get().search
    if chosen == "segments":
        return Segments()
    raise ValueError("SEARCH is segments or opensearch")
