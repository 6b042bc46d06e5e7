"""Items of replies, leases, canned replies and uploads."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.store.items import Inbox, Item, Json, Listed, Whole


class Reply(Listed):
    """A reply that a brand is about to send. Once it is queued, its messages say how far delivery got.

    `writers` are the people who wrote its text, the last one at the end, each `{member, subject}`, for a key with its
    `maker`; the API never shows the subject. `sender` is the person who answers for it since it was submitted. `hash`
    covers the content and the recipient, so approvals hold only for these. `seen` has the counts `heard` and `spoken`
    of the conversation when the reply was last written, submitted or approved. `expires_at` is when it stops waiting
    for approval. `line` is what the brand's editorial line had against it when it was last submitted or returned: the
    line's `version`, and in `asks` what somebody has to approve. `let_through` is `{by, reason, at, words, asks}`: the
    `asks` that were waived, for the text with that digest in `words`. `reason` was given by whoever rejected it,
    `because` are the reasons why it was returned automatically. `inbox` and `activity` put it on the brand's list of
    replies in its state.
    """

    index = Inbox()
    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    brand = UnicodeAttribute()
    author = UnicodeAttribute()
    author_name = UnicodeAttribute(default="")
    writers = Json(default=list)
    sender = Json(null=True)
    official = BooleanAttribute(default=False)
    text = UnicodeAttribute(default="")
    attachments = Json(default=list)
    private = BooleanAttribute(default=False)
    reply_to = UnicodeAttribute(null=True)
    template = Json(null=True)
    tag = UnicodeAttribute(null=True)
    interactive = Json(null=True)
    purposes = Json(null=True)
    state = UnicodeAttribute()
    hash = UnicodeAttribute(default="")
    seen = Json(default=list)
    external_id = UnicodeAttribute(null=True)
    send_at = Whole(null=True)
    expires_at = Whole(null=True)
    needs = Json(default=dict)
    line = Json(null=True)
    let_through = Json(null=True)
    approvals = Json(default=list)
    comments = Json(default=list)
    reason = UnicodeAttribute(null=True)
    because = Json(null=True)
    messages = Json(default=list)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class CannedReply(Item):
    """A text that a brand sends often, with variables in it."""

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    shortcut = UnicodeAttribute()
    title = UnicodeAttribute()
    text = UnicodeAttribute()
    external_id = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()


class Shortcut(Item):
    """Reserves a shortcut for a canned reply, so that no other of the brand gets it."""

    canned_reply = UnicodeAttribute()


class Lease(Item):
    """Who is writing an answer in a conversation. It ends at `until` (ms) unless the holder renews it."""

    holder = UnicodeAttribute()
    name = UnicodeAttribute()
    until = Whole()


class Upload(Item):
    """A file that a member announced for upload, of that type, name and size.

    Once it is used, `kept` is the key of the file, and `size` its actual size. An unused one goes after a day:
    `expires` is in seconds, for TTL. The upload form is valid until `open_until` (ms).
    """

    id = UnicodeAttribute()
    by = UnicodeAttribute()
    mime = UnicodeAttribute()
    name = UnicodeAttribute()
    size = Whole()
    kept = UnicodeAttribute(null=True)
    open_until = Whole()
    created_at = Whole()
    expires = Whole(null=True)
