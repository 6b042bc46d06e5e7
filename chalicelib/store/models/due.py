"""Items of work that is due."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item


class Due(Item):
    """Something to do at `when` (ms)."""

    agency = UnicodeAttribute()
    kind = UnicodeAttribute()
    target = UnicodeAttribute()
    when = NumberAttribute()
