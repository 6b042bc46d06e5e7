"""Items of work that is due."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Whole


class Due(Item):
    """Work of some kind to be done for a target at `when` (ms)."""

    agency = UnicodeAttribute()
    kind = UnicodeAttribute()
    target = UnicodeAttribute()
    when = Whole()
