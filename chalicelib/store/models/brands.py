"""Items of brands."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Brand(Item):
    """A client brand of an agency. `settings` is the JSON object that brands.settings reads.

    What is said for one that `is_sandbox` never leaves; it is so from the beginning, or never.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    settings = Json(default=dict)
    external_id = UnicodeAttribute(null=True)
    archived_at = Whole(null=True)
    is_sandbox = BooleanAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()
