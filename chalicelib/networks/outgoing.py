"""What goes out to a network, and the errors it may end in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.networks.incoming import Json, Surface, Verb

Reason = Literal["spam", "abuse", "sexual", "misleading", "illegal", "other"]  # why a message is reported
Loss = Literal["revoked", "expired", "scope_lost"]  # why a token no longer works
MediaKind = Literal["image", "video", "audio", "file", "sticker"]
SeenBy = Literal["author", "author_and_friends", "everybody_who_asks"]  # who still sees a hidden message


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a network asks for when we act for a channel. `details` came with connecting: page id, WABA id...

    `refresh` renews the token, and `key` proves that it is ours, on networks that have such.
    """

    account: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file to send, at an https address that the network can fetch."""

    kind: MediaKind
    url: str
    mime: str = ""
    name: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Loaded(Media):
    """A file with its bytes, for a network that takes bytes instead of an address."""

    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Option:
    """What can be chosen: `id` comes back with the choice, `title` is shown."""

    id: str
    title: str
    description: str = ""


InteractiveKind = Literal["buttons", "quick_replies", "list"]


@dataclass(frozen=True, kw_only=True)
class Interactive:
    """Options under a text: buttons that stay, replies offered until one is given, or a list behind a `button`."""

    kind: InteractiveKind
    options: tuple[Option, ...]
    button: str = ""


@dataclass(frozen=True, kw_only=True)
class MediaLimit:
    """`types` are the MIME types the network takes; empty: any."""

    bytes: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InteractiveLimit:
    """At most so many options, with titles, descriptions and a button of so many characters, and ids of so many bytes;
    0 where there is none. `text` is the longest text above them.
    """

    options: int
    title: int
    id: int
    text: int
    description: int = 0
    button: int = 0


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the network charges for one unit, from the day `since` on (UTC). `note` is a code for frontends.

    `amount` is the list price in USD, such as `0.015`; empty if the list has no single price for all. `page` is the
    list's address.
    """

    cost: Literal["free", "paid"]
    amount: str = ""
    page: str = ""
    unit: Literal["message"] = "message"
    note: str = ""
    since: str = ""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """The network takes at most so many calls in so many seconds, `of` an account or of all accounts of an app."""

    calls: int
    seconds: int
    of: Literal["account", "app"] = "account"


@dataclass(frozen=True, kw_only=True)
class Say:
    """One message to send, by one call to the network.

    `to` is the person's id; `reply_to` the network's id of the message quoted or of the comment answered; `private`
    sends a private answer to comment `reply_to`. `template` is `{name, language, components?}`. `correlation` is our
    message id, sent along if the network gives it back with its echoes and receipts.
    """

    thread: str
    to: str = ""
    surface: Surface = "dm"
    text: str = ""
    attachments: tuple[Media, ...] = ()
    reply_to: str = ""
    private: bool = False
    template: Json | None = None
    interactive: Interactive | None = None
    origin: str = ""
    correlation: str = ""
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Why a message is reported to the network: a reason from the network's list, or `other`, and a note for its
    reviewer.
    """

    reason: Reason = "other"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do to message `id`, such as hiding it, or to the person `to`; doing it again changes nothing.

    Only the verb `report` is different: each repeat reports the message again. The field `report` then says why.
    """

    verb: Verb
    thread: str
    id: str = ""
    to: str = ""
    surface: Surface = "dm"
    emoji: str = ""
    report: Report = field(default_factory=Report)
    context: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """`id` is the network's id of what was said, `also` the ids of its further parts.

    `thread` is the new id of the thread, if the network gave it one. `posted_body` is the webhook body about the
    message that a network simulated here posts.
    """

    id: str
    also: tuple[str, ...] = ()
    thread: str = ""
    posted_body: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Download:
    """Where to fetch a file, and with which headers; both may hold the token, so neither is ever logged."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Connected:
    """The account a token speaks for: its id and name there, its other ids there (`also`), and details to keep."""

    account: str
    name: str
    also: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


class Outcome(Exception):
    """Why a message was not sent. `code` is the network's own code, `text` its explanation, which the author may read.

    `after` is how many seconds to wait before the next call, for Throttled.
    """

    def __init__(self, text: str = "", *, code: str = "", after: float = 0) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.after = after


class Rejected(Outcome):
    """The content is wrong or a permission is missing: the author must change something."""


class WindowClosed(Outcome):
    """The network no longer lets us answer freely."""


class Gone(Outcome):
    """The person, or the message we answer, cannot be reached any more."""


class Expired(Outcome):
    """The channel's token no longer works: it has to be connected anew. `loss` is `expired` if no other reason is
    known.
    """

    loss: Loss = "expired"


class Revoked(Expired):
    """Somebody took their consent back, or changed what ends it, such as a password."""

    loss = "revoked"


class ScopeLost(Expired):
    """The token is valid, but has lost a right that the channel needs."""

    loss = "scope_lost"


class Throttled(Outcome):
    """Wait for `after` seconds; calling sooner makes the wait longer."""


class Unreachable(Outcome):
    """Nothing was written: try again."""


class Unknown(Outcome):
    """The network may have taken it: never repeat without knowing."""
