"""What a rightly signed body may hold: it is applied, kept with a reason, or put aside; it never harms the others."""

import json
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.networks.double import wire
from tests.support.cases import Cases
from tests.support.people import Fan, now
from tests.support.stack import Stack, ask, eventually

DAY = 24 * 3600 * 1000
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


def _assert_put_aside(stack: Stack, *raws: bytes, network: str = "messenger") -> None:
    """Answered 200 and kept apart, byte for byte; nothing of it is applied and what comes next is."""
    fan, since = Fan(stack.connect(network)), clock.now()
    assert [fan.channel.post(raw).status for raw in raws] == [200] * len(raws)
    eventually(lambda: all(stack.quarantined(network, raw, since) for raw in raws))
    fan.channel.deliveries = 0
    fan.says("Still here")
    assert [entry["count"] for entry in fan.channel.settled()] == [1]


def _assert_refused(stack: Stack, raw: bytes) -> None:
    """The gateway hands JSON on as text, so that what is none is not what was signed."""
    fan = Fan(stack.connect("messenger"))
    assert fan.channel.post(raw).status == 401
    fan.says("Still here")
    assert [entry["count"] for entry in fan.channel.settled()] == [1]


def _dm(fan: Fan, **message: Any) -> dict[str, Any]:
    """A Messenger body whose message has these fields, whatever they are; None leaves one out."""
    body: dict[str, Any] = json.loads(
        json.dumps(fan.channel.body("dm", person=fan.id, mid=f"m_{fan.id}", text="Hello"))
    )
    said = body["entry"][0]["messaging"][0]["message"]
    said.update(message)
    body["entry"][0]["messaging"][0]["message"] = {name: value for name, value in said.items() if value is not None}
    return body


@cases.add("IN-19")
def _empty(stack: Stack) -> None:
    _assert_put_aside(stack, b"", b" \n")


@cases.add("IN-20")
def _not_an_object(stack: Stack) -> None:
    _assert_put_aside(stack, b"null", b"true", b"1", b'"x"', b"[]")


@cases.add("IN-21")
def _truncated(stack: Stack) -> None:
    _assert_put_aside(stack, b'{"object":"page","entry":[{"id":"1"')


