"""What only Messenger, Pages and Instagram can send: hand-shakes, receipts out of turn, ids of two kinds."""

from urllib.parse import urlencode

import pytest

from chalicelib.networks.double import wire
from tests.support.cases import Cases
from tests.support.people import Fan, now
from tests.support.stack import DOUBLES, Stack, ask, eventually

META = ("facebook", "messenger", "instagram", "whatsapp")
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


def _shake(address: str, **fields: str) -> tuple[int, bytes]:
    answer = ask("GET", f"{address}?{urlencode({f'hub.{name}': value for name, value in fields.items()})}")
    return answer.status, answer.raw


@cases.add("ME-02")
def _wrong_words_at_the_handshake(stack: Stack) -> None:
    for network in META:
        hook, word = f"{stack.hooks}/{network}", stack.networks[network]["verify_token"]
        wrong = [
            {"mode": "subscribe", "challenge": "42", "verify_token": "wrong"},
            {"mode": "subscribe", "challenge": "42", "verify_token": ""},
            {"mode": "subscribe", "challenge": "42", "verify_token": "é"},
            {"mode": "subscribe", "challenge": "42"},
            {"mode": "subscribe", "challenge": "42", "verify_token[]": word},
            {"mode": "unsubscribe", "challenge": "42", "verify_token": word},
            {"challenge": "42", "verify_token": word},
        ]
        assert [_shake(hook, **fields) for fields in wrong] == [(403, b"")] * len(wrong)


@cases.add("ME-03")
def _challenge_with_a_script(stack: Stack) -> None:
    for network in META:
        hook, word = f"{stack.hooks}/{network}", stack.networks[network]["verify_token"]
        assert _shake(hook, mode="subscribe", verify_token=word) == (400, b"")
        for challenge in ("<script>alert(1)</script>", "4 2", "42\r\nX-Evil: 1", "a" * 129):
            assert _shake(hook, mode="subscribe", verify_token=word, challenge=challenge) == (400, b"")
            assert _shake(hook, mode="subscribe", verify_token="guess", challenge=challenge) == (403, b"")


@cases.add("ME-04")
def _another_channels_word(stack: Stack) -> None:
    mine = stack.connect("messenger", app_secret="our-own-app")
    theirs = stack.connect("messenger", stack.theirs, app_secret="their-own-app")
    fields = {"mode": "subscribe", "challenge": "42"}
    assert _shake(mine.hook, **fields, verify_token=mine.word) == (200, b"42")
    for word in (theirs.word, stack.networks["messenger"]["verify_token"]):
        assert _shake(mine.hook, **fields, verify_token=word) == (403, b"")


@cases.add("ME-08")
def _echo_of_another_tool(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    fan.starts()
    fan.channel.tell("echo", person=fan.id, mid=f"m_{fan.id}", text="From the other tool", app=1234567)
    message = fan.channel.message(f"m_{fan.id}")
    assert (message["direction"], message["reply"], message["context"]["app_id"]) == ("out", None, "1234567")


@cases.add("ME-09")
def _receipt_older_than_the_last(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    sent = fan.is_answered("One")
    fan.confirms("read", sent["network_id"], at=now() + 2000)
    eventually(lambda: fan.channel.message(sent["network_id"])["status"] == "read")
    fan.confirms("read", sent["network_id"], at=now() - 60_000)
    fan.confirms("delivered", sent["network_id"], at=now() - 60_000)
    fan.channel.settled()
    assert fan.channel.message(sent["network_id"])["status"] == "read"


@cases.add("ME-10")
def _receipts_out_of_turn(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    sent = fan.is_answered("One")
    fan.confirms("read", sent["network_id"], at=now() + 2000)
    fan.confirms("delivered", sent["network_id"])
    fan.confirms("delivered", "m_nobody_knows")
    fan.channel.settled()
    assert fan.channel.message(sent["network_id"])["status"] == "read"
    assert {entry["outcome"] for entry in fan.channel.ledger()} == {"applied"}


@cases.add("ME-11")
def _events_before_their_message(stack: Stack) -> None:
    fan = Fan(stack.connect("instagram"))
    event, fields, id = fan.said("Forget it", at=now() - 60_000)
    fan.does("reacts", id, "❤️")
    fan.does("deletes", id)
    fan.channel.settled()
    assert fan.channel.conversations() == []
    fan.channel.tell(event, **fields)
    message = eventually(lambda: message if (message := fan.channel.message(id))["deleted_at"] else None)
    assert message["text"] == ""


@cases.add("ME-14")
def _handover_and_standby(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    fan.starts()
    fan.channel.tell("handover", person=fan.id, app="123")
    eventually(lambda: fan.channel.conversation()["context"]["handover"]["new_owner_app_id"] == "123")
    fan.channel.tell("standby", person=fan.id, mid=f"m_{fan.id}", text="To the other app")
    assert fan.channel.message(f"m_{fan.id}")["context"]["standby"] is True
    assert len(fan.channel.calls()) == 1


@cases.add("ME-15")
def _secret_of_another_network(stack: Stack) -> None:
    for network in META:
        channel = stack.connect(network)
        event, fields, _ = Fan(channel).said()
        raw = wire(channel.body(event, **fields))
        for other in set(META) - {network}:
            secret = stack.networks[other]["app_secret"]
            signed = {"Content-Type": "application/json", **DOUBLES[network].sign(raw, secret)}
            assert channel.post(raw, signed).status == 401


@cases.add("IG-02")
def _comment_and_message_of_one_id(stack: Stack) -> None:
    fan = Fan(stack.connect("instagram"))
    id = f"1795{fan.id}"
    fan.channel.tell("comment", person=fan.id, id=id, text="In public")
    fan.channel.tell("dm", person=fan.id, mid=id, text="In private")
    eventually(lambda: len(fan.channel.conversations()) == 2)
    assert {message["text"] for message in fan.channel.messages()} == {"In public", "In private"}
