"""Items of work: what is due at some time, jobs that go on in the background, and what colleagues share."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Due(Item):
    """Work of some kind to be done for a target at `when` (ms)."""

    agency = UnicodeAttribute()
    kind = UnicodeAttribute()
    target = UnicodeAttribute()
    when = Whole()


class Job(Item):
    """Work that goes on in the background. `position` is how far it got; `expires` is in seconds, for TTL.

    `subject` is the signed-in person, or the hash of the key, that asked for it; `needs` are the permissions it
    required. `file` is the key of the file it made, `outcomes` has the number of things by outcome.
    """

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    by = UnicodeAttribute()
    subject = UnicodeAttribute()
    needs = Json()
    parameters = Json()
    position = UnicodeAttribute(default="")
    done = Whole()
    file = UnicodeAttribute(default="")
    outcomes = Json(null=True)
    created_at = Whole()
    updated_at = Whole()
    expires = Whole()


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
