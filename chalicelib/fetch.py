"""Fetching a file from an address a stranger named: https only, public addresses only, no redirects, bounded.

The address that was checked is the one that is connected to, so a name cannot point elsewhere in between.
"""

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from chalicelib import settings

LARGEST = 25 << 20
SECONDS = 20.0
# What `ipaddress` counts as global and yet leads inside: translation, tunnelling, documentation, multicast.
_INSIDE = [
    ipaddress.ip_network(block)
    for block in (
        "100.64.0.0/10", "192.88.99.0/24", "224.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


class Blocked(Exception):
    """The address must not be fetched."""


class Unavailable(Exception):
    """It is not there to be fetched."""


class Passing(Unavailable):
    """It could not be fetched now; another try may help."""


@dataclass(frozen=True)
class File:
    """What was fetched; `mime` is told by its first bytes, not by the sender."""

    body: bytes
    mime: str


def is_inside(address: str) -> bool:
    """True for addresses that are not the public internet's, in whatever disguise."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return not ip.is_global or any(ip in block for block in _INSIDE if block.version == ip.version)


def get(url: str, headers: Mapping[str, str], types: Mapping[str, tuple[str, ...]], kind: str) -> File:
    """The file at `url`, if its content is one of `types[kind]`. Raises Blocked or Unavailable."""
    parts = urlsplit(url)
    host, allowed = parts.hostname or "", f"{parts.scheme}://{parts.netloc}" in settings.get().media_hosts
    if not host or (not allowed and (parts.scheme != "https" or parts.username or parts.port not in (None, 443))):
        raise Blocked("address")
    address = _resolve(host, parts.port or 443, allowed=allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = _read(_pool(parts.scheme, address, host, parts.port), path, {**headers, "Host": parts.netloc})
    mime = sniff(body)
    if mime not in types.get(kind, ()):
        raise Blocked("type")
    return File(body, mime)


def _resolve(host: str, port: int, *, allowed: bool) -> str:
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Passing("name") from error
    if not found or (not allowed and any(is_inside(address) for address in found)):
        raise Blocked("inside")
    return found[0]


def _pool(scheme: str, address: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=3, read=5)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address, port or 443, timeout=timeout, server_hostname=host, assert_hostname=host
    )


def _read(pool: urllib3.HTTPConnectionPool, path: str, headers: Mapping[str, str]) -> bytes:
    end, body = time.monotonic() + SECONDS, b""
    try:
        answer = pool.request("GET", path, headers=dict(headers), redirect=False, retries=False, preload_content=False)
        if answer.status != 200:
            passing = answer.status >= 500 or answer.status == 429
            raise (Passing if passing else Unavailable)(f"status {answer.status}")
        for piece in answer.stream(1 << 16, decode_content=False):
            body += piece
            if len(body) > LARGEST or time.monotonic() > end:
                raise Blocked("size")
    except urllib3.exceptions.HTTPError as error:
        raise Passing("connection") from error
    finally:
        pool.close()
    return body


_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
)


def sniff(body: bytes) -> str:
    """The MIME type the first bytes show; empty if it is none of those we keep."""
    for start, mark, mime in _SIGNATURES:
        if body[start : start + len(mark)] == mark:
            return mime
    return ""
