"""Uris of records: `at://{did}/{collection}/{key}`. https://atproto.com/specs/at-uri-scheme"""

import re
from typing import NamedTuple

from chalicelib.networks import base

_URI = re.compile(
    r"at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,250})/([A-Za-z][A-Za-z0-9.-]{0,300})/([A-Za-z0-9._:~-]{1,512})"
)
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,250}")


class Place(NamedTuple):
    """The owner of a record, its kind and its key."""

    did: str
    collection: str
    key: str


def parse(uri: str) -> Place:
    """Raises Rejected for a text that is no such uri."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise base.Rejected("Bluesky has no such post.", code="object")
    return Place(*match.groups())


def owner(uri: str) -> str:
    """The did in the uri; empty if there is none."""
    match = _URI.fullmatch(uri)
    return match[1] if match else ""


def did(text: str) -> str:
    """Raises Rejected for a text that is no did."""
    if not _DID.fullmatch(text):
        raise base.Rejected("Bluesky has no such person.", code="person")
    return text


def page(uri: str) -> str:
    """The address of a post's page for browsers; empty for anything but a post."""
    match = _URI.fullmatch(uri)
    return f"https://bsky.app/profile/{match[1]}/post/{match[3]}" if match else ""
