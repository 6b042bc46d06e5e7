"""The publication that comments belong to, and the advertisement that it may be; as a conversation stores and shows
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Kept = Mapping[str, Any]
LONGEST = 200  # characters of each text about an advertisement that are kept


@dataclass(frozen=True, kw_only=True)
class Ad:
    """The advertisement that a publication is, by the network's ids; a field is empty if the network does not tell.

    `placement` is where it is shown, in the network's words; `creative` is what it is made of.
    """

    id: str = ""
    title: str = ""
    placement: str = ""
    creative: str = ""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The publication that a comment or mention belongs to. `ad` is None unless the network tells that it is an
    advertisement.
    """

    id: str
    url: str = ""
    kind: str = ""
    title: str = ""
    ad: Ad | None = None


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What a network tells of a publication. `picture` is the picture's address, `author` the author's name, `at` its
    time (ms); `ad` is set if it is an advertisement.
    """

    url: str = ""
    kind: str = ""
    text: str = ""
    picture: str = ""
    author: str = ""
    at: int = 0
    ad: Ad | None = None


def stored_ad(ad: Ad) -> Kept:
    return {name: value[:LONGEST] for name, value in vars(ad).items()}


def stored(origin: Origin | None) -> Kept | None:
    if origin is None:
        return None
    ad = {"ad": stored_ad(origin.ad)} if origin.ad else {}
    return {**{name: value for name, value in vars(origin).items() if name != "ad"}, **ad}


def is_paid(origin: Origin | None) -> bool | None:
    """True for an advertisement; otherwise None, which takes no space in the store."""
    return True if origin and origin.ad else None


def read(kept: Kept | None) -> Origin | None:
    if not kept:
        return None
    return Origin(**{**kept, "ad": Ad(**kept["ad"]) if kept.get("ad") else None})


def with_ad(kept: Kept, ad: Kept) -> Kept:
    """The origin with what was learnt later about its advertisement; what came with the comment stays."""
    known = kept.get("ad") or {}
    return {**kept, "ad": {name: known.get(name) or ad.get(name, "") for name in {**ad, **known}}}


def view(kept: Kept) -> Kept:
    """As the API shows it, null for what is not known."""
    shown = {name: value if name == "id" else value or None for name, value in kept.items() if name != "ad"}
    return {**shown, "ad": view_ad(kept.get("ad"))}


def view_ad(ad: Kept | None) -> Kept | None:
    return {name: value or None for name, value in ad.items()} if ad else None
