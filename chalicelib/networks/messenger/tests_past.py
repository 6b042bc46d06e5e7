"""The past messages that we ask for give the same events as the webhooks."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.messenger import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE = 1_790_000_000_000, 60_000


@pytest.fixture
def us() -> base.Credentials:
    return base.Credentials(account=f"10170{number()}", token="EAAB-test", secret="app-secret")


def somebody() -> str:
    """A person whom no other test writes to, so that their window is their own."""
    return f"71{number()}"


def test_messages_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    at: dict[str, Any] = {"account": us.account, "at": START + 123, "person": somebody()}
    played = [
        double.dm("Do you deliver?", mid="m_1", **at),
        double.echo("Every day", mid="m_2", **at),
        double.dm_with("image", mid="m_3", **at | {"person": somebody()}),
        double.dm_with("file", "https://cdn.fbsbx.com/1.pdf", mid="m_4", **at | {"person": somebody()}),
    ]
    for body in [*played, double.dm("Long ago", mid="m_0", **at | {"at": START - MINUTE})]:
        double.posted(body)
    messages = everything(NETWORK, us, START, is_history=True)
    assert said(messages) == said(told(NETWORK, played))
    assert {(message.coarse, message.exact) for message in messages} == {(True, False)}


def test_long_conversations_are_read_to_their_ends_and_no_further(us: base.Credentials, server: Server) -> None:
    ana: dict[str, Any] = {"account": us.account, "person": somebody()}
    for minute in range(-90, 130):
        double.posted(double.dm(f"{minute}", mid=f"m_{minute}", at=START + minute * MINUTE, **ana))
    people = [somebody() for _ in range(12)]
    for minute, person in enumerate(people, -2):
        at = START + minute * MINUTE
        double.posted(double.dm("Hi", mid=f"m_{person}", person=person, account=us.account, at=at))
    messages = everything(NETWORK, us, START)
    assert sorted(int(message.text) for message in messages if message.text != "Hi") == list(range(130))
    assert {message.thread for message in messages if message.text == "Hi"} == set(people[2:])
    assert len(server.state.requests) < 8
