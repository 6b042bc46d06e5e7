"""Items about what an agency pays for and has in use."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store.items import Item, Json, Whole


class StoredSubscription(Item):
    """An agency's subscription. `facts` are those of `plans.subscriptions.Subscription`.

    `checkout` is the page on which somebody may buy now, `wanted` what the subscription becomes when the contract's
    year ends. `overage` is what happens beyond what the plan includes, `cap` the most that it may cost a month, in the
    currency's smallest unit. `network_cap` is the most that networks may charge a month (US cents), `charged` what they
    charged, by the month's beginning. `contacts` are members who get the letters, too. `look_at` (ms) is when to look
    at it again.
    """

    facts = Json()
    checkout = Json(null=True)
    wanted = Json(null=True)
    overage = UnicodeAttribute(default="bill")
    cap = Whole(null=True)
    network_cap = Whole(null=True)
    charged = Json(default=dict)
    contacts = Json(default=list)
    refreshed_at = Whole(default=0)
    look_at = Whole(default=0)
    version = Whole(default=1)


class StoredHoldings(Item):
    """How much an agency has in use, counted by the transactions that begin and end it."""

    seats = Whole(default=0)
    brands = Whole(default=0)
    channels = Whole(default=0)


class Reported(Item):
    """The usage of an hour (ms) of an agency, as reported to Stripe.

    `counted` is the number of messages of the hour, `value` how many of them are billed: fewer where the cap was
    reached, or if they came too late. The value is reported under its `revision`; `sent_revision` is the last one that
    Stripe surely has. Since `differs_since` (ms) Stripe shows `seen` instead. `expires` is in seconds, for TTL.
    """

    hour = Whole()
    counted = Whole(default=0)
    value = Whole(default=0)
    revision = Whole(default=0)
    sent_revision = Whole(default=0)
    sent_at = Whole(default=0)
    seen = Whole(null=True)
    differs_since = Whole(null=True)
    expires = Whole()


class Metered(Item):
    """How many messages each of the last periods had, by its beginning (ms): `counted`; how many of them are billed:
    `sums`.
    """

    sums = Json(default=dict)
    counted = Json(default=dict)
    version = Whole(default=0)


class Customer(Item):
    """A look-up that leads from a customer of Stripe's to the agency."""

    agency = UnicodeAttribute()


class BillingEvent(Item):
    """That an event of Stripe's was applied. `expires` is in seconds, for TTL."""

    expires = Whole()


class Mailed(Item):
    """That a letter was decided on, so that it is sent once. It is kept: a state may last for years."""
