"""Items of the audit."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class AuditEntry(Item):
    """An audit entry: who did what to what. Entries are added, and never changed or deleted.

    `source` is the IP address of who did it. `caused_by` is the webhook endpoint whose receiver did it.
    """

    id = UnicodeAttribute()
    at = Whole()
    actor = UnicodeAttribute()
    actor_kind = UnicodeAttribute()
    action = UnicodeAttribute()
    target = UnicodeAttribute()
    brand = UnicodeAttribute(default="")
    before = Json(null=True)
    after = Json(null=True)
    source = UnicodeAttribute(default="")
    caused_by = UnicodeAttribute(default="")


class Seal(Item):
    """A link of the audit's chain. `hash` is over its entry and the hash of the link before."""

    number = Whole()
    entry = UnicodeAttribute()
    hash = UnicodeAttribute()


class Sealed(Item):
    """A mark that an entry is in the chain as link `number`, so that it gets there only once."""

    number = Whole()
