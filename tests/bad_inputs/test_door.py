"""What stands at the hooks' door: signatures, verbs, addresses and content types."""

import base64
import hashlib
import hmac
import json

import pytest

from chalicelib import clock, networks
from chalicelib.aws import secrets
from chalicelib.networks.double import wire
from local import stack as deployed
from local.stage import LOCAL
from tests.support.cases import Cases
from tests.support.people import VOICES, Fan
from tests.support.stack import DOUBLES, Channel, Stack, ask, eventually

JSON = {"Content-Type": "application/json"}
SIGNATURE = {"telegram": "X-Telegram-Bot-Api-Secret-Token", "example": "X-Example-Signature"}
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


def _body(channel: Channel) -> bytes:
    event, fields, _ = Fan(channel).said("From nobody")
    return wire(channel.body(event, **fields))


def _assert_refused(channel: Channel, raw: bytes, headers: dict[str, str]) -> None:
    answer = channel.post(raw, {**JSON, **headers})
    assert (answer.status, answer.raw) == (401, b""), answer


def _assert_nothing_came(channel: Channel) -> None:
    """What comes next is the only thing that came."""
    Fan(channel).says("From somebody")
    assert [entry["count"] for entry in channel.settled()] == [1]


@cases.add("IN-01")
def _without_signature(stack: Stack) -> None:
    for network in VOICES:
        channel = stack.connect(network)
        _assert_refused(channel, _body(channel), {})
        _assert_nothing_came(channel)


@cases.add("IN-02")
def _with_an_empty_signature(stack: Stack) -> None:
    for network in VOICES:
        channel = stack.connect(network)
        _assert_refused(channel, _body(channel), {SIGNATURE.get(network, "X-Hub-Signature-256"): ""})


@cases.add("IN-09")
def _signed_with_an_empty_key(stack: Stack) -> None:
    for network in VOICES:
        channel = stack.connect(network)
        raw = _body(channel)
        _assert_refused(channel, raw, dict(DOUBLES[network].sign(raw, "")))
        _assert_nothing_came(channel)


