"""The networks' doubles keep to the networks' windows: what comes too late is refused with the network's own error."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from chalicelib.networks import base
from local.double import Server
from tests.networks.folders import DOUBLES, of
from tests.networks.test_contract_calls import connected
from tests.support.people import VOICES

HOUR_MS = 3_600_000
LIMITED = [key for key in DOUBLES if of(key).capabilities.window]


@dataclass
class Fan:
    """Somebody on the network; `account` is whom they write to."""

    account: str
    id: str
    name: str = "Ana"
    top: str = ""
    times: dict[str, int] = field(default_factory=dict)


def tells(server: Server, key: str, fan: Fan, did: str, hours_ago: int) -> None:
    """The double posts, as if on that day, what the person said, or what the account said to them."""
    at = int(time.time()) * 1000 - hours_ago * HOUR_MS
    said = getattr(VOICES[key], did)
    assert said
    event, fields = said(fan, VOICES[key].name(fan, f"{fan.id}{hours_ago}"), "Hello", at)
    webhook = {"network": key, "event": event, "fields": {"account": fan.account, **fields}}
    webhook |= {"hook": f"{server.url}/nowhere", "secret": "secret"}
    assert urllib3.request("POST", f"{server.url}/webhooks", body=json.dumps(webhook).encode()).status == 200


def answers(key: str, fan: Fan, **more: Any) -> None:
    text = "" if "template" in more else "Hi"
    of(key).send(connected(key), base.Say(thread=fan.id, to=fan.id, surface="dm", text=text, **more))


@pytest.fixture
def fan(request: pytest.FixtureRequest) -> Fan:
    network = request.getfixturevalue("key")
    request.getfixturevalue("server")
    return Fan(connected(network).account, str(time.time_ns() // 1000 % 10**12))


@pytest.mark.parametrize("key", LIMITED)
def test_answer_is_refused_once_the_window_is_over(key: str, server: Server, fan: Fan) -> None:
    hours = of(key).capabilities.window["dm"]
    answers(key, fan)  # it knows of nothing they said, and does not guess
    tells(server, key, fan, "says", hours + 1)
    tells(server, key, fan, "echo", 1)  # what the account said opens nothing
    with pytest.raises(base.WindowClosed):
        answers(key, fan)
    assert server.state.requests[-1]["answer"] == DOUBLES[key].FAILURES["window_closed"].json
    tells(server, key, fan, "says", hours - 1)
    tells(server, key, fan, "says", hours + 6)  # comes late, and closes nothing
    answers(key, fan)


@pytest.mark.parametrize("key", [key for key in LIMITED if of(key).capabilities.templates])
def test_template_is_taken_at_any_time(key: str, server: Server, fan: Fan) -> None:
    tells(server, key, fan, "says", 25)
    answers(key, fan, template={"name": "order", "language": "en"})


@pytest.mark.parametrize("key", [key for key in LIMITED if of(key).capabilities.tags])
def test_tagged_answer_is_taken_for_a_week(key: str, server: Server, fan: Fan) -> None:
    tag = {"context": {"tag": "HUMAN_AGENT"}}
    tells(server, key, fan, "says", 8 * 24)
    with pytest.raises(base.WindowClosed):
        answers(key, fan, **tag)
    tells(server, key, fan, "says", 6 * 24)
    answers(key, fan, **tag)
