"""What comes in from a network, in words every network shares.

Times are milliseconds by the network's own clock. Ids are the network's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, dataclass_transform, get_args

from chalicelib.networks.origins import Origin

Json = Mapping[str, Any]
Surface = Literal["dm", "comment", "mention", "review"]
Direction = Literal["in", "out"]
AttachmentKind = Literal[
    "image", "video", "audio", "file", "location", "contact", "sticker", "link", "template", "order", "unsupported"
]
ReceiptStatus = Literal["sent", "delivered", "read", "failed"]
ChannelHealth = Literal["ok", "alert", "paused", "expired", "disconnected"]
# What becomes of a template on the network; `draft` is ours alone, `deleted` is not there any more.
TemplateState = Literal["draft", "pending", "approved", "rejected", "paused", "disabled", "deleted"]
Verb = Literal[
    "hide", "unhide", "delete", "like", "react", "unreact", "report", "read", "typing",
    "ban", "unban", "restrict", "unrestrict",
]  # fmt: skip
# Done to a person; all others are done to a message.
OF_PEOPLE: tuple[Verb, ...] = ("ban", "unban", "restrict", "unrestrict")
SIBLING = "sibling"  # the reason of an Unhandled item that another network on the same hook reads
T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def record(kind: type[T]) -> type[T]:
    """A dataclass that is frozen for the type checker only: freezing at run time takes as long as reading itself."""
    return dataclass(kw_only=True, unsafe_hash=True)(kind)


def surface(text: str) -> Surface:
    """A text read from the store, typed as a surface; ValueError if there is no such surface."""
    for name in get_args(Surface):
        if name == text:
            surface: Surface = name
            return surface
    raise ValueError(text)


@record
class Person:
    """Somebody on the network, addressed by `id`. `aliases` are their other ids; `followers` is None if not told."""

    id: str
    name: str = ""
    username: str = ""
    phone: str = ""
    avatar: str = ""
    aliases: tuple[str, ...] = ()
    followers: int | None = None


@record
class Attachment:
    """A file, or something else beside the text. `url` is empty if the file has to be looked up first by `media`, the
    network's id of it.

    `expires` is True if the address stops working, so that the file has to be copied. `details` holds what only this
    kind has (latitude and longitude, items of an order, cards of a contact).
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


@record
class Message:
    """Something said by a person (`in`), or by the brand through Palabre or outside of it (`out`).

    `person` is the other side: the author of what comes in, the addressee of what went out (None: nobody in particular,
    as in a channel post). `exact` is False if the network does not tell when it was said; `at` is then the time of the
    webhook. `coarse`: the time is cut to the second here, while the network's webhook has it in full. `history` marks
    an imported past: stored, never unread. `kind` is empty if text and attachments say it all; otherwise `postback`,
    `story_reply`, `story_mention`, `share`, `review`, `system`, `unsupported`, `post`. `correlation` is our own message
    id when the network hands it back. `context` holds referral, payload, forwarded, rating and the like, as strings or
    small maps.

    `order` is a number that grows in the thread with each message, 0 if the network does not count them; it decides
    between messages with the same time. `place` is set by intake: the position of the message among those posted
    together.
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
    coarse: bool = False
    history: bool = False
    hidden: bool = False
    correlation: str = ""
    order: int = 0
    place: int = 0
    context: Json = field(default_factory=dict)


@record
class Edit:
    """A new text for message `id`. `created` is when the original was said, 0 if the network does not tell.

    `attachments` and `context` replace those of the message; None if the network does not tell them with an edit.
    """

    thread: str
    id: str
    at: int
    text: str
    attachments: tuple[Attachment, ...] | None = None
    context: Json | None = None
    created: int = 0
    surface: Surface = "dm"


@record
class Delete:
    """Messages `ids` were deleted by their author, or by the brand outside Palabre."""

    thread: str
    ids: tuple[str, ...]
    at: int
    created: int = 0
    surface: Surface = "dm"


@record
class Hide:
    """A comment was hidden or shown again on the network."""

    thread: str
    id: str
    at: int
    hidden: bool
    created: int = 0
    surface: Surface = "comment"


@record
class Reaction:
    """The person `by` reacted to message `id` with `emoji`, which replaces their reaction; empty: it is taken away."""

    thread: str
    id: str
    at: int
    by: Person
    emoji: str = ""
    surface: Surface = "dm"


@record
class Receipt:
    """The delivery of our message `id`, and of all before it if `and_older`. No id: of all up to `watermark`."""

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


@record
class ThreadEvent:
    """An event of a thread that is no message (`referral`, `handover`, `optin`...); kept on the conversation."""

    thread: str
    name: str
    at: int
    person: Person | None = None
    context: Json = field(default_factory=dict)


@record
class Profile:
    """What the network tells of a person outside any thread. `reachable` is None if it does not tell."""

    person: Person
    at: int
    reachable: bool | None = None
    context: Json = field(default_factory=dict)


@record
class Moved:
    """Thread or person `old` has the id `new` from now on (a group became a supergroup, a number changed)."""

    old: str
    new: str
    at: int


@record
class TemplateNews:
    """What became of a template of the account. A field is empty if the network did not tell.

    `reason` is the network's code for why, `detail` its explanation. From `category_at` (ms) on, the category is
    `next_category`. `is_rewritten`: the components changed, and the network has to be asked for the new ones.
    """

    name: str
    language: str
    id: str = ""
    state: TemplateState | Literal[""] = ""
    reason: str = ""
    detail: str = ""
    category: str = ""
    next_category: str = ""
    category_at: int = 0
    quality: str = ""
    is_rewritten: bool = False


@record
class AccountEvent:
    """A trouble of our own account on the network begins or, with health `ok`, ends.

    `name` identifies the trouble; a `.` and more may follow it to say what happened. Troubles of different names are
    separate. `template` is what became of a template, whether or not that is a trouble.
    """

    name: str
    at: int
    health: ChannelHealth = "ok"
    detail: str = ""
    template: TemplateNews | None = None


@record
class PostEdited:
    """A publication of ours, which may have comments, was changed."""

    id: str
    at: int


@record
class Hint:
    """Something new happened at our account, and the network does not say what: we ask for it at once."""


@record
class Unhandled:
    """An item we do not read. `reason` is a short code for the ledger, and never holds a text that a person wrote."""

    reason: str


Event = (
    Message
    | Edit
    | Delete
    | Hide
    | Reaction
    | Receipt
    | ThreadEvent
    | Profile
    | Moved
    | AccountEvent
    | PostEdited
    | Hint
    | Unhandled
)


@record
class Inbound:
    """One event for one of our accounts. `raw` is the smallest body that parses to this very event again.

    `place` is set by intake: the position of the event among those posted together.
    """

    account: str
    event: Event
    raw: Json
    place: int = 0
