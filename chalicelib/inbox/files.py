"""Copies the files of messages into the bucket before their addresses die, one file at a time, and deletes the copies.

A message with files that are still to be copied has `fetch` in its `todo`; each task copies one and queues the next.
The table's stream tells which files a message has lost, so a copy is deleted even if the process that changed the
message died.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib import file_types, ids, log
from chalicelib.aws import storage
from chalicelib.aws.queues import Task
from chalicelib.channels import channels
from chalicelib.inbox import messages, revisions
from chalicelib.networks import base
from chalicelib.outside import fetch
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.store.table import Action

FETCH = "fetch"  # in the `todo` of a message
MOST_TRIES, RETRY_SECONDS = 3, 60
_MOST_RACES = 10
_COPYING_SECONDS = 60  # a copy that has begun is there by then, or will never be
Entry = Mapping[str, Any]
Image = Mapping[str, Any]  # a message in DynamoDB's JSON


def task(pk: str, sk: str, delay: int = 0) -> Task:
    """The task to copy one file of a message."""
    agency = keys.agency_of(pk)
    return Task("files", {"agency": agency, "pk": pk, "sk": sk}, group=agency, delay=delay)


def lost(pk: str, old: Image, new: Image) -> set[str]:
    """The keys in the bucket that a message lost by a change: of files that were copied, or that were being copied."""
    agency = keys.agency_of(pk)
    return (_stored_keys(old) | _keys_being_copied(agency, old)) - _stored_keys(new) - _keys_being_copied(agency, new)


def removal(pk: str, sk: str, old: Image, new: Image) -> Task:
    """The task to delete what the message lost. It waits a minute if a lost file may be in the middle of a copy."""
    agency, gone = keys.agency_of(pk), lost(pk, old, new)
    body = {"agency": agency, "pk": pk, "sk": sk, "lost": sorted(gone)}
    return Task("files", body, group=agency, delay=0 if gone <= _stored_keys(old) else _COPYING_SECONDS)


def _stored_keys(image: Image) -> set[str]:
    stored = {entry["stored"] for entry in _attachments(image) if entry.get("stored")}
    return stored | ({image["full_text"]["S"]} if "full_text" in image else set())


def _keys_being_copied(agency: str, image: Image) -> set[str]:
    return {_key(agency, image["id"]["S"], entry) for entry in _attachments(image) if entry.get("expires")}


def _attachments(image: Image) -> list[Entry]:
    return json.loads(image["attachments"]["S"]) if "attachments" in image else []


def remove(pk: str, sk: str, lost: Collection[str]) -> None:
    """Deletes the lost files, except those that the message has again."""
    message = table.get(Message, pk, sk)
    for key in set(lost) - (revisions.stored_files(message) if message else set()):
        storage.delete(key)


def copy_next(pk: str, sk: str) -> int | None:
    """Copies one file of a message, and marks it as stored, blocked or unavailable.

    Returns after how many seconds to copy the next file, None if none is left. A file that could not be fetched is
    tried three times, each time after the others.
    """
    message = table.get(Message, pk, sk)
    entry = next(_waiting(message), None)
    copied = _copy(message, entry) if message and entry else {}
    for _ in range(_MOST_RACES):
        if message is None or message.deleted_at or _keep(message, copied):
            break
        message = table.get(Message, pk, sk)
    if copied.get("stored") and (message is None or copied["stored"] not in revisions.stored_files(message)):
        storage.delete(copied["stored"])  # an edit or a deletion was faster
    following = next(_waiting(message), None)
    return None if following is None else RETRY_SECONDS if _tries(following) else 0


def _waiting(message: Message | None) -> Iterator[Entry]:
    """The files that are still to be copied, in order of their number of attempts."""
    entries = message.attachments or () if message and not message.deleted_at else ()
    return iter(sorted(filter(_is_waiting, entries), key=_tries))


def _keep(message: Message, copied: Entry) -> bool:
    """Writes the outcome of the copy into the message if the file still waits for it. False if the message changed
    meanwhile.
    """
    entries = [
        copied if _is_waiting(entry) and _is_same(entry, copied) else entry for entry in message.attachments or ()
    ]
    actions: list[Action] = [Message.attachments.set(entries)] if entries != (message.attachments or []) else []
    if FETCH in messages.todo(message) and not any(map(_is_waiting, entries)):
        actions.append(still_to_do(message, set(messages.todo(message)) - {FETCH}))
    return revisions.apply(message, actions) is not None


def still_to_do(message: Message, names: Collection[str]) -> Action:
    """The action that removes from the message's `todo` all but these names."""
    left = [name for name in messages.todo(message) if name in names]
    return Message.todo.set(",".join(left)) if left else Message.todo.remove()


def _is_waiting(entry: Entry) -> bool:
    return bool(entry.get("expires")) and entry.get("state") not in messages.COPIED


def _tries(entry: Entry) -> int:
    return int(entry.get("tries", 0))


def _is_same(entry: Entry, copied: Entry) -> bool:
    return bool(copied) and _name(entry) == _name(copied)


def _name(entry: Entry) -> str:
    """The name of the file's copy. It depends on the file's address, since an edit may replace the file during the
    fetch.
    """
    return ids.digest(entry["kind"], entry.get("media", ""), entry.get("url", ""))


def _key(agency: str, message: str, entry: Entry) -> str:
    return f"media/{agency}/{message}/{_name(entry)}"


def _copy(message: Message, entry: Entry) -> Entry:
    """The attachment after an attempt to copy its file to the bucket, with the resulting state."""
    agency, tries = keys.agency_of(message.pk), _tries(entry) + 1
    channel = channels.find(agency, message.channel)
    if channel is None:  # it was disconnected meanwhile
        return {**entry, "state": "unavailable"}
    try:
        source = _source(agency, channel, entry)
        body = fetch.get(source.url, source.headers)
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=channel.id, network=channel.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Unreachable, base.Throttled, fetch.Passing):
        tried = {**entry, "tries": tries}
        return tried if tries < MOST_TRIES else {**tried, "state": "unavailable"}
    except (base.Outcome, fetch.Unavailable):
        return {**entry, "state": "unavailable"}
    return _store(agency, message, {**entry, "mime": source.mime or entry.get("mime", "")}, body)


def _store(agency: str, message: Message, entry: Entry, body: bytes) -> Entry:
    """Puts the file in the bucket. Only types that are surely harmless are shown in a browser, all others are
    downloads.
    """
    key = _key(agency, message.id, entry)
    type = file_types.recognise(body, entry["mime"] or f"{entry['kind']}/*")
    if type.is_shown:
        storage.put(key, body, type.mime, shown=True)
    else:
        address = urlsplit(entry.get("url", "")).path.rpartition("/")[2]
        name = file_types.saved_as(entry.get("name") or unquote(address) or entry["kind"], type.mime)
        storage.put(key, body, file_types.UNKNOWN, name=name)
    copy = {"stored": key, "mime": type.mime, "size": len(body), "inline": type.is_shown, "state": "stored"}
    return {**entry, **copy}


def _source(agency: str, channel: Channel, entry: Entry) -> base.Download:
    """Where to fetch the file. If the attachment has only the network's id of it, the network is asked for the url."""
    resolve = channels.network_of(channel).download
    if resolve is None or not entry.get("media"):
        return base.Download(url=entry.get("url", ""))
    fields = {name: value for name, value in entry.items() if name not in ("state", "stored", "tries")}
    return resolve(channels.credentials(agency, channel), base.Attachment(**fields))
