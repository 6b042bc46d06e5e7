"""What a network takes, as far as its capabilities tell: which words and files of an answer it refuses, and why.

The same is shown before somebody sends, and enforced when they do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from chalicelib import errors
from chalicelib.networks import base, offers

_FILES = "attachments"
_ADDRESS, _ADDRESS_WEIGHT = re.compile(r"https?://[^\s<>\"]+"), 23
# One picture, however many characters make it: flags of two, skin colours, and several that are joined.
_FLAG, _PICTURE = "[\U0001f1e6-\U0001f1ff]{2}", "[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_EMOJI = re.compile(f"{_FLAG}|{_PICTURE}(?:\u200d{_PICTURE})*")
_SINGLE = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


@dataclass(frozen=True)
class Length:
    """How long a text is as the network counts it, and how long it may be."""

    length: int
    most: int
    unit: Literal["characters", "bytes"]


def surface_of(say: base.Say) -> base.Surface:
    """The surface on which the answer is read: a private answer is a direct message."""
    return "dm" if say.private else say.surface


def length(capabilities: base.Capabilities, surface: base.Surface, text: str) -> Length:
    longest = capabilities.text.get(surface) or max(capabilities.text.values(), default=0)
    if surface in capabilities.text_in_bytes:
        return Length(len(text.encode("utf-8", "replace")), longest, "bytes")
    counted = _weight(text) if surface in capabilities.text_weighed else len(text)
    return Length(counted, longest, "characters")


def _weight(text: str) -> int:
    """https://docs.x.com/fundamentals/counting-characters"""
    addresses = _ADDRESS.findall(text)
    rest, emoji = _EMOJI.subn("", _ADDRESS.sub("", text))
    single = sum(any(first <= ord(sign) <= last for first, last in _SINGLE) for sign in rest)
    return _ADDRESS_WEIGHT * len(addresses) + 2 * emoji + 2 * len(rest) - single


def objections(capabilities: base.Capabilities, say: base.Say) -> Iterator[errors.Problem]:
    """Why the network never takes such an answer on that surface; each names the field."""
    surface = surface_of(say)
    if say.private and say.surface not in capabilities.private_reply:
        yield errors.Invalid(
            "The network does not take private replies to messages of this kind.",
            code="cannot_reply_privately",
            field="private",
        )
    elif surface not in capabilities.reply and not say.private:
        yield errors.Invalid("The network does not take replies to messages of this kind.", code="cannot_reply")
    if say.template is not None and not capabilities.templates:
        yield errors.Invalid("The network has no templates.", code="cannot_template", field="template")
    if _is_strange_tag(capabilities, say):
        yield errors.Invalid("The network does not take the tag for this reply.", code="unknown_tag", field="tag")
    if say.interactive:
        yield from errors.raised(partial(offers.check, capabilities, say, say.interactive))
    if not (say.text.strip() or say.attachments or say.template):
        yield errors.Invalid("A reply needs a text, a file or a template.", code="empty", field="text")
    counted = length(capabilities, surface, say.text)
    if counted.length > counted.most:
        yield errors.Invalid(
            f"The network takes a text of at most {counted.most} {counted.unit}.", code="text_too_long", field="text"
        )
    for file in say.attachments:
        if objection := to_file(capabilities, surface, file):
            yield objection


def _is_strange_tag(capabilities: base.Capabilities, say: base.Say) -> bool:
    tag = say.context.get("tag")
    takes_tags = say.surface in capabilities.window and not say.private and say.template is None
    return bool(tag) and not (takes_tags and tag in capabilities.tags)


def to_file(capabilities: base.Capabilities, surface: base.Surface, file: base.Media) -> errors.Invalid | None:
    """The reason why the network does not take that file there, as far as the file is known; None if it does."""
    limit = capabilities.media.get(file.kind)
    if limit is None or surface not in capabilities.media_surfaces:
        return errors.Invalid(
            "The network does not take files of this kind on this surface.", code="media_kind", field=_FILES
        )
    if file.mime and limit.types and file.mime not in limit.types:
        return errors.Invalid("The network does not take the media type of the file.", code="media_type", field=_FILES)
    if file.size > limit.bytes:
        return errors.Invalid(
            f"The network takes files of this kind with at most {limit.bytes} bytes.",
            code="media_too_large",
            field=_FILES,
        )
    return None
