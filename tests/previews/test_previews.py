"""What is told before a reply is sent is what the reply is told: the same codes, the first one first."""

from typing import Any

import pytest

from tests.support.people import Fan, now
from tests.support.stack import Stack, eventually
from tests.uploads.uploading import PNG, uploaded

HOUR = 3_600_000
IMAGE = {"kind": "image", "url": "https://files.example/1.png"}
TEMPLATE = {"name": "order_ready", "language": "en"}
# By network, bodies that are refused there.
REFUSED: dict[str, list[dict[str, Any]]] = {
    "messenger": [
        {"text": "x" * 2001}, {"text": " "}, {"text": "Hello", "private": True}, {"text": "Hello", "tag": "NONE"},
        {"text": "Dear {{contact.name}}"}, {"attachments": [{**IMAGE, "mime": "image/tiff"}]},
        {"attachments": [{**IMAGE, "kind": "sticker"}]}, {"attachments": [{**IMAGE, "size": 9_000_000}]},
        {"text": "Hello", "reply_to": "msg_0000000000000000000000000000000000000000000000"},
        {"text": "Hello", "seen": "msg_0000000000000000000000000000000000000000000000"},
        {"attachments": [{"upload": "upl_00000000000000000000000000"}]},
    ],
    "instagram": [{"text": "é" * 501}, {"template": TEMPLATE}],
    "facebook": [{"attachments": [{**IMAGE, "kind": "video"}]}, {"text": "Hello", "private": True, "tag": "NONE"}],
}  # fmt: skip


@pytest.mark.parametrize("network", REFUSED)
def test_check_tells_first_what_the_reply_is_refused_with(stack: Stack, network: str) -> None:
    owner, conversation = stack.ours.owner, Fan(stack.connect(network)).starts()["id"]
    for body in REFUSED[network]:
        refused = owner.call("POST", f"/conversations/{conversation}/replies", body)
        checked = owner.post("/replies/check", {"conversation": conversation, **body})
        assert not checked["can"]
        first = checked["problems"][0]
        assert (first["status"], first["code"]) == refused.problem, body
        assert first["field"] == refused.json.get("field")


def test_check_tells_of_each_way_what_goes_and_nothing_is_sent(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("messenger")), stack.ours.owner
    fan.says(at=now() - 25 * HOUR)
    conversation = fan.channel.conversation()["id"]
    picture = {"upload": uploaded(owner)}
    body = {"conversation": conversation, "text": "Ça va ?", "attachments": [picture]}
    checked = owner.post("/replies/check", body)
    assert (checked["can"], checked["way"], checked["messages"], checked["needs"]) == (False, "reply", 2, None)
    assert [problem["code"] for problem in checked["problems"]] == ["window_closed"]
    ways = {way["way"]: way for way in checked["ways"]}
    assert {way: shown["can"] for way, shown in ways.items()} == {"reply": False, "tag": True, "template": False}
    assert (ways["reply"]["why"], ways["reply"]["reopens"]) == ("window_closed", "message.received")
    assert ways["tag"]["until"] is not None
    assert [problem["code"] for problem in ways["template"]["problems"]] == ["template_needed"]
    assert ways["reply"]["text"] == {"length": 7, "most": 2000, "unit": "characters"}
    [file] = ways["reply"]["media"]
    assert (file["kind"], file["size"], file["code"], file["most_bytes"]) == ("image", PNG["size"], None, 8_000_000)
    assert owner.get(f"/uploads/{picture['upload']}")["state"] == "uploaded"
    assert owner.post("/replies/check", {**body, "tag": "HUMAN_AGENT"})["can"]
    assert len(fan.channel.calls()) == 1


def test_way_that_is_not_needed_yet_is_no_worse(stack: Stack) -> None:
    owner, conversation = stack.ours.owner, Fan(stack.connect("messenger")).starts()["id"]
    checked = owner.post("/replies/check", {"conversation": conversation, "text": "Hello"})
    ways = {way["way"]: (way["can"], way["why"]) for way in checked["ways"]}
    assert ways == {"reply": (True, None), "tag": (True, None), "template": (False, None)}


def test_check_counts_as_the_network_does(stack: Stack) -> None:
    owner, conversation = stack.ours.owner, Fan(stack.connect("instagram")).starts()["id"]
    [way] = [
        way
        for way in owner.post("/replies/check", {"conversation": conversation, "text": "é" * 500})["ways"]
        if way["way"] == "reply"
    ]
    assert (way["can"], way["text"]) == (True, {"length": 1000, "most": 1000, "unit": "bytes"})


def test_check_tells_who_proposes_what_approvals_it_needs(stack: Stack) -> None:
    fan = Fan(stack.connect("facebook"))
    conversation = fan.starts()["id"]
    body = {"conversation": conversation, "text": "Hello", "attachments": [{**IMAGE, "mime": "image/webp"}]}
    checked = stack.ours.members["content_creator"].post("/replies/check", body)
    assert checked["needs"] == {"count": 1, "roles": [], "every": False, "official": False}
    ways = {way["way"]: way for way in checked["ways"]}
    assert set(ways) == {"reply", "private_reply"}
    assert [way["media"][0]["code"] for way in ways.values()] == ["media_type", "media_kind"]
    assert ways["reply"]["media"][0]["types"] == ["image/jpeg", "image/png", "image/gif"]


def test_check_tells_of_a_colleague_who_is_answering(stack: Stack) -> None:
    conversation = Fan(stack.connect("telegram")).starts()["id"]
    stack.ours.members["conversation_manager"].post(f"/conversations/{conversation}/lease")
    checked = stack.ours.owner.post("/replies/check", {"conversation": conversation, "text": "Hello"})
    assert [(problem["status"], problem["code"]) for problem in checked["problems"]] == [(409, "leased")]


def test_check_of_another_agencys_conversation_finds_nothing(stack: Stack) -> None:
    conversation = eventually(lambda: Fan(stack.connect("telegram", stack.theirs)).starts())["id"]
    answer = stack.ours.owner.call("POST", "/replies/check", {"conversation": conversation, "text": "Hello"})
    assert answer.problem == (404, "not_found")
