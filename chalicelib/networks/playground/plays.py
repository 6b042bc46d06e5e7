"""Bodies of the sandbox: for what its people do, as a user plays it, and for what it reports by itself.

A played event has a `type` of `inbound.EVENTS`, and fields in the words of this network.
"""

import time
import uuid
from typing import Any

from chalicelib.networks.base import Json, Say

_PUBLIC = ("comment", "mention", "review")


def number() -> str:
    return uuid.uuid4().hex


def body(account: str, event: Json) -> Json:
    """The body that the sandbox posts for an event of that account. Missing fields are made up."""
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
    """The receipts of our message, delivered and then read, as a body; empty for a public one."""
    if say.surface != "dm":
        return {}
    now, where = int(time.time() * 1000), {"id": id, "thread": say.thread or say.to, "surface": say.surface}
    events = [
        {"type": "receipt", "status": status, "at": now + later, **where}
        for later, status in enumerate(("delivered", "read"))
    ]
    return {"account": account, "events": events}
