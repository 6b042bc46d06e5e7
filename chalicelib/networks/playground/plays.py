"""Bodies of the sandbox: of what people do there, as somebody says who tries it out, and of what it tells by itself.

What is played has a `type` of `inbound.EVENTS`, and fields in the words of this network.
"""

import time
import uuid
from typing import Any

from chalicelib.networks.base import Json, Say

_PUBLIC = ("comment", "mention", "review")


def number() -> str:
    """A number that nobody else has."""
    return uuid.uuid4().hex


def body(account: str, event: Json) -> Json:
    """The body that the sandbox posts for an event of that account. What is not said is made up."""
    type = event["type"]
    made: dict[str, Any] = {"at": int(time.time() * 1000), **event}
    made.setdefault("id", f"{type}-{number()}")
    person = {"id": "sam", "name": "Sam Sandbox", **event.get("person", {})}
    made.pop("person", None)
    if type in ("message", "reaction", *_PUBLIC):
        made["from"] = person
    made.setdefault("thread", made["id"] if type in _PUBLIC else person["id"])
    return {"account": account, "events": [made]}


def receipts(account: str, say: Say, id: str) -> Json:
    """What the sandbox posts of a message of ours: it is delivered, and then read. Nothing of what is public."""
    if say.surface != "dm":
        return {}
    now, where = int(time.time() * 1000), {"id": id, "thread": say.thread or say.to, "surface": say.surface}
    events = [
        {"type": "receipt", "status": status, "at": now + later, **where}
        for later, status in enumerate(("delivered", "read"))
    ]
    return {"account": account, "events": events}
