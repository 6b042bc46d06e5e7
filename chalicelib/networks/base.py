"""What a network is to the rest of Palabre: the words both sides use, and nothing that runs.

A network turns its webhook bodies into `Inbound` events and our `Say` and `Act` into its own API calls.
Times are integer milliseconds since the epoch, in the network's own clock; ids are strings, exactly as received.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Json = Mapping[str, Any]
Surface = Literal["dm", "comment", "mention", "review"]
Direction = Literal["in", "out"]
AttachmentKind = Literal[
    "image", "video", "audio", "file", "location", "contact", "sticker", "link", "template", "order", "unsupported"
]
ReceiptStatus = Literal["sent", "delivered", "read", "failed"]
ChannelHealth = Literal["ok", "alert", "paused", "expired", "disconnected"]
Verb = Literal["hide", "unhide", "delete", "like", "unlike", "react", "unreact", "read", "typing"]


SIBLING = "sibling"  # why an item is left unread that another network on the same hook reads


def surface(text: str) -> Surface:
    """A surface read from the store, as one; ValueError if it is none."""
    for known in get_args(Surface):
        if known == text:
            found: Surface = known
            return found
    raise ValueError(text)


# What comes in


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone on the network. `id` is what we address them by; `aliases` are their other ids there."""

    id: str
    name: str = ""
    username: str = ""
    phone: str = ""
    avatar: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """`url` may be empty when `media`, the network's id of the file, has to be resolved first.

    `expires` says that the address dies, so the file is copied. `details` holds what only this kind has
    (latitude and longitude, items of an order, cards of a contact).
    """

    kind: AttachmentKind
    url: str = ""
    media: str = ""
    mime: str = ""
    name: str = ""
    size: int = 0
    title: str = ""
    expires: bool = False
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The publication a comment or mention hangs on."""

    id: str
    url: str = ""
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something said, by a person (`in`) or by the brand outside Palabre or through it (`out`).

    `person` is the other side: the author of what comes in, the addressee of what went out (None: nobody in
    particular, as in a channel post). `exact` is False when the network does not say when it was said, so `at` is only
    when we were told. `history` marks an imported past: stored, never unread. `kind` is empty for what text and
    attachments already tell; otherwise `postback`, `story_reply`, `story_mention`, `share`, `review`, `system`,
    `unsupported`, `post`. `correlation` is our own message id when the network hands it back. `context` holds referral,
    payload, forwarded, rating and the like, as strings or small maps.
    """

    thread: str
    id: str
    at: int
    surface: Surface = "dm"
    direction: Direction = "in"
    person: Person | None = None
    text: str = ""
    kind: str = ""
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    origin: Origin | None = None
    exact: bool = True
    history: bool = False
    hidden: bool = False
    correlation: str = ""
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """New words for message `id`. `created` is when the original was said, 0 if the network does not tell."""

    thread: str
    id: str
    at: int
    text: str
    attachments: tuple[Attachment, ...] | None = None
    created: int = 0
    surface: Surface = "dm"


@dataclass(frozen=True, kw_only=True)
class Delete:
    """The author, or the brand elsewhere, took messages `ids` back."""

    thread: str
    ids: tuple[str, ...]
    at: int
    created: int = 0
    surface: Surface = "dm"


@dataclass(frozen=True, kw_only=True)
class Hide:
    """A comment was hidden or shown again on the network."""

    thread: str
    id: str
    at: int
    hidden: bool
    created: int = 0
    surface: Surface = "comment"


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """`by` now has reaction `emoji` on message `id`; an empty emoji takes theirs away."""

    thread: str
    id: str
    at: int
    by: Person
    emoji: str = ""
    surface: Surface = "dm"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Delivery of our message `id`, and of all before it if `and_older`; with no id, of ours up to `watermark` (ms)."""

    thread: str
    status: ReceiptStatus
    at: int
    id: str = ""
    watermark: int = 0
    and_older: bool = False
    code: str = ""
    error: str = ""
    correlation: str = ""
    surface: Surface = "dm"


@dataclass(frozen=True, kw_only=True)
class ThreadEvent:
    """Something about a thread that nobody said: `referral`, `handover`, `optin`... kept on the conversation."""

    thread: str
    name: str
    at: int
    person: Person | None = None
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the network tells of a person outside any thread. `reachable` None: nothing said about it."""

    person: Person
    at: int
    reachable: bool | None = None
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Thread or person `old` goes by `new` from now on (a group became a supergroup, a number changed)."""

    old: str
    new: str
    at: int


@dataclass(frozen=True, kw_only=True)
class AccountEvent:
    """The state of our own account there; `ok` clears an earlier alert."""

    name: str
    at: int
    health: ChannelHealth = "ok"
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Unhandled:
    """An item we do not read. `reason` is a short code for the ledger, never text from the payload's people."""

    reason: str


Event = Message | Edit | Delete | Hide | Reaction | Receipt | ThreadEvent | Profile | Moved | AccountEvent | Unhandled


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """One event for one of our accounts. `raw` is the smallest body that parses to this very event again."""

    account: str
    event: Event
    raw: Json


