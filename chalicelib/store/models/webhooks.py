"""Items of outgoing webhooks."""

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Item, Json, Whole


class Endpoint(Item):
    """An address that is told what happens. `sealed` holds its secrets and the headers of its own, encrypted.

    `wants` says of what it is told: `{events, brands, channels, networks, surfaces, classes}`, with None for all; and
    `detail` how much. `maker` is the person whom it rests on, as `{member, subject}`. `header_names` are in small
    letters. `disabled` is why nothing is delivered; it is absent while something is.
    """

    id = UnicodeAttribute()
    url = UnicodeAttribute()
    description = UnicodeAttribute(default="")
    wants = Json()
    detail = UnicodeAttribute()
    signature = UnicodeAttribute()
    header_names = Json(default=list)
    sealed = UnicodeAttribute()
    maker = Json()
    disabled = UnicodeAttribute(null=True)
    version = Whole(default=1)
    created_by = UnicodeAttribute()
    created_at = Whole()


class Addresses(Item):
    """The digests of the addresses of an agency's endpoints: each is told once, and there are only so many."""

    digests = UnicodeSetAttribute(null=True)


class Standing(Item):
    """How far an endpoint was told, and how well it listens. Only deliveries write it, one after another.

    All before the event at `index` of the segment `number` is done, and so are the events `ahead`; at `ended_at` (ms)
    there was no more. `tries` is how often other events were tried, `breaker` as it is packed. What failed is tried at
    `wake_at` (ms) again, and nothing at all before `held_until` (ms). `begun` is how often somebody began a portion
    since one was ended.
    """

    number = Whole(default=1)
    index = Whole(default=0)
    ended_at = Whole(default=0)
    ahead = Json(default=list)
    tries = Json(default=dict)
    breaker = Json(default=dict)
    wake_at = Whole(default=0)
    held_until = Whole(default=0)
    begun = Whole(default=0)
    version = Whole(default=1)


class Retry(Item):
    """An event that an endpoint did not take while it took others: tried `tries` times, and again at `next_at` (ms).

    `number` and `index` are its place in the lane. Spent, there is no next time; somebody may still ask for one.
    `expires` is in seconds, for TTL.
    """

    event = UnicodeAttribute()
    number = Whole()
    index = Whole()
    tries = Whole()
    next_at = Whole(null=True)
    expires = Whole()


class Delivery(Item):
    """What one call of a function delivered to an endpoint at `at` (ms), or tried to.

    Each entry is a list, as `webhooks.records` packs it. `expires` is in seconds, for TTL.
    """

    at = Whole()
    entries = Json()
    expires = Whole()
