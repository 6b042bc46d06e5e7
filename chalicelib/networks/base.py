"""What a network is to the rest of Palabre: the types both sides use, without any logic.

A network turns its webhook bodies into `Inbound` events, and our `Say` and `Act` into calls of its own API.
Times are integer milliseconds since the epoch, by the network's own clock; ids are strings, exactly as received.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.networks.business import BusinessProfiles
from chalicelib.networks.capabilities import Capabilities
from chalicelib.networks.consents import Account, App, Asked, Begun, Consent, Granted, Posting, Tokens, consent_for
from chalicelib.networks.incoming import (
    SIBLING,
    AccountEvent,
    Attachment,
    AttachmentKind,
    ChannelHealth,
    Delete,
    Direction,
    Edit,
    Event,
    Hide,
    Hint,
    Inbound,
    Json,
    Message,
    Moved,
    Person,
    PostEdited,
    Profile,
    Reaction,
    Receipt,
    ReceiptStatus,
    Surface,
    TemplateNews,
    TemplateState,
    ThreadEvent,
    Unhandled,
    Verb,
    surface,
)
from chalicelib.networks.origins import Ad, Origin, Publication
from chalicelib.networks.outgoing import (
    Act,
    Connected,
    Cost,
    Credentials,
    Download,
    Expired,
    Gone,
    Interactive,
    InteractiveKind,
    InteractiveLimit,
    Loaded,
    Loss,
    Media,
    MediaKind,
    MediaLimit,
    Option,
    Outcome,
    Rate,
    Reason,
    Rejected,
    Report,
    Revoked,
    Say,
    ScopeLost,
    SeenBy,
    Sent,
    Throttled,
    Unknown,
    Unreachable,
    WindowClosed,
)
from chalicelib.networks.polling import Polling, Pulled, Quota, Stretch
from chalicelib.networks.templates import Templates
from chalicelib.strict_json import Unreadable, posted

__all__ = [
    "SIBLING",
    "Account",
    "AccountEvent",
    "Act",
    "Ad",
    "App",
    "Asked",
    "Attachment",
    "AttachmentKind",
    "Begun",
    "Capabilities",
    "ChannelHealth",
    "Connected",
    "Consent",
    "Cost",
    "Credentials",
    "Delete",
    "Direction",
    "Download",
    "Edit",
    "Event",
    "Expired",
    "Gone",
    "Granted",
    "Headers",
    "Hide",
    "Hint",
    "Inbound",
    "Interactive",
    "InteractiveKind",
    "InteractiveLimit",
    "Json",
    "Loaded",
    "Loss",
    "Media",
    "MediaKind",
    "MediaLimit",
    "Message",
    "Moved",
    "Network",
    "Option",
    "Origin",
    "Outcome",
    "Person",
    "Polling",
    "PostEdited",
    "Posting",
    "Profile",
    "Publication",
    "Pulled",
    "Quota",
    "Rate",
    "Reaction",
    "Reason",
    "Receipt",
    "ReceiptStatus",
    "Rejected",
    "Report",
    "Revoked",
    "Say",
    "ScopeLost",
    "Secrets",
    "SeenBy",
    "Sent",
    "Stretch",
    "Surface",
    "TemplateNews",
    "TemplateState",
    "ThreadEvent",
    "Throttled",
    "Tokens",
    "Unhandled",
    "Unknown",
    "Unreachable",
    "Unreadable",
    "Verb",
    "WindowClosed",
    "consent_for",
    "posted",
    "surface",
]


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """The secrets that a hook's body is verified with: several while one is being replaced. Without any, every body is
    refused.
    """

    signing: tuple[str, ...] = field(default=(), repr=False)
    verify: tuple[str, ...] = field(default=(), repr=False)


Headers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network as a value. Functions that take credentials call the network; all others are pure.

    - `verify(raw, headers, secrets)` checks the bytes as posted, in constant time. The parameters of the query of the
      hook's address are among the headers as `?name`, for networks that sign nothing.
    - `handshake(query, secrets)` gives the text to answer a GET with, or None to refuse; it is of `handshake_type`.
      Raises Unreadable for a malformed challenge.
    - `decode(raw)` turns the bytes of a posted body into what `parse` takes, or raises Unreadable. A network that posts
      another format reads JSON too, because stored items are JSON.
    - `about(raw)` names the account that a body is about, if that is cheap to find out; used only to share work fairly.
    - `parse(payload)` never raises: an item it cannot read becomes `Unhandled`, and it reads the others. It reads an
      item only when the caller asks for it, and what items share is short, so a caller can stop when it is too much.
    - `parts(say)` splits a message that the network takes only as several messages, and keeps the order.
    - `send` gives `Sent`, or raises an `Outcome`; `act` gives nothing, or raises an `Outcome`. A network that
      `takes_bytes` gets files as `Loaded`, and sends these. A file that is too large for that, and a file for any other
      network, comes as an address.
    - `is_shown(credentials, act)` asks whether everybody can still see the message that `act` hid, on a network
      that may accept a hide and show the message all the same. None if the network does not tell.
    - `check(credentials)` asks which account the token speaks for.
    - `subscribe(credentials, hook, secret)` turns the webhook on, `unsubscribe` turns it off.
    - `download` asks where an attachment is, `profile` for a person, `complete` for a message that came as ids only.
    - `play(account, event)` makes the body of an event that a user plays, on a network that is simulated here and calls
      nobody. Sandbox brands have channels of such networks only, and no other brand has any.
    - `publication` asks for the publication that a comment belongs to; gives what can be read, or raises an `Outcome`.
    - `consent` is how an account is connected on the network's own page, if it has one.
    - `polling` is how to ask for news, on a network that does not post them. Nothing is ever posted to its hook then,
      unless `verify` says so.
    - `unheard(credentials, hook)` names what the network should post to that hook and does not.
    - `hook_ends`: the network stops posting to a hook after a while, unless it is turned on again every day.
    - `past(credentials, stretch)` asks for what happened in a stretch of time, as `polling` does for news; or it has
      the network post it, and gives nothing. The events have the same ids as the posted ones; a message whose time is
      less precise here than in the posted event is `coarse`.
    - `quotas(credentials)` asks how much of what the network allows was used. `allows` lists the limits that its
      documentation names and whose use the network tells no account.
    - `business_profile` is what the account tells of the business, if that is written by the network's API.
    - `templates` is how templates are written there, if that is done by its API.
    - `secret_per_channel`: each channel has a hook of its own, and a secret that we make. With `token_signs` we make
      none: the network signs what it posts with the channel's own token.
    - `siblings` are networks whose events come to the same hook. Each network reads its own events, and gives
      `Unhandled(SIBLING)` for those of its siblings. `many_servers`: each account is on a server that a user named.
    """

    key: str
    name: str
    capabilities: Capabilities
    parse: Callable[[Json], Iterator[Inbound]]
    verify: Callable[[bytes, Headers, Secrets], bool]
    send: Callable[[Credentials, Say], Sent]
    act: Callable[[Credentials, Act], None]
    check: Callable[[Credentials], Connected]
    subscribe: Callable[[Credentials, str, str], None]
    unsubscribe: Callable[[Credentials], None]
    handshake: Callable[[Mapping[str, str], Secrets], str | None] = lambda query, secrets: None
    about: Callable[[bytes], str] = lambda raw: ""
    parts: Callable[[Say], Sequence[Say]] = lambda say: [say]
    is_shown: Callable[[Credentials, Act], bool | None] | None = None
    download: Callable[[Credentials, Attachment], Download] | None = None
    profile: Callable[[Credentials, str], Person] | None = None
    complete: Callable[[Credentials, Message], Message] | None = None
    publication: Callable[[Credentials, Origin], Publication] | None = None
    consent: Consent | None = None
    polling: Polling | None = None
    unheard: Callable[[Credentials, str], Sequence[str]] | None = None
    hook_ends: bool = False
    past: Callable[[Credentials, Stretch], Pulled] | None = None
    quotas: Callable[[Credentials], Sequence[Quota]] | None = None
    allows: Sequence[Quota] = ()
    business_profile: BusinessProfiles | None = None
    templates: Templates | None = None
    decode: Callable[[bytes], Any] = posted
    handshake_type: str = "text/plain"
    content_types: tuple[str, ...] = ("application/json",)
    secret_per_channel: bool = False
    token_signs: bool = False
    siblings: tuple[str, ...] = ()
    many_servers: bool = False
    takes_bytes: bool = False
    play: Callable[[str, Json], Json] | None = None
