"""The items, typed. Times are ms; anything nested is JSON text, so one attribute is one small string.

Nothing here decides anything: the nouns do. Every model shares one connection, opened by store.table.
"""

import json
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model


class Json(JSONAttribute):
    """Compact and in its own script: an item is paid by the KB, and an escaped character takes six bytes."""

    def serialize(self, value: Any) -> str | None:
        """As PynamoDB has it, but smaller; what cannot be written in UTF-8 becomes a question mark."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()


class Item(Model):
    """What every item has."""

    class Meta:
        """Small time-outs: a gateway waits 29 s at most, and the queue brings a message back."""

        table_name = "palabre"
        region = "us-east-1"
        host: str | None = None
        connect_timeout_seconds = 1
        read_timeout_seconds = 3
        max_retry_attempts = 2

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class Agency(Item):
    """The tenant."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    created_at = NumberAttribute()


class Brand(Item):
    """A client brand of an agency."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    created_at = NumberAttribute()


class Channel(Item):
    """A brand's account on a network. `token` and `secret` are sealed; `previous` is the secret before the last change.

    `health` is one of ok, alert, paused, expired, disconnected; `resume_at` is when a throttled channel may speak again.
    """

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()
    account = UnicodeAttribute()
    name = UnicodeAttribute()
    also = Json(default=list)
    details = Json(default=dict)
    sealed = UnicodeAttribute()
    health = UnicodeAttribute(default="ok")
    alert = UnicodeAttribute(default="")
    resume_at = NumberAttribute(default=0)
    created_at = NumberAttribute()


class Member(Item):
    """A person in an agency. `brands` None: all of them."""

    id = UnicodeAttribute()
    subject = UnicodeAttribute()
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    brands = Json(null=True)
    created_at = NumberAttribute()


class Membership(Item):
    """What a signed-in person may do in one agency: all that a request needs to know of its caller, in one read."""

    agency = UnicodeAttribute()
    member = UnicodeAttribute()
    name = UnicodeAttribute()
    role = UnicodeAttribute()
    brands = Json(null=True)


class Route(Item):
    """Whose a network's account, or a hook's address, is."""

    agency = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    network = UnicodeAttribute()


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


class Thread(Item):
    """Another name of a thread: what is said there belongs to `conversation`."""

    conversation = UnicodeAttribute()


class Inbox(GlobalSecondaryIndex["Conversation"]):  # type: ignore[no-untyped-call]
    """A brand's conversations in one status, by last activity."""

    class Meta:
        """All attributes, so a page is one query."""

        index_name = "inbox"
        projection = AllProjection()

    inbox = UnicodeAttribute(hash_key=True)
    activity = UnicodeAttribute(range_key=True)


class Conversation(Item):
    """One thread between a brand and people.

    `people` holds fingerprints of those already written down, so that only news about a person costs a write;
    `parked` is set while an event waits here for its message. `last_at` orders, `last_in_at` opens the answer window.
    """

    index = Inbox()
    inbox = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)
    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    channel = UnicodeAttribute()
    network = UnicodeAttribute()
    surface = UnicodeAttribute()
    thread = UnicodeAttribute()
    status = UnicodeAttribute(default="open")
    origin = Json(null=True)
    contact = UnicodeAttribute(default="")
    contact_name = UnicodeAttribute(default="")
    to = UnicodeAttribute(default="")
    people = UnicodeSetAttribute(null=True)
    parked = BooleanAttribute(null=True)
    unread = NumberAttribute(default=0)
    last_message = Json(null=True)
    last_at = NumberAttribute(default=0)
    last_in_at = NumberAttribute(default=0)
    context = Json(null=True)
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class Message(Item):
    """One thing said. `rank` is how far its delivery got; `todo` is what is left to be done about it, if anything."""

    id = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    direction = UnicodeAttribute()
    surface = UnicodeAttribute()
    kind = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    full_text = UnicodeAttribute(null=True)
    attachments = Json(null=True)
    author = Json()
    network_id = UnicodeAttribute(default="")
    reply_to = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    rank = NumberAttribute(default=0)
    error = Json(null=True)
    reactions = Json(null=True)
    revisions = Json(null=True)
    context = Json(null=True)
    say = Json(null=True)
    reply = UnicodeAttribute(null=True)
    todo = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    hidden = BooleanAttribute(null=True)
    edited_at = NumberAttribute(null=True)
    deleted_at = NumberAttribute(null=True)
    sent_at = NumberAttribute()
    received_at = NumberAttribute()
    version = NumberAttribute(default=1)


class Pointer(Item):
    """Where the message of a network id is, when the id and the thread do not tell."""

    message = UnicodeAttribute()


class Parked(Item):
    """An event that came before the message it is about: the body it came in, kept for a week. `expires` is in seconds, as TTL asks."""

    network = UnicodeAttribute()
    raw = UnicodeAttribute()
    at = NumberAttribute()
    expires = NumberAttribute()


class Reply(Item):
    """What the brand is about to say; once approved its messages tell how far it got."""

    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    brand = UnicodeAttribute()
    author = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    attachments = Json(default=list)
    private = BooleanAttribute(default=False)
    reply_to = UnicodeAttribute(null=True)
    template = Json(null=True)
    state = UnicodeAttribute(default="approved")
    messages = Json(default=list)
    created_at = NumberAttribute()


class Idempotency(Item):
    """An answer given once to a key, to be given again for a day; `status` 0 while the first call is under way."""

    fingerprint = UnicodeAttribute()
    status = NumberAttribute(default=0)
    answer = UnicodeAttribute(default="")
    expires = NumberAttribute()
