"""Items that protect requests: idempotency and quotas."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item


class Idempotency(Item):
    """An answer given once to a key, to be given again for a day; `status` 0 while the first call is under way."""

    fingerprint = UnicodeAttribute()
    status = NumberAttribute(default=0)
    answer = UnicodeAttribute(default="")
    expires = NumberAttribute()


class Quota(Item):
    """How often something was done in a minute."""

    used = NumberAttribute()
    expires = NumberAttribute()
