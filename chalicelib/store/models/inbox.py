"""The items of the inbox."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

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


class Replies(GlobalSecondaryIndex["Reply"]):  # type: ignore[no-untyped-call]
    """A brand's replies in one state, by when they came into it: the same index, other partitions."""

    class Meta:
        """As Inbox."""

        index_name = "inbox"
        projection = AllProjection()

    inbox = UnicodeAttribute(hash_key=True)
    activity = UnicodeAttribute(range_key=True)


class Conversation(Item):
    """One thread between a brand and people.

    `people` holds fingerprints of those already written down, so that only news about a person costs a write;
    `parked` is set while an event waits here for its message. `last_at` orders, `last_in_at` opens the answer window;
    `heard` and `spoken` count what came in and went out: many networks' clocks only know seconds. `opened_at` is when
    it was opened last, `waiting_since` since when the other side waits for an answer, `assigned_at` when the assignee
    got it. `clocks` is what inbox.watch saw running when it last looked, name -> [due (ms), percent reached];
    `look_at` is when it looks again.
    """

    index = Inbox()
    inbox = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)
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
    snoozed_until = NumberAttribute(null=True)
    opened_at = NumberAttribute(null=True)
    waiting_since = NumberAttribute(null=True)
    assigned_at = NumberAttribute(null=True)
    clocks = Json(null=True)
    look_at = NumberAttribute(null=True)
    to = UnicodeAttribute(default="")
    people = UnicodeSetAttribute(null=True)
    parked = BooleanAttribute(null=True)
    unread = NumberAttribute(default=0)
    last_message = Json(null=True)
    last_at = NumberAttribute(default=0)
    last_in_at = NumberAttribute(default=0)
    heard = NumberAttribute(default=0)
    spoken = NumberAttribute(default=0)
    context = Json(null=True)
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()

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
    rank = NumberAttribute(default=0)
    error = Json(null=True)
    reactions = Json(null=True)
    revisions = Json(null=True)
    context = Json(null=True)
    say = Json(null=True)
    reply = UnicodeAttribute(null=True)
    todo = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    waited_since = NumberAttribute(null=True)
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
    """An event that came before its message: the body it came in, for a week. `expires` is in seconds, as TTL asks."""

    network = UnicodeAttribute()
    raw = UnicodeAttribute()
    at = NumberAttribute()
    expires = NumberAttribute()


class Reply(Item):
    """What the brand is about to say; once it is queued, its messages tell how far it got.

    `writers` are those who wrote its words, who did last at the end, each `{member, subject}`: the subject is the
    person, and never shown. `hash` binds approvals to what is said and to whom; `seen` is what the conversation had
    heard and spoken then; `expires_at` is until when (ms) it waits, from the last time it was submitted.
    `inbox` and `activity` put it on the brand's list of its state.
    """

    index = Replies()
    inbox = UnicodeAttribute(null=True)
    activity = UnicodeAttribute(null=True)
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
    send_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    needs = Json(default=dict)
    approvals = Json(default=list)
    comments = Json(default=list)
    reason = UnicodeAttribute(null=True)
    messages = Json(default=list)
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class CannedReply(Item):
    """Words that a brand says often, with variables in them."""

    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    shortcut = UnicodeAttribute()
    title = UnicodeAttribute()
    text = UnicodeAttribute()
    language = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class Shortcut(Item):
    """That a canned reply has the shortcut, so that no other of its brand does."""

    canned_reply = UnicodeAttribute()


class Rota(Item):
    """Whose turn it is in a brand: who got the last conversation, and how many each has since `counted_at`."""

    last = UnicodeAttribute(default="")
    loads = Json(default=dict)
    counted_at = NumberAttribute(default=0)
    version = NumberAttribute(default=0)


class Lease(Item):
    """Who is answering in a conversation, and until when (ms) unless they say that they still are."""

    holder = UnicodeAttribute()
    name = UnicodeAttribute()
    until = NumberAttribute()


class Note(Item):
    """What colleagues tell each other beside a conversation."""

    id = UnicodeAttribute()
    conversation = UnicodeAttribute()
    author = UnicodeAttribute()
    author_name = UnicodeAttribute()
    text = UnicodeAttribute()
    mentions = Json(default=list)
    created_at = NumberAttribute()


class View(Item):
    """A saved search: a condition, for some brands or for all (None). Its partition says whether it is shared."""

    id = UnicodeAttribute()
    owner = UnicodeAttribute()
    name = UnicodeAttribute()
    shared = BooleanAttribute(default=False)
    brands = Json(null=True)
    condition = Json()
    order = UnicodeAttribute()
    version = NumberAttribute(default=1)
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class NumberOfViews(Item):
    """How many views a partition holds, so that there are never too many."""

    number = NumberAttribute(default=0)


class Due(Item):
    """Something to do at `when` (ms)."""

    agency = UnicodeAttribute()
    kind = UnicodeAttribute()
    target = UnicodeAttribute()
    when = NumberAttribute()
