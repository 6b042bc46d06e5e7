"""Files of replies that wait: kept as they were submitted, so that what is sent is what was approved.

Whoever owns an address can put another file there. The `url` of a file that is kept is its key in the bucket, which is
named by the bytes.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from chalicelib import errors, fetch, file_types
from chalicelib.aws import storage
from chalicelib.networks import base

_ROOT = "media/"
_LONGEST_SECONDS = 15.0  # for all files before the last


def keep(agency: str, reply: str, files: Sequence[base.Media]) -> tuple[base.Media, ...]:
    """The files, each kept. Raises Invalid for one that cannot be had, Unavailable if it may be had later."""
    end, kept = time.monotonic() + _LONGEST_SECONDS, []
    for file in files:
        if time.monotonic() > end:
            raise errors.Unavailable("The files take too long to fetch.", code="file_unreachable")
        kept.append(file if is_kept(file.url) else _copied(f"{_ROOT}{agency}/{reply}", file))
    return tuple(kept)


def is_kept(url: str) -> bool:
    return url.startswith(_ROOT)


def _copied(place: str, file: base.Media) -> base.Media:
    body = _fetched(file.url)
    key = f"{place}/{hashlib.sha256(body).hexdigest()}"
    seen = file_types.recognise(body, file.mime or f"{file.kind}/*")
    name = file.name or unquote(urlsplit(file.url).path.rpartition("/")[2])
    mime = file.mime or seen.mime
    storage.put(key, body, mime, shown=seen.is_shown, name=file_types.saved_as(name, mime))
    return replace(file, url=key, mime=mime, name=name, size=len(body))


def _fetched(url: str) -> bytes:
    try:
        return fetch.get(url, {})
    except fetch.Passing as passing:
        raise errors.Unavailable("A file cannot be fetched now.", code="file_unreachable") from passing
    except (fetch.Blocked, fetch.Unavailable) as gone:
        raise errors.Invalid("This file cannot be had.", code="file_unavailable", field="attachments") from gone


def addressed(file: base.Media) -> base.Media:
    """The file at an address where the network can fetch it, for a quarter of an hour if it is kept."""
    return replace(file, url=storage.link(file.url)) if is_kept(file.url) else file


def drop(before: Iterable[str], after: Iterable[str]) -> None:
    """Deletes those kept files of a reply that it has no more."""
    for key in {url for url in before if is_kept(url)} - set(after):
        storage.delete(key)
