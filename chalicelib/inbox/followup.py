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
    message = table.get(Message, task["pk"], task["sk"])
    if message is None or not message.todo or message.deleted_at:
        return
    agency = keys.agency_of(message.pk)
    channel = channels.get(agency, message.channel)
    left = []
    for name in message.todo.split(","):
        try:
            actions = _WORK[name](agency, channel, message, attempt < MOST_ATTEMPTS, now)
        except (Again, base.Unreachable, base.Throttled):
            left.append(name)
            continue
        except base.Outcome as outcome:
            log.line("followup_failed", work=name, channel=channel.id, network=channel.network, code=outcome.code)
            continue
        if actions and not revisions.apply(message, actions):
            raise Again
    revisions.apply(message, [Message.todo.set(",".join(left)) if left else Message.todo.remove()])
    if left and attempt < MOST_ATTEMPTS:
        raise Again


def _fetch(agency: str, channel: Channel, message: Message, again: bool, now: int) -> Actions:
    entries = [
        _copied(agency, channel, message, order, entry, again) for order, entry in enumerate(message.attachments or ())
    ]
    if any(entry.get("state") == "pending" for entry in entries):
        raise Again
    return [Message.attachments.set(entries)]


def _copied(
    agency: str, channel: Channel, message: Message, order: int, entry: Mapping[str, Any], again: bool
) -> Mapping[str, Any]:
    if not entry.get("expires") or entry.get("state") in ("stored", "blocked", "unavailable"):
        return entry
    try:
        source = _source(agency, channel, entry)
        file = fetch.get(source.url, source.headers, TYPES, entry["kind"])
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=channel.id, network=channel.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Unreachable, base.Throttled, fetch.Passing):
        return {**entry, "state": "pending" if again else "unavailable"}
    except (base.Outcome, fetch.Unavailable):
        return {**entry, "state": "unavailable"}
    key = f"media/{agency}/{message.id}/{order}"
    storage.put(key, file.body, file.mime)
    return {**entry, "stored": key, "mime": file.mime, "size": len(file.body), "state": "stored"}


def _source(agency: str, channel: Channel, entry: Mapping[str, Any]) -> base.Download:
    """Where the file is: asked of the network where all we have is its id there."""
    resolve = channels.network_of(channel).download
    if resolve is None or not entry.get("media"):
        return base.Download(url=entry.get("url", ""))
    known = {name: value for name, value in entry.items() if name not in ("state", "stored")}
    return resolve(channels.credentials(agency, channel), base.Attachment(**known))


def _complete(agency: str, channel: Channel, message: Message, again: bool, now: int) -> Actions:
    complete = channels.network_of(channel).complete
    if complete is None:
        return []
    said = complete(channels.credentials(agency, channel), _as_said(agency, message))
    if said.person:
        _introduce(agency, channel, message, said.person, now)
    actions: Actions = [Message.text.set(said.text)]
    if said.attachments:
        actions.append(Message.attachments.set([_named(attachment) for attachment in said.attachments]))
    if said.person:
        actions.append(Message.author.set(_author(agency, channel, message, said.person)))
    return actions


def _as_said(agency: str, message: Message) -> base.Message:
    origin = getattr(conversations.find(agency, ids.conversation_of(message.id)), "origin", None)
    return base.Message(
        thread="", id=message.network_id, at=message.sent_at, surface=base.surface(message.surface),
        context=message.context or {},
        origin=base.Origin(**origin) if origin else None,
    )  # fmt: skip


def _named(attachment: base.Attachment) -> Mapping[str, Any]:
    return {name: value for name, value in vars(attachment).items() if value}


def _profile(agency: str, channel: Channel, message: Message, again: bool, now: int) -> Actions:
    profile = channels.network_of(channel).profile
    if profile is None:
        return []
    person = profile(channels.credentials(agency, channel), message.author["network_id"])
    _introduce(agency, channel, message, person, now)
    return [Message.author.set(_author(agency, channel, message, person))]


def _introduce(agency: str, channel: Channel, message: Message, person: base.Person, now: int) -> None:
    conversation = conversations.find(agency, ids.conversation_of(message.id))
    if conversation:
        conversations.meet(Owner(agency, channel.brand, channel.id, channel.network), conversation, person, now)


def _author(agency: str, channel: Channel, message: Message, person: base.Person) -> Mapping[str, Any]:
    owner = Owner(agency, channel.brand, channel.id, channel.network)
    return {"contact": contacts.id_of(owner, person), "name": contacts.name_of(person), "network_id": person.id}


def _acknowledge(agency: str, channel: Channel, message: Message, again: bool, now: int) -> Actions:
    """Answer what the network wants an answer to at once: a tapped button keeps turning until then."""
    network = channels.network_of(channel)
    if message.kind in network.capabilities.acknowledge:
        network.act(channels.credentials(agency, channel), base.Act(verb="read", thread="", id=message.network_id))
    return []


_WORK: Mapping[str, Callable[[str, Channel, Message, bool, int], Actions]] = {
    "fetch": _fetch,
    "complete": _complete,
    "profile": _profile,
    "acknowledge": _acknowledge,
}
