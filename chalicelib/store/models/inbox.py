"""Items of conversations and messages."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Inbox, Item, Json, Listed, Whole


class Attributes(Item):
    """The custom attributes that an agency defines for its conversations: definitions by name.

    A definition is `{title, type, choices, brands, required_on_resolve, version}`; with `brands` None it is for all.
    """

    definitions = Json(default=dict)
    version = Whole(default=1)


class Thread(Item):
    """A later name of a thread: its messages belong to `conversation`."""

    conversation = UnicodeAttribute()


class Conversation(Listed):
    """A conversation: one thread between a brand and people.

    `people` holds fingerprints of the people whose contacts are up to date, so that only news costs a write. `parked`
    is set while an event waits here for its message. `last_at` is when the last message was sent, by which the inbox is
    ordered; `last_order` is that message's place among those of the same time. The window for answers is counted from
    `last_in_at`. `heard` and `spoken` count messages that came in and went out, and `heard` also their edits and
    deletions: a change shows that something happened since, although many networks' clocks have only seconds.
    `revised` counts these edits and deletions alone. `opened_at` is when it was opened last, `waiting_since`
    since when the other side waits for an answer, `assigned_at` when the assignee got it. `clocks` has the deadlines
    that were running at the last check (teamwork.escalation), name -> [due (ms), percent reached]; the next check is at
    `look_at`. `paid` is set if it belongs to an advertisement, `approval_required` while each reply needs an approval.
    `coarse_at` is the latest second of which messages are stored without their milliseconds. `labelled_at` is when a
    person or key changed the labels last, `approval_at` when they last set whether replies need approval.
    """

    index = Inbox()
    brand = UnicodeAttribute()
    channel = UnicodeAttribute()
    network = UnicodeAttribute()
    surface = UnicodeAttribute()
    external_id = UnicodeAttribute(null=True)
    thread = UnicodeAttribute()
    status = UnicodeAttribute(default="open")
    origin = Json(null=True)
    paid = BooleanAttribute(null=True)
    contact = UnicodeAttribute(default="")
    contact_name = UnicodeAttribute(default="")
    assignee = UnicodeAttribute(null=True)
    participants = Json(null=True)
    priority = UnicodeAttribute(null=True)
    labels = Json(null=True)
    labelled_at = Whole(null=True)
    approval_required = BooleanAttribute(null=True)
    approval_at = Whole(null=True)
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
    last_order = UnicodeAttribute(default="")
    last_in_at = Whole(default=0)
    coarse_at = Whole(null=True)
    heard = Whole(default=0)
    spoken = Whole(default=0)
    revised = Whole(default=0)
    context = Json(null=True)
    version = Whole(default=1)
    created_at = Whole()
    updated_at = Whole()

    @property
    def id(self) -> str:
        return self.pk.partition("#")[2]


class Counter(Item):
    """How many conversations of a brand are in each status, among those counted by this shard.

    `moves` is how often the counter changed, `moved_at` (ms) when it last did.
    """

    open = Whole(default=0)
    pending = Whole(default=0)
    snoozed = Whole(default=0)
    resolved = Whole(default=0)
    moves = Whole(default=0)
    moved_at = Whole(default=0)


class Tally(Item):
    """How much there is to do in a brand, or for one of its assignees, according to the stream so far.

    It counts unresolved conversations: with unread messages, waiting for an answer, and unassigned ones (in a brand's
    tally) or the assignee's. `moves` is how often it changed, `moved_at` (ms) when it last did; `through` is the number
    of the last segment of the lane that it has added.
    """

    unread = Whole(default=0)
    waiting = Whole(default=0)
    unassigned = Whole(default=0)
    assigned = Whole(default=0)
    through = Whole(null=True)
    moves = Whole(default=0)
    moved_at = Whole(default=0)


class Message(Item):
    """A message. `rank` is how far its delivery got; `todo` is what is still to be done about it, if anything.

    `severity` is the highest of its grave findings, if there are any. `left_out` counts the reactions and revisions for
    which there was no room, by these names. `waited_since` is since when the other side waited for this answer; at
    `claimed_at` it was last given to the network. Of a message that went out, `source` is why it was sent
    (access.actors), and `caused_by` the webhook endpoint whose receiver asked for it. `acted` is the audit entry of the
    last change by a member or key.
    """

    id = UnicodeAttribute()
    channel = UnicodeAttribute()
    brand = UnicodeAttribute()
    direction = UnicodeAttribute()
    surface = UnicodeAttribute()
    kind = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    severity = Whole(null=True)
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
    left_out = Json(null=True)
    context = Json(null=True)
    say = Json(null=True)
    reply = UnicodeAttribute(null=True)
    todo = UnicodeAttribute(null=True)
    attempts = Whole(null=True)
    claimed_at = Whole(null=True)
    waited_since = Whole(null=True)
    source = UnicodeAttribute(null=True)
    caused_by = UnicodeAttribute(null=True)
    acted = UnicodeAttribute(null=True)
    hidden = BooleanAttribute(null=True)
    hidden_at = Whole(null=True)
    reported_at = Whole(null=True)
    edited_at = Whole(null=True)
    deleted_at = Whole(null=True)
    sent_at = Whole()
    received_at = Whole()
    version = Whole(default=1)


class Pointer(Item):
    """Maps a network's id to our message, where the id alone does not say when the message was sent."""

    message = UnicodeAttribute()


class Marks(Item):
    """Up to which time our messages of a conversation are delivered and read, by the network's clock (ms).

    The next receipt reads the messages from `delivered_from` or `read_from` on; those before need nothing more.
    """

    delivered = Whole(null=True)
    delivered_from = Whole(null=True)
    read = Whole(null=True)
    read_from = Whole(null=True)


class EarlyEvent(Item):
    """An event that came before its message: the posted body, kept for a week. `expires` is in seconds, for TTL.

    It came at `at` (ms); `place` is its position among the events posted together.
    """

    network = UnicodeAttribute()
    raw = UnicodeAttribute()
    at = Whole()
    place = Whole(default=0)
    expires = Whole()


class Post(Item):
    """A publication on a channel's network, as it was read at `read_at` (ms; 0: it was edited since).

    `source` is the address of its picture at the network, `picture` the key of our copy. An advertisement has an `ad`.
    """

    id = UnicodeAttribute()
    network = UnicodeAttribute(default="")
    kind = UnicodeAttribute(default="")
    url = UnicodeAttribute(default="")
    text = UnicodeAttribute(default="")
    author = UnicodeAttribute(default="")
    source = UnicodeAttribute(default="")
    picture = UnicodeAttribute(default="")
    ad = Json(null=True)
    posted_at = Whole(default=0)
    read_at = Whole(default=0)
