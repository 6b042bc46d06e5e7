"""Items of channels, of how they come and stay connected, and look-ups that lead from an account to its owner."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Channel(Item):
    """A brand's account on a network. `sealed` holds its secrets, encrypted: `{token, secret, hook}`.

    `also` lists other ids of the account; `own_hook` says that it has a hook address of its own. `troubles` is what
    channels.troubles keeps; `health` (ok, alert, paused, expired or disconnected) and `alert` are the worst of them.
    `incidents` are the last stretches of time in which messages may not have come or gone, oldest first.
    `connected_by` connected it, or gave it new credentials last. Nothing is sent before `resume_at`. `settling` is
    `connecting` or `disconnecting` while the network and we may differ, which ends at `settle_at` (ms).
    `move` is what channels.moves keeps of a code that gives it away; `is_moved` says that it was taken over by one.
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

    `connected_at` is since when (ms). `signer` is a digest of the secret that bodies for the channel are signed with;
    empty for a channel without a secret of its own. Until `was_until` (ms) those in `was_signer`, with spaces between
    them, hold too.
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
    """A text with variables that the channel's network looks at before anybody may send it.

    `network_id` is empty until the network has it. `state` is a TemplateState, `reason` the network's code for why,
    `detail` what more it said. From `category_at` (ms) on its category is `next_category`. `told` has, by what the
    network tells, when it told it last and what: `{state: [ms, text]}`.
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

    With `network` it shares a quota there with all channels of the `app`, by the app's id; ours has none. Then minutes
    follow from how many these are. One that was written before that was so has neither.
    """

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    minutes = Whole()
    network = UnicodeAttribute(null=True)
    app = UnicodeAttribute(null=True)


class Granted(Item):
    """A global look-up: that a channel rests on a person's consent on a network."""

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()


class StoredPulse(Item):
    """A global look-up: that a network as a whole failed an agency in a minute. `expires` is in seconds, for TTL."""

    agency = UnicodeAttribute()
    expires = Whole()


class MendedApp(Item):
    """A global look-up: that on a day an app's hook was set right by somebody. `expires` is in seconds, for TTL."""

    agency = UnicodeAttribute()
    expires = Whole()


class Upkeep(Item):
    """How a channel stays connected.

    `mark` is where the next look for news begins; there is none before `look_after` (ms), and `failed` is how many
    failed in a row; with `every`, so many seconds lie between looks, and not as many as usual. It was looked after at
    `probed_at`. `user` is who consented on the network, to these `scopes` and to that `app` (see consents.apps). The
    token is renewed at `renew_at`, by whoever has it leased until `leased_until`; `tries` failed in a row. Somebody
    has to consent again by `ends_at`; 0 is never.
    At `claimed_at` another agency tried to connect the account.
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
    """That somebody was sent to a network's consent page, and what they came back with.

    `digest` is of the secret in the state, which counts once: `status` is open, returning, granted or refused. `sealed`
    holds what only the server needs, then the tokens and the accounts that they reach. It is of no use after `ends_at`
    (ms), and gone after `expires` (s). `link` is the connect link by which it was asked for, if it was.
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

    `connected` has the channel of each account that was chosen, empty while it is being connected; `digest` is of its
    secret. It is of no use after `ends_at` (ms).
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
