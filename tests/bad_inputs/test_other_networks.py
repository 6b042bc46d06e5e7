"""What only LINE, X, TikTok and Viber can send. All of it is read and verified without any stack."""

import json
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Secrets
from chalicelib.networks.double import wire
from chalicelib.networks.tiktok import double
from chalicelib.networks.tiktok import inbound as tiktok
from tests.networks.folders import DOUBLES, of
from tests.support.cases import Cases

SECRETS = Secrets(signing=("secret",))
AT = 1_790_000_000
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str) -> None:
    cases[id]()


def _signed(network: str, raw: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in DOUBLES[network].sign(raw, "secret").items()}


def _is_posted(network: str, raw: bytes, headers: dict[str, str]) -> bool:
    return of(network).verify(raw, headers, SECRETS)


def _events(network: str, body: Any) -> list[base.Event]:
    return [inbound.event for inbound in of(network).parse(body)]


@cases.add("LI-01")
def _signature_over_another_encoding_of_the_same() -> None:
    raw = wire(DOUBLES["line"].EVENTS["dm"](text="Olá"))
    assert _is_posted("line", raw, _signed("line", raw))
    for again in (json.dumps(json.loads(raw)).encode(), json.dumps(json.loads(raw), indent=1).encode(), raw + b"\n"):
        assert again != raw
        assert not _is_posted("line", raw, _signed("line", again))


@cases.add("LI-02")
def _verification_without_events() -> None:
    raw = b'{"destination":"U1","events":[]}'
    assert _is_posted("line", raw, _signed("line", raw))
    assert _events("line", of("line").decode(raw)) == []


@cases.add("LI-03")
def _event_that_is_delivered_again() -> None:
    body = json.loads(wire(DOUBLES["line"].EVENTS["dm"](text="Once")))
    [event] = body["events"]
    again = {**event, "deliveryContext": {"isRedelivery": True}, "replyToken": "another"}
    assert _events("line", {**body, "events": [again]}) == _events("line", body)


@cases.add("XT-01")
def _challenge_that_is_missing_or_endless() -> None:
    for query in ({}, {"crc_token": ""}, {"crc_token": "a" * 10_240}, {"crc_token[]": "a"}):
        with pytest.raises(base.Unreadable):
            of("x").handshake(query, SECRETS)


@cases.add("XT-03")
def _message_to_oneself() -> None:
    event = DOUBLES["x"].EVENTS["dm_sent"](account="11", person="11", id="7", text="To myself")
    events = _events("x", event)
    assert {(said.id, said.direction) for said in events if isinstance(said, base.Message)} == {("7", "out")}


@cases.add("TK-01")
def _signature_of_six_minutes_ago() -> None:
    raw = wire(DOUBLES["tiktok"].EVENTS["dm"]())
    headers = {name.lower(): value for name, value in double.sign(raw, "secret", now=AT).items()}
    assert tiktok.verify(raw, headers, SECRETS, now=AT + 60)
    assert not any(tiktok.verify(raw, headers, SECRETS, now=AT + off) for off in (360, -360))


@cases.add("VI-02")
def _event_that_the_webhook_was_set() -> None:
    raw = b'{"event":"webhook","timestamp":1457764197627,"message_token":"241256543215"}'
    assert _is_posted("viber", raw, _signed("viber", raw))
    assert _events("viber", of("viber").decode(raw)) == [base.Unhandled(reason="webhook")]
