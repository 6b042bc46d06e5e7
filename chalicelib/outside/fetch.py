"""Fetches a file from an address that a stranger chose: https and public addresses only, no redirects, limited size."""

import socket
from collections.abc import Mapping

from chalicelib.outside import addresses, calls
from chalicelib.outside.addresses import Refused
from chalicelib.outside.connections import LookUp, Unreached, Way

LARGEST_BYTES = 25 << 20
LONGEST_SECONDS = 10.0


class Blocked(Exception):
    """Raised if the address must not be fetched, or the file is too large to be kept."""


class Unavailable(Exception):
    """Raised if there is no such file; another try does not help."""


class Passing(Unavailable):
    """Raised if the file could not be fetched now; another try may help."""


def get(
    url: str, headers: Mapping[str, str], seconds: float = LONGEST_SECONDS, look_up: LookUp = socket.getaddrinfo
) -> bytes:
    """Fetches the file at `url` within that many seconds. Raises Blocked or Unavailable."""
    try:
        place = addresses.file(url)
        answer = calls.call(place, "GET", headers, seconds=seconds, largest=LARGEST_BYTES, way=Way(look_up))
    except Refused as refused:
        raise Blocked("inside" if refused.rule == "inside" else "address") from refused
    except Unreached as unreached:
        raise Passing(unreached.reason) from unreached
    if answer.status != 200:
        may_pass = answer.status >= 500 or answer.status == 429
        raise (Passing if may_pass else Unavailable)(f"status {answer.status}")
    if not answer.is_whole:
        raise Blocked("size")
    return answer.body
