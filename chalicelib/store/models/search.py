"""Items of saved views."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


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