@cases.add("IN-22")
def _nested_without_end(stack: Stack) -> None:
    _assert_put_aside(stack, b'{"object":"page","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    _assert_put_aside(stack, b'{"a":' * 513 + b"1" + b"}" * 513)


@cases.add("IN-23")
def _same_key_twice(stack: Stack) -> None:
    _assert_put_aside(stack, b'{"object":"page","entry":[{"id":1,"id":2}]}')


@cases.add("IN-24")
def _not_numbers(stack: Stack) -> None:
    _assert_put_aside(stack, *(b'{"object":"page","entry":[%b]}' % text for text in (b"NaN", b"-Infinity", b"1e999")))


@cases.add("IN-25")
def _numbers_too_long(stack: Stack) -> None:
    _assert_put_aside(stack, *(b'{"object":"page","entry":[%b]}' % (b"9" * length) for length in (101, 5000)))


@cases.add("IN-26")
def _half_a_character(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    raw = wire(_dm(fan, text="broken @ here")).replace(b"@", b"\\ud800")
    assert fan.channel.post(raw).status == 200
    assert fan.channel.message(f"m_{fan.id}")["text"] == "broken \ufffd here"


@cases.add("IN-27")
def _strange_characters(stack: Stack) -> None:
    for network in ("messenger", "whatsapp", "telegram"):
        fan = Fan(stack.connect(network))
        text = "nul \0 none \ufffe\uffff over \u202egnitirw\u202c joined \u200b\u200d marks a" + "\u0301" * 2000
        assert fan.channel.message(fan.says(text))["text"] == text


@cases.add("IN-28")
def _other_encodings(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    assert fan.channel.post(b"\xef\xbb\xbf" + wire(_dm(fan, text="marked"))).status == 200
    assert fan.channel.message(f"m_{fan.id}")["text"] == "marked"
    _assert_refused(stack, json.dumps(_dm(fan)).encode("utf-16"))


@cases.add("IN-29")
def _bytes_that_are_no_text(stack: Stack) -> None:
    _assert_refused(stack, b'{"object":"page","entry":["\xff\xfe\x80"]}')


@cases.add("IN-30")
def _large_bodies(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    for count, size in enumerate((250_000, (1 << 20) - 1, (1 << 20) + 1, 3_000_000, 4 << 20)):
        body = wire({**_dm(fan, mid=f"m_{fan.id}{count}", text=f"{size} bytes"), "padding": ""})
        assert fan.channel.post(body[:-2] + b"x" * (size - len(body)) + b'"}').status == 200
        assert fan.channel.message(f"m_{fan.id}{count}")["text"] == f"{size} bytes"
    over = b'{"padding":"' + b"x" * (4 << 20) + b'"}'
    assert fan.channel.post(over).problem == (413, "too_large")


@cases.add("IN-31")
def _many_events_in_one_body(stack: Stack) -> None:
    fans = [Fan(channel) for channel in [stack.connect("instagram")] for _ in range(6)]
    said = [fan.said(f"number {count}", at=now() - count * 1000) for fan in fans for count in range(40)]
    bodies = [fans[0].channel.body(event, **fields) for event, fields, _ in said]
    raw = wire({**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]})
    assert fans[0].channel.post(raw).status == 200
    channel = fans[0].channel
    eventually(lambda: sum(entry["count"] for entry in channel.ledger() if entry["outcome"] == "applied") == 240)
    assert {conversation["unread"] for conversation in channel.conversations()} == {40}
    assert {message["network_id"] for message in channel.messages()} == {id for _, _, id in said}


@cases.add("IN-34")
def _times_that_cannot_be(stack: Stack) -> None:
    true = now() - 60_000
    strange: dict[str, list[Any]] = {
        "messenger": [0, -5, 253_402_300_800_000_000, "soon", 1.5, None, {}],
        "whatsapp": ["0", "-5", "99999999999999999", "soon", "", {}],
        "telegram": [0, -5, 99_999_999_999_999, "soon", {}],
    }
    for network, moments in strange.items():
        for moment in moments:
            message = _said_at(stack, network, moment)
            assert abs(clock.parse(message["sent_at"]) - clock.parse(message["received_at"])) < 60_000, (
                network,
                moment,
            )
    for network, moment in (("messenger", true // 1000), ("telegram", true), ("whatsapp", str(true))):
        assert clock.parse(_said_at(stack, network, moment)["sent_at"]) == true, network


def _said_at(stack: Stack, network: str, moment: Any) -> Any:
    """What became of a message whose time the network gave so."""
    fan = Fan(stack.connect(network))
    event, fields, id = fan.said()
    body: dict[str, Any] = json.loads(json.dumps(fan.channel.body(event, **fields)))
    if network == "telegram":
        body["message"]["date"] = moment
    elif network == "whatsapp":
        body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = moment
    else:
        body["entry"][0]["messaging"][0]["timestamp"] = moment
        del body["entry"][0]["time"]
    assert fan.channel.post(wire(body)).status == 200
    return fan.channel.message(id)


@cases.add("IN-35")
def _time_in_the_future(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    ahead = fan.channel.message(fan.says("from tomorrow", at=now() + 10 * 60_000))
    assert clock.parse(ahead["sent_at"]) <= clock.parse(ahead["received_at"]) + 5 * 60_000


@cases.add("IN-36")
def _eight_days_old(stack: Stack) -> None:
    for network in ("messenger", "whatsapp", "telegram"):
        fan = Fan(stack.connect(network))
        message = fan.channel.message(fan.says("long ago", at=now() - 9 * DAY))
        assert message["context"]["history"] is True
        assert fan.channel.conversation()["unread"] == 0


@cases.add("IN-37")
def _unknown_kinds_and_fields(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    body = _dm(fan, text="Read me", novelty={"a": [1]})
    item = body["entry"][0]["messaging"][0]
    bad = [{**item, "message": "not an object"}, {**item, "message": None, "dream": {}}, {**item, "sender": 5}, 7, None]
    body["entry"][0]["messaging"] = [*bad, item]
    body["entry"] += [5, {"id": None}, {"id": fan.channel.account, "changes": "none"}]
    assert fan.channel.post(wire({**body, "novelty": True})).status == 200
    assert fan.channel.message(f"m_{fan.id}")["text"] == "Read me"
    wanted = {"applied": 1, "unhandled": 6}
    eventually(lambda: {entry["outcome"]: entry["count"] for entry in fan.channel.ledger()} == wanted)


@cases.add("IN-39")
def _ids_of_all_kinds(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    strange = ["m#1", "m|1", "m\0", "m/../1", "é" * 40, "x" * 4096, "x" * 4095 + "y", "m_" + fan.id, "0", "{}", '"']
    for mid in strange:
        assert fan.channel.post(wire(_dm(fan, mid=mid, text=mid[:50]))).status == 200
    fan.channel.settled()
    assert sorted(message["network_id"] for message in fan.channel.messages()) == sorted(strange)
    assert fan.channel.conversation()["unread"] == len(strange)


@cases.add("IN-40")
def _ids_that_are_objects(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    for wrong in ({"$ne": 1}, ["m_1"], True):
        fan.channel.post(wire(_dm(fan, mid=wrong)))
    assert {(entry["outcome"], entry["reason"]) for entry in fan.channel.settled()} == {("unhandled", "malformed")}
    assert fan.channel.conversations() == []


@cases.add("IN-41")
def _nobodys_account(stack: Stack) -> None:
    for network in ("facebook", "messenger", "instagram", "whatsapp", "example"):
        fan = Fan(stack.connect(network))
        event, fields, _ = fan.said("To nobody")
        raw = wire(fan.channel.body(event, **fields)).replace(fan.channel.account.encode(), b"999999999999")
        assert fan.channel.post(raw).status == 200
        fan.channel.deliveries = 0
        fan.says("To us")
        assert [entry["count"] for entry in fan.channel.settled()] == [1]


@cases.add("IN-42")
def _account_that_moved(stack: Stack) -> None:
    before = Fan(stack.connect("whatsapp"))
    stack.ours.owner.delete(f"/channels/{before.channel.id}")
    moved = stack.connect(
        "whatsapp", stack.theirs, account=before.channel.account, details={"waba": before.channel.waba},
        credentials={"token": before.channel.token},
    )  # fmt: skip
    after = Fan(moved)
    id = after.says("For the present owner")
    assert after.channel.message(id)["text"] == "For the present owner"
    assert before.channel.conversations() == []


@cases.add("IN-54")
def _file_inside(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    files = [{"type": "image", "payload": {"url": "https://169.254.169.254/latest/meta-data/iam"}}]
    assert fan.channel.post(wire(_dm(fan, text="Look at this", attachments=files))).status == 200
    blocked = eventually(lambda: _with_file(fan, "blocked"))
    assert blocked["text"] == "Look at this"


def _with_file(fan: Fan, state: str) -> Any:
    return next(message for message in fan.channel.messages() if message["attachments"][0].get("state") == state)


@cases.add("IN-56")
def _long_text_and_name(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"), name="N" * 5000)
    text = "long " * 14_000
    message = fan.channel.message(fan.says(text))
    assert text.startswith(message["text"]) and len(message["text"]) == 10_000
    assert ask("GET", message["full_text"]).raw.decode() == text
    conversation = fan.channel.conversation()
    assert conversation["unread"] == 1
    assert conversation["contact"]["name"] == "N" * 200


def test_message_without_an_id_is_stored_once(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    for mid in (None, ""):
        raw = wire(_dm(fan, mid=mid, text="Who am I?"))
        assert {fan.channel.post(raw).status for _ in range(2)} == {200}
    fan.channel.settled()
    assert [message["text"] for message in fan.channel.messages()] == ["Who am I?"] * 2


def test_ids_never_hold_what_separates_keys() -> None:
    assert ids.digest("a#b", "c") != ids.digest("a", "b#c")
