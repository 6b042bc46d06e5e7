"""Can we answer now, how, until when, and if not, what would change that. The same answer is shown and enforced."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib import clock, errors
from chalicelib.networks import base

HOUR = 3_600_000
PRIVATE_HOURS = 7 * 24
_DOWN = ("expired", "disconnected", "paused")


@dataclass(frozen=True)
class Place:
    """All that decides: the surface, when the person last spoke (ms), the channel's health, if they can be reached."""

    surface: base.Surface
    last_in_at: int
    health: str = "ok"
    reachable: bool = True


@dataclass(frozen=True)
class Sendability:
    """`ways` are reply, private_reply and template; `until` when the first of them ends (ms, 0: never); `why` not."""

    ways: tuple[str, ...]
    until: int = 0
    why: str = ""
    reopens: str = ""

    @property
    def can(self) -> bool:
        """True if there is any way at all."""
        return bool(self.ways)


def of(can: base.Capabilities, place: Place, now: int) -> Sendability:
    """What the network, the channel and the person allow at `now`."""
    if place.health in _DOWN:
        return Sendability((), why=f"channel_{place.health}", reopens="channel.connected")
    if not place.reachable:
        return Sendability((), why="contact_unreachable", reopens="contact.returns")
    if place.surface not in can.reply:
        return Sendability((), why="cannot_reply")
    closes = _closes(can, place)
    open_now = closes == 0 or closes > now
    private = place.surface in can.private_reply and place.last_in_at + PRIVATE_HOURS * HOUR > now
    ways = [("reply", open_now), ("private_reply", private), ("template", can.templates and place.surface == "dm")]
    found = tuple(name for name, given in ways if given)
    if open_now:
        return Sendability(found, until=closes)
    return Sendability(found, why="window_closed", reopens="message.received")


def _closes(can: base.Capabilities, place: Place) -> int:
    hours = can.window.get(place.surface)
    return place.last_in_at + hours * HOUR if hours is not None else 0


def check(can: base.Capabilities, place: Place, say: base.Say, now: int) -> None:
    """Raises Invalid or Conflict, naming the field, if this cannot be said there now."""
    check_content(can, say)
    found = of(can, place, now)
    way = "template" if say.template is not None else "private_reply" if say.private else "reply"
    if way in found.ways:
        return
    if found.why in ("contact_unreachable", *(f"channel_{state}" for state in _DOWN)):
        raise errors.Conflict("The person, or the channel, cannot be reached now.", code=found.why)
    raise errors.Invalid("The time to answer this way is over.", code=found.why or "window_closed")


def check_content(can: base.Capabilities, say: base.Say) -> None:
    """Raises Invalid, naming the field, if the network does not take such a thing on that surface."""
    if say.private and say.surface not in can.private_reply:
        raise errors.Invalid(
            "This network has no private replies here.", code="cannot_reply_privately", field="private"
        )
    surface: base.Surface = "dm" if say.private else say.surface
    if surface not in can.reply and not say.private:
        raise errors.Invalid("This network takes no replies here.", code="cannot_reply")
    if say.template is not None and not can.templates:
        raise errors.Invalid("This network has no templates.", code="cannot_template", field="template")
    if not (say.text.strip() or say.attachments or say.template):
        raise errors.Invalid("Nothing to say.", code="empty", field="text")
    longest = can.text.get(surface) or max(can.text.values(), default=0)
    length = len(say.text.encode("utf-8", "replace")) if surface in can.text_in_bytes else len(say.text)
    if length > longest:
        raise errors.Invalid(f"At most {longest}.", code="text_too_long", field="text")
    for media in say.attachments:
        _check_media(can, surface, media)


def _check_media(can: base.Capabilities, surface: base.Surface, media: base.Media) -> None:
    limit = can.media.get(media.kind)
    if limit is None or surface not in can.media_surfaces:
        raise errors.Invalid("This network does not take such files here.", code="media_kind", field="attachments")
    if media.mime and limit.types and media.mime not in limit.types:
        raise errors.Invalid("This network does not take this type of file.", code="media_type", field="attachments")
    if media.size > limit.bytes:
        raise errors.Invalid(f"At most {limit.bytes} bytes.", code="media_too_large", field="attachments")


def view(can: base.Capabilities, place: Place, now: int) -> Mapping[str, Any]:
    """Sendability as the API tells it, with what the network takes there."""
    found = of(can, place, now)
    return {
        "can": found.can,
        "ways": list(found.ways),
        "until": clock.text(found.until) if found.until else None,
        "why": found.why or None,
        "reopens": found.reopens or None,
        "text": can.text.get(place.surface),
        "media": {kind: asdict(limit) for kind, limit in can.media.items()}
        if place.surface in can.media_surfaces
        else {},
    }
