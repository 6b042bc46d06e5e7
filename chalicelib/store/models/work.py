"""Items of work: what is due at some time, and jobs that go on in the background."""

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

    `subject` is the signed-in person, or the hash of the key, that asked for it; `needs` are the permissions it took.
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
    created_at = Whole()
    updated_at = Whole()
    expires = Whole()
