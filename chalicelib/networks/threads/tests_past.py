"""The past that we ask for gives the same events as the webhooks."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.threads import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE = 1_790_000_000_000, 60_000


@pytest.fixture
def us() -> base.Credentials:
    account = f"7910{number()}"
    return base.Credentials(account=account, token=f"THLL{account}-abc")


def test_replies_and_mentions_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    at: dict[str, Any] = {"account": us.account, "at": START + MINUTE}
    post = {"post": f"179{number()}"}
    played = [
        double.EVENTS["comment"](id="1801", **post, **at),
        double.EVENTS["comment"](id="1802", answers="1801", **post, **at),
        double.EVENTS["own_comment"](id="1803", answers="1801", **post, **at),
        double.EVENTS["comment"](id="1804", media_type="IMAGE", **post, **at),
        double.EVENTS["mention"](id="1805", **at),
    ]
    for body in [*played, double.EVENTS["mention"](account=us.account, at=START - MINUTE)]:
        double.posted(body)
    assert said(everything(NETWORK, us, START, is_history=True)) == said(told(NETWORK, played))


def test_long_lists_are_read_to_their_ends_and_no_further(us: base.Credentials, server: Server) -> None:
    post = f"179{number()}"
    for minute in range(-120, 130):
        at: dict[str, Any] = {"account": us.account, "at": START + minute * MINUTE, "text": str(minute)}
        double.posted(double.EVENTS["comment"](post=post, **at))
        double.posted(double.EVENTS["mention"](**at))
    for other in range(9):
        double.posted(double.EVENTS["comment"](account=us.account, post=f"{post}{other}", text="Hi", at=START))
    messages = everything(NETWORK, us, START)
    assert sorted(int(message.text) for message in messages if message.text != "Hi") == sorted([*range(130)] * 2)
    assert len([message for message in messages if message.text == "Hi"]) == 9
    assert len(server.state.requests) < 24


def test_post_that_is_gone_does_not_end_it(us: base.Credentials, server: Server) -> None:
    for post in ("1", "2"):
        double.posted(double.EVENTS["comment"](account=us.account, post=f"178{number()}", text=post, at=START))
    server.state.behaviours.append({"network": "threads", "do": "gone", "path": "/conversation", "times": 1})
    assert len(everything(NETWORK, us, START)) == 1
