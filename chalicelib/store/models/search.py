"""Items of saved views."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item, Json


class SavedView(Item):
    """A saved search: a condition, for some brands or for all (None). Its partition says whether it is shared."""

    id = UnicodeAttribute()
    owner = UnicodeAttribute()
    name = UnicodeAttribute()
    shared = BooleanAttribute(default=False)
    brands = Json(null=True)
    condition = Json()
    order = UnicodeAttribute()
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class NumberOfSavedViews(Item):
    """How many views a partition holds, so that there are never too many."""

    number = NumberAttribute(default=0)
