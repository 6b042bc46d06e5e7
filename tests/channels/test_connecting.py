"""A channel is connected with credentials the network confirms; an account belongs to one agency at a time."""

import json
from typing import Any

import pytest

from chalicelib.networks.double import wire
from tests.networks.folders import of
from tests.support.people import VOICES, Fan
from tests.support.stack import DOUBLES, GOING, Agency, Stack, ask, eventually, number

NETWORKS, HEARD = sorted(DOUBLES), sorted(VOICES)
UNTOLD = {"line", "threads", "tiktok", "trustpilot"}  # have no call by which an account's posts would end


def _wanted(agency: Agency, network: str, **more: Any) -> dict[str, Any]:
    body = json.loads(json.dumps(DOUBLES[network].CONNECTION).replace("{n}", number()))
    return {"brand": agency.brand, "network": network, **body, **more}


@pytest.mark.parametrize("network", NETWORKS)
def test_connected_channel_is_shown_without_its_secrets(stack: Stack, network: str) -> None:
    body = _wanted(stack.ours, network)
    made = stack.ours.owner.post("/channels", body)
    assert (made["network"], made["brand"], made["health"]) == (network, stack.ours.brand, "ok")
    assert made["hook"].startswith(f"{stack.hooks}/{network}")
    shown = stack.ours.owner.get(f"/channels/{made['id']}")
    assert shown == {name: value for name, value in made.items() if name not in ("secret", "verify_token")}
    assert body["credentials"]["token"] not in json.dumps(shown)
    assert ("secret" in made) == (of(network).secret_per_channel and not of(network).token_signs)


def test_connected_channels_are_listed_by_brand(stack: Stack) -> None:
    brand = stack.brand()
    made = [stack.connect(network, brand) for network in ("messenger", "telegram")]
    assert stack.ours.owner.every("/channels", brand=brand.brand) == [channel.shown() for channel in made]
    assert stack.theirs.owner.call("GET", f"/channels/{made[0].id}").status == 404


@pytest.mark.parametrize("network", NETWORKS)
def test_credentials_the_network_refuses_are_refused(stack: Stack, network: str) -> None:
    body = _wanted(stack.ours, network)
    failure = "/getMe" if network == "telegram" else "."
    stack.behave(network, "expired", path=failure)
    answer = stack.ours.owner.call("POST", "/channels", body)
    assert answer.problem == (422, "credentials_refused")
    assert stack.ours.owner.post("/channels", body)["health"] == "ok"


@pytest.mark.parametrize("refusal", ["gone", "window_closed", "rejected"])
def test_whatever_will_not_pass_by_itself_is_no_reason_to_try_again(stack: Stack, refusal: str) -> None:
    body = _wanted(stack.ours, "telegram")
    stack.behave("telegram", refusal, path=f"{body['credentials']['token']}/getMe")
    assert stack.ours.owner.call("POST", "/channels", body).problem == (422, "credentials_refused")


def test_network_that_is_down_while_connecting_is_told(stack: Stack) -> None:
    body = _wanted(stack.ours, "whatsapp")
    stack.behave("whatsapp", "timeout", mentioning=body["credentials"]["token"])
    assert stack.ours.owner.call("POST", "/channels", body).problem == (503, "network_unreachable")


def test_account_stays_free_when_the_hook_cannot_be_turned_on(stack: Stack) -> None:
    body = _wanted(stack.ours, "messenger")
    stack.behave("messenger", "no_permission", path=f"{body['account']}/subscribed_apps")
    assert stack.ours.owner.call("POST", "/channels", body).problem == (422, "credentials_refused")
    theirs = {**body, "brand": stack.theirs.brand}
    assert stack.theirs.owner.post("/channels", theirs)["account"] == body["account"]


@pytest.mark.parametrize("network", NETWORKS)
def test_account_of_another_agency_is_a_conflict(stack: Stack, network: str) -> None:
    body = _wanted(stack.ours, network)
    mine = stack.ours.owner.post("/channels", body)
    answer = stack.theirs.owner.call("POST", "/channels", {**body, "brand": stack.theirs.brand})
    assert answer.problem == (409, "account_taken")
    assert mine["account"].encode() not in answer.raw
    assert stack.ours.owner.call("POST", "/channels", body).problem == (409, "account_taken")


@pytest.mark.parametrize("network", ["messenger", "telegram", "whatsapp"])
def test_hook_is_turned_on_at_the_network(stack: Stack, network: str) -> None:
    channel = stack.connect(network)
    subscribed = channel.calls()[0]
    if network == "telegram":
        assert subscribed["json"]["url"] == channel.hook
        assert subscribed["json"]["secret_token"] == channel.secret
    else:
        assert subscribed["path"].endswith("/subscribed_apps")


