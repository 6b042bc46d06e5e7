"""Items of contacts."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class Contact(Item):
    """A person. `identities` is a list of `{network, id, username, phone}`.

    `reachable` has its value since `reachable_at` (ms). `context` is empty, or `{same_as}` for an id that turned out to
    be another contact. `own_name`, `labels` and `note` are the agency's; the network changes none of them.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    name = UnicodeAttribute(default="")
    avatar = UnicodeAttribute(default="")
    external_id = UnicodeAttribute(null=True)
    own_name = UnicodeAttribute(null=True)
    labels = Json(null=True)
    note = UnicodeAttribute(null=True)
    identities = Json(default=list)
    reachable = BooleanAttribute(default=True)
    reachable_at = Whole(null=True)
    context = Json(default=dict)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class Talk(Item):
    """Links a contact to a conversation in which they speak."""

    conversation = UnicodeAttribute()


class Identity(Item):
    """A person's id on a network, within a brand. Names their contact, and the thread with them if we know it."""

    contact = UnicodeAttribute()
    thread = UnicodeAttribute(default="")
