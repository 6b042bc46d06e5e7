"""The past that we ask for gives the same events as the webhooks."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.x import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE = 1_790_000_000_000, 60_000


@pytest.fixture
def us() -> base.Credentials:
    account = f"55{number()}"
    return base.Credentials(account=account, token=f"x-{account}-user")


def test_mentions_answers_and_messages_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    at: dict[str, Any] = {"account": us.account, "at": START + 123}
    played = [
        double.EVENTS["mention"](text="Try @our_shop", **at),
        double.EVENTS["comment"](**at),
        double.EVENTS["comment"](answers="2000000000000000009", **at),
        double.EVENTS["dm"](text="Do you deliver?", **at),
        double.EVENTS["dm_sent"](text="Every day", **at),
        double.EVENTS["dm_with_image"](person="23", text="", **at),
    ]
    old = {"account": us.account, "at": START - MINUTE}
    for body in [*played, double.EVENTS["mention"](**old), double.EVENTS["dm"](**old)]:
        double.posted(body)
    messages = everything(NETWORK, us, START, is_history=True)
    assert said(messages) == said(told(NETWORK, played))
    assert {(message.coarse, message.exact) for message in messages} == {(True, False)}


def test_long_lists_are_read_to_their_ends_and_the_past_for_a_page(us: base.Credentials, server: Server) -> None:
    for minute in range(-120, 130):
        at: dict[str, Any] = {"account": us.account, "at": START + minute * MINUTE, "text": str(minute)}
        double.posted(double.EVENTS["mention"](**at))
        double.posted(double.EVENTS["dm"](**at))
    messages = everything(NETWORK, us, START)
    assert sorted(int(message.text) for message in messages) == sorted([*range(130)] * 2)
    assert len(server.state.requests) == 4
    assert len(everything(NETWORK, us, START, is_history=True)) == 200
    assert len(server.state.requests) == 6
