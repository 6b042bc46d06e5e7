"""Items of agencies, the people in them, and the apps through which these work."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Item, Json, Whole


class Agency(Item):
    """The tenant. `owners` is the number of its owners, which is never 0. `id_key` is the key from which ids are
    computed.
    """

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    owners = Whole(default=1)
    id_key = UnicodeAttribute(null=True)
    created_at = Whole()


class Member(Item):
    """A person in an agency. `subject` is their id in the user pool.

    A grant is `{role, brands}`, with None for all brands. `away` is set while they take no new conversations, and
    `suspended_at` (ms) while they are shut out. `language` is that of their mails. `accounts` on networks are theirs,
    each `{network, id, username}`.
    """

    id = UnicodeAttribute()
    subject = UnicodeAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    grants = Json(default=list)
    external_id = UnicodeAttribute(null=True)
    away = BooleanAttribute(null=True)
    language = UnicodeAttribute(null=True)
    accounts = Json(null=True)
    suspended_at = Whole(null=True)
    version = Whole(default=1)
    created_at = Whole()


class OwnAccount(Item):
    """An account on a network that the member says is theirs."""

    member = UnicodeAttribute()


class Team(Item):
    """Members who share work. `members` are their ids."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    external_id = UnicodeAttribute(null=True)
    members = UnicodeSetAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()


class Role(Item):
    """A role that the agency created."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    permissions = Json(default=list)
    version = Whole(default=1)
    created_at = Whole()


class Invitation(Item):
    """An invitation into the agency. `hash` is the hash of the secret in its link; `expires` is in seconds, for TTL.

    `inviter` is the person who answers for it, `{member, subject}`. Until the mail has left there is a `settle_at`
    (ms).
    """

    id = UnicodeAttribute()
    email = UnicodeAttribute()
    grants = Json(default=list)
    inviter = Json()
    language = UnicodeAttribute(null=True)
    hash = UnicodeAttribute()
    settle_at = Whole(null=True)
    expires_at = Whole()
    expires = Whole()
    created_at = Whole()


class Heir(Item):
    """Who answers for what a member left behind when they were removed: `person` is `{member, subject}`."""

    person = Json()


class ApiKey(Item):
    """An API key, as its agency lists it. A request with the key reads the Membership instead."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    hash = UnicodeAttribute()
    grants = Json(default=list)
    ranges = Json(default=list)
    expires_at = Whole(null=True)
    created_by = UnicodeAttribute()
    created_at = Whole()


class Membership(Item):
    """A signed-in person, or an API key, in one agency: all that a request needs to know of its caller, in one read.

    `member` is the id of the member or key, `teams` are the ids of a member's teams, `shield` is what `access.shields`
    keeps. Sessions that began before `not_before` (ms) are refused, and those `ended`, each as `{session}.{until when
    that counts (s)}`. A `suspended` one lets nobody in. Only keys have `expires_at` (ms), `ranges`, the address ranges
    they may be used from, `maker`, the person who answers for them, as `{member, subject}`, and `used_at`, the last use
    (ms), kept by the minute.
    """

    agency = UnicodeAttribute()
    member = UnicodeAttribute()
    name = UnicodeAttribute()
    grants = Json(default=list)
    teams = UnicodeSetAttribute(null=True)
    shield = Json(null=True)
    not_before = Whole(null=True)
    ended = UnicodeSetAttribute(null=True)
    suspended = BooleanAttribute(null=True)
    expires_at = Whole(null=True)
    ranges = Json(null=True)
    maker = Json(null=True)
    used_at = Whole(null=True)


class Session(Item):
    """Somebody's session: signed in at `since`, and last `seen_at` (ms), from that IP address with that program."""

    id = UnicodeAttribute()
    since = Whole()
    seen_at = Whole()
    source = UnicodeAttribute(default="")
    agent = UnicodeAttribute(default="")
    ended_at = Whole(null=True)
    expires = Whole()


class App(Item):
    """A look-up: an app, and the agency that registered it, whose name is `maker`.

    People sign in to it through the `client` of the user pool.
    """

    id = UnicodeAttribute()
    agency = UnicodeAttribute()
    maker = UnicodeAttribute()
    client = UnicodeAttribute()
    name = UnicodeAttribute()
    homepage = UnicodeAttribute(default="")
    callbacks = Json(default=list)
    scopes = UnicodeSetAttribute()
    created_at = Whole()


class OwnApp(Item):
    """Links an agency to an app that it registered."""

    id = UnicodeAttribute()


class SignInDomain(Item):
    """A domain that the agency wants to prove, or proved at `proven_at` (ms), by a DNS record with the `secret`."""

    id = UnicodeAttribute()
    domain = UnicodeAttribute()
    secret = UnicodeAttribute()
    proven_at = Whole(null=True)
    created_at = Whole()


class DomainOwner(Item):
    """A look-up: the agency that proved the domain, with the id of its SignInDomain."""

    agency = UnicodeAttribute()
    id = UnicodeAttribute()
    created_at = Whole()


class SignInProvider(Item):
    """The agency's identity provider: `told` are those of its settings that may be shown, `name` is its name in the
    pool.

    It signs people in through the `client`; with `only_sso` people with an address of its domains sign in only this
    way.
    """

    kind = UnicodeAttribute()
    name = UnicodeAttribute()
    client = UnicodeAttribute()
    told = Json(default=dict)
    only_sso = BooleanAttribute(null=True)
    created_at = Whole()


class OwnClient(Item):
    """A look-up: the agency whose provider signs people in through that client of the user pool."""

    agency = UnicodeAttribute()


class Link(Item):
    """The member, by `subject`, as whom an account of the provider signs in. `domain` is that of its mail address."""

    subject = UnicodeAttribute()
    domain = UnicodeAttribute()
    created_at = Whole()


class Approval(Item):
    """That members of the agency may work through the app, which is allowed what these scopes permit."""

    id = UnicodeAttribute()
    scopes = UnicodeSetAttribute()
    by = UnicodeAttribute()
    created_at = Whole()
