"""Items of saved views."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item, Json, Whole


class SavedView(Item):
    """A saved search: a condition, for some brands or for all (None). Its partition says whether it is shared."""

    id = UnicodeAttribute()
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
    """How many views a partition holds, so that there are never too many."""

    number = Whole(default=0)
