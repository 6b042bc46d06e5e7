"""What exists when a run begins: a sandbox in which people have written, and one of each thing that a run may spoil."""

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.fuzz.runs import Asker

PEOPLE = ("ana", "kim", "sam")
CRY = "I want to kill myself"  # which somebody has to look at, whatever the rules
RULE = {"clause": "respect.insults", "when": {"field": "category", "is": "insult"}, "then": [{"do": "hide"}]}
TEXT = {"components": [{"type": "BODY", "text": "Thank you."}]}
PATIENCE = 60.0  # seconds until what is played has come in


def begin(owner: "Asker", receiver: str) -> None:
    """Makes it, and gives the owner all ids; webhooks are delivered to the address `receiver`."""
    _write_templates(owner)
    brand = owner.make("POST", "/brands", {"name": "Played", "sandbox": True})
    channel = owner.make("POST", "/sandbox/channels", {"brand": brand})
    owner.things.add("chn", channel)
    for person in PEOPLE:
        said = {"type": "message", "text": CRY, "times": 3, "person": {"id": person}}
        owner.make("POST", "/sandbox/events", {"channel": channel, **said})
    for conversation in _arrived(owner, f"/conversations?channel={channel}"):
        owner.get(f"/conversations/{conversation['id']}/messages")
        for text in ("We are open", "Until nine"):
            draft = owner.make("POST", f"/conversations/{conversation['id']}/replies", {"text": text, "draft": True})
            owner.things.add("rpl", draft)
    for case in _arrived(owner, f"/cases?brand={brand}"):
        owner.things.add("dec", case["decision"])
    owner.get(f"/brands/{brand}/rules")
    owner.make("POST", "/rules", {"brand": brand, "name": "Insults", **RULE})
    owner.make("POST", "/term-lists", {"brand": brand, "name": "Rivals", "entries": ["zorblax"]})
    owner.make("POST", "/webhook-endpoints", {"url": receiver, "classes": ["audit"]})
    for name in ("tier", "lane"):
        owner.make("PUT", f"/attributes/{name}", {"title": name, "type": "text"})
        owner.things.add("attributes", name)


def _write_templates(owner: "Asker") -> None:
    """Drafts two templates for an account of the networks' double, because a sandbox has no templates."""
    number = str(time.time_ns())
    account = {"account": f"10634{number}", "details": {"waba": f"10229{number}"}}
    wanted = {"brand": owner.things.at("brands"), "network": "whatsapp", "credentials": {"token": f"EAAB{number}asked"}}
    channel = owner.make("POST", "/channels", {**wanted, **account})
    for name in ("thanks", "thanks_again"):
        owner.make(
            "POST", "/templates", {"channel": channel, "name": name, "language": "en", "category": "UTILITY", **TEXT}
        )


def _arrived(owner: "Asker", path: str) -> list[Any]:
    """The list at that path, once it has as many entries as there were people who wrote."""
    end = time.monotonic() + PATIENCE
    while len(listed := owner.get(path).get("items", ())) < len(PEOPLE):
        if time.monotonic() > end:
            raise SystemExit(f"What was played on the sandbox is not on {path}.")
    return list(listed)
