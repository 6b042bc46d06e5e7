"""One network's part of the demo: somebody writes there, and gets an answer. `make demo NETWORK=line`."""

import time
from dataclasses import dataclass, field

from chalicelib import networks
from local.day import Day, Json, Missing
from local.double import doubles


@dataclass
class Passer:
    """A person who writes one message, as the network's double describes people."""

    account: str
    id: str
    name: str = "Chiara"
    top: str = ""
    times: dict[str, int] = field(default_factory=dict)


def play(day: Day, key: str) -> None:
    """Raises Missing if there is no such network, or if a message did not arrive or was not sent."""
    network, double = networks.get(key), doubles().get(key)
    if network is None or double is None or key == "example":
        every = ", ".join(sorted(set(doubles()) - {"example"}))
        raise Missing(f"There is no network {key!r}. There are: {every}.")
    if not network.capabilities.surfaces:
        day.screen.step(f"On {network.name} one publishes only: nobody says anything there that its API tells.")
        return
    channel = day.channel(key)
    known = {conversation["id"] for conversation in day.inbox()}
    _write_as_person(day, key, channel)

    def arrived() -> Json | None:
        arrivals = (
            conversation
            for conversation in day.inbox()
            if conversation["channel"] == channel["id"] and conversation["id"] not in known
        )
        return next(arrivals, None)

    conversation = day.until(f"What was said on {network.name}", arrived)
    day.screen.note(f"It is in the inbox as a {conversation['surface']}.")
    if conversation["surface"] not in network.capabilities.reply:
        day.screen.step(f"{network.name} takes no answers here.")
        return
    _answer(day, key, network.name, conversation)


def _write_as_person(day: Day, key: str, channel: Json) -> None:
    voice, person = doubles()[key].VOICE, Passer(channel["account"], f"1{day.someone()[-8:]}")
    at = int(time.time()) * 1000
    id = person.top = voice.name(person, day.someone()[-9:])
    person.times[id] = at
    event, fields = voice.says(person, id, "Do you have a table for six tonight?", at)
    network = networks.get(key)
    day.screen.step(f"Chiara writes on {network.name if network else key}.")
    day.posts(key, event, **fields)
    if network and network.polling:
        day.screen.step("The network does not tell by itself: it is asked, now instead of within its minutes.")
        day.post("owner", f"/channels/{channel['id']}/repair", {})


def _answer(day: Day, key: str, name: str, conversation: Json) -> None:
    began, path = time.time(), f"/conversations/{conversation['id']}"
    reply = day.post("community_manager", f"{path}/replies", {"text": "Yes, at eight. Shall we keep it for you?"})

    def is_sent() -> bool:
        return str(day.get(f"/replies/{reply['id']}")["status"]) not in ("pending", "queued", "approved", "sending")

    day.until("The answer's way to the network", is_sent)
    status = day.get(f"/replies/{reply['id']}")["status"]
    call = day.sent(key, began)
    if status == "failed":
        raise Missing(f"{name} refused the answer.")
    day.screen.note(f"{name} was sent {call['method']} {call['path']}; the reply is {status}.")
