"""A counter that tells caches that something changed: a brand's line, rules or term lists."""

from chalicelib.store import keys, table
from chalicelib.store.models.brands import Revision


def number(agency: str, brand: str) -> int:
    """How often they changed; a change of the last second may be missing."""
    kept = table.get(Revision, keys.within(agency, brand), keys.REVISION, consistent=False)
    return kept.number if kept else 0


def raising(agency: str, brand: str) -> table.Write:
    """For transact: counts a change of what rules judge by."""
    return table.changing(Revision(keys.within(agency, brand), keys.REVISION), [Revision.number.add(1)])
