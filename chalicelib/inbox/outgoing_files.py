"""Files of replies. A copy is kept at submission, so that what was approved is what is sent.

Whoever owns an address can put another file there, or remove it. The `url` of a kept file is its key in the bucket,
which names the reply and is never used again; the `url` of an upload is a key that others use, too. Before a file is
kept, a task is scheduled that deletes it unless the reply has it: the submission may be refused, or the process die.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib import clock, errors, file_types, ids
from chalicelib.aws import storage
from chalicelib.networks import base
from chalicelib.outside import addresses, fetch
from chalicelib.store import due, keys, table
from chalicelib.store.models.replies import Reply
from chalicelib.uploads import uploads, whereabouts

_PORTS = " or ".join(map(str, addresses.PORTS))
_ROOT, _UPLOADED = "media/", "kept/"
_LONGEST_SECONDS = 20.0  # for all files
LARGEST_LOADED = 25 << 20  # bytes; a function that sends has 512 MB, and a form of a file has its bytes again
_FIELD = "attachments"
_TOO_SLOW = f"The files take longer than {_LONGEST_SECONDS:.0f} seconds to fetch."
# Why a file cannot be fetched, in words for whoever gave its address.
_WHY = {
    "inside": "The file's address is not on the public internet.",
    "address": f"The file's address has to be https on port {_PORTS}, with a valid host name and no password.",
    "size": f"A file at an address has at most {fetch.LARGEST_BYTES} bytes.",
    "name": "The file's host does not exist.",
    "connection": "The file's host does not answer.",
    "tls": "The file's host has no valid certificate.",
    "timeout": "The file's host takes too long to answer.",
    "answer": "The file's host gives an answer that is not valid HTTP.",
}


def with_upload(agency: str, attachment: Mapping[str, Any], now: int, *, keep: bool = True) -> Mapping[str, Any]:
    """An attachment as the API takes it; if it names an upload, the upload's file. Raises what `uploads.as_file`
    raises.
    """
    if "upload" not in attachment:
        return attachment
    return asdict(uploads.as_file(agency, attachment["upload"], attachment.get("kind", ""), now, keep=keep))


def keep(agency: str, reply: str, files: Sequence[base.Media], now: int) -> tuple[base.Media, ...]:
    """The files, each copied for the reply unless it is already. Raises Invalid, with the reason, for one that cannot
    be fetched.
    """
    end = time.monotonic() + _LONGEST_SECONDS
    return tuple(
        file if is_kept(file.url) else _copy(agency, reply, file, end - time.monotonic(), now) for file in files
    )


def is_kept(url: str) -> bool:
    """True if the url is the key of a file that was copied for its reply."""
    return url.startswith(_ROOT)


def _copy(agency: str, reply: str, file: base.Media, seconds: float, now: int) -> base.Media:
    if file.url.startswith(_UPLOADED):
        saved, shown = file_types.saved_as(file.name, file.mime), file_types.is_shown(file.mime)
        key = _key(agency, reply, saved)
        table.transact(_scheduled_check(agency, key, now + clock.HOUR))
        if not storage.copy(file.url, key, file.mime, shown=shown, name=saved):
            raise errors.Invalid("The file no longer exists. Upload it again.", code="file_unavailable", field=_FIELD)
        return replace(file, url=key)
    body = whereabouts.without_location(_fetched(file.url, seconds))
    seen = _recognised(file, body)
    name = file.name or file_types.saved_as(unquote(urlsplit(file.url).path.rpartition("/")[2]), seen.mime)
    saved = file_types.saved_as(name, seen.mime)
    key = _key(agency, reply, saved)
    table.transact(_scheduled_check(agency, key, now + clock.HOUR))  # the request is over long before
    storage.put(key, body, seen.mime, shown=seen.is_shown, name=saved)
    return replace(file, url=key, mime=seen.mime, name=name, size=len(body))


def _key(agency: str, reply: str, saved_as: str) -> str:
    """A new key with the ending of the file's name, because some networks look at how an address ends."""
    ending = re.search(r"\.[a-z0-9]{1,5}$", saved_as.lower())
    return f"{_ROOT}{agency}/{reply}/{ids.new('fil')}{ending[0] if ending else ''}"


def _fetched(url: str, seconds: float) -> bytes:
    if seconds <= 0:
        raise errors.Invalid(_TOO_SLOW, code="file_unreachable", field=_FIELD)
    try:
        return fetch.get(url, {}, min(seconds, fetch.LONGEST_SECONDS))
    except fetch.Passing as passing:
        raise errors.Invalid(_reason_text(passing), code="file_unreachable", field=_FIELD) from passing
    except fetch.Blocked as blocked:
        code = "file_too_large" if str(blocked) == "size" else "file_blocked"
        raise errors.Invalid(_reason_text(blocked), code=code, field=_FIELD) from blocked
    except fetch.Unavailable as gone:
        raise errors.Invalid(_reason_text(gone), code="file_unavailable", field=_FIELD) from gone


def _reason_text(reason: Exception) -> str:
    return _WHY.get(str(reason)) or f"The file's host answers with {reason}."


def _recognised(file: base.Media, body: bytes) -> file_types.FileType:
    """The type of the file by its bytes. Raises Invalid if it is not of the file's `kind`."""
    seen = file_types.recognise(body, file.mime or f"{file.kind}/*")
    is_told = file_types.recognise(body).mime != file_types.UNKNOWN  # the bytes alone tell the type
    is_any = file.kind == "file" and not file_types.is_shown(seen.mime)
    if file_types.fits(seen.mime, file.kind) and (is_told or is_any):
        return seen
    raise errors.Invalid(
        "The content of the file is not of the kind that the attachment gives.", code="file_type", field=_FIELD
    )


def shown(file: base.Media) -> base.Media:
    """The file with an address from which whoever may see it can load it, for a quarter of an hour or longer."""
    return replace(file, url=storage.link(file.url)) if file.url.startswith((_ROOT, _UPLOADED)) else file


def addressed(file: base.Media) -> base.Media:
    """The file with an address from which the network can fetch it, for most of an hour."""
    return replace(file, url=storage.link_for_networks(file.url)) if is_kept(file.url) else file


def loaded(file: base.Media) -> base.Media:
    """The file with its bytes, for a network that takes them. A file of over 25 MB, or not kept by us, has its address
    instead.
    """
    content = storage.get(file.url) if is_kept(file.url) and file.size <= LARGEST_LOADED else None
    return addressed(file) if content is None else base.Loaded(**{**asdict(file), "url": ""}, content=content)


def dropping(agency: str, before: Iterable[str], after: Iterable[str], now: int) -> list[table.Write]:
    """For transact: schedule the deletion of kept files that a reply had before a change and no longer has."""
    return [_scheduled_check(agency, key, now) for key in sorted({url for url in before if is_kept(url)} - set(after))]


def _scheduled_check(agency: str, key: str, when: int) -> table.Write:
    return due.at(agency, when, "file", key)


def delete_unused(agency: str, key: str) -> None:
    """Delete a kept file unless its reply has it."""
    id = key.split("/")[2]
    reply = table.get(Reply, keys.within(agency, ids.conversation_of(id)), keys.reply(id))
    if reply is None or key not in [file["url"] for file in reply.attachments]:
        storage.delete(key)
