"""Items of outgoing webhooks."""

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Item, Json, Whole


class Endpoint(Item):
    """An address to which events are delivered. `sealed` holds its secrets and its own headers, encrypted.

    `wants` says which events it gets: `{events, brands, channels, networks, surfaces, classes}`, with None for all; and
    `detail` how much of them. `maker` is the person who answers for it, as `{member, subject}`. `header_names` are in
    small letters. `disabled` is why nothing is delivered; it is absent while something is.
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
    """The digests of the addresses of an agency's endpoints: none may be used twice, and their number is limited."""

    digests = UnicodeSetAttribute(null=True)


class Standing(Item):
    """How far deliveries to an endpoint got, and how well it accepts them. Only deliveries write it, one after another.

    Everything before the event at `index` of the segment `number` is done, and so are the events `ahead`; at `ended_at`
    (ms) there was no more. `tries` is how often other events were tried, `breaker` the packed circuit breaker. Failed
    events are tried again at `wake_at` (ms), and nothing at all before `held_until` (ms). `begun` is how many portions
    were begun since one was last finished.
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
    """An event that an endpoint did not accept while it accepted others: tried `tries` times, and again at `next_at`
    (ms).

    `number` and `index` are its place in the lane. Once the attempts are used up, there is no `next_at`; a person may
    still ask for another attempt. `expires` is in seconds, for TTL.
    """

    event = UnicodeAttribute()
    number = Whole()
    index = Whole()
    tries = Whole()
    next_at = Whole(null=True)
    expires = Whole()


class Delivery(Item):
    """What one call of a function delivered to an endpoint, or tried to, at `at` (ms).

    Each entry is a list, as `webhooks.records` packs it. `expires` is in seconds, for TTL.
    """

    at = Whole()
    entries = Json()
    expires = Whole()
