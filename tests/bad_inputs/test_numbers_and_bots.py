"""What only WhatsApp and Telegram can send: statuses, numbers that move, secret tokens, numbered updates."""

import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.networks.double import wire
from tests.support.cases import Cases
from tests.support.people import Fan, now
from tests.support.stack import DOUBLES, Channel, Stack, eventually, number

META = ("facebook", "messenger", "instagram", "whatsapp")
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


@cases.add("WA-01")
def _status_of_an_unknown_message(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.starts()
    fan.confirms("delivered", "wamid.unknown")
    fan.channel.settled()
    assert {entry["outcome"] for entry in fan.channel.ledger()} == {"applied"}
    assert len(fan.channel.messages()) == 1


@cases.add("WA-03")
def _failed_after_read(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    sent = fan.is_answered("One")
    fan.confirms("read", sent["network_id"])
    fan.confirms("failed", sent["network_id"])
    fan.channel.settled()
    message = fan.channel.message(sent["network_id"])
    assert (message["status"], message["error"]) == ("read", None)


@cases.add("WA-05")
def _contact_other_than_the_sender(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    body = json.loads(json.dumps(fan.channel.body("dm", person=fan.id, text="Hello")))
    body["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = "999000111"
    assert fan.channel.post(wire(body)).status == 200
    assert eventually(fan.channel.messages)[0]["author"]["network_id"] == fan.id
    fan.channel.tell("dm", person="", user_id=f"ES.{fan.id}", text="By my id alone")
    eventually(lambda: len(fan.channel.conversations()) == 2)


@cases.add("WA-06")
def _kinds_without_words(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    form = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"size":"L"}'}}
    order = {"catalog_id": "1", "product_items": [{"product_retailer_id": "p", "quantity": 2}]}
    events: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("unsupported", {}, "unsupported"),
        ("_in", {"type": "interactive", "interactive": form}, "postback"),
        ("_in", {"type": "order", "order": order}, "order"),
        ("_in", {"type": "hologram", "hologram": {}}, "unsupported"),
    )
    for event, fields, kind in events:
        id = f"wamid.{number()}"
        body = fan.channel.body("unsupported", person=fan.id, id=id)
        if event == "_in":
            body = json.loads(json.dumps(body))
            message = body["entry"][0]["changes"][0]["value"]["messages"][0]
            del message["errors"]
            message.update(fields)
        assert fan.channel.post(wire(body)).status == 200
        assert fan.channel.message(id)["kind"] == kind
    fan.channel.tell("number_changed", person=fan.id)
    assert {entry["outcome"] for entry in fan.channel.settled()} == {"applied"}


@cases.add("WA-07")
def _number_that_moved(stack: Stack) -> None:
    before = Fan(stack.connect("whatsapp"))
    id = before.starts("To the old one")["id"]
    stack.ours.owner.delete(f"/channels/{before.channel.id}")
    waba = f"99{number()}"
    after = stack.connect("whatsapp", stack.theirs, account=before.channel.account, details={"waba": waba})
    fan = Fan(after, id=before.id)
    assert after.message(fan.says("To the new one"))["text"] == "To the new one"
    assert stack.ours.owner.get(f"/conversations/{id}")["last_message"]["text"] == "To the old one"


@cases.add("WA-08")
def _same_message_by_two_webhooks(stack: Stack) -> None:
    own = stack.connect("whatsapp", app_secret="an-app-of-its-own")
    shared = replace(own, hook=f"{stack.hooks}/whatsapp", secret=stack.networks["whatsapp"]["app_secret"])
    assert own.hook != shared.hook
    raw = wire(own.body("dm", person=number(), id=f"wamid.{number()}"))
    assert [channel.post(raw).status for channel in (own, shared, own)] == [200] * 3
    own.deliveries = 3
    own.settled()
    assert len(own.messages()) == 1
    assert own.conversation()["unread"] == 1


@cases.add("WA-09")
def _news_of_the_account(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    for event, health in (("template_rejected", "alert"), ("disconnected", "disconnected")):
        channel.tell(event)
        eventually(partial(_is_shown, channel, health))
    assert channel.conversations() == []


def _is_shown(channel: Channel, health: str) -> bool:
    return bool(channel.shown()["health"] == health)


@cases.add("WA-10")
def _file_that_expired(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    body = fan.channel.body("dm_with_image", person=fan.id, text="Look")
    raw = wire(body).replace(b"1908647269898587", f"77{fan.id}".encode())
    stack.behave("whatsapp", "no_such_number", path=f"77{fan.id}", times=3)
    assert fan.channel.post(raw).status == 200
    message = eventually(lambda: next(m for m in fan.channel.messages() if m["attachments"][0].get("state")))
    assert (message["text"], message["attachments"][0]["state"]) == ("Look", "unavailable")
    asked = [call for call in stack.requests("whatsapp", f"77{fan.id}") if f"77{fan.id}" in call["path"]]
    assert 1 <= len(asked) <= 3


@cases.add("TG-01")
def _wrong_secret_token(stack: Stack) -> None:
    channel = stack.connect("telegram")
    raw = b'{"update_id":1}'
    for secret in ("", "wrong", channel.secret + "x", channel.secret[:-1], "é", "x" * 9000):
        assert channel.post(raw, {**channel.signed(raw), **DOUBLES["telegram"].sign(raw, secret)}).status in (401, 431)
    assert channel.post(raw, {"Content-Type": "application/json"}).status == 401
    assert channel.post(raw).status == 200


@cases.add("TG-02")
def _update_numbers_in_disorder(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    for count, update in enumerate((500, 500, 499, 1500, 1)):
        event, fields, _ = fan.said(f"number {count}", at=now() - 60_000 + count * 1000)
        raw = wire({**fan.channel.body(event, **fields), "update_id": update})
        assert [fan.channel.post(raw).status for _ in range(2)] == [200, 200]
    fan.channel.settled()
    assert [message["text"] for message in fan.channel.messages()] == [f"number {count}" for count in range(5)]


@cases.add("TG-03")
def _updates_of_other_kinds(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    chat = {"id": -1001000000000 - int(fan.id), "title": "News", "type": "channel"}
    fan.channel.tell("channel_post", chat=chat, message_id=7, text="Posted")
    post = fan.channel.message(f"{chat['id']}:7")
    assert (post["text"], post["direction"]) == ("Posted", "out")
    said = fan.channel.message(fan.says())
    fan.channel.tell("blocked", user=int(fan.id))
    eventually(lambda: stack.ours.owner.get(f"/contacts/{said['author']['contact']}")["reachable"] is False)


@cases.add("TG-05")
def _ids_beyond_doubles(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"), id=str((1 << 53) + int(number())))
    chat = {"id": int(fan.id), "first_name": "Ana", "type": "private"}
    fan.channel.tell("dm", user=int(fan.id), chat=chat, message_id=(1 << 53) + 1)
    assert fan.channel.message(f"{fan.id}:{(1 << 53) + 1}")["author"]["network_id"] == fan.id
