"""Connecting a number, and where its files are."""

from dataclasses import replace

import pytest
import urllib3

from chalicelib.networks import base
from chalicelib.networks.base import Credentials
from chalicelib.networks.whatsapp import NETWORK, double
from local.double import Server

TOKEN, NUMBER, WABA = "EAAtoken", "106540352242922", "102290129340398"
US = Credentials(account=NUMBER, token=TOKEN, details={"waba": WABA})


def test_connecting_tells_the_number_and_its_business_account(server: Server) -> None:
    connected = NETWORK.check(US)
    assert (connected.account, connected.name, connected.also) == (NUMBER, "Lucky Shrub", (f"waba:{WABA}",))
    assert connected.details == {"waba": WABA, "phone": "+1 555-078-3881"}


def test_business_account_of_somebody_else_is_rejected(server: Server) -> None:
    server.state.behaviours.append({"network": "whatsapp", "do": "not_theirs", "path": "phone_numbers", "times": 1})
    with pytest.raises(base.Rejected):
        NETWORK.check(US)
    with pytest.raises(base.Rejected):
        NETWORK.check(Credentials(account=NUMBER, token=TOKEN))
    with pytest.raises(base.Expired):
        NETWORK.check(Credentials(account=NUMBER, token="?", details={"waba": WABA}))


def test_business_account_is_followed_and_left(server: Server) -> None:
    NETWORK.subscribe(US, "https://palabre.test/hooks/whatsapp", "secret")
    NETWORK.unsubscribe(US)
    made = [(call["method"], call["path"], call["status"]) for call in server.state.requests]
    assert made == [(method, f"/v25.0/{WABA}/subscribed_apps", 200) for method in ("POST", "DELETE")]


def test_how_many_people_may_be_written_to_first_is_told_with_the_use_of_the_api(server: Server) -> None:
    assert NETWORK.quotas
    people, *uses = NETWORK.quotas(US)
    assert people == base.Quota(name="people_in_24_hours_of_the_business", most=2000)
    assert {use.name: use.used for use in uses}["whatsapp_calls_percent"] == 12


@pytest.mark.parametrize(("answer", "most"), [("unlimited", [None]), ("silent", [])])
def test_limit_that_is_none_has_no_number_and_one_that_is_not_told_is_not_there(
    server: Server, answer: str, most: list[None]
) -> None:
    assert NETWORK.quotas
    server.state.behaviours.append({"network": "whatsapp", "do": answer, "times": 1})
    assert [quota.most for quota in NETWORK.quotas(US)] == most


def test_file_is_downloaded_with_the_token_alone(server: Server) -> None:
    assert NETWORK.download
    download = NETWORK.download(US, base.Attachment(kind="image", media="1908647269898587"))
    answer = urllib3.request("GET", download.url, headers=dict(download.headers))
    assert (answer.status, answer.data, download.mime, download.size) == (
        200, double.FILE, "image/png", len(double.FILE),
    )  # fmt: skip
    assert download.headers["User-Agent"] and TOKEN not in repr(download)
    assert urllib3.request("GET", download.url).status == 401


def test_file_that_is_no_longer_there_is_gone(server: Server) -> None:
    assert NETWORK.download
    server.state.behaviours.append({"network": "whatsapp", "do": "no_such_number", "times": 1})
    with pytest.raises(base.Gone):
        NETWORK.download(US, base.Attachment(kind="image", media="1908647269898587"))


def _synced(server: Server) -> list[str]:
    calls = [call for call in server.state.requests if call["path"].endswith("/smb_app_data")]
    return [call["json"]["sync_type"] for call in calls if call["status"] == 200]


def test_number_that_stays_in_the_app_brings_its_past_once(server: Server) -> None:
    assert NETWORK.past
    us, history = replace(US, account="10650177"), base.Stretch(since=0, is_history=True)
    assert NETWORK.past(us, history) == base.Pulled()
    assert _synced(server) == ["smb_app_state_sync", "history"]
    with pytest.raises(base.Rejected):
        NETWORK.past(us, history)
    assert _synced(server) == ["smb_app_state_sync", "history"]


def test_history_is_asked_for_though_the_address_book_was_before(server: Server) -> None:
    assert NETWORK.past
    us, history = replace(US, account="10650277"), base.Stretch(since=0, is_history=True)
    server.state.behaviours.append({"network": "whatsapp", "do": "throttled", "containing": "history", "times": 1})
    with pytest.raises(base.Throttled):
        NETWORK.past(us, history)
    NETWORK.past(us, history)
    assert _synced(server) == ["smb_app_state_sync", "history"]


def test_past_is_asked_of_no_other_number_and_of_none_that_was_down(server: Server) -> None:
    assert NETWORK.past
    NETWORK.past(US, base.Stretch(since=0, is_history=True))
    NETWORK.past(replace(US, account="10650377"), base.Stretch(since=0))
    assert _synced(server) == []


# F27
def test_number_that_does_not_exist_or_cannot_be_seen_is_refused_for_good(server: Server) -> None:
    server.state.behaviours.append({"network": "whatsapp", "do": "no_such_number", "times": 1})
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(US)
    assert raised.value.code == "100/33"
