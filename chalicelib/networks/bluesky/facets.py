"""Finds the links, names and tags of a text, in bytes of its UTF-8.
https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_NAME = re.compile(r"(?<![\w@.])@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61})")
_TAG = re.compile(r"(?<!\S)#([^\s#.,;:!?()\[\]]{1,64})")
_AFTER = ".,;:!?'"
_MOST_NAMES = 5


def find(text: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """`did_of` gives the did of a handle, or an empty text; it is called five times at most."""
    return sorted(_facets(text, did_of), key=lambda facet: int(facet["index"]["byteStart"]))


def _facets(text: str, did_of: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    for link in _LINK.finditer(text):
        uri = link[0].rstrip(_AFTER)
        uri = uri.removesuffix(")") if "(" not in uri else uri
        yield _facet(text, link.start(), link.start() + len(uri), {"$type": _type("link"), "uri": uri})
    for name in list(_NAME.finditer(text))[:_MOST_NAMES]:
        if did := did_of(name[1].lower()):
            yield _facet(text, name.start(), name.end(), {"$type": _type("mention"), "did": did})
    for tag in _TAG.finditer(text):
        if not tag[1].isdecimal():
            yield _facet(text, tag.start(), tag.end(), {"$type": _type("tag"), "tag": tag[1]})


def _type(name: str) -> str:
    return f"app.bsky.richtext.facet#{name}"


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    before, inside = (len(piece.encode("utf-8", "replace")) for piece in (text[:start], text[start:end]))
    return {"index": {"byteStart": before, "byteEnd": before + inside}, "features": [feature]}
