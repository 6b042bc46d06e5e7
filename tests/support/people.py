"""People who write to a channel, in the words of each network.

A voice says, per network, which event of the network's double stands for what a person does, and how it names things.
A network missing from a verb cannot do it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.stack import Channel, eventually, number

Told = tuple[str, dict[str, Any]]
Build = Callable[..., Told]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """`name(fan, id)` is the network's id of a message we call `id`; the others give an event and its fields."""

    name: Callable[["Fan", str], str]
    says: Build
    surface: str = "dm"
    edits: Build | None = None
    deletes: Build | None = None
    reacts: Build | None = None
    echo: Build | None = None
    shows: Build | None = None
    receipts: Mapping[str, Build] = field(default_factory=dict)


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
        return VOICES.get(self.channel.network, VOICES["example"])

    def says(self, text: str = "Hello", id: str = "", at: int = 0) -> str:
        """Posts it; gives the network's id of it."""
        event, fields, name = self.said(text, id, at)
        self.channel.tell(event, **fields)
        return name

    def said(self, text: str = "Hello", id: str = "", at: int = 0) -> tuple[str, dict[str, Any], str]:
        """The event and fields that `says` posts, and the network's id."""
        name = self.voice.name(self, id or number())
        self.top = self.top or name
        self.times[name] = at or now()
        return *self.voice.says(self, name, text, self.times[name]), name

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
        name = id or self.voice.name(self, number())
        event, fields = self.voice.echo(self, name, text, at or now()) if self.voice.echo else ("", {})
        self.channel.tell(
            event,
            **fields,
            **({_CORRELATION.get(self.channel.network, "correlation"): correlation} if correlation else {}),
        )
        return name

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
        return eventually(lambda: found if (found := owner.get(f"/messages/{id}"))["status"] == "sent" else None)


_CORRELATION = {"messenger": "metadata"}


def now() -> int:
    """The present second, in ms."""
    return int(time.time()) * 1000


def who_can(verb: str) -> list[str]:
    """The networks whose people, or accounts, do that."""
    return [name for name, voice in VOICES.items() if getattr(voice, verb)]


def _last(id: str) -> str:
    """The comment's own number in `{post}_{number}`, the message's in Telegram's `{chat}:{number}`."""
    return id.replace(":", "_").rpartition("_")[2]


def _comment(fan: Fan, id: str, at: int, **more: Any) -> dict[str, Any]:
    return {"person": fan.id, "name": fan.name, **_placed(fan, id, at), **more}


def _placed(fan: Fan, id: str, at: int, **more: Any) -> dict[str, Any]:
    under = {"parent": _last(fan.top)} if id != fan.top else {}
    return {"id": _last(id), "at": at // 1000, **under, **more}


def _person(fan: Fan, at: int, **more: Any) -> dict[str, Any]:
    return {"person": fan.id, "at": at, **more}


def _user(fan: Fan, id: str, at: int, **more: Any) -> dict[str, Any]:
    return {"user": int(fan.id), "name": fan.name, "message_id": int(_last(id)), "date": at // 1000, **more}


def _about(fan: Fan, id: str, at: int, **more: Any) -> dict[str, Any]:
    return {"thread": fan.id, "id": id, "at": at, **more}


VOICES: Mapping[str, Voice] = {
    "facebook": Voice(
        surface="comment",
        name=lambda fan, it: f"500_{it}",
        says=lambda fan, it, text, at: ("comment", _comment(fan, it, at, text=text)),
        edits=lambda fan, it, text, at: ("comment", _comment(fan, it, at, text=text, verb="edited")),
        deletes=lambda fan, it, at: ("delete", _comment(fan, it, at)),
        reacts=lambda fan, it, emoji, at: (
            "reaction", _comment(fan, it, at, kind="love", verb="add" if emoji else "remove"),
        ),
        shows=lambda fan, it, shown, at: ("unhide" if shown else "hide", _placed(fan, it, at)),
        echo=lambda fan, it, text, at: (
            "own_comment", _placed(fan, it, at, text=text, person=fan.channel.account, comment_id=it),
        ),
    ),
    "messenger": Voice(
        name=lambda fan, it: f"m_{it}",
        says=lambda fan, it, text, at: ("dm", _person(fan, at, mid=it, text=text)),
        edits=lambda fan, it, text, at: ("edit", _person(fan, at, mid=it, text=text)),
        reacts=lambda fan, it, emoji, at: (
            "reaction", _person(fan, at, mid=it, emoji=emoji or "❤️", action="react" if emoji else "unreact"),
        ),
        echo=lambda fan, it, text, at: ("echo", _person(fan, at, mid=it, text=text)),
        receipts={
            "delivered": lambda fan, it, at: ("delivered", _person(fan, at, mid=it, watermark=at)),
            "read": lambda fan, it, at: ("read", _person(fan, at, watermark=at)),
        },
    ),
    "instagram": Voice(
        name=lambda fan, it: f"aWdf{it}",
        says=lambda fan, it, text, at: ("dm", _person(fan, at, mid=it, text=text)),
        edits=lambda fan, it, text, at: ("edit", _person(fan, at, mid=it, text=text)),
        deletes=lambda fan, it, at: ("delete", _person(fan, at, mid=it)),
        reacts=lambda fan, it, emoji, at: (
            "reaction", _person(fan, at, mid=it, action="react" if emoji else "unreact"),
        ),
        echo=lambda fan, it, text, at: ("echo", _person(fan, at, mid=it, text=text)),
        receipts={"read": lambda fan, it, at: ("read", _person(fan, at, mid=it))},
    ),
    "whatsapp": Voice(
        name=lambda fan, it: f"wamid.{it}",
        says=lambda fan, it, text, at: ("dm", _person(fan, at, id=it, text=text, name=fan.name)),
        edits=lambda fan, it, text, at: ("edit", _person(fan, at, message=it, text=text)),
        deletes=lambda fan, it, at: ("delete", _person(fan, at, message=it)),
        reacts=lambda fan, it, emoji, at: ("reaction", _person(fan, at, message=it, emoji=emoji)),
        echo=lambda fan, it, text, at: ("echo", _person(fan, at, id=it, text=text)),
        receipts={
            status: lambda fan, it, at, status=status: (status, _person(fan, at, id=it))
            for status in ("sent", "delivered", "read", "failed")
        },
    ),
    "telegram": Voice(
        name=lambda fan, it: f"{fan.id}:{it}",
        says=lambda fan, it, text, at: ("dm", _user(fan, it, at, text=text)),
        edits=lambda fan, it, text, at: ("edit", _user(fan, it, fan.times[it], text=text, edit_date=at // 1000)),
        reacts=lambda fan, it, emoji, at: (
            "reaction", {"user": int(fan.id), "message_id": int(_last(it)), "emoji": emoji, "date": at // 1000},
        ),
    ),
    "example": Voice(
        name=lambda fan, it: f"m{it}",
        says=lambda fan, it, text, at: ("dm", {"person": fan.id, "name": fan.name, "id": it, "text": text, "at": at}),
        edits=lambda fan, it, text, at: ("edit", _about(fan, it, at, text=text)),
        deletes=lambda fan, it, at: ("delete", _about(fan, it, at)),
        reacts=lambda fan, it, emoji, at: ("reaction", _about(fan, it, at, emoji=emoji)),
        echo=lambda fan, it, text, at: ("echo", {"person": fan.id, "id": it, "text": text, "at": at}),
        receipts={
            status: lambda fan, it, at, status=status: (status, _about(fan, it, at))
            for status in ("delivered", "read", "failed")
        },
    ),
}  # fmt: skip
