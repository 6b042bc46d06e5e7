"""The past comments that we ask for give the same events as the webhooks."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.double import number
from chalicelib.networks.tiktok import NETWORK, double
from local.double import Server
from tests.networks.pasts import everything, said, told

START, MINUTE, DAY = 1_790_000_000_000, 60_000, 86_400_000
COMMENT = double.EVENTS["comment"]


@pytest.fixture
def us() -> base.Credentials:
    return base.Credentials(account=f"open-{number()}", token="act.1-business")


def video() -> int:
    return 7_400_000_000_000_000_000 + number()


def happens(us: base.Credentials, **fields: Any) -> base.Json:
    body = COMMENT(account=us.account, **fields)
    double.posted(body)
    return body


def test_comments_are_told_as_webhooks_tell_them(us: base.Credentials, server: Server) -> None:
    below, top = video(), 7_500_000_000_000_000_001
    played = [
        happens(us, video=below, id=top, at=START + MINUTE),
        happens(us, video=below, parent=top, person="user-2", at=START + 2 * MINUTE),
        happens(us, video=below, parent=top, person=us.account, text="Ten euros", at=START + 3 * MINUTE),
        happens(us, video=video(), text="", at=START + MINUTE),
    ]
    happens(us, video=below, at=START - MINUTE)
    messages = everything(NETWORK, us, START, is_history=True)
    assert said(messages) == said(told(NETWORK, played))
    assert {(message.exact, message.coarse) for message in messages} == {(False, True)}


def test_long_lists_are_read_to_their_ends_and_no_further(us: base.Credentials, server: Server) -> None:
    long = video()
    for minute in range(-90, 130):
        happens(us, video=long, text=str(minute), at=START + minute * MINUTE)
    for _ in range(9):
        happens(us, video=video(), text="Hi", at=START)
    texts = [event.text for event in everything(NETWORK, us, START)]
    assert sorted(int(text) for text in texts if text != "Hi") == [*range(130)]
    assert texts.count("Hi") == 9
    assert len(server.state.requests) < 20


def test_videos_of_long_before_are_not_looked_at(us: base.Credentials, server: Server) -> None:
    happens(us, video=video(), at=START - 90 * DAY)
    assert everything(NETWORK, us, START) == []
    assert [call["path"].rpartition("/open_api/v1.3")[2] for call in server.state.requests] == ["/business/video/list/"]


def test_video_that_is_gone_does_not_end_it(us: base.Credentials, server: Server) -> None:
    for _ in range(2):
        happens(us, video=video(), at=START)
    server.state.behaviours.append({"network": "tiktok", "do": "gone", "path": "/comment/list", "times": 1})
    assert len(everything(NETWORK, us, START)) == 1


def test_account_that_may_not_list_its_videos_is_refused(us: base.Credentials, server: Server) -> None:
    server.state.behaviours.append({"network": "tiktok", "do": "forbidden", "path": "/video/list", "times": 1})
    with pytest.raises(base.Rejected):
        everything(NETWORK, us, START)
