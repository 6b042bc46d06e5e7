"""Items of what the networks delivered."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.models.item import Item, Whole


class Delivered(Item):
    """What a network posted for a channel. The sort key tells all that a list shows; `expires` is in seconds, for TTL.

    `items` are packed into text.
    """

    items = UnicodeAttribute()
    expires = Whole()
