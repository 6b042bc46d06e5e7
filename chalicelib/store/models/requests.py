"""Items that protect requests: idempotency and quotas."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.models.item import Item, Whole


class Idempotency(Item):
    """An answer given once to a key, to be given again for a day; `status` 0 while the first call is under way."""

    fingerprint = UnicodeAttribute()
    status = Whole(default=0)
    answer = UnicodeAttribute(default="")
    expires = Whole()


class Quota(Item):
    """How often something was done in a minute."""

    used = Whole()
    expires = Whole()
