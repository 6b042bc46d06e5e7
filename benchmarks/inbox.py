"""What is said to the deployed stack's WhatsApp channel, and what that asks of the table."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.hook import Hook
from chalicelib import clock, ids, networks, settings
from chalicelib.networks import event
from chalicelib.networks.base import Inbound
from chalicelib.store import keys, table
from chalicelib.tenancy.channel import Owner

PERSON = "16505551234"


class Inbox:
    """The conversation of one person with the brand; what is said in it is said now."""

    def __init__(self, stack: Mapping[str, Any]) -> None:
        self._hook = Hook(stack)
        self.owner = Owner(stack["agency"], stack["brand"], self._hook.channel["id"], "whatsapp")
        self.conversation = ids.conversation(self.owner.channel, "dm", PERSON)
        self.table = settings.get().table

    def key(self) -> Mapping[str, Any]:
        """Where the conversation is."""
        return {"pk": {"S": keys.within(self.owner.agency, self.conversation)}, "sk": {"S": keys.CONVERSATION}}

    def body(self, text: str, person: str = PERSON) -> bytes:
        """The webhook of the next message."""
        return self._hook.body(text=text, person=person, id=f"wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTdB{time.time_ns()}")

    def said(self, text: str, person: str = PERSON) -> Inbound:
        """The next message, read."""
        network = networks.get("whatsapp")
        if network is None:
            raise LookupError("whatsapp")
        [found] = network.parse(json.loads(self.body(text, person)))
        return found

    def apply(self, said: Inbound) -> None:
        """Store it."""
        event.apply(self.owner, said, clock.now())

    def hear(self, text: str, person: str = PERSON) -> None:
        """Store the next message."""
        self.apply(self.said(text, person))

    def watched(self, moment: str, work: Callable[[], Any]) -> list[tuple[str, Any]]:
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
