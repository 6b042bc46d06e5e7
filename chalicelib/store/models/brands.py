"""Items of brands."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Brand(Item):
    """A client brand of an agency. `settings` is the JSON object that brands.settings reads."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    settings = Json(default=dict)
    external_id = UnicodeAttribute(null=True)
    archived_at = Whole(null=True)
    version = Whole(default=1)
    created_at = Whole()
