"""Items of contacts."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.models.item import Item, Json


class Contact(Item):
    """The person behind one or more network identities. `identities` is a list of {network, id, username, phone}."""

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    name = UnicodeAttribute(default="")
    avatar = UnicodeAttribute(default="")
    identities = Json(default=list)
    reachable = BooleanAttribute(default=True)
    context = Json(default=dict)
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class Identity(Item):
    """A person's id on a network, within a brand."""

    contact = UnicodeAttribute()
    thread = UnicodeAttribute(default="")
