"""What a network can do, as frontends and the core are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.networks.incoming import ReceiptStatus, Surface
from chalicelib.networks.outgoing import (
    Cost,
    InteractiveKind,
    InteractiveLimit,
    MediaLimit,
    Rate,
    SeenBy,
)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a frontend may offer, per surface. A surface that is missing from a map or tuple does not have the ability.

    `text` is the longest text in characters. On the surfaces of `text_in_bytes` it is in bytes; on those of
    `text_weighed` an emoji counts two, so does a sign that is not of an alphabet, and an address counts 23. `window` is
    for how many hours after a person's last message we may answer freely (no entry: no limit), `tags` for how many
    hours a human, not a program, may still answer with that tag. `opens` lists what else the person does that opens the
    window like a message: `reaction`, or the name of a thread event. `costs` are the prices of each way to answer, by
    date (no entry: free), and of `receive`, the price of what the network reports to us.

    `acknowledge` are the kinds of message for which the network wants an Act `read` at once. `publications` are the
    surfaces on which the commented publication can be read. `publishes`: it takes publications by its API, whether or
    not we make any. `interactive` are the kinds of choices in direct messages. `hide_seen_by` says who still sees a
    hidden message (None: the network does not say); `hide_undo` and `delete_undo` say what can be taken back,
    `hide_rate` how fast one may hide. A restricted person stays and can write no more.
    """

    surfaces: tuple[Surface, ...]
    reply: tuple[Surface, ...] = ()
    private_reply: tuple[Surface, ...] = ()
    quote: tuple[Surface, ...] = ()
    hide: tuple[Surface, ...] = ()
    hide_seen_by: SeenBy | None = None
    hide_undo: bool = False
    hide_rate: Rate | None = None
    delete: tuple[Surface, ...] = ()
    delete_undo: bool = False
    ban: tuple[Surface, ...] = ()
    restrict: tuple[Surface, ...] = ()
    report: tuple[Surface, ...] = ()
    like: tuple[Surface, ...] = ()
    react: tuple[Surface, ...] = ()
    read: bool = False
    typing: bool = False
    templates: bool = False
    echoes: bool = False
    receipts: tuple[ReceiptStatus, ...] = ()
    text: Mapping[Surface, int] = field(default_factory=dict)
    text_in_bytes: tuple[Surface, ...] = ()
    text_weighed: tuple[Surface, ...] = ()
    caption: int = 0
    media: Mapping[str, MediaLimit] = field(default_factory=dict)
    media_surfaces: tuple[Surface, ...] = ("dm",)
    window: Mapping[Surface, int] = field(default_factory=dict)
    opens: tuple[str, ...] = ()
    tags: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[str, Sequence[Cost]] = field(default_factory=dict)
    reactions: tuple[str, ...] = ()
    acknowledge: tuple[str, ...] = ()
    publications: tuple[Surface, ...] = ()
    publishes: bool = False
    interactive: Mapping[InteractiveKind, InteractiveLimit] = field(default_factory=dict)
