"""What is left to do after a message was stored: copy its files, fill it in, ask who wrote it, acknowledge it.

Each of them changes the message, or marks why it could not; a passing failure is tried again, a lasting one is not.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import fetch, ids, log
from chalicelib.aws import storage
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations, revisions
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.store.table import Action

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
Actions = list[Action]


class Again(Exception):
    """Something passing stood in the way."""


def work(task: Mapping[str, Any], attempt: int, now: int) -> None:
    """Do what is left to do about a message. Raises Again while another try may help."""
    item = table.get(Message, task["pk"], task["sk"])
    if item is None or not item.todo or item.deleted_at:
        return
    agency = keys.agency_of(item.pk)
    of = channels.get(agency, item.channel)
    left = []
    for name in item.todo.split(","):
        try:
            actions = _WORK[name](agency, of, item, attempt < MOST_ATTEMPTS, now)
        except (Again, base.Unreachable, base.Throttled):
            left.append(name)
            continue
        except base.Outcome as outcome:
            log.line("followup_failed", work=name, channel=of.id, network=of.network, code=outcome.code)
            continue
        if actions and not revisions.apply(item, actions):
            raise Again
    revisions.apply(item, [Message.todo.set(",".join(left)) if left else Message.todo.remove()])
    if left and attempt < MOST_ATTEMPTS:
        raise Again


def _fetch(agency: str, of: Channel, item: Message, again: bool, now: int) -> Actions:
    entries = [_copied(agency, of, item, order, entry, again) for order, entry in enumerate(item.attachments or ())]
    if any(entry.get("state") == "pending" for entry in entries):
        raise Again
    return [Message.attachments.set(entries)]


def _copied(
    agency: str, of: Channel, item: Message, order: int, entry: Mapping[str, Any], again: bool
) -> Mapping[str, Any]:
    if not entry.get("expires") or entry.get("state") in ("stored", "blocked", "unavailable"):
        return entry
    try:
        source = _source(agency, of, entry)
        file = fetch.get(source.url, source.headers, TYPES, entry["kind"])
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=of.id, network=of.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Unreachable, base.Throttled, fetch.Passing):
        return {**entry, "state": "pending" if again else "unavailable"}
    except (base.Outcome, fetch.Unavailable):
        return {**entry, "state": "unavailable"}
    key = f"media/{agency}/{item.id}/{order}"
    storage.put(key, file.body, file.mime)
    return {**entry, "stored": key, "mime": file.mime, "size": len(file.body), "state": "stored"}


def _source(agency: str, of: Channel, entry: Mapping[str, Any]) -> base.Download:
    """Where the file is: asked of the network where all we have is its id there."""
    resolve = channels.network_of(of).download
    if resolve is None or not entry.get("media"):
        return base.Download(url=entry.get("url", ""))
    known = {name: value for name, value in entry.items() if name not in ("state", "stored")}
    return resolve(channels.credentials(agency, of), base.Attachment(**known))


def _complete(agency: str, of: Channel, item: Message, again: bool, now: int) -> Actions:
    complete = channels.network_of(of).complete
    if complete is None:
        return []
    found = complete(channels.credentials(agency, of), _as_said(agency, item))
    if found.person:
        _introduce(agency, of, item, found.person, now)
    actions: Actions = [Message.text.set(found.text)]
    if found.attachments:
        actions.append(Message.attachments.set([_named(attachment) for attachment in found.attachments]))
    if found.person:
        actions.append(Message.author.set(_author(agency, of, item, found.person)))
    return actions


def _as_said(agency: str, item: Message) -> base.Message:
    origin = getattr(conversations.find(agency, ids.conversation_of(item.id)), "origin", None)
    return base.Message(
        thread="", id=item.network_id, at=int(item.sent_at), surface=base.surface(item.surface),
        context=item.context or {},
        origin=base.Origin(**origin) if origin else None,
    )  # fmt: skip


def _named(attachment: base.Attachment) -> Mapping[str, Any]:
    return {name: value for name, value in vars(attachment).items() if value}


def _profile(agency: str, of: Channel, item: Message, again: bool, now: int) -> Actions:
    profile = channels.network_of(of).profile
    if profile is None:
        return []
    person = profile(channels.credentials(agency, of), item.author["network_id"])
    _introduce(agency, of, item, person, now)
    return [Message.author.set(_author(agency, of, item, person))]


def _introduce(agency: str, of: Channel, item: Message, person: base.Person, now: int) -> None:
    found = conversations.find(agency, ids.conversation_of(item.id))
    if found:
        conversations.meet(Owner(agency, of.brand, of.id, of.network), found, person, now)


def _author(agency: str, of: Channel, item: Message, person: base.Person) -> Mapping[str, Any]:
    owner = Owner(agency, of.brand, of.id, of.network)
    return {"contact": contacts.id_of(owner, person), "name": contacts.name_of(person), "network_id": person.id}


def _acknowledge(agency: str, of: Channel, item: Message, again: bool, now: int) -> Actions:
    """Answer what the network wants an answer to at once: a tapped button keeps turning until then."""
    network = channels.network_of(of)
    if item.kind in network.capabilities.acknowledge:
        network.act(channels.credentials(agency, of), base.Act(verb="read", thread="", id=item.network_id))
    return []


_WORK: Mapping[str, Callable[[str, Channel, Message, bool, int], Actions]] = {
    "fetch": _fetch,
    "complete": _complete,
    "profile": _profile,
    "acknowledge": _acknowledge,
}
