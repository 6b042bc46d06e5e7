"""Messages to the deployed stack's WhatsApp channel, and the calls to the table that they cause."""

import json
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from benchmarks.hook import Hook
from chalicelib import clock, networks, settings
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.networks.base import Inbound
from chalicelib.rules import looking
from chalicelib.store import fence, keys, lookups, table
from chalicelib.transport import apply

_seconds = count()


class Inbox:
    """The conversation of one person with the brand. Each message comes a second after the one before, within an hour.

    WhatsApp tells whole seconds, and only a later one moves a conversation in the index.
    """

    def __init__(self, stack: Mapping[str, Any], person: str) -> None:
        self._person = person
        self._hook = Hook(stack)
        self.owner = Owner(stack["agency"], stack["brand"], self._hook.channel["id"], "whatsapp")
        with fence.within(self.owner.agency):
            self.conversation = conversations.id_of(self.owner, "dm", person)
        self.table = settings.get().table

    def key(self) -> Mapping[str, Any]:
        """The key of the conversation's item."""
        return {"pk": {"S": keys.within(self.owner.agency, self.conversation)}, "sk": {"S": keys.CONVERSATION}}

    def route(self) -> Mapping[str, Any]:
        """The key of the item that says whose the account is."""
        return {"pk": {"S": lookups.route("whatsapp", self._hook.channel["account"])}, "sk": {"S": lookups.ROUTE}}

    def delivery(self, text: str, person: str = "") -> Mapping[str, Any]:
        """The next message, as a record of the queue; of this person or of another."""
        body = self.body(text, person).decode()
        envelope = {"network": "whatsapp", "hook": "", "received_at": clock.now(), "body": body}
        return {"messageId": "bench", "attributes": {"ApproximateReceiveCount": "1"}, "body": json.dumps(envelope)}

    def body(self, text: str, person: str = "") -> bytes:
        """The webhook of the next message, of this person or of another."""
        id, at = (
            f"wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdB{time.time_ns()}",
            clock.now() - clock.HOUR + next(_seconds) * 1000,
        )
        return self._hook.body(text=text, person=person or self._person, id=id, at=at)

    def next_message(self, text: str, person: str = "") -> Inbound:
        """The next message, as `parse` gives it."""
        network = networks.get("whatsapp")
        if network is None:
            raise LookupError("whatsapp")
        [message] = network.parse(json.loads(self.body(text, person)))
        return message

    def apply(self, message: Inbound) -> None:
        with fence.within(self.owner.agency):
            apply.event(self.owner, message, clock.now())

    def look(self, message: Inbound) -> None:
        """What rules ask of the message, apart from storing it; it has a limit of its own (words.py)."""
        said = message.event
        if isinstance(said, base.Message):
            about = {"surface": said.surface, "media": False}
            with fence.within(self.owner.agency):
                looking.may_concern(self.owner, said.text, said.person, about, clock.now())

    def hear(self, text: str, person: str = "") -> None:
        """Stores the next message."""
        self.apply(self.next_message(text, person))

    def watched(self, moment: str, work: Callable[[], object]) -> list[tuple[str, Any]]:
        """The calls to the table while the work is done: name, and parameters or answer, as `moment` of botocore's."""
        calls: list[tuple[str, Any]] = []

        def note(model: Any, **details: Any) -> None:
            calls.append((model.name, json.loads(json.dumps(details.get("params") or details.get("parsed")))))

        events = table.connection().client.meta.events
        events.register(f"{moment}.dynamodb.*", note)
        try:
            work()
        finally:
            events.unregister(f"{moment}.dynamodb.*", note)
        return calls
