"""The brand answers: the network gets exactly the call it documents, once, and tells how far the answer got."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.networks.example.double import PIXEL
from tests.replies.documented import ADDRESS, CASES, UPLOADS, Case, filled
from tests.support import turns
from tests.support.people import VOICES, Fan, now, who_can
from tests.support.stack import GOING, Stack, ask, eventually
from tests.uploads.uploading import uploaded


@pytest.mark.parametrize("name", CASES)
def test_reply_is_the_documented_call(stack: Stack, name: str) -> None:
    case = CASES[name]
    fan = Fan(stack.connect(case.network))
    heard = _hear(fan, case)
    known = {"said": heard["network_id"], "heard": heard["id"], "fan": fan.id, "account": fan.channel.account}
    known |= {"said number": heard["network_id"].rpartition(":")[2], "fan number": fan.id, "token": fan.channel.token}
    owner = stack.ours.owner
    known |= {"upload": uploaded(owner)} if case.reply.get("attachments") else {}
    body = filled(case.reply, known)
    reply = owner.post(f"/conversations/{heard['conversation']}/replies", body)
    assert reply["text"] == body.get("text", "")
    assert reply["status"] in GOING
    eventually(lambda: owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    known |= {"message": reply["messages"][0], "message 2": reply["messages"][-1]}
    made = fan.channel.calls()[1:]
    for answer in [call["answer"] for call in made if call["path"].endswith(UPLOADS)]:
        known["file"] = answer.get("id") or answer["attachment_id"]
    wanted = [("POST", path, filled(content, known)) for path, content in filled(case.calls, known)]
    said = [call for call in made if not call["path"].endswith(UPLOADS)]
    assert [(call["method"], call["path"], _seen(call["json"])) for call in said] == wanted
    messages = [message for message in fan.channel.messages() if message["direction"] == "out"]
    assert [message["id"] for message in messages] == reply["messages"]
    assert {message["reply"] for message in messages} == {reply["id"]}
    assert {message["author"]["name"] for message in messages} == {"Owner"}
    assert all(message["network_id"] for message in messages)
    assert fan.channel.conversation()["unread"] == 1


def _seen(sent: Any) -> Any:
    """What was sent, with one word for all addresses of ours, at each of which the picture is."""
    text = json.dumps(sent)
    for address in re.findall(r'http[^"]*X-Amz-Signature=[0-9a-f]+', text):
        assert ask("GET", address).raw == PIXEL
        text = text.replace(address, ADDRESS)
    return json.loads(text)


def _hear(fan: Fan, case: Case) -> Any:
    """The message to answer, once it is there."""
    if not case.event:
        return fan.channel.message(fan.says("Are you open?"))
    who = {"person": fan.id} if case.event != "mention" or case.network == "facebook" else {}
    fan.channel.tell(case.event, **who, **filled(case.fields, {"n": fan.id}))
    return eventually(fan.channel.messages)[0]


@pytest.mark.parametrize("fan", turns.taken(who_can("echo")), indirect=True)
def test_echo_after_the_answer_merges(fan: Fan) -> None:
    fan.starts()
    reply = fan.hears("We do")
    sent = eventually(lambda: _sent(fan, reply))
    fan.echoes("We do", sent["network_id"], correlation=_handed_back(fan, reply))
    fan.channel.settled()
    assert [message["id"] for message in _outgoing(fan)] == reply["messages"]


@pytest.mark.parametrize("fan", turns.taken(who_can("echo")), indirect=True)
def test_echo_before_the_answer_merges(fan: Fan) -> None:
    fan.starts()
    text = f"We do {fan.id}"
    fan.channel.fails("wait", text, seconds=2)
    reply = fan.hears(text)
    id = eventually(lambda: _named([call for call in fan.channel.calls() if text in str(call["json"])]))
    fan.echoes(text, id, correlation=_handed_back(fan, reply))
    fan.channel.settled()
    eventually(lambda: fan.channel.agency.owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    eventually(lambda: len(_answered(fan, text)) == 1)
    [message] = _outgoing(fan)
    assert (message["id"], message["network_id"]) == (reply["messages"][0], id)


@pytest.mark.parametrize("fan", turns.taken(who_can("echo")), indirect=True)
def test_reply_in_the_networks_own_app_shows_as_outgoing(fan: Fan) -> None:
    fan.starts()
    id = fan.echoes("We answered on the phone")
    message = fan.channel.message(id)
    assert (message["direction"], message["status"], message["reply"]) == ("out", "sent", None)
    conversation = fan.channel.conversation()
    assert conversation["unread"] == 1
    assert conversation["last_message"]["text"] == "We answered on the phone"


@pytest.mark.parametrize(
    ("fan", "status"),
    turns.taken((name, status) for name, voice in VOICES.items() for status in voice.receipts),
    indirect=["fan"],
)
def test_receipt_is_told(fan: Fan, status: str) -> None:
    fan.starts()
    reply = fan.hears("We do")
    sent = eventually(lambda: _sent(fan, reply))
    fan.confirms(status, sent["network_id"], at=now() + 2000)
    owner = fan.channel.agency.owner
    eventually(lambda: owner.get(f"/replies/{reply['id']}")["status"] == status)
    assert bool(fan.channel.message(sent["network_id"])["error"]) == (status == "failed")


@pytest.mark.parametrize("fan", ["messenger", "whatsapp", "example"], indirect=True)
def test_receipts_only_move_forward(fan: Fan) -> None:
    fan.starts()
    reply = fan.hears("We do")
    sent = eventually(lambda: _sent(fan, reply))
    for status in ("read", *fan.voice.receipts):
        fan.confirms(status, sent["network_id"], at=now() + 2000)
    fan.channel.settled()
    assert fan.channel.message(sent["network_id"])["status"] == "read"


@pytest.mark.parametrize("fan", ["whatsapp", "messenger"], indirect=True)
def test_receipt_before_the_answer_waits_for_it(fan: Fan) -> None:
    fan.starts()
    text = f"We do {fan.id}"
    fan.channel.fails("wait", text, seconds=2)
    reply = fan.hears(text)
    id = eventually(lambda: _named([call for call in fan.channel.calls() if text in str(call["json"])]))
    fan.confirms("delivered", id)
    eventually(lambda: fan.channel.agency.owner.get(f"/replies/{reply['id']}")["status"] == "delivered")


def test_answers_go_out_in_the_order_they_were_given(fan: Fan) -> None:
    fan.starts()
    texts = [f"part {count}" for count in range(5)]
    replies = [fan.hears(text) for text in texts]
    eventually(lambda: all(_sent(fan, reply) for reply in replies))
    assert [call["json"]["message"]["text"] for call in fan.channel.calls()[1:]] == texts


def _outgoing(fan: Fan) -> list[Any]:
    return [message for message in fan.channel.messages() if message["direction"] == "out"]


def _sent(fan: Fan, reply: Mapping[str, Any]) -> Any:
    """The message of the reply, once the network has it."""
    messages = [message for message in _outgoing(fan) if message["reply"] == reply["id"]]
    return messages[0] if messages and messages[0]["status"] == "sent" else None


def _answered(fan: Fan, text: str) -> list[Any]:
    return [message for message in _outgoing(fan) if message["text"] == text]


def _handed_back(fan: Fan, reply: Mapping[str, Any]) -> str:
    """What the network repeats of ours in an echo, where it does."""
    return reply["messages"][0] if fan.channel.network in ("messenger", "example") else ""


def _named(calls: list[Any]) -> str:
    """The id the network gave in its answer to the last call."""
    answer = calls[-1]["answer"] if calls else {}
    answer = answer.get("data") or answer
    answer = {**answer, **(answer["message"] if isinstance(answer.get("message"), dict) else {})}
    listed = answer.get("messages") or [{}]
    named = (answer.get(name) for name in ("message_id", "dm_event_id", "commentUrn", "id"))
    return str(next(filter(None, named), "") or listed[0].get("id", ""))
