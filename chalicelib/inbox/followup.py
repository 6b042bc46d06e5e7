"""The work that is left once a message is stored: complete it, ask for its author's profile, acknowledge it.

Its files are copied separately, see `files`. Each piece of work changes the message, or logs why it could not. A
failure that may pass is tried again, a lasting one is not.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import ids, log
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, files, messages, revisions
from chalicelib.networks import base, origins
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Message
from chalicelib.store.table import Action

MOST_ATTEMPTS = 3
_MOST_RACES = 3
_OF_OTHERS = (files.FETCH, messages.MODERATE)
Actions = list[Action]


class TryAgain(Exception):
    """Raised for a failure that may pass: another attempt may succeed."""


def perform(task: Mapping[str, Any], attempt: int, now: int) -> None:
    """Does all the work that is left for a message, except for its files. Raises TryAgain while another attempt may
    succeed.
    """
    for _ in range(_MOST_RACES):
        message = table.get(Message, task["pk"], task["sk"])
        if message is None or not message.todo or message.deleted_at:
            return
        if _perform_once(message, may_retry=attempt < MOST_ATTEMPTS, now=now):
            return
    raise TryAgain


def _perform_once(message: Message, *, may_retry: bool, now: int) -> bool:
    """False if the message changed meanwhile: it may have been edited, or one of its files was copied."""
    agency = keys.agency_of(message.pk)
    channel = channels.find(agency, message.channel)
    if channel is None:  # it was disconnected meanwhile: nobody can be asked any more
        return revisions.apply(message, [files.still_to_do(message, _OF_OTHERS)]) is not None
    left = []
    for name in messages.todo(message):
        if name not in _WORK:
            continue  # others do that: they copy files, they moderate
        try:
            actions = _WORK[name](agency, channel, message, may_retry, now)
        except (TryAgain, base.Unreachable, base.Throttled):
            left.append(name)
            continue
        except base.Outcome as outcome:
            log.line("followup_failed", work=name, channel=channel.id, network=channel.network, code=outcome.code)
            continue
        if actions and not revisions.apply(message, actions):
            return False
    if not revisions.apply(message, [files.still_to_do(message, [*left, *_OF_OTHERS])]):
        return False
    if left and may_retry:
        raise TryAgain
    return True


def _complete(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    complete = channels.network_of(channel).complete
    if complete is None:
        return []
    completed = complete(channels.credentials(agency, channel), _as_event(agency, message))
    files_told = [messages.attachment_fields(attachment) for attachment in completed.attachments]
    rest = revisions.actions_for_files(message, files_told or None, [messages.MODERATE])
    actions: Actions = [Message.text.set(completed.text), *rest]
    if completed.person:
        actions += _introduce(agency, channel, message, completed.person, now)
    return actions


def _as_event(agency: str, message: Message) -> base.Message:
    origin = getattr(conversations.find(agency, ids.conversation_of(message.id)), "origin", None)
    return base.Message(
        thread="", id=message.network_id, at=message.sent_at, surface=base.surface(message.surface),
        context=message.context or {},
        origin=origins.read(origin),
    )  # fmt: skip


def _profile(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    profile = channels.network_of(channel).profile
    if profile is None:
        return []
    id = message.author.get("network_id") or _addressee(agency, message)
    if not id:
        return []
    person = profile(channels.credentials(agency, channel), id)
    return _introduce(agency, channel, message, person, now)


def _addressee(agency: str, message: Message) -> str:
    """The network's id of the person to whom the brand wrote this in the network's own app; empty if there is none."""
    conversation = conversations.find(agency, ids.conversation_of(message.id))
    return conversation.to if conversation else ""


def _introduce(agency: str, channel: Channel, message: Message, person: base.Person, now: int) -> Actions:
    """Records the person in the conversation, and returns the actions that make them the author of a message that came
    in.
    """
    owner = Owner(agency, channel.brand, channel.id, channel.network)
    conversation = conversations.find(agency, ids.conversation_of(message.id))
    if conversation:
        conversations.record_person(owner, conversation, person, now)
    return [Message.author.set(messages.author_of(owner, person))] if message.direction == "in" else []


def _acknowledge(agency: str, channel: Channel, message: Message, may_retry: bool, now: int) -> Actions:
    """Marks the message as read at its network at once if the network requires that: a tapped button waits for it."""
    network = channels.network_of(channel)
    if message.kind in network.capabilities.acknowledge:
        network.act(channels.credentials(agency, channel), base.Act(verb="read", thread="", id=message.network_id))
    return []


_WORK: Mapping[str, Callable[[str, Channel, Message, bool, int], Actions]] = {
    "complete": _complete,
    "profile": _profile,
    "acknowledge": _acknowledge,
}
