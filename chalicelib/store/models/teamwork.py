"""Items of teamwork."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.models.item import Item, Json, Whole


class Rota(Item):
    """Whose turn it is in a brand: who got the last conversation, and how many each has since `counted_at`."""

    last = UnicodeAttribute(default="")
    loads = Json(default=dict)
    counted_at = Whole(default=0)
    version = Whole(default=0)


class Note(Item):
    """What colleagues tell each other beside a conversation."""

    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    author = UnicodeAttribute()
    author_name = UnicodeAttribute()
    text = UnicodeAttribute()
    mentions = Json(default=list)
    created_at = Whole()
