"""A choice that a brand offers goes out by the documented call, and what is chosen comes back as a message."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.people import Fan
from tests.support.stack import Stack, eventually

OPTIONS = [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]
OFFERS: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "whatsapp buttons": ("whatsapp", {"kind": "buttons"}, '"type": "button"'),
    "whatsapp list": ("whatsapp", {"kind": "list", "button": "Choose"}, '"type": "list"'),
    "messenger quick replies": ("messenger", {"kind": "quick_replies"}, '"quick_replies"'),
    "messenger buttons": ("messenger", {"kind": "buttons"}, '"template_type": "button"'),
    "instagram quick replies": ("instagram", {"kind": "quick_replies"}, '"quick_replies"'),
    "telegram buttons": ("telegram", {"kind": "buttons"}, '"inline_keyboard"'),
}


@pytest.mark.parametrize("name", OFFERS)
def test_offer_goes_out_and_shows(stack: Stack, name: str) -> None:
    network, kind, _ = OFFERS[name]
    fan, offered = Fan(stack.connect(network)), {**kind, "options": OPTIONS}
    conversation = fan.starts()["id"]
    text = f"Open {fan.id}?"
    reply = stack.ours.owner.post(f"/conversations/{conversation}/replies", {"text": text, "interactive": offered})
    assert [option["id"] for option in reply["interactive"]["options"]] == ["yes", "no"]
    [id] = reply["messages"]
    said = eventually(
        lambda: message if (message := stack.ours.owner.get(f"/messages/{id}"))["status"] == "sent" else None
    )
    assert (said["kind"], said["interactive"]["kind"]) == ("interactive", kind["kind"])
    [call] = stack.requests(network, text)
    assert "yes" in str(call["json"])


def test_choice_comes_back_with_what_was_chosen_and_what_it_answers(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    said = fan.is_answered("Open?")
    number = int(said["network_id"].rpartition(":")[2])
    fan.channel.tell("postback", user=int(fan.id), message_id=number, data="yes")
    [tap] = eventually(lambda: [message for message in fan.channel.messages() if message["kind"] == "postback"])
    assert tap["interactive"]["chosen"]["id"] == "yes"
    assert tap["in_reply_to"] == said["id"]


@pytest.mark.parametrize(
    ("network", "offered", "refused"),
    [
        ("facebook", {"kind": "buttons", "options": OPTIONS}, (422, "cannot_interactive")),
        ("telegram", {"kind": "list", "button": "Choose", "options": OPTIONS}, (422, "cannot_interactive")),
        ("whatsapp", {"kind": "buttons", "options": OPTIONS * 2}, (422, "interactive_ids")),
        ("whatsapp", {"kind": "buttons", "options": []}, (422, "invalid")),
    ],
)
def test_offer_that_the_network_has_not_is_refused(
    stack: Stack, network: str, offered: Mapping[str, Any], refused: tuple[int, str]
) -> None:
    conversation = Fan(stack.connect(network)).starts()["id"]
    body = {"text": "Open?", "interactive": offered}
    answer = stack.ours.owner.call("POST", f"/conversations/{conversation}/replies", body)
    assert answer.problem == refused
