"""The week that `make run` lets happen: what each network posts of it, and when it was said."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import networks
from chalicelib.inbox.schemas import LABEL
from chalicelib.networks import base
from local import week
from local.double import doubles

TALKS = tomllib.loads(week.TALKS.read_text())["talk"]
NOW = 1_795_000_000_000


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk["name"])
def test_talk_is_read_as_it_was_said(talk: week.Json) -> None:
    reader, speaker = networks.get(talk["network"]), week.Speaker("7712345", talk["name"], "account")
    assert reader
    said = []
    for webhook in week.webhooks(talk, speaker, NOW):
        posted = doubles()[talk["network"]].EVENTS[webhook["event"]](**webhook["fields"])
        said += [inbound.event for inbound in reader.parse(posted) if isinstance(inbound.event, base.Message)]
    expected = week.moved(week.lines(talk, NOW // week.DAY * week.DAY), NOW)
    if doubles()[talk["network"]].VOICE.echo is None:
        expected = [line for line in expected if not line.ours]
    assert [(message.text, message.at // 60_000) for message in said] == [
        (line.text, line.at // 60_000) for line in expected
    ]
    assert all(re.fullmatch(LABEL["pattern"], label) for label in talk.get("labels", ()))


@given(st.sampled_from(TALKS), st.integers(NOW, NOW + week.DAY))
def test_nothing_of_the_week_is_yet_to_come(talk: week.Json, now: int) -> None:
    said = week.moved(week.lines(talk, now // week.DAY * week.DAY), now)
    assert [line.at for line in said] == sorted(line.at for line in said)
    assert now - 8 * week.DAY < said[0].at
    assert said[-1].at <= now


def test_no_two_talks_end_alike() -> None:
    ends = [week.last(talk) for talk in TALKS]
    assert len(set(ends)) == len(ends)
