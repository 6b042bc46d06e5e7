"""Items of the audit."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.models.item import Item, Json, Whole


class AuditEntry(Item):
    """Who did what to what. Only ever added."""

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


class Seal(Item):
    """A link of the audit's chain: the hash of its entry and of the link before."""

    number = Whole()
    entry = UnicodeAttribute()
    hash = UnicodeAttribute()


class Sealed(Item):
    """That an entry is in the chain, so that it gets there once."""

    number = Whole()
