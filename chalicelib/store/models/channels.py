"""Items of channels, of how they come and stay connected, and look-ups that lead from an account to its owner."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Channel(Item):
    """A brand's account on a network. `sealed` holds its secrets, encrypted: `{token, secret, hook}`.

    `also` lists other ids of the account; `own_hook` says that it has a hook address of its own. `troubles` is what
    channels.troubles keeps; `health` (ok, alert, paused, expired or disconnected) and `alert` are the worst of them.
    `incidents` are the last periods in which messages may not have arrived or left, oldest first. `connected_by`
    connected it, or gave it new credentials last. Nothing is sent before `resume_at`. `settling` is `connecting` or
    `disconnecting` while we and the network may differ, until `settle_at` (ms) at most. `move` is what channels.moves
    keeps of a code that gives the channel away; `is_moved` says that it was taken over by such a code.
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
    incidents = Json(default=list)
    health = UnicodeAttribute(default="ok")
    alert = UnicodeAttribute(default="")
    connected_by = UnicodeAttribute(default="")
    resume_at = Whole(default=0)
    settling = UnicodeAttribute(null=True)
    settle_at = Whole(null=True)
    move = Json(default=dict)
    is_moved = BooleanAttribute(default=False)
    created_at = Whole()


class Route(Item):
    """A global look-up: the agency, brand and channel of a network's account, or of a hook address.

    `connected_at` is since when (ms). `signer` is a digest of the secret with which bodies for the channel are signed;
    empty for a channel without a secret of its own. Until `was_until` (ms) the signers in `was_signer`, divided by
    spaces, are accepted, too.
    """

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    connected_at = Whole(default=0)
    signer = UnicodeAttribute(default="")
    was_signer = UnicodeAttribute(null=True)
    was_until = Whole(null=True)


class Template(Item):
    """A text with variables that the channel's network must approve before it can be sent.

    `network_id` is empty until the network has the template. `state` is a TemplateState, `reason` the network's code
    for why, `detail` its further text. From `category_at` (ms) on its category is `next_category`. `told` is what the
    network last said of each thing, and when: `{state: [ms, text]}`.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    channel = UnicodeAttribute()
    network_id = UnicodeAttribute(default="")
    name = UnicodeAttribute()
    language = UnicodeAttribute()
    category = UnicodeAttribute()
    components = Json(default=list)
    state = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    detail = UnicodeAttribute(default="")
    quality = UnicodeAttribute(default="")
    next_category = UnicodeAttribute(default="")
    category_at = Whole(default=0)
    told = Json(default=dict)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class Look(Item):
    """A global look-up: that a channel is asked for news every so many minutes.

    A channel with `network` shares a quota there with all channels of the `app` (the app's id; none for our own app),
    and the number of these determines the minutes. Items from before there were quotas have neither.
    """

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    minutes = Whole()
    network = UnicodeAttribute(null=True)
    app = UnicodeAttribute(null=True)


class Granted(Item):
    """A global look-up: that a channel depends on a person's consent on a network."""

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()


class StoredPulse(Item):
    """A global look-up: that a network as a whole failed an agency in a minute. `expires` is in seconds, for TTL."""

    agency = UnicodeAttribute()
    expires = Whole()


class MendedApp(Item):
    """A global look-up: that somebody repaired an app's hook on that day. `expires` is in seconds, for TTL."""

    agency = UnicodeAttribute()
    expires = Whole()


class Upkeep(Item):
    """How a channel stays connected.

    `mark` is where the next look for news begins; there is none before `look_after` (ms), and `failed` counts failures
    in a row. With `every`, looks are so many seconds apart instead of the usual time. It was last checked at
    `probed_at`. `user` is who consented on the network, to these `scopes` and to that `app` (see consents.apps). The
    token is renewed at `renew_at`, by whoever leases it until `leased_until`; `tries` counts failures in a row.
    Somebody has to consent again by `ends_at`; 0 is never. At `claimed_at` another agency tried to connect the account.
    """

    mark = Json(default=dict)
    look_after = Whole(default=0)
    failed = Whole(default=0)
    every = Whole(default=0)
    probed_at = Whole(default=0)
    user = UnicodeAttribute(default="")
    app = UnicodeAttribute(default="")
    scopes = Json(default=list)
    renew_at = Whole(default=0)
    leased_until = Whole(default=0)
    tries = Whole(default=0)
    ends_at = Whole(default=0)
    claimed_at = Whole(null=True)


class NetworkApp(Item):
    """An app of the agency's own on a network, for all brands or for one. `sealed` holds its secret, encrypted."""

    network = UnicodeAttribute()
    brand = UnicodeAttribute(default="")
    app_id = UnicodeAttribute()
    product = UnicodeAttribute(default="")
    sealed = UnicodeAttribute()
    created_at = Whole()


class StoredConsent(Item):
    """Records that somebody was sent to a network's consent page, and what they came back with.

    `digest` is of the secret in the state, which counts once: `status` is open, returning, granted or refused. `sealed`
    holds what only the server needs, later the tokens and the accounts that they reach. The item is of no use after
    `ends_at` (ms), and gone after `expires` (s). `link` is the connect link that asked for the consent, if any.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    app = UnicodeAttribute(default="")
    product = UnicodeAttribute(default="")
    by = UnicodeAttribute()
    link = UnicodeAttribute(default="")
    digest = UnicodeAttribute()
    sealed = UnicodeAttribute()
    status = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    return_to = UnicodeAttribute(default="")
    created_at = Whole()
    ends_at = Whole()
    expires = Whole()


class ConnectLink(Item):
    """A link by which somebody without a seat connects accounts of a brand, `most` at most, of these networks.

    `connected` has the channel of each account that was chosen, empty while it is being connected; `digest` is of the
    link's secret. The link is of no use after `ends_at` (ms).
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    networks = Json()
    most = Whole()
    connected = Json(default=dict)
    digest = UnicodeAttribute()
    title = UnicodeAttribute(default="")
    logo = UnicodeAttribute(default="")
    language = UnicodeAttribute(default="")
    return_to = UnicodeAttribute(default="")
    by = UnicodeAttribute()
    is_revoked = BooleanAttribute(default=False)
    created_at = Whole()
    ends_at = Whole()
    expires = Whole()
