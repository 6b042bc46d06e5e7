"""The past that we ask for gives the same events as the webhooks."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.facebook import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE = 1_790_000_000, 60


@pytest.fixture
def us() -> base.Credentials:
    return base.Credentials(account=f"10160{number()}", token="EAAB-test", secret="app-secret")


def test_comments_ads_and_visits_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    at: dict[str, Any] = {"account": us.account, "at": START + MINUTE}
    played = [
        double.comment("Lovely!", id="1", **at),
        double.comment("Me too", id="2", parent="1", **at),
        double.comment("Look", id="3", post="501", photo="https://scontent.xx.fbcdn.net/v/1.jpg", **at),
        double.EVENTS["own_comment"](id="4", parent="1", **at | {"person": us.account}),
        double.EVENTS["anonymous_comment"](id="5", **at),
        double.comment_on_ad(id="6", **at),
        double.post("What a dinner", id="700", **at),
        double.comment("It was", id="7", post="700", **at),
    ]
    for body in [*played, double.comment("Long ago", id="9", account=us.account, at=START - MINUTE)]:
        double.posted(body)
    messages = everything(NETWORK, us, START * 1000)
    assert said(messages) == said(told(NETWORK, played))
    [ad] = [message for message in messages if message.id == "600_6"]
    assert ad.origin and ad.origin.ad == base.Ad(creative=f"{us.account}_600")


def test_long_lists_are_read_to_their_ends_and_no_further(us: base.Credentials, server: Server) -> None:
    for minute in range(-200, 130):
        at = START + minute * MINUTE
        double.posted(double.comment(f"{minute}", id=str(1000 + minute), account=us.account, at=at))
    for post in range(12):
        double.posted(double.comment("Hi", id="1", post=str(600 + post), account=us.account, at=START + post))
    messages = everything(NETWORK, us, START * 1000)
    assert sorted(int(message.text) for message in messages if message.text != "Hi") == list(range(130))
    assert len([message for message in messages if message.text == "Hi"]) == 12
    assert len(server.state.requests) < 10


def test_ads_that_may_not_be_read_are_left_out(us: base.Credentials, server: Server) -> None:
    double.posted(double.comment("Hi", account=us.account, at=START))
    server.state.behaviours.append({"network": "facebook", "do": "no_permission", "path": "ads_posts", "times": 1})
    assert [event.text for event in everything(NETWORK, us, START * 1000, is_history=True)] == ["Hi"]


def test_limit_of_calls_is_waited_for(us: base.Credentials, server: Server) -> None:
    assert NETWORK.past
    server.state.behaviours.append({"network": "facebook", "do": "throttled", "times": 1})
    with pytest.raises(base.Throttled) as raised:
        NETWORK.past(us, base.Stretch(since=START * 1000))
    assert raised.value.after == 420
    with pytest.raises(base.Expired):
        NETWORK.past(replace(us, token="dead"), base.Stretch(since=START * 1000))
