"""The work that a stored message leaves: copy its files, complete it, ask for its author's profile, acknowledge it.

Each piece of work changes the message or marks why it could not. A passing failure is tried again, a lasting one not.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib import fetch, file_types, ids, log
from chalicelib.aws import storage
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, messages, revisions
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.store.table import Action

MOST_ATTEMPTS = 3
Actions = list[Action]


class TryAgain(Exception):
    """A passing failure; another attempt may succeed."""


def perform(task: Mapping[str, Any], attempt: int, now: int) -> None:
    """Do all of a message's work that is left. Raises TryAgain while another attempt may succeed."""
    message = table.get(Message, task["pk"], task["sk"])
    if message is None or not message.todo or message.deleted_at:
        return
    agency = keys.agency_of(message.pk)
    channel = channels.get(agency, message.channel)
    left = []
    may_retry = attempt < MOST_ATTEMPTS
    for name in message.todo.split(","):
        try:
            actions = _WORK[name](agency, channel, message, may_retry, now)
        except (TryAgain, base.Unreachable, base.Throttled):
            left.append(name)
            continue
        except base.Outcome as outcome:
            log.line("followup_failed", work=name, channel=channel.id, network=channel.network, code=outcome.code)
            continue
        if actions and not revisions.apply(message, actions):
            raise TryAgain
    rest = Message.todo.set(",".join(left)) if left else Message.todo.remove()
    if not revisions.apply(message, [rest]) or (left and may_retry):  # it may have been edited, and have new files
        raise TryAgain


def _fetch(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    entries = [_copied(agency, channel, message, entry, may_retry) for entry in message.attachments or ()]
    if any(entry.get("state") == "pending" for entry in entries):
        raise TryAgain
    return [Message.attachments.set(entries)]


def _copied(
    agency: str, channel: Channel, message: Message, entry: Mapping[str, Any], may_retry: bool
) -> Mapping[str, Any]:
    """The attachment after its file was copied to the bucket, or marked with why it was not."""
    if not entry.get("expires") or entry.get("state") in messages.COPIED:
        return entry
    try:
        source = _source(agency, channel, entry)
        body = fetch.get(source.url, source.headers)
    except fetch.Blocked as reason:
        log.line("media_blocked", channel=channel.id, network=channel.network, reason=str(reason))
        return {**entry, "state": "blocked"}
    except (base.Unreachable, base.Throttled, fetch.Passing):
        return {**entry, "state": "pending" if may_retry else "unavailable"}
    except (base.Outcome, fetch.Unavailable):
        return {**entry, "state": "unavailable"}
    return _kept(agency, message, {**entry, "mime": source.mime or entry.get("mime", "")}, body)


def _kept(agency: str, message: Message, entry: Mapping[str, Any], body: bytes) -> Mapping[str, Any]:
    """The attachment with its file in the bucket. A browser may show what is surely harmless, and saves all else."""
    # Named by the file: an edit may bring another one while the one before is being fetched or deleted.
    key = f"media/{agency}/{message.id}/{ids.digest(entry['kind'], entry.get('media', ''), entry.get('url', ''))}"
    type = file_types.recognise(body, entry["mime"] or f"{entry['kind']}/*")
    if type.is_shown:
        storage.put(key, body, type.mime, shown=True)
    else:
        address = urlsplit(entry.get("url", "")).path.rpartition("/")[2]
        name = file_types.saved_as(entry.get("name") or unquote(address) or entry["kind"], type.mime)
        storage.put(key, body, file_types.UNKNOWN, name=name)
    copy = {"stored": key, "mime": type.mime, "size": len(body), "inline": type.is_shown, "state": "stored"}
    return {**entry, **copy}


def _source(agency: str, channel: Channel, entry: Mapping[str, Any]) -> base.Download:
    """Where the file is. If we only have the network's id of it, the network is asked."""
    resolve = channels.network_of(channel).download
    if resolve is None or not entry.get("media"):
        return base.Download(url=entry.get("url", ""))
    fields = {name: value for name, value in entry.items() if name not in ("state", "stored")}
    return resolve(channels.credentials(agency, channel), base.Attachment(**fields))


def _complete(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    complete = channels.network_of(channel).complete
    if complete is None:
        return []
    completed = complete(channels.credentials(agency, channel), _as_event(agency, message))
    actions: Actions = [Message.text.set(completed.text)]
    if completed.attachments:
        entries = [messages.attachment_fields(attachment) for attachment in completed.attachments]
        actions.append(Message.attachments.set(entries))
    if completed.person:
        actions += _introduce(agency, channel, message, completed.person, now)
    return actions


def _as_event(agency: str, message: Message) -> base.Message:
    origin = getattr(conversations.find(agency, ids.conversation_of(message.id)), "origin", None)
    return base.Message(
        thread="", id=message.network_id, at=message.sent_at, surface=base.surface(message.surface),
        context=message.context or {},
        origin=base.Origin(**origin) if origin else None,
    )  # fmt: skip


def _profile(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    profile = channels.network_of(channel).profile
    if profile is None:
        return []
    person = profile(channels.credentials(agency, channel), message.author["network_id"])
    return _introduce(agency, channel, message, person, now)


def _introduce(agency: str, channel: Channel, message: Message, person: base.Person, now: int) -> Actions:
    """Record the person in the conversation; gives the actions that make them the author of the message."""
    owner = Owner(agency, channel.brand, channel.id, channel.network)
    conversation = conversations.find(agency, ids.conversation_of(message.id))
    if conversation:
        conversations.record_person(owner, conversation, person, now)
    return [Message.author.set(messages.author_of(owner, person))]


def _acknowledge(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    """Tell the network at once that the message was read, where it asks for that: a tapped button waits for it."""
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
