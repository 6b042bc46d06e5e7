"""Items of apps that others make."""

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Item, Json, Whole


class App(Item):
    """A look-up: an app, and the agency that registered it, of the name `maker`.

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
    """That the agency registered the app."""

    id = UnicodeAttribute()


class Approval(Item):
    """That members of the agency may work through the app, which may do what is in these scopes."""

    id = UnicodeAttribute()
    scopes = UnicodeSetAttribute()
    by = UnicodeAttribute()
    created_at = Whole()
