"""The secrets and own headers of endpoints: encrypted together, decrypted only to deliver or to be shown.

The newest secret comes first. While secrets rotate, earlier ones sign as well until their time is over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib import errors
from chalicelib.aws import secrets
from chalicelib.store import keys
from chalicelib.store.models.webhooks import Endpoint
from chalicelib.webhooks import signatures
from chalicelib.webhooks.signatures import Scheme

MOST_SECRETS = 5
MOST_HEADERS, LONGEST_VALUE = 10, 4096
_WRONG_VALUE = f"The value of a header has to be 1 to {LONGEST_VALUE} ASCII characters, without spaces at its ends."
_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?")
# What we say ourselves, what leads a request elsewhere, and what proxies believe.
_RESERVED = frozenset(
    """
    accept-encoding connection content-encoding content-length content-type expect forwarded host keep-alive te trailer
    transfer-encoding upgrade user-agent via
    """.split()
)
_RESERVED_BEGINNINGS = ("webhook-", "palabre-", "proxy-", "x-forwarded-", "x-amz", "x-real-ip")


@dataclass(frozen=True)
class Opened:
    """The secrets that sign, the newest first, and the headers."""

    secrets: Sequence[str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with lower-case names. Raises Invalid for a header that may not be sent."""
    lower = {name.lower(): value for name, value in headers.items()}
    if len(lower) < len(headers) or len(headers) > MOST_HEADERS:
        raise errors.Invalid(
            f"A webhook endpoint has at most {MOST_HEADERS} headers, each once.", code="too_much", field="headers"
        )
    for name, value in lower.items():
        if name in _RESERVED or name.startswith(_RESERVED_BEGINNINGS) or not _NAME.fullmatch(name):
            raise errors.Invalid(
                "The name of a header is reserved or not valid.", code="header_reserved", field="headers"
            )
        if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
            raise errors.Invalid(_WRONG_VALUE, code="header_value", field="headers")
    return lower


def first(agency: str, id: str, scheme: Scheme, headers: Mapping[str, str]) -> tuple[str, str]:
    """The sealed content of a new endpoint, and what its receiver verifies with."""
    secret = signatures.new_secret(scheme)
    return _sealed(agency, id, [{"key": secret}], headers), signatures.shown(secret)


def opened(endpoint: Endpoint, now: int) -> Opened:
    """The endpoint's secrets and headers, without secrets that have expired at `now` (ms)."""
    content = _content(endpoint)
    return Opened([entry["key"] for entry in _live(content, now)], content["headers"])


def with_headers(endpoint: Endpoint, headers: Mapping[str, str]) -> list[Any]:
    """The actions that replace the endpoint's headers by these."""
    sealed = _sealed(keys.agency_of(endpoint.pk), endpoint.id, _content(endpoint)["secrets"], headers)
    return [Endpoint.sealed.set(sealed), Endpoint.header_names.set(sorted(headers))]


def rotated(endpoint: Endpoint, scheme: Scheme, overlap: int, now: int) -> tuple[str, str]:
    """The endpoint's sealed content with a new secret, and what its receiver verifies with.

    The present secrets sign for at most `overlap` ms more. Raises Conflict for the sixth valid secret.
    """
    content, secret = _content(endpoint), signatures.new_secret(scheme)
    until = now + overlap
    before = [{**entry, "until": min(entry.get("until", until), until)} for entry in _live(content, now)]
    live = [entry for entry in before if entry["until"] > now]
    if len(live) >= MOST_SECRETS:
        raise errors.Conflict(
            f"{MOST_SECRETS} secrets are still valid. Wait, or choose no overlap.", code="too_many_secrets"
        )
    entries = [{"key": secret}, *live]
    return _sealed(keys.agency_of(endpoint.pk), endpoint.id, entries, content["headers"]), signatures.shown(secret)


def _live(content: Mapping[str, Any], now: int) -> list[Mapping[str, Any]]:
    return [entry for entry in content["secrets"] if entry.get("until", now + 1) > now]


def _content(endpoint: Endpoint) -> Mapping[str, Any]:
    return secrets.unseal(keys.agency_of(endpoint.pk), endpoint.id, endpoint.sealed)


def _sealed(agency: str, id: str, entries: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> str:
    return secrets.seal(agency, id, {"secrets": entries, "headers": headers})
