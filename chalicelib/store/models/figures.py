"""Items of what is counted."""

from chalicelib.store.items import Item, Json, Packed, Whole


class Batch(Item):
    """Facts of one agency and hour that were recorded together, as `figures.folds` packs them.

    `expires` is in seconds, for TTL.
    """

    facts = Packed()
    expires = Whole()


class Gauge(Item):
    """What an agency had at the beginning of each day of a month, as `figures.gauges` packs it.

    `days` has a bit for each day that was measured. `channels` has, for each brand and channel, its network and such
    bits; `seats` has the number of seats by day. `expires` is in seconds, for TTL.
    """

    days = Whole(default=0)
    channels = Packed(default=dict)
    seats = Json(default=dict)
    expires = Whole()


class Hour(Item):
    """The figures of a brand for one hour (ms): `cells` as `figures.hours` packs them.

    `networks` has the network of each channel. `facts` is the number of facts in the row, which never falls later.
    `expires` is in seconds, for TTL.
    """

    hour = Whole()
    cells = Packed()
    networks = Json(default=dict)
    facts = Whole()
    expires = Whole()
