"""Items of brands, and of their editorial lines."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Packed, Whole


class Brand(Item):
    """A client brand of an agency. `settings` is the JSON object that brands.settings reads.

    What is said for one that `is_sandbox` never leaves; it is so from the beginning, or never.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    settings = Json(default=dict)
    external_id = UnicodeAttribute(null=True)
    archived_at = Whole(null=True)
    is_sandbox = BooleanAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()


class LineInForce(Item):
    """Which published version of its line a brand holds to: a small item, as every reply asks for it."""

    number = Whole()
    published_at = Whole()


class StoredLine(Item):
    """A published version of a line, which never changes; or, with the number 0, the draft of the next one.

    `retired` are the ids of clauses that earlier versions had and this one has not. `version` is the draft's.
    """

    number = Whole(default=0)
    content = Packed()
    retired = Packed(default=list)
    author = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    version = Whole(default=1)
    saved_at = Whole()
