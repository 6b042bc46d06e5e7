"""Items of saved views."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Packed, Whole


class SavedView(Item):
    """A saved search: a condition, for some brands or for all (None). Shared views have a partition of their own."""

    id = UnicodeAttribute()
    external_id = UnicodeAttribute(null=True)
    owner = UnicodeAttribute()
    name = UnicodeAttribute()
    shared = BooleanAttribute(default=False)
    brands = Json(null=True)
    condition = Json()
    order = UnicodeAttribute()
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class NumberOfSavedViews(Item):
    """The number of views in a partition, which is limited."""

    number = Whole(default=0)


class Shelf(Item):
    """The blocks of lines of an agency's messages or contacts, as `texts.shelves` reads them."""

    blocks = Packed(default=list)
    version = Whole(default=0)


class Mark(Item):
    """Up to which segment of the lane an index has read. At `ended_at` (ms) it had read everything."""

    number = Whole(default=0)
    ended_at = Whole(default=0)
    version = Whole(default=0)
