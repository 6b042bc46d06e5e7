"""Tells who keeps what a brand says about messages in memory that it changed."""

from chalicelib.store import keys, table
from chalicelib.store.models.brands import Revision


def number(agency: str, brand: str) -> int:
    """How often it changed; what was written in the last second may be missing."""
    kept = table.get(Revision, keys.within(agency, brand), keys.REVISION, consistent=False)
    return kept.number if kept else 0


def raising(agency: str, brand: str) -> table.Write:
    """For transact: counts that what rules judge by has changed."""
    return table.changing(Revision(keys.within(agency, brand), keys.REVISION), [Revision.number.add(1)])
