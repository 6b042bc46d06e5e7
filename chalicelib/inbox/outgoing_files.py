"""Files of replies that wait: kept as they were submitted, so that what is sent is what was approved.

Whoever owns an address can put another file there. The `url` of a file that is kept is its key in the bucket, which
names the reply and is never used again. Before a file is kept it is noted that somebody looks later whether the reply
has it: the submission may be refused, or the process die.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from chalicelib import clock, errors, file_types, ids
from chalicelib.aws import storage
from chalicelib.networks import base
from chalicelib.outside import fetch
from chalicelib.store import due, keys, table
from chalicelib.store.models.replies import Reply

_ROOT = "media/"
_LONGEST_SECONDS = 15.0  # for all files before the last


def keep(agency: str, reply: str, files: Sequence[base.Media], now: int) -> tuple[base.Media, ...]:
    """The files, each kept. Raises Invalid for one that cannot be had, Unavailable if it may be had later."""
    end, kept = time.monotonic() + _LONGEST_SECONDS, []
    for file in files:
        if time.monotonic() > end:
            raise errors.Unavailable("The files take too long to fetch.", code="file_unreachable")
        kept.append(file if is_kept(file.url) else _copied(agency, reply, file, now))
    return tuple(kept)


def is_kept(url: str) -> bool:
    return url.startswith(_ROOT)


def _copied(agency: str, reply: str, file: base.Media, now: int) -> base.Media:
    body = _fetched(file.url)
    key = f"{_ROOT}{agency}/{reply}/{ids.new('fil')}"
    table.transact(_look(agency, key, now + clock.HOUR))  # the request is over long before
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


def dropping(agency: str, before: Iterable[str], after: Iterable[str], now: int) -> list[table.Write]:
    """For transact: those kept files go that a reply has no more."""
    return [_look(agency, key, now) for key in sorted({url for url in before if is_kept(url)} - set(after))]


def _look(agency: str, key: str, when: int) -> table.Write:
    return due.at(agency, when, "file", key)


def settle(agency: str, key: str) -> None:
    """Delete a kept file unless its reply has it."""
    id = key.split("/")[2]
    reply = table.get(Reply, keys.within(agency, ids.conversation_of(id)), keys.reply(id))
    if reply is None or key not in [file["url"] for file in reply.attachments]:
        storage.delete(key)
