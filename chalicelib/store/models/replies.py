"""Items of replies, leases and canned replies."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.models.item import Inbox, Item, Json, Listed, Whole


class Reply(Listed):
    """What the brand is about to say; once it is queued, its messages tell how far it got.

    `writers` are those who wrote its words, who did last at the end, each `{member, subject}`: the subject is the
    person, and never shown. `hash` binds approvals to what is said and to whom; `seen` is what the conversation had
    heard and spoken then; `expires_at` is until when (ms) it waits, from the last time it was submitted.
    `inbox` and `activity` put it on the brand's list of its state.
    """

    index = Inbox()
    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    brand = UnicodeAttribute()
    author = UnicodeAttribute()
    author_name = UnicodeAttribute(default="")
    writers = Json(default=list)
    official = BooleanAttribute(default=False)
    text = UnicodeAttribute(default="")
    attachments = Json(default=list)
    private = BooleanAttribute(default=False)
    reply_to = UnicodeAttribute(null=True)
    template = Json(null=True)
    tag = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    hash = UnicodeAttribute(default="")
    seen = Json(default=list)
    send_at = Whole(null=True)
    expires_at = Whole(null=True)
    needs = Json(default=dict)
    approvals = Json(default=list)
    comments = Json(default=list)
    reason = UnicodeAttribute(null=True)
    messages = Json(default=list)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class CannedReply(Item):
    """Words that a brand says often, with variables in them."""

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    shortcut = UnicodeAttribute()
    title = UnicodeAttribute()
    text = UnicodeAttribute()
    language = UnicodeAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class Shortcut(Item):
    """That a canned reply has the shortcut, so that no other of its brand does."""

    canned_reply = UnicodeAttribute()


class Lease(Item):
    """Who is answering in a conversation, and until when (ms) unless they say that they still are."""

    holder = UnicodeAttribute()
    name = UnicodeAttribute()
    until = Whole()
