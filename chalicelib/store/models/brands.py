"""Items of brands, and of their editorial lines."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Packed, Whole


class Brand(Item):
    """A client brand of an agency. `settings` is the JSON object that brands.settings reads.

    Replies of an `is_sandbox` brand never reach a network; a brand is a sandbox from its beginning, or never. `crisis`
    is `{since, until, by, reason}`, with times in ms, while a member has declared one.
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
    """Which published version of its editorial line is in force for a brand: a small item, because every reply reads
    it.

    `next_at` (ms) is when the next version takes effect, if one is planned.
    """

    number = Whole()
    published_at = Whole()
    next_at = Whole(null=True)


class StoredLine(Item):
    """A published version of a line, which never changes; or, with the number 0, the draft of the next one.

    `retired` are the ids of clauses that earlier versions had and this one does not. `version` counts the draft's
    changes. `effective_at` (ms) is when a version took or takes effect, if that is not at its publication.
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
    """How often a brand's line, rules or term lists were changed.

    Processes that cache these compare this small item, and read the others only if it changed.
    """

    number = Whole(default=0)


class Rulebook(Item):
    """All rules of a brand, in the order in which they are asked.

    A rule is `{id, name, state, version, said, live, lived}`: `said` is what its newest version says, in that state;
    `live` is what an older version says, which stays in force until the newest is live, or None; `lived` is that
    version's number. `version` counts the changes of the book.
    """

    rules = Packed(default=list)
    version = Whole(default=1)


class StoredTermList(Item):
    """Words that a brand looks for in messages, and similar words that it allows. `clause` is the clause that they
    break.
    """

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
