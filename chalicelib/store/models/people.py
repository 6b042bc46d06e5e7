"""Items of agencies and the people in them."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.models.item import Item, Json, Whole


class Agency(Item):
    """The tenant. `owners` counts them, so that it is never left without."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    owners = Whole(default=1)
    created_at = Whole()


class Member(Item):
    """A person in an agency. A grant is `{role, brands}`; what the role permits is the role's to say.

    `away` is set while they take no new conversations.
    """

    id = UnicodeAttribute()
    subject = UnicodeAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    grants = Json(default=list)
    away = BooleanAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()


class Team(Item):
    """People who share work."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    members = UnicodeSetAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()


class Role(Item):
    """A role of the agency's own."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    permissions = Json(default=list)
    version = Whole(default=1)
    created_at = Whole()


class Invitation(Item):
    """Somebody asked into the agency. `hash` is of the link's secret; `expires` is in seconds, as TTL asks."""

    id = UnicodeAttribute()
    email = UnicodeAttribute()
    grants = Json(default=list)
    hash = UnicodeAttribute()
    expires_at = Whole()
    expires = Whole()
    created_at = Whole()


class ApiKey(Item):
    """A key for a program, as its agency lists it; what it may do is in its Membership."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    hash = UnicodeAttribute()
    grants = Json(default=list)
    ranges = Json(default=list)
    expires_at = Whole(null=True)
    created_by = UnicodeAttribute()
    created_at = Whole()


class Membership(Item):
    """What a signed-in person, or a key, may do in one agency: all a request needs to know of its caller, in one read.

    `expires` (ms) and `networks`, the address ranges it may call from, are a key's; `used_at` is its last use, by day.
    """

    agency = UnicodeAttribute()
    member = UnicodeAttribute()
    name = UnicodeAttribute()
    grants = Json(default=list)
    teams = UnicodeSetAttribute(null=True)
    expires_at = Whole(null=True)
    ranges = Json(null=True)
    used_at = Whole(null=True)