@pytest.mark.parametrize("network", HEARD)
def test_disconnected_account_is_free_and_its_conversations_stay(stack: Stack, network: str) -> None:
    fan = Fan(stack.connect(network))
    conversation = fan.starts("Before")
    stack.ours.owner.delete(f"/channels/{fan.channel.id}")
    assert network in UNTOLD or [call["method"] for call in fan.channel.calls()][-1] in ("DELETE", "POST")
    assert stack.ours.owner.call("GET", f"/channels/{fan.channel.id}").status == 404
    assert stack.ours.owner.get(f"/conversations/{conversation['id']}")["last_message"]["text"] == "Before"
    account = {"account": fan.channel.account} if "account" in DOUBLES[network].CONNECTION else {}
    known = {**_wanted(stack.theirs, network)["credentials"], "token": fan.channel.token}
    again = _wanted(stack.theirs, network, **account, credentials=known)
    again |= {"details": {"waba": fan.channel.waba}} if fan.channel.waba else {}
    assert stack.theirs.owner.post("/channels", again)["account"] == fan.channel.account


def test_what_is_said_after_an_account_moved_goes_to_its_new_owner(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    fan.starts("To the first")
    stack.ours.owner.delete(f"/channels/{fan.channel.id}")
    heir = Fan(stack.connect("messenger", stack.theirs, account=fan.channel.account), id=fan.id)
    id = heir.says("To the second")
    assert heir.channel.message(id)["text"] == "To the second"
    assert [message["text"] for message in fan.channel.messages()] == ["To the first"]


def test_reply_on_a_disconnected_channel_is_refused(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    conversation = fan.starts()
    stack.ours.owner.delete(f"/channels/{fan.channel.id}")
    answer = stack.ours.owner.call("POST", f"/conversations/{conversation['id']}/replies", {"text": "Hello?"})
    assert answer.problem == (409, "channel_disconnected")
    assert len(fan.channel.calls()) == 2  # turning the hook on and off


def test_hook_of_a_channel_takes_its_own_secret_only(stack: Stack) -> None:
    mine, other = stack.connect("telegram"), stack.connect("telegram")
    raw = b'{"update_id":1}'
    assert mine.post(raw, {**mine.signed(raw), **other.signed(raw)}).status == 401
    stack.ours.owner.delete(f"/channels/{mine.id}")
    assert mine.post(raw).status == 401


@pytest.mark.parametrize("network", ["facebook", "messenger", "instagram", "whatsapp"])
def test_handshake_echoes_the_challenge_to_who_knows_the_word(stack: Stack, network: str) -> None:
    query = f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={stack.networks[network]['verify_token']}"
    answer = ask("GET", f"{stack.hooks}/{network}?{query}")
    assert (answer.status, answer.raw, answer.headers["content-type"]) == (200, b"1158201444", "text/plain")


@pytest.mark.parametrize(
    ("event", "health", "alert"),
    [
        ("disconnected", "disconnected", "account"),
        ("violation", "alert", "SPAM"),
        ("template_rejected", "alert", "order"),
    ],
)
def test_what_the_network_says_of_the_account_shows_on_the_channel(
    stack: Stack, event: str, health: str, alert: str
) -> None:
    channel = stack.connect("whatsapp")
    channel.tell(event)
    shown = eventually(lambda: shown if (shown := channel.shown())["alert"] else None)
    assert shown["health"] == health
    assert alert in shown["alert"]


def test_business_account_that_switches_the_bot_off_shows_on_its_channel_until_it_is_on_again(stack: Stack) -> None:
    channel = stack.connect("telegram")
    channel.tell("business_connection", enabled=False)
    shown = eventually(lambda: shown if (shown := channel.shown())["alert"] else None)
    assert (shown["health"], shown["alert"]) == ("alert", "business_connection bc1: John: disabled")
    channel.tell("business_connection", enabled=True)
    eventually(lambda: channel.shown()["health"] == "ok")


def test_blocked_page_takes_no_replies_until_it_is_free_again(stack: Stack, fan: Fan) -> None:
    owner, conversation = fan.channel.agency.owner, fan.starts()
    fan.channel.tell("policy", action="block", reason="Spam")
    eventually(lambda: fan.channel.shown()["health"] == "paused")
    answer = owner.call("POST", f"/conversations/{conversation['id']}/replies", {"text": "Hello?"})
    assert answer.problem == (409, "channel_paused")
    fan.channel.tell("policy", action="unblock")
    eventually(lambda: fan.channel.shown()["health"] == "ok")
    assert fan.hears("Hello!")["status"] in GOING


def test_hook_takes_what_its_own_channels_token_signed(stack: Stack) -> None:
    mine, other = Fan(stack.connect("viber")), Fan(stack.connect("viber"))
    event, fields, id = mine.said()
    raw = wire(mine.channel.body(event, **fields))
    assert mine.channel.secret == mine.channel.token
    assert other.channel.post(raw, mine.channel.signed(raw)).status == 401
    assert mine.channel.post(raw).status == 200
    assert mine.channel.message(id)["text"] == "Hello"
