"""Copies the files of messages into the bucket before their addresses die, one file at a time.

While a message has files that wait, `fetch` is among what is to be done about it, and somebody comes to look again.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib import fetch, ids, log
from chalicelib.aws import storage
from chalicelib.channels import channels
from chalicelib.inbox import messages, revisions
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.store.table import Action

FETCH = "fetch"  # among what is to be done about a message
MOST_TRIES, RETRY_SECONDS = 3, 60
_MOST_RACES = 10
_FINAL = ("stored", "blocked", "unavailable")
_IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
_VIDEOS = ("video/mp4", "video/webm", "video/quicktime")
_AUDIOS = ("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/wav", "video/mp4")
TYPES: Mapping[str, tuple[str, ...]] = {
    "image": _IMAGES,
    "sticker": (*_IMAGES, "video/webm"),
    "video": _VIDEOS,
    "audio": _AUDIOS,
    "link": (*_IMAGES, *_VIDEOS),
    "file": ("application/pdf", "application/zip", *_IMAGES, *_VIDEOS, *_AUDIOS),
}
Entry = Mapping[str, Any]


def copy_next(pk: str, sk: str) -> int | None:
    """Copy one file of a message, and mark it with what became of it.

    Gives after how many seconds to look for the next one, None if no more is to be copied. A file that could not be
    fetched is tried three times, behind the others.
    """
    message = table.get(Message, pk, sk)
    entry = next(_waiting(message), None)
    copied = _copied(message, entry) if message and entry else {}
    for _ in range(_MOST_RACES):
        if message is None or message.deleted_at or _is_kept(message, copied):
            break
        message = table.get(Message, pk, sk)
    if copied.get("stored") and (message is None or copied["stored"] not in revisions.stored_files(message)):
        storage.delete(copied["stored"])  # an edit or a deletion was faster
    following = next(_waiting(message), None)
    return None if following is None else RETRY_SECONDS if _tries(following) else 0


def _waiting(message: Message | None) -> Iterator[Entry]:
    """The files that are still to be copied, those first that were tried the fewest times."""
    entries = message.attachments or () if message and not message.deleted_at else ()
    return iter(sorted(filter(_waits, entries), key=_tries))


def _is_kept(message: Message, copied: Entry) -> bool:
    """Puts the file in its place, if the message still waits for it; False if the message changed meanwhile."""
    entries = [copied if _waits(entry) and _is_same(entry, copied) else entry for entry in message.attachments or ()]
    actions: list[Action] = [Message.attachments.set(entries)] if entries != (message.attachments or []) else []
    if FETCH in messages.todo(message) and not any(map(_waits, entries)):
        actions.append(still_to_do(message, set(messages.todo(message)) - {FETCH}))
    return revisions.apply(message, actions)


def still_to_do(message: Message, names: Collection[str]) -> Action:
    """Leaves only these of what is to be done about a message."""
    left = [name for name in messages.todo(message) if name in names]
    return Message.todo.set(",".join(left)) if left else Message.todo.remove()


def _waits(entry: Entry) -> bool:
    return bool(entry.get("expires")) and entry.get("state") not in _FINAL


def _tries(entry: Entry) -> int:
    return int(entry.get("tries", 0))


def _is_same(entry: Entry, copied: Entry) -> bool:
    return bool(copied) and _name(entry) == _name(copied)


def _name(entry: Entry) -> str:
    """What the file is at the network: an edit may bring another one while the one before is being fetched."""
    return ids.digest(entry["kind"], entry.get("media", ""), entry.get("url", ""))


def _copied(message: Message, entry: Entry) -> Entry:
    """The attachment after its file was copied to the bucket, or marked with why it was not."""
    agency, tries = keys.agency_of(message.pk), _tries(entry) + 1
    channel = channels.get(agency, message.channel)
    try:
        source = _source(agency, channel, entry)
        file = fetch.get(source.url, source.headers, TYPES, entry["kind"])
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=channel.id, network=channel.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Unreachable, base.Throttled, fetch.Passing):
        return {**entry, "tries": tries, "state": "pending" if tries < MOST_TRIES else "unavailable"}
    except (base.Outcome, fetch.Unavailable):
        return {**entry, "state": "unavailable"}
    key = f"media/{agency}/{message.id}/{_name(entry)}"
    storage.put(key, file.body, file.mime)
    return {**entry, "stored": key, "mime": file.mime, "size": len(file.body), "state": "stored"}


def _source(agency: str, channel: Channel, entry: Entry) -> base.Download:
    """Where the file is. If we only have the network's id of it, the network is asked."""
    resolve = channels.network_of(channel).download
    if resolve is None or not entry.get("media"):
        return base.Download(url=entry.get("url", ""))
    fields = {name: value for name, value in entry.items() if name not in ("state", "stored", "tries")}
    return resolve(channels.credentials(agency, channel), base.Attachment(**fields))
