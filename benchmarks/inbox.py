"""What is said to the deployed stack's WhatsApp channel, and what that asks of the table."""

import json
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from benchmarks.hook import Hook
from chalicelib import clock, ids, networks, settings
from chalicelib.channels.channels import Owner
from chalicelib.networks.base import Inbound
from chalicelib.store import fence, keys, table
from chalicelib.transport import apply

HOUR = 3_600_000
_seconds = count()


class Inbox:
    """The conversation of one person with the brand. Each message comes a second after the one before, within an hour.

    WhatsApp tells whole seconds, and only a later one moves a conversation in the index.
    """

    def __init__(self, stack: Mapping[str, Any], person: str) -> None:
        self._person = person
        self._hook = Hook(stack)
        self.owner = Owner(stack["agency"], stack["brand"], self._hook.channel["id"], "whatsapp")
        self.conversation = ids.conversation(self.owner.channel, "dm", person)
        self.table, self.bucket = settings.get().table, settings.get().bucket

    def key(self) -> Mapping[str, Any]:
        """Where the conversation is."""
        return {"pk": {"S": keys.within(self.owner.agency, self.conversation)}, "sk": {"S": keys.CONVERSATION}}

    def route(self) -> Mapping[str, Any]:
        """Where it says whose the account is."""
        return {"pk": {"S": keys.route("whatsapp", self._hook.channel["account"])}, "sk": {"S": keys.ROUTE}}

    def delivery(self, text: str) -> Mapping[str, Any]:
        """The next message, as the queue hands it on."""
        envelope = {"network": "whatsapp", "hook": "", "received_at": clock.now(), "body": self.body(text).decode()}
        return {"messageId": "bench", "attributes": {"ApproximateReceiveCount": "1"}, "body": json.dumps(envelope)}

    def body(self, text: str, person: str = "") -> bytes:
        """The webhook of the next message, of this person or of another."""
        id, at = f"wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdB{time.time_ns()}", clock.now() - HOUR + next(_seconds) * 1000
        return self._hook.body(text=text, person=person or self._person, id=id, at=at)

    def said(self, text: str, person: str = "") -> Inbound:
        """The next message, read."""
        network = networks.get("whatsapp")
        if network is None:
            raise LookupError("whatsapp")
        [found] = network.parse(json.loads(self.body(text, person)))
        return found

    def apply(self, said: Inbound) -> None:
        """Store it."""
        with fence.within(self.owner.agency):
            apply.event(self.owner, said, clock.now())

    def hear(self, text: str, person: str = "") -> None:
        """Store the next message."""
        self.apply(self.said(text, person))

    def watched(self, moment: str, work: Callable[[], object]) -> list[tuple[str, Any]]:
        """Each call to the table while the work is done: its name, and what botocore tells of it at that moment."""
        told: list[tuple[str, Any]] = []

        def tell(model: Any, **given: Any) -> None:
            told.append((model.name, json.loads(json.dumps(given.get("params") or given.get("parsed")))))

        events = table.connection().client.meta.events
        events.register(f"{moment}.dynamodb.*", tell)
        try:
            work()
        finally:
            events.unregister(f"{moment}.dynamodb.*", tell)
        return told
