"""The past that we ask for gives the same events as the webhooks."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.instagram import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE = 1_790_000_000_000, 60_000


@pytest.fixture(params=["instagram_login", "facebook_login"])
def us(request: pytest.FixtureRequest) -> base.Credentials:
    account = f"1784150{number()}"
    details = {"product": request.param, "page": account}  # the double keeps messages by the account
    return base.Credentials(account=account, token="EAAB-test", secret="app-secret", details=details)


def test_comments_replies_and_messages_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    at: dict[str, Any] = {"account": us.account, "at": START + 123}
    medium = {**at, "media": f"1792{number()}"}
    top, ana = f"1795{number()}", f"71{number()}"  # whom nobody else's window is counted for
    old = double.EVENTS["comment"]("Long ago", id=top, **medium | {"at": START - MINUTE})
    played = [
        double.EVENTS["comment"]("How much?", **medium),
        double.EVENTS["comment"]("Me too", parent=top, **medium),
        double.EVENTS["own_comment"](text="Ten", parent=top, **medium),
        double.EVENTS["dm"]("Do you deliver?", mid="m1", person=ana, **at),
        double.EVENTS["echo"]("Every day", mid="m2", person=ana, **at),
        double.EVENTS["dm_with"]("image", mid="m3", person=f"71{number()}", **at),
    ]
    for body in [old, *played]:
        double.posted(body)
    assert said(everything(NETWORK, us, START, is_history=True)) == said(told(NETWORK, played))


def test_long_lists_are_read_to_their_ends(us: base.Credentials, server: Server) -> None:
    medium = {"account": us.account, "media": f"1792{number()}"}
    for minute in range(-60, 120):
        double.posted(double.EVENTS["comment"](f"{minute}", at=START + minute * MINUTE, **medium))
    messages = everything(NETWORK, us, START)
    assert sorted(int(message.text) for message in messages) == list(range(120))
    assert len(server.state.requests) < 8
