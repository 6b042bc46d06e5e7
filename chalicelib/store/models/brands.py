"""Items of brands, and of their editorial lines."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Packed, Whole


class Brand(Item):
    """A client brand of an agency. `settings` is the JSON object that brands.settings reads.

    What is said for one that `is_sandbox` never leaves; it is so from the beginning, or never. `crisis` is `{since,
    until, by, reason}`, with times in ms, while somebody says that it is in one.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    settings = Json(default=dict)
    external_id = UnicodeAttribute(null=True)
    archived_at = Whole(null=True)
    is_sandbox = BooleanAttribute(null=True)
    crisis = Json(null=True)
    version = Whole(default=1)
    created_at = Whole()


class LineInForce(Item):
    """Which published version of its line a brand holds to: a small item, as every reply asks for it.

    `next_at` (ms) is when the next version takes effect, if one is planned.
    """

    number = Whole()
    published_at = Whole()
    next_at = Whole(null=True)


class StoredLine(Item):
    """A published version of a line, which never changes; or, with the number 0, the draft of the next one.

    `retired` are the ids of clauses that earlier versions had and this one has not. `version` is the draft's.
    `effective_at` (ms) is when a version took effect, or will, if that was not at once.
    """

    number = Whole(default=0)
    content = Packed()
    retired = Packed(default=list)
    author = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    version = Whole(default=1)
    saved_at = Whole()
    effective_at = Whole(null=True)


class Revision(Item):
    """How often what rules and lists say about the brand's messages was changed: its line, its rules, its lists.

    Who keeps them in memory compares this small item, and reads the others only if it changed.
    """

    number = Whole(default=0)


class Rulebook(Item):
    """All rules of a brand, in the order in which they are asked.

    A rule is `{id, name, state, version, said, live, lived}`: `said` is what its newest version says, in that state;
    `live` what an older one says that is at work until then, or None, and `lived` the number of that one.
    `version` counts the changes of the book.
    """

    rules = Packed(default=list)
    version = Whole(default=1)


class StoredTermList(Item):
    """Words that a brand looks for in messages, and the like that it lets through. `clause` is what they break."""

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    name = UnicodeAttribute()
    language = UnicodeAttribute()
    category = UnicodeAttribute()
    severity = Whole()
    certainty = UnicodeAttribute()
    entries = Packed(default=list)
    allowed = Packed(default=list)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()
