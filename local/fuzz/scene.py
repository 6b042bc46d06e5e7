"""What a run finds when it begins: a sandbox where people have written, and one of each thing that a run may spoil."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.fuzz.runs import Asker

PEOPLE = ("ana", "kim", "sam")
PATIENCE = 60.0  # seconds until what is played has come in


def begin(owner: "Asker", receiver: str) -> None:
    """Makes it, and tells the owner of all ids; webhooks are delivered to the address of the receiver."""
    brand = owner.make("POST", "/brands", {"name": "Played", "sandbox": True})
    channel = owner.make("POST", "/sandbox/channels", {"brand": brand})
    owner.things.add("chn", channel)
    for person in PEOPLE:
        said = {"type": "message", "text": "When do you open?", "person": {"id": person}}
        owner.make("POST", "/sandbox/events", {"channel": channel, **said})
    for conversation in _arrived(owner, channel):
        owner.get(f"/conversations/{conversation}/messages")
        for text in ("We are open", "Until nine"):
            draft = owner.make("POST", f"/conversations/{conversation}/replies", {"text": text, "draft": True})
            owner.things.add("rpl", draft)
    owner.make("POST", "/webhook-endpoints", {"url": receiver, "classes": ["audit"]})
    for name in ("tier", "lane"):
        owner.make("PUT", f"/attributes/{name}", {"title": name, "type": "text"})
        owner.things.add("attributes", name)


def _arrived(owner: "Asker", channel: str) -> list[str]:
    """The conversations on the channel, once all are there."""
    end = time.monotonic() + PATIENCE
    while len(found := owner.get(f"/conversations?channel={channel}").get("items", ())) < len(PEOPLE):
        if time.monotonic() > end:
            raise SystemExit("What was played on the sandbox did not come in.")
    return [one["id"] for one in found]
