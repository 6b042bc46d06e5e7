"""Requests that cannot be read, or ask for what there is not."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.answer_contract import Answer
from tests.support.cases import Cases, asks
from tests.support.people import Fan
from tests.support.stack import Stack, ask, eventually, number

cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


@cases.add("RE-01")
def _addresses_there_are_not(stack: Stack) -> None:
    for path in (
        "/nowhere",
        "/me/",
        "//me",
        "/conversations//messages",
        "/%2e%2e/me",
        "/me%2f",
        "/ME",
        "/brands/../me/x",
    ):
        answer = stack.ours.owner.call("GET", path)
        assert answer.problem == (404, "not_found"), path
    for address in (stack.api.removesuffix("/v1") + "/v2/me", stack.api.removesuffix("/v1") + "/"):
        assert ask("GET", address, headers={"Authorization": f"Bearer {stack.ours.owner.token}"}).status in (403, 404)


@cases.add("RE-02")
def _verbs_there_are_not(stack: Stack) -> None:
    owner = stack.ours.owner
    for verb, path in (("DELETE", "/me"), ("PUT", "/conversations"), ("PATCH", "/channels"), ("POST", "/networks")):
        answer = owner.call(verb, path, {} if verb != "DELETE" else None, headers={"X-HTTP-Method-Override": "GET"})
        assert answer.problem == (405, "method_not_allowed"), path
    assert owner.call("GET", "/me", headers={"X-HTTP-Method-Override": "DELETE"}).status == 200


@cases.add("RE-05")
def _bodies_that_cannot_be_read(stack: Stack) -> None:
    _, path = asks(stack)
    bad = [
        b"{", b"{'text': 'x'}", b'{"text":"a","text":"b"}', b'{"text":NaN}', b'{"text":1e999}', b"\xff\xfe", b"{}}",
        b'{"a":' * 1000 + b"1" + b"}" * 1000, b"[" * 100_000, b'{"n":' + b"9" * 5000 + b"}",
    ]  # fmt: skip
    for raw in bad:
        answer = stack.ours.owner.call("POST", path, raw=raw)
        assert answer.problem == (400, "malformed"), raw[:40]
    assert stack.ours.owner.call("POST", path, raw=b"text=a", headers={"Content-Type": "text/plain"}).status == 415


@cases.add("RE-06")
def _body_too_large(stack: Stack) -> None:
    _, path = asks(stack)
    raw = b'{"text":"' + b"x" * (256 << 10) + b'"}'
    assert stack.ours.owner.call("POST", path, raw=raw).problem == (413, "too_large")


@cases.add("RE-07")
def _properties_there_are_not(stack: Stack) -> None:
    fan, path = asks(stack)
    for name in ("tenant_id", "account_id", "role", "created_at", "id", "agency", "status", "__proto__"):
        answer = stack.ours.owner.call("POST", path, {"text": "Hi", name: "agc_1"})
        assert answer.problem == (422, "invalid")
        assert answer.json["field"] == name
    assert len(fan.channel.calls()) == 1


@cases.add("RE-08")
def _values_of_the_wrong_type(stack: Stack) -> None:
    _, path = asks(stack)
    wrong: list[dict[str, Any]] = [
        {"text": 1}, {"text": ["a"]}, {"text": {}}, {"text": True}, {"reply_to": 5}, {"reply_to": "null"},
        {"reply_to": ["msg_1"]}, {"private": "true"}, {"attachments": {}}, {"attachments": ["https://x.example/1"]},
    ]  # fmt: skip
    for body in wrong:
        assert stack.ours.owner.call("POST", path, body).problem == (422, "invalid"), body
    for raw in (b"[]", b"null", b'"text"', b"1"):
        assert stack.ours.owner.call("POST", path, raw=raw).problem == (422, "invalid"), raw


@cases.add("RE-09")
def _values_that_are_missing_or_empty(stack: Stack) -> None:
    _, path = asks(stack)
    assert stack.ours.owner.call("POST", path, {}).problem == (422, "empty")
    assert stack.ours.owner.call("POST", path, {"text": " \n\t "}).problem == (422, "empty")
    assert stack.ours.owner.call("POST", path, {"text": None}).problem == (422, "invalid")
    whole = {"brand": stack.ours.brand, "network": "telegram", "credentials": {"token": f"{number()}:AAHd"}}
    for name in whole:
        for body in ({**whole, name: None}, {key: value for key, value in whole.items() if key != name}):
            answer = stack.ours.owner.call("POST", "/channels", body)
            assert answer.problem == (422, "invalid")
            assert answer.json["field"] == name


@cases.add("RE-11")
def _names_of_strange_characters(stack: Stack) -> None:
    whole = {"brand": stack.ours.brand, "network": "telegram", "credentials": {"token": f"{number()}:AAHd"}}
    for name in ("a\0b", "a\nb", "\u202egnp.exe", "a\u2066b", "\x7f", "   ", "", "x" * 101):
        answer = stack.ours.owner.call("POST", "/channels", {**whole, "name": name})
        assert answer.problem == (422, "invalid")
        assert answer.json["field"] == "name"
    assert stack.ours.owner.call("POST", "/channels", {**whole, "name": "Café Müller 🍝"}).status == 201


@cases.add("RE-17")
def _message_of_another_conversation(stack: Stack) -> None:
    _, path = asks(stack)
    other, _ = asks(stack)
    message = other.channel.messages()[0]["id"]
    assert stack.ours.owner.call("POST", path, {"text": "Hi", "reply_to": message}).problem == (404, "not_found")
    ghost = message[:-1] + ("0" if message[-1] != "0" else "1")
    assert stack.ours.owner.call("POST", path, {"text": "Hi", "reply_to": ghost}).problem == (404, "not_found")


@cases.add("RE-25")
def _idempotency_key_again(stack: Stack) -> None:
    fan, path = asks(stack)
    owner, key = stack.ours.owner, {"Idempotency-Key": f"key-{fan.id}"}
    first, again = (owner.call("POST", path, {"text": "Once"}, headers=key) for _ in range(2))
    assert (first.raw, first.status) == (again.raw, again.status)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert owner.call("POST", path, {"text": "Twice"}, headers=key).problem == (422, "idempotency_reused")
    other, elsewhere = Fan(stack.connect("messenger", stack.theirs)), key
    conversation = other.starts()["id"]
    theirs = stack.theirs.owner.call(
        "POST", f"/conversations/{conversation}/replies", {"text": "Twice"}, headers=elsewhere
    )
    assert (theirs.status, "idempotent-replayed" in theirs.headers) == (202, False)
    assert len([message for message in fan.channel.messages() if message["direction"] == "out"]) == 1


@cases.add("RE-26")
def _idempotency_keys_of_all_kinds(stack: Stack) -> None:
    _, path = asks(stack)
    for key, status in (("", 400), ("k" * 256, 202), ("k" * 257, 400), ("a b", 400), ("é", 400)):
        answer = stack.ours.owner.call("POST", path, {"text": "Hi"}, headers={"Idempotency-Key": key})
        assert answer.status == status, key


@cases.add("RE-27")
def _same_request_again_and_at_once(stack: Stack) -> None:
    fan, path = asks(stack)
    key = {"Idempotency-Key": f"key-{fan.id}"}

    def send(_: int) -> Answer:
        return stack.ours.owner.call("POST", path, {"text": "Only once"}, headers=key)

    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(send, range(8)))
    assert {answer.status for answer in answers} <= {202, 409}
    assert len({answer.raw for answer in answers if answer.status == 202}) == 1
    assert {answer.json["code"] for answer in answers if answer.status == 409} <= {"idempotency_in_flight"}
    eventually(lambda: [call for call in fan.channel.calls() if "Only once" in str(call["json"])])
    assert len([message for message in fan.channel.messages() if message["direction"] == "out"]) == 1


def test_unknown_parameters_and_values_of_a_query_are_refused(stack: Stack) -> None:
    owner = stack.ours.owner
    for query in (
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"status": "any"},
        {"surface": "wall"},
        {"page": "2"},
    ):
        answer = owner.call("GET", "/conversations", **dict[str, Any](query))
        assert answer.problem == (422, "invalid")
        assert answer.json["field"] == next(iter(query))
    assert owner.call("GET", "/conversations", cursor="garbage").problem == (400, "bad_cursor")
