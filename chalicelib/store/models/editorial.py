"""Items of editorial lines."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Packed, Whole


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
