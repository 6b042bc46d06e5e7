"""Items of what the networks delivered."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Whole


class Delivered(Item):
    """An entry of the ledger: items of a delivery for one channel that had the same outcome in the same attempt.

    The sort key has everything that a list shows. `items` is their JSON, compressed and in base 64. `expires` is in
    seconds, for TTL.
    """

    items = UnicodeAttribute()
    expires = Whole()
