"""Items of channels, and the look-ups that lead from a network's account to its owner."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item, Json, Whole


class Channel(Item):
    """A brand's account on a network. `token` and `secret` are sealed; `previous` is the secret before the last change.

    `health` is one of ok, alert, paused, expired, disconnected; `resume_at` is when a throttled one may speak again.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    account = UnicodeAttribute()
    name = UnicodeAttribute()
    also = Json(default=list)
    details = Json(default=dict)
    sealed = UnicodeAttribute()
    own_hook = BooleanAttribute(default=False)
    health = UnicodeAttribute(default="ok")
    alert = UnicodeAttribute(default="")
    resume_at = Whole(default=0)
    created_at = Whole()


class Route(Item):
    """Whose a network's account, or a hook's address, is."""

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
