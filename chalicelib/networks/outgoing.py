"""What goes out to a network, and why it may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.networks.incoming import Json, Surface, Verb


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
    """`id` is the network's id of what was said, `also` the ids of its further parts."""

    id: str
    also: tuple[str, ...] = ()


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
