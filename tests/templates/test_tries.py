"""A template is tried out on a telephone of one's own, outside of all conversations."""

import pytest

from tests.support import audits
from tests.support.stack import Channel, Stack, number
from tests.templates.test_templates import BODY, FILLED, submitted


@pytest.fixture
def channel(stack: Stack) -> Channel:
    return stack.connect("whatsapp")


def sent(channel: Channel) -> list[str]:
    return [call["json"]["to"] for call in channel.calls() if call["path"].endswith("/messages")]


def test_template_goes_to_the_telephone_and_to_no_conversation(channel: Channel) -> None:
    owner, template = channel.agency.owner, submitted(channel, f"ready_{number()}_at_once")
    tried = owner.post(f"/templates/{template['id']}/try", {"to": "+34600000001", "components": FILLED})
    assert (bool(tried["network_id"]), sent(channel)) == (True, ["+34600000001"])
    assert channel.conversations() == []
    [entry] = audits.recent(owner, target=template["id"], action="template.try")
    assert "34600000001" not in str(entry)


def test_what_could_not_be_sent_to_anybody_is_refused(channel: Channel) -> None:
    owner, waiting = channel.agency.owner, submitted(channel)
    approved = submitted(channel, f"ready_{number()}_at_once")
    body = {"to": "34600000002", "components": FILLED}
    assert owner.call("POST", f"/templates/{waiting['id']}/try", body).problem == (409, "template_state")
    path = f"/templates/{approved['id']}/try"
    assert owner.call("POST", path, {"to": body["to"]}).problem == (422, "template_parameters")
    assert owner.call("POST", path, {**body, "to": "Ana"}).problem == (422, "invalid")
    assert sent(channel) == []


def test_template_is_tried_out_a_number_of_times_a_day(channel: Channel) -> None:
    owner, template = channel.agency.owner, submitted(channel, f"ready_{number()}_at_once")
    path, body = f"/templates/{template['id']}/try", {"to": "34600000003", "components": FILLED}
    channel.fails("rejected", "34600000003", times=1)
    assert owner.call("POST", path, body).problem == (422, "template_refused")
    for _ in range(19):
        owner.post(path, body)
    refused = owner.call("POST", path, body)
    assert (refused.problem, int(refused.headers["retry-after"]) > 0) == ((429, "too_many"), True)
    assert len(sent(channel)) == 20
    assert BODY["text"] == owner.get(f"/templates/{template['id']}")["components"][0]["text"]
