"""Fetches a file from an address that a stranger chose: https only, public addresses only, no redirects, limited size.

We connect to the very IP address that was checked, so a DNS name cannot point elsewhere in between.
"""

import ipaddress
import socket
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3

from chalicelib import settings

LARGEST_BYTES = 25 << 20
LONGEST_SECONDS = 20.0
# `ipaddress` counts these as global, but they can lead inside: translation, tunnelling, documentation, multicast.
_NOT_PUBLIC = [
    ipaddress.ip_network(block)
    for block in (
        "100.64.0.0/10", "192.88.99.0/24", "224.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip


class Blocked(Exception):
    """The address must not be fetched, or the file is too large to be kept."""


class Unavailable(Exception):
    """There is no such file; another try does not help."""


class Passing(Unavailable):
    """The file could not be fetched now; another try may help."""


def is_inside(address: str) -> bool:
    """True for an IP address that is not on the public internet, also when it is written as an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return not ip.is_global or any(ip in block for block in _NOT_PUBLIC if block.version == ip.version)


def get(url: str, headers: Mapping[str, str]) -> bytes:
    """Fetches the file at `url`. May raise Blocked or Unavailable."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    allowed = f"{parts.scheme}://{parts.netloc}" in settings.get().media_hosts
    plain_https = parts.scheme == "https" and not parts.username and parts.port in (None, 443)
    if not host or not (allowed or plain_https):
        raise Blocked("address")
    address = _resolve(host, parts.port or 443, allowed=allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _read(_pool(parts.scheme, address, host, parts.port), path, {**headers, "Host": parts.netloc})


def _resolve(host: str, port: int, *, allowed: bool) -> str:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Passing("name") from error
    addresses = [str(socket_address[0]) for *_, socket_address in entries]
    if not addresses or (not allowed and any(is_inside(address) for address in addresses)):
        raise Blocked("inside")
    return addresses[0]


def _pool(scheme: str, address: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=3, read=5)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address, port or 443, timeout=timeout, server_hostname=host, assert_hostname=host
    )


def _read(pool: urllib3.HTTPConnectionPool, path: str, headers: Mapping[str, str]) -> bytes:
    end, body = time.monotonic() + LONGEST_SECONDS, b""
    try:
        answer = pool.request("GET", path, headers=dict(headers), redirect=False, retries=False, preload_content=False)
        if answer.status != 200:
            may_pass = answer.status >= 500 or answer.status == 429
            raise (Passing if may_pass else Unavailable)(f"status {answer.status}")
        for piece in answer.stream(1 << 16, decode_content=False):
            body += piece
            if len(body) > LARGEST_BYTES or time.monotonic() > end:
                raise Blocked("size")
    except urllib3.exceptions.HTTPError as error:
        raise Passing("connection") from error
    finally:
        pool.close()
    return body
