"""The networks' double says what it can play."""

import json
import threading
from collections.abc import Iterator

import pytest
import urllib3

from chalicelib.networks.telegram import double_events
from local import double


@pytest.fixture(scope="module")
def server() -> Iterator[double.Server]:
    with double.Server() as served:
        threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True).start()
        yield served
        served.shutdown()


def test_it_lists_the_events_of_each_network(server: double.Server) -> None:
    listed = json.loads(urllib3.request("GET", f"{server.url}/events").data)["items"]
    assert {entry["network"] for entry in listed} >= {"telegram", "whatsapp", "example"}
    whatsapp = json.loads(urllib3.request("GET", f"{server.url}/events?network=whatsapp").data)["items"]
    assert {entry["network"] for entry in whatsapp} == {"whatsapp"}
    assert "dm" in {entry["event"] for entry in whatsapp}


def test_its_log_has_a_line_for_each_call_and_nothing_of_it(
    server: double.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    urllib3.request("POST", f"{server.url}/telegram/api.telegram.org/bot1:secret/getMe", json={"text": "hidden"})
    urllib3.request("GET", f"{server.url}/requests")
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("POST telegram api.telegram.org ")
    assert "secret" not in line
    assert "hidden" not in line


@pytest.mark.parametrize("event", ["dm", "dm_with_image", "channel_direct", "business_message"])
def test_a_person_of_telegram_is_the_same_user_each_time(event: str) -> None:
    def user(person: str) -> int:
        [(_, said)] = [part for part in double_events.EVENTS[event](person=person).items() if part[0] != "update_id"]
        number: int = said["from"]["id"]
        return number

    assert user("4567") == 4567
    assert user("ana") == user("ana") != user("ben")
