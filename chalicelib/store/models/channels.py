"""Items of channels, and the look-ups that lead from a network's account to its owner."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Channel(Item):
    """A brand's account on a network. `sealed` holds its secrets, encrypted: `{token, secret, hook}`.

    `also` lists other ids of the account; `own_hook` says that it has a hook address of its own. `troubles` is what
    channels.troubles keeps; `health` (ok, alert, paused, expired or disconnected) and `alert` are the worst of them.
    Nothing is sent before `resume_at`. `settling` is `connecting` or `disconnecting` while the network and we may
    differ, which ends at `settle_at` (ms).
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    account = UnicodeAttribute()
    name = UnicodeAttribute()
    also = Json(default=list)
    details = Json(default=dict)
    external_id = UnicodeAttribute(null=True)
    sealed = UnicodeAttribute()
    own_hook = BooleanAttribute(default=False)
    troubles = Json(default=dict)
    health = UnicodeAttribute(default="ok")
    alert = UnicodeAttribute(default="")
    resume_at = Whole(default=0)
    settling = UnicodeAttribute(null=True)
    settle_at = Whole(null=True)
    created_at = Whole()


class Route(Item):
    """A global look-up: the agency, brand and channel of a network's account, or of a hook address.

    `connected_at` is since when (ms). `signer` is a digest of the secret that bodies for the channel are signed with;
    empty for a channel without a secret of its own.
    """

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    connected_at = Whole(default=0)
    signer = UnicodeAttribute(default="")
