"""Reads people and files, in the forms of both of X's APIs."""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import MOST_PARTS, count, identity, part, parts, pick, words

_KINDS: Mapping[str, base.AttachmentKind] = {"photo": "image", "video": "video", "animated_gif": "video"}


def person(id: object, user: base.Json) -> base.Person:
    return base.Person(
        id=identity(id),
        name=words(user.get("name")),
        username=words(user.get("username")) or words(user.get("screen_name")),
        avatar=words(user.get("profile_image_url")) or words(user.get("profile_image_url_https")),
        followers=followers(user),
    )


def followers(user: base.Json) -> int | None:
    """The number of followers, from the newer API's field or the older one's."""
    number = count(part(user, "public_metrics").get("followers_count"))
    return count(user.get("followers_count")) if number is None else number


def text(value: object) -> str:
    """X escapes `&`, `<` and `>` as HTML does."""
    return html.unescape(words(value))


def files(media: list[dict[str, Any]]) -> tuple[base.Attachment, ...]:
    """Pictures as they are; for a video its best file."""
    return tuple(_file(medium) for medium in media[:MOST_PARTS])


def _file(medium: base.Json) -> base.Attachment:
    kind = _KINDS.get(words(medium.get("type")), "unsupported")
    urls = (words(medium.get(name)) for name in ("url", "media_url_https") if kind == "image")
    url = next((url for url in [*urls, *_videos(medium)] if url.startswith("https://")), "")
    details = pick(medium, "duration_ms", "preview_image_url")
    return base.Attachment(
        kind=kind if url else "unsupported", url=url, title=words(medium.get("alt_text")), details=details
    )


def _videos(medium: base.Json) -> Iterator[str]:
    variants = parts(medium, "variants") or parts(part(medium, "video_info"), "variants")
    of_video = [variant for variant in variants if variant.get("content_type") == "video/mp4"]
    for variant in sorted(of_video, key=_rate, reverse=True):
        yield words(variant.get("url"))


def _rate(variant: base.Json) -> int:
    rate = variant.get("bitrate", variant.get("bit_rate"))
    return rate if isinstance(rate, int) else 0
