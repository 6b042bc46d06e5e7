"""Writing an answer in the example of an inbox: what can be sent, what cannot and why."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib import clock
from tests.support.browsers import Window
from tests.support.people import Fan, now
from tests.support.stack import Agency, Channel, Stack, eventually, number

TEXT = "Hello {{1}}, your order {{2}} is ready."


@pytest.fixture
def late(stack: Stack, brand: Agency) -> Fan:
    """Somebody who wrote on WhatsApp more than a day ago: nobody may answer freely any more."""
    fan = Fan(stack.connect("whatsapp", brand), id=f"33{number()}")
    fan.says(f"Is it ready {number()}?", at=now() - 25 * clock.HOUR)
    return fan


def approved(channel: Channel) -> Any:
    """A template with two gaps, and one behind its button, that WhatsApp lets be sent at once."""
    link = {
        "type": "URL",
        "text": "Follow it",
        "url": "https://shop.example/{{1}}",
        "example": ["https://shop.example/9"],
    }
    body = {"type": "BODY", "text": TEXT, "example": {"body_text": [["Ana", "17"]]}}
    written = {"channel": channel.id, "name": f"order_{number()}_at_once", "language": "en_US", "category": "UTILITY"}
    template = channel.agency.owner.post(
        "/templates", {**written, "components": [body, {"type": "BUTTONS", "buttons": [link]}]}
    )
    return channel.agency.owner.post(f"/templates/{template['id']}/submit")


def opened(inbox: Window, channel: Channel) -> None:
    inbox.presses(channel.conversation()["last_message"]["text"])


def send(inbox: Window, typed: str) -> None:
    """Types it behind what is there, and sends it."""
    inbox.fills(".composer textarea", typed)
    inbox.clicks(".composer [type=submit]:enabled")
    inbox.reads("✓ sent")


def sent_with(channel: Channel, part: str) -> Any:
    """The body of the call that sent this; the page also tells networks what was read, and that somebody types."""
    [body] = [call["json"] for call in channel.calls() if part in (call["json"] or {})]
    return body


def test_closed_window_says_why_and_the_template_that_still_goes_is_sent_with_its_variables(
    inbox: Window, late: Fan
) -> None:
    template = approved(late.channel)
    opened(inbox, late.channel)
    inbox.reads("The time to answer freely is over. It begins again when they write. You can still send a template.")
    assert not inbox.shows(".composer textarea")
    inbox.clicks(f".template option[value={template['id']}]")
    inbox.fills(".gaps label:nth-child(1) input", "Ana")
    inbox.reads("Hello Ana, your order {{2}} is ready.")
    assert inbox.shows(".composer [type=submit]:disabled")
    inbox.fills(".gaps label:nth-child(2) input", "17")
    inbox.fills(".gaps label:nth-child(3) input", "r/17")
    inbox.clicks(".composer [type=submit]:enabled")
    inbox.reads("✓ sent")
    sent = sent_with(late.channel, "template")["template"]
    ana, order, link = ({"type": "text", "text": text} for text in ("Ana", "17", "r/17"))
    assert (sent["name"], sent["language"]) == (template["name"], {"code": "en_US"})
    assert sent["components"] == [
        {"type": "body", "parameters": [ana, order]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [link]},
    ]


def test_window_that_opens_again_takes_a_text_without_a_reload(inbox: Window, late: Fan) -> None:
    opened(inbox, late.channel)
    inbox.reads("The time to answer freely is over.")
    late.says("Hello?")
    send(inbox, "It is.")
    inbox.reads("Can be answered until")


def test_late_answer_goes_with_the_tag_that_the_network_still_takes(inbox: Window, stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("messenger", brand))
    fan.says(f"Anybody {number()}?", at=now() - 25 * clock.HOUR)
    opened(inbox, fan.channel)
    inbox.reads("You can still answer late until")
    inbox.reads("The network has approved no template of this account that can be sent from here.")
    send(inbox, "Sorry for the wait.")
    sent = sent_with(fan.channel, "message")
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_text_that_is_too_long_says_by_how_much_and_is_not_sent(inbox: Window, stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("messenger", brand))
    fan.says(f"Tell me all {number()}")
    opened(inbox, fan.channel)
    inbox.fills(".composer textarea", "x" * 2012)
    inbox.reads("The text is 12 characters too long.")
    assert inbox.reads_in(".count.over") == "2012 / 2000"
    inbox.fills(".composer textarea", "\ue009\ue007\ue000")  # Ctrl and Enter
    assert inbox.shows(".composer [type=submit]:disabled")
    send(inbox, "\ue003" * 12)  # Backspace
    said = [message["text"] for message in fan.channel.messages() if message["direction"] == "out"]
    assert said == ["x" * 2000]


def test_comment_of_a_fan_appears_without_a_reload_and_is_answered_in_private(
    inbox: Window, stack: Stack, brand: Agency
) -> None:
    fan = Fan(stack.connect("facebook", brand))
    comment = f"How much is it {number()}?"
    fan.says(comment)
    inbox.presses(comment)
    inbox.reads("facebook comment")
    fan.says(more := f"And for two {number()}?")
    inbox.reads(more)
    inbox.clicks(".composer option[value=private_reply]")
    inbox.fills(".composer textarea", "Nine euros.")
    inbox.clicks(".composer [type=submit]:enabled")
    [reply] = eventually(lambda: [said["reply"] for said in fan.channel.messages() if said["direction"] == "out"])
    assert stack.ours.owner.get(f"/replies/{reply}")["private"]


def test_page_asks_nobody_but_the_api_its_sockets_and_its_own_host(
    inbox: Window, page: str, stack: Stack, late: Fan
) -> None:
    approved(late.channel)
    opened(inbox, late.channel)
    inbox.reads("You can still send a template.")
    known = {urlsplit(address).netloc for address in (page, stack.api, stack.sockets)}
    asked = {urlsplit(address).netloc for address in inbox.asked()}
    assert asked == known
