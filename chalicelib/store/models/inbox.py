"""Items of conversations and messages."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.models.item import Inbox, Item, Json, Listed, Whole


class Attributes(Item):
    """What an agency keeps of its conversations: definitions by name, few and read at once.

    A definition is `{title, type, choices, brands, required_on_resolve, version}`; `brands` None means all.
    """

    definitions = Json(default=dict)
    version = Whole(default=1)


class Thread(Item):
    """Another name of a thread: what is said there belongs to `conversation`."""

    conversation = UnicodeAttribute()


class Conversation(Listed):
    """One thread between a brand and people.

    `people` holds fingerprints of those already written down, so that only news about a person costs a write;
    `parked` is set while an event waits here for its message. `last_at` orders, `last_in_at` opens the answer window;
    `heard` and `spoken` count what came in and went out: many networks' clocks only know seconds. `opened_at` is when
    it was opened last, `waiting_since` since when the other side waits for an answer, `assigned_at` when the assignee
    got it. `clocks` is what inbox.watch saw running when it last looked, name -> [due (ms), percent reached];
    `look_at` is when it looks again.
    """

    index = Inbox()
    brand = UnicodeAttribute()
    channel = UnicodeAttribute()
    network = UnicodeAttribute()
    surface = UnicodeAttribute()
    thread = UnicodeAttribute()
    status = UnicodeAttribute(default="open")
    origin = Json(null=True)
    contact = UnicodeAttribute(default="")
    contact_name = UnicodeAttribute(default="")
    assignee = UnicodeAttribute(null=True)
    participants = Json(null=True)
    priority = UnicodeAttribute(null=True)
    labels = Json(null=True)
    attributes = Json(null=True)
    snoozed_until = Whole(null=True)
    opened_at = Whole(null=True)
    waiting_since = Whole(null=True)
    assigned_at = Whole(null=True)
    clocks = Json(null=True)
    look_at = Whole(null=True)
    to = UnicodeAttribute(default="")
    people = UnicodeSetAttribute(null=True)
    parked = BooleanAttribute(null=True)
    unread = Whole(default=0)
    last_message = Json(null=True)
    last_at = Whole(default=0)
    last_in_at = Whole(default=0)
    heard = Whole(default=0)
    spoken = Whole(default=0)
    context = Json(null=True)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()

    @property
    def id(self) -> str:
        """Its id, which its partition tells."""
        return self.pk.partition("#")[2]


class Message(Item):
    """One thing said. `rank` is how far its delivery got; `todo` is what is left to be done about it, if anything.

    `waited_since` is since when the other side was waiting for this answer.
    """

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
    rank = Whole(default=0)
    error = Json(null=True)
    reactions = Json(null=True)
    revisions = Json(null=True)
    context = Json(null=True)
    say = Json(null=True)
    reply = UnicodeAttribute(null=True)
    todo = UnicodeAttribute(null=True)
    attempts = Whole(null=True)
    waited_since = Whole(null=True)
    hidden = BooleanAttribute(null=True)
    edited_at = Whole(null=True)
    deleted_at = Whole(null=True)
    sent_at = Whole()
    received_at = Whole()
    version = Whole(default=1)


class Pointer(Item):
    """Where the message of a network id is, when the id and the thread do not tell."""

    message = UnicodeAttribute()


class EarlyEvent(Item):
    """An event that came before its message: the body it came in, for a week. `expires` is in seconds, as TTL asks."""

    network = UnicodeAttribute()
    raw = UnicodeAttribute()
    at = Whole()
    expires = Whole()
