"""Items of work that is due."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.models.item import Item, Whole


class Due(Item):
    """Something to do at `when` (ms)."""

    agency = UnicodeAttribute()
    kind = UnicodeAttribute()
    target = UnicodeAttribute()
    when = Whole()
