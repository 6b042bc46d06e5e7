"""Items that protect requests: idempotency, quotas, counted refusals, and clients' own ids."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Inbox, Item, Json, Listed, Whole


class Idempotency(Item):
    """The answer to a request with an Idempotency-Key. `status` is 0 while the request is under way, or if it died; it
    is over at `ends` (s) at the latest.

    `is_whole` is False if a secret was left out of the answer. `fingerprint` is a hash of the request; `expires` is in
    seconds, for TTL.
    """

    fingerprint = UnicodeAttribute()
    status = Whole(default=0)
    answer = UnicodeAttribute(default="")
    is_whole = BooleanAttribute(default=True)
    ends = Whole(default=0)
    expires = Whole()


class Quota(Item):
    """How often something was done in a second, a minute or a day. `expires` is in seconds, for TTL."""

    used = Whole()
    expires = Whole()


class Refusals(Item):
    """How often an actor was refused an operation in a minute. `expires` is in seconds, for TTL."""

    times = Whole()
    actor = UnicodeAttribute()
    actor_kind = UnicodeAttribute()
    operation = UnicodeAttribute()
    source = UnicodeAttribute()
    expires = Whole()


class ExternalId(Item):
    """A look-up: the thing to which a client gave an id, and the brand in which that id is unique, for a thing of a
    brand.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute(default="")


class Call(Listed):
    """A request that was to change something, and how it was answered: the status, and the `code` if it was refused.

    `things` are the ids of what it was about and of what it created; it took so many ms. `inbox` and `activity` put it
    on the agency's list of calls. `expires` is in seconds, for TTL.
    """

    index = Inbox()
    at = Whole()
    route = UnicodeAttribute()
    status = Whole()
    code = UnicodeAttribute(default="")
    actor = UnicodeAttribute()
    actor_kind = UnicodeAttribute()
    things = Json(default=list)
    took = Whole()
    expires = Whole()
