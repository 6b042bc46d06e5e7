"""Items of teamwork."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Rota(Item):
    """Whose turn it is in a brand. `last` is the member who got the last conversation.

    `loads` has the number of conversations of each member, as counted at `counted_at` and updated since.
    """

    last = UnicodeAttribute(default="")
    loads = Json(default=dict)
    counted_at = Whole(default=0)
    version = Whole(default=0)


class Label(Item):
    """A label that conversations of a brand have had, and how many have it now."""

    conversations = Whole(default=0)


class Note(Item):
    """A note of a member about a conversation, for colleagues only. `mentions` are member ids."""

    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    author = UnicodeAttribute()
    author_name = UnicodeAttribute()
    text = UnicodeAttribute()
    mentions = Json(default=list)
    created_at = Whole()