# What goes out


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """How to speak for a channel. `details` is what connecting found out: page id, product, WABA id..."""

    account: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file to send: an https address the network can fetch."""

    kind: Literal["image", "video", "audio", "file", "sticker"]
    url: str
    mime: str = ""
    name: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Say:
    """One thing to say, which is one call to the network.

    `to` is the person's id; `reply_to` the network id of the message quoted or of the comment answered; `private` asks
    for a private answer to comment `reply_to`. `template` is `{name, language, components?}`. `correlation` is our
    message id, handed over where the network gives it back.
    """

    thread: str
    to: str = ""
    surface: Surface = "dm"
    text: str = ""
    attachments: tuple[Media, ...] = ()
    reply_to: str = ""
    private: bool = False
    template: Json | None = None
    origin: str = ""
    correlation: str = ""
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do to message `id`; doing it again changes nothing."""

    verb: Verb
    thread: str
    id: str = ""
    to: str = ""
    surface: Surface = "dm"
    emoji: str = ""
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """`id` is the network's id of what was said, `also` its further parts'; `at` its time there, 0 if not told."""

    id: str
    also: tuple[str, ...] = ()
    at: int = 0


@dataclass(frozen=True, kw_only=True)
class Download:
    """Where to fetch a file, and with which headers; both may hold the token, so neither is ever shown."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What connecting found: our account's id and name there, other ids it is called by, and details to keep."""

    account: str
    name: str
    also: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


class Outcome(Exception):
    """Why something was not sent. `code` is the network's own code, `text` its words, fit for the author's eyes.

    Outcome
     +-- Rejected      content or permission: the author must change something
     +-- WindowClosed  the network no longer lets us answer freely
     +-- Gone          the person, or what we answer, cannot be reached any more
     +-- Expired       the channel's token is dead: reconnect it
     +-- Throttled     wait `after` seconds; calling sooner makes it longer
     +-- Unreachable   nothing was written: try again
     +-- Unknown       it may have been written: never repeat blindly
    """

    def __init__(self, text: str = "", *, code: str = "", after: float = 0) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.after = after


class Rejected(Outcome):
    """See Outcome."""


class WindowClosed(Outcome):
    """See Outcome."""


class Gone(Outcome):
    """See Outcome."""


class Expired(Outcome):
    """See Outcome."""


class Throttled(Outcome):
    """See Outcome."""


class Unreachable(Outcome):
    """See Outcome."""


class Unknown(Outcome):
    """See Outcome."""


# What a network is


@dataclass(frozen=True, kw_only=True)
class MediaLimit:
    """`types` are the MIME types the network takes; empty: any."""

    bytes: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a frontend may offer, per surface. A surface that is missing from a map or tuple cannot do it.

    `text` is the longest text in characters (in bytes on the surfaces of `text_in_bytes`); `window` the hours in which
    we may answer freely after the person last spoke (no entry: no limit). `acknowledge` are the kinds of message the
    network wants an Act `read` for at once.
    """

    surfaces: tuple[Surface, ...]
    reply: tuple[Surface, ...] = ()
    private_reply: tuple[Surface, ...] = ()
    quote: tuple[Surface, ...] = ()
    hide: tuple[Surface, ...] = ()
    delete: tuple[Surface, ...] = ()
    like: tuple[Surface, ...] = ()
    react: tuple[Surface, ...] = ()
    read: bool = False
    typing: bool = False
    templates: bool = False
    echoes: bool = False
    receipts: tuple[ReceiptStatus, ...] = ()
    text: Mapping[Surface, int] = field(default_factory=dict)
    text_in_bytes: tuple[Surface, ...] = ()
    caption: int = 0
    media: Mapping[str, MediaLimit] = field(default_factory=dict)
    media_surfaces: tuple[Surface, ...] = ("dm",)
    window: Mapping[Surface, int] = field(default_factory=dict)
    reactions: tuple[str, ...] = ()
    acknowledge: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What a hook's body is verified against; several values while one is being replaced. None at all refuses."""

    signing: tuple[str, ...] = field(default=(), repr=False)
    verify: tuple[str, ...] = field(default=(), repr=False)


Headers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network as a value. Every function is pure but those that take credentials, which speak to the network.

    `verify(raw, headers, secrets)` in constant time on the bytes as posted. `handshake(query, secrets)` gives the text
    to answer a GET with, or None to refuse. `parse(payload)` is total: what it cannot read becomes `Unhandled` and the
    rest goes on. `parts(say)` splits what the network takes only as several messages, in order. `send` gives `Sent` or
    raises one `Outcome`; so does `act`. `check(credentials)` asks who the token speaks for. `subscribe(credentials,
    hook, secret)` turns the webhook on, `unsubscribe` off. `download` tells where an attachment is. `profile` asks for
    a person. `complete` fills in a message that came as ids only. `siblings` are networks whose events come to the same
    hook; each reads its own and leaves the others' as `Unhandled(SIBLING)`.
    """

    key: str
    name: str
    capabilities: Capabilities
    parse: Callable[[Json], list[Inbound]]
    verify: Callable[[bytes, Headers, Secrets], bool]
    send: Callable[[Credentials, Say], Sent]
    act: Callable[[Credentials, Act], None]
    check: Callable[[Credentials], Connected]
    subscribe: Callable[[Credentials, str, str], None]
    unsubscribe: Callable[[Credentials], None]
    handshake: Callable[[Mapping[str, str], Secrets], str | None] = lambda query, secrets: None
    parts: Callable[[Say], Sequence[Say]] = lambda say: [say]
    download: Callable[[Credentials, Attachment], Download] | None = None
    profile: Callable[[Credentials, str], Person] | None = None
    complete: Callable[[Credentials, Message], Message] | None = None
    content_types: tuple[str, ...] = ("application/json",)
    secret_per_channel: bool = False
    siblings: tuple[str, ...] = ()
