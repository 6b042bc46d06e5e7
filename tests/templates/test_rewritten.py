"""A template that somebody rewrote at the network, not here."""

from typing import Any

from chalicelib import clock
from tests.support.background import time_passes
from tests.support.stack import Stack, eventually
from tests.templates.test_templates import submitted, told


def test_template_that_was_rewritten_elsewhere_is_read_and_told(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    owner, after = channel.agency.owner, channel.agency.owner.get("/events", after="now")["cursor"]
    template = submitted(channel)
    field = "message_template_components_update"
    told(channel, template, field=field, message_template_element="Your order is on its way.")
    channel.settled()
    time_passes(2 * clock.MINUTE, channel.id)

    def new_text() -> Any:
        shown = owner.get(f"/templates/{template['id']}")
        return shown if "on its way" in str(shown["components"]) else None

    eventually(new_text)

    def kinds() -> Any:
        events = owner.get("/events", after=after, type="template", brand=channel.agency.brand, limit=1000)["items"]
        mine = [
            event["source"]
            for event in events
            if event["target"] == template["id"] and event["type"] == "template.changed"
        ]
        return mine if len(mine) == 2 else None

    assert eventually(kinds) == ["person", "network"]  # handed in, and the news
