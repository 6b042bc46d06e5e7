"""People who write to a channel, in the words of its network, which the VOICE of the network's double tells."""

import time
from dataclasses import dataclass, field
from typing import Any

from chalicelib import networks
from chalicelib.networks.double import Voice
from local.double import doubles
from tests.support.stack import Channel, eventually, number

# Whose people write to a hook. What networks have to be asked for comes another way, and some hear nobody at all.
VOICES = {
    key: double.VOICE
    for key, double in doubles().items()
    if (network := networks.get(key)) and network.capabilities.surfaces and not network.polling
}


@dataclass
class Fan:
    """Somebody on the channel's network. Ids and times are the network's own, times whole seconds in ms.

    Under a publication the first thing they say is what all the others answer: `top`. `times` is when each was said.
    """

    channel: Channel
    id: str = field(default_factory=number)
    name: str = "Ana"
    top: str = ""
    times: dict[str, int] = field(default_factory=dict)

    @property
    def voice(self) -> Voice:
        return VOICES[self.channel.network]

    @property
    def account(self) -> str:
        return self.channel.account

    def says(self, text: str = "Hello", id: str = "", at: int = 0) -> str:
        """Posts it; gives the network's id of it."""
        event, fields, network_id = self.said(text, id, at)
        self.channel.tell(event, **fields)
        return network_id

    def said(self, text: str = "Hello", id: str = "", at: int = 0) -> tuple[str, dict[str, Any], str]:
        """The event and fields that `says` posts, and the network's id."""
        network_id = self.voice.name(self, id or number())
        self.top = self.top or network_id
        self.times[network_id] = at or now()
        return *self.voice.says(self, network_id, text, self.times[network_id]), network_id

    def does(self, verb: str, *given: Any, at: int = 0) -> None:
        """Posts an edit, deletion, reaction or echo of this voice."""
        event, fields = getattr(self.voice, verb)(self, *given, at or now())
        self.channel.tell(event, **fields)

    def confirms(self, status: str, network_id: str, at: int = 0) -> None:
        """The network tells how far a message of ours got."""
        event, fields = self.voice.receipts[status](self, network_id, at or now())
        self.channel.tell(event, **fields)

    def echoes(self, text: str, id: str = "", at: int = 0, correlation: str = "") -> str:
        """The network repeats what the account said, here or in its own app; gives the network's id of it."""
        network_id = id or self.voice.name(self, number())
        event, fields = self.voice.echo(self, network_id, text, at or now()) if self.voice.echo else ("", {})
        self.channel.tell(event, **fields, **({self.voice.correlation: correlation} if correlation else {}))
        return network_id

    def starts(self, text: str = "Hello") -> Any:
        """Says something; gives the conversation once it is there."""
        self.says(text)
        return eventually(self.channel.conversations)[0]

    def hears(self, text: str, **more: Any) -> Any:
        """The brand replies; gives the reply as it was accepted."""
        conversation = self.channel.conversation()["id"]
        return self.channel.agency.owner.post(f"/conversations/{conversation}/replies", {"text": text, **more})

    def is_answered(self, text: str) -> Any:
        """The brand replies; gives its message once the network has it."""
        if not self.top:
            self.starts()
        id, owner = self.hears(text)["messages"][0], self.channel.agency.owner
        return eventually(lambda: sent if (sent := owner.get(f"/messages/{id}"))["status"] == "sent" else None)


def now() -> int:
    """The present second, in ms."""
    return int(time.time()) * 1000


def who_can(verb: str) -> list[str]:
    """The networks whose people, or accounts, do that."""
    return [key for key, voice in VOICES.items() if getattr(voice, verb)]