@cases.add("IN-10")
def _channel_without_a_secret(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    for secret in ("", channel.secret):
        signed = {**JSON, **DOUBLES["messenger"].sign(raw, secret)}
        assert ask("POST", f"{channel.hook}/{channel.id}", body=raw, headers=signed).status == 401
    messenger = networks.get("messenger")
    assert messenger is not None
    assert not messenger.verify(raw, DOUBLES["messenger"].sign(raw, ""), secrets.current({}, clock.now()))
    _assert_nothing_came(channel)


@cases.add("IN-12")
def _previous_secret_within_its_overlap(stack: Stack) -> None:
    end, raw = 1_800_000_000_000, b"{}"
    value = {"signing": ["new"], "previous": {"signing": ["old"], "until": end}}
    for network in VOICES:
        known = networks.get(network)
        assert known is not None
        for moment, secret, right in ((end - 1, "old", True), (end, "old", False), (end, "new", True)):
            headers = {name.lower(): value for name, value in DOUBLES[network].sign(raw, secret).items()}
            assert known.verify(raw, headers, secrets.current(value, moment)) is right


@cases.add("IN-13")
def _reserialised_body(stack: Stack) -> None:
    for network in ("facebook", "messenger", "instagram", "whatsapp", "example"):
        channel = stack.connect(network)
        raw = _body(channel)
        _assert_refused(channel, json.dumps(json.loads(raw), indent=1).encode(), dict(channel.signed(raw)))


@cases.add("IN-14")
def _body_in_base64_from_the_gateway(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    for body, encoded, status in ((raw, True, 200), (raw, False, 200), (raw + b" ", True, 401)):
        text = base64.b64encode(body).decode() if encoded else body.decode()
        assert _invoke(stack, "messenger", channel.signed(raw), text, encoded=encoded) == status


def _invoke(stack: Stack, network: str, headers: object, body: str, *, encoded: bool) -> int:
    """Hand the networks' function what their gateway would."""
    named = {"StackName": deployed.name_of(LOCAL), "LogicalResourceId": "OnHook"}
    function = stack.client("cloudformation").describe_stack_resource(**named)["StackResourceDetail"]
    event = {
        "routeKey": "POST /hooks/{network}", "pathParameters": {"network": network}, "headers": headers, "body": body,
        "isBase64Encoded": encoded, "rawQueryString": "", "requestContext": {"requestId": "1"},
    }  # fmt: skip
    answer = stack.client("lambda").invoke(FunctionName=function["PhysicalResourceId"], Payload=json.dumps(event))
    status: int = json.loads(answer["Payload"].read())["statusCode"]
    return status


@cases.add("IN-17")
def _content_type_not_taken(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", ""):
        answer = channel.post(raw, {**channel.signed(raw), "Content-Type": kind})
        assert answer.problem == (415, "unsupported_media_type")
    assert channel.post(raw, {**channel.signed(raw), "Content-Type": "application/json; charset=UTF-8"}).status == 200


@cases.add("IN-18")
def _content_type_that_lies(stack: Stack) -> None:
    channel, since = stack.connect("messenger"), clock.now()
    form = (
        f'--b\r\nContent-Disposition: form-data; name="f"; filename="/etc/passwd"\r\n\r\n{channel.id}\r\n--b--'.encode()
    )
    assert channel.post(form).status == 200
    eventually(lambda: stack.quarantined("messenger", form, since))
    raw = _body(channel)
    lie = {**channel.signed(raw), "Content-Type": "multipart/form-data; boundary=b"}
    assert channel.post(raw, lie).problem == (415, "unsupported_media_type")


@cases.add("IN-45")
def _address_that_leads_elsewhere(stack: Stack) -> None:
    channel = stack.connect("telegram")
    raw = b'{"update_id":1}'
    ways = ("../v1/me", "%2e%2e%2fv1%2fme", "chn_1%0d%0aX-Evil:%201", "chn_" + "a" * 8000, "a/b/c", "%00", "$(id)")
    for way in ways:
        answer = ask("POST", f"{stack.hooks}/telegram/{way}", body=raw, headers=channel.signed(raw))
        assert answer.status in (401, 403, 404, 405, 414), (way, answer)
        assert "x-evil" not in answer.headers
    for way in ("nowhere", "..%2ftelegram", "INSTAGRAM", "_meta"):
        assert ask("POST", f"{stack.hooks}/{way}", body=raw, headers=channel.signed(raw)).problem == (404, "not_found")


@cases.add("IN-46")
def _verbs_that_are_not_taken(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    for verb in ("PUT", "DELETE", "PATCH", "HEAD"):
        assert ask(verb, channel.hook, body=raw, headers=channel.signed(raw)).status == 404
    assert ask("OPTIONS", channel.hook).status in (403, 404)
    _assert_nothing_came(channel)


@cases.add("IN-47")
def _headers_that_claim_another_origin(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    claims = {
        "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "evil.example", "X-Original-URL": "/v1/me",
        "X-Rewrite-URL": "/v1/me", "X-HTTP-Method-Override": "DELETE",
    }  # fmt: skip
    assert channel.post(raw, {**channel.signed(raw), **claims}).status == 200
    assert [entry["outcome"] for entry in channel.settled()] == ["applied"]
    listed = stack.ours.owner.call("GET", "/channels", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil.example" not in listed.raw


def test_signature_of_another_kind_of_hash_is_refused(stack: Stack) -> None:
    channel = stack.connect("messenger")
    raw = _body(channel)
    weaker = hmac.new(channel.secret.encode(), raw, hashlib.sha1).hexdigest()
    _assert_refused(channel, raw, {"X-Hub-Signature": f"sha1={weaker}"})
    _assert_refused(channel, raw, {"X-Hub-Signature-256": f"sha1={weaker}"})
    _assert_refused(channel, raw, {"X-Hub-Signature-256": channel.signed(raw)["X-Hub-Signature-256"][7:]})
    _assert_refused(channel, raw, {"X-Hub-Signature-256": "sha256=" + "é" * 64})
