"""Items of what is counted."""

from chalicelib.store.items import Item, Json, Packed, Whole


class Batch(Item):
    """Facts of one agency and hour that were told together, as `figures.folds` packs them.

    `expires` is in seconds, for TTL.
    """

    facts = Packed()
    expires = Whole()


class Hour(Item):
    """What there was in an hour (ms) of a brand: `cells` as `figures.hours` packs them.

    `networks` has the network of each channel. `facts` says of how many the row is made: there are never fewer later.
    `expires` is in seconds, for TTL.
    """

    hour = Whole()
    cells = Packed()
    networks = Json(default=dict)
    facts = Whole()
    expires = Whole()
