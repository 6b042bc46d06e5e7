"""Files people send: copied in the background before their address dies, and what came as ids only filled in.

A file that must not, or cannot, be fetched is marked and the message stays; a passing failure is tried again.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import fetch, log, storage
from chalicelib.inbox import revision
from chalicelib.networks import base
from chalicelib.store import table
from chalicelib.store.models import Channel, Message
from chalicelib.tenancy import channel

MOST_ATTEMPTS = 3
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


class Again(Exception):
    """Something passing stood in the way."""


def work(task: Mapping[str, Any], attempt: int) -> str:
    """Copy the files of a message, or fill it in. Raises Again while another try may help."""
    item = table.get(Message, task["pk"], task["sk"])
    if item is None or item.todo not in ("fetch", "complete"):
        return "settled"
    agency = item.pk.partition("#")[0]
    of = channel.get(agency, item.channel)
    if item.todo == "complete":
        return _complete(agency, of, item)
    entries = [_copied(agency, of, item, order, entry, attempt) for order, entry in enumerate(item.attachments or ())]
    done = not any(entry.get("state") == "pending" for entry in entries)
    revision.apply(item, [Message.attachments.set(entries)] + ([Message.todo.remove()] if done else []))
    if not done:
        raise Again
    return "copied"


def _copied(
    agency: str, of: Channel, item: Message, order: int, entry: Mapping[str, Any], attempt: int
) -> Mapping[str, Any]:
    if not entry.get("expires") or entry.get("stored") or entry.get("state") in ("blocked", "unavailable"):
        return entry
    try:
        source = _source(agency, of, entry)
        file = fetch.get(source.url, source.headers, TYPES, entry["kind"])
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=of.id, network=of.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Outcome, fetch.Unavailable) as failure:
        again = getattr(failure, "again", isinstance(failure, base.Unreachable | base.Throttled))
        return {**entry, "state": "pending" if again and attempt < MOST_ATTEMPTS else "unavailable"}
    key = f"media/{agency}/{item.id}/{order}"
    storage.put(key, file.body, file.mime)
    return {**entry, "stored": key, "mime": file.mime, "size": len(file.body), "state": "stored"}


def _source(agency: str, of: Channel, entry: Mapping[str, Any]) -> base.Download:
    """Where the file is: asked of the network if all we have is its id there, or if its address asks for a token."""
    resolve = channel.network_of(of).download
    if resolve is None:
        return base.Download(url=entry.get("url", ""))
    known = {name: value for name, value in entry.items() if name not in ("state", "stored")}
    return resolve(channel.credentials(agency, of), base.Attachment(**known))


def _complete(agency: str, of: Channel, item: Message) -> str:
    complete = channel.network_of(of).complete
    if complete is None:
        return "settled"
    said = base.Message(
        thread=item.pk.partition("#")[2], id=item.network_id, at=int(item.sent_at), surface=item.surface,
        context=item.context or {},
    )  # fmt: skip
    try:
        found = complete(channel.credentials(agency, of), said)
    except (base.Unreachable, base.Throttled) as passing:
        raise Again from passing
    except base.Outcome as outcome:
        log.line("complete_failed", channel=of.id, network=of.network, code=outcome.code)
        return "unavailable"
    actions = [Message.text.set(found.text), Message.todo.remove()]
    if found.attachments:
        actions.append(Message.attachments.set([vars(attachment) for attachment in found.attachments]))
    revision.apply(item, actions)
    return "completed"
