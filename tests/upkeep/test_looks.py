"""Accounts of networks that tell nothing by themselves are asked for news, each in its own minute."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.channels import channels, connections, lookouts
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Look, Upkeep
from chalicelib.upkeep import looks, probes, tasks, upkeeps
from tests.support.stack import Channel, Stack


def look(channel: Channel, now: int = 0) -> str:
    with fence.within(channel.agency.id):
        return looks.look(channel.agency.id, channel.id, 1, now or clock.now())


def kept(channel: Channel) -> Upkeep:
    with fence.within(channel.agency.id):
        return upkeeps.of(channel.agency.id, channel.id)


def health(channel: Channel) -> Any:
    return channel.agency.owner.get(f"/channels/{channel.id}/health")


@pytest.fixture
def channel(stack: Stack) -> Channel:
    """One whose first look is behind it."""
    channel = stack.connect("mastodon")
    assert look(channel) == "nothing"
    return channel


def test_what_is_new_comes_in_once_and_nothing_new_writes_nothing(channel: Channel) -> None:
    channel.tell_later("mention", text="Do you see me?")
    assert look(channel) == "found"
    mark = kept(channel).mark
    assert look(channel) == "nothing"
    assert kept(channel).mark == mark
    [message] = channel.messages(channel.conversation()["id"])
    assert "Do you see me?" in message["text"]


def test_nothing_new_reads_the_channel_and_its_mark_and_writes_nothing(channel: Channel) -> None:
    """A unit for the channel, and half of one for the mark, which need not be the latest."""
    asked: list[tuple[str, bool]] = []
    events = table.connection().client.meta.events

    def note(params: Any, model: Any, **_: Any) -> None:
        asked.append((model.name, bool(params.get("ConsistentRead"))))

    events.register("before-parameter-build.dynamodb", note, unique_id="looking")
    try:
        assert look(channel) == "nothing"
    finally:
        events.unregister("before-parameter-build.dynamodb", unique_id="looking")
    assert asked == [("GetItem", True), ("GetItem", False)]


def test_who_dies_before_the_mark_moves_finds_the_same_again(channel: Channel) -> None:
    channel.tell_later("mention", text="Twice?")
    item = kept(channel)
    assert look(channel) == "found"
    with fence.within(channel.agency.id):
        stored = upkeeps.of(channel.agency.id, channel.id)
        stored.mark = item.mark
        stored.save()
    assert look(channel) == "found"
    channel.conversation()
    assert len(channel.messages()) == 1


def test_account_that_is_throttled_rests_as_long_as_the_network_says(channel: Channel, stack: Stack) -> None:
    now = clock.now()
    stack.behave("mastodon", "throttled", token=channel.token)
    assert look(channel, now) == "failed"
    assert look(channel, now + clock.MINUTE) == "waits"
    assert health(channel)["polling"]["not_before"]


def test_server_that_is_down_is_asked_less_often_and_told_after_three_times(channel: Channel, stack: Stack) -> None:
    now, waits = clock.now(), []
    for _ in range(3):
        stack.behave("mastodon", "unavailable", token=channel.token)
        assert look(channel, now) == "failed"
        waits.append(int(kept(channel).look_after) - now)
        now = int(kept(channel).look_after)
    assert waits == sorted(set(waits)) and waits[-1] <= clock.HOUR
    assert health(channel)["alert"] == "looking: 503"
    assert look(channel, now) == "nothing"
    assert (health(channel)["health"], int(kept(channel).failed)) == ("ok", 0)


def test_dead_token_is_told_and_over_when_the_network_takes_it_again(channel: Channel, stack: Stack) -> None:
    stack.behave("mastodon", "expired", token=channel.token)
    assert look(channel) == "failed"
    assert health(channel)["health"] == "expired"
    channel.tell_later("mention", text="And now?")
    assert look(channel, int(kept(channel).look_after)) == "found"
    assert health(channel)["health"] == "ok"
    [message] = channel.messages(channel.conversation()["id"])
    assert "And now?" in message["text"]


def test_each_channel_is_asked_once_in_its_minutes(channel: Channel) -> None:
    def asked(minute: int) -> list[str]:
        ids = [task.body["channel"] for shard in range(lookouts.SHARDS) for task in looks.due(shard, minute)]
        return [id for id in ids if id == channel.id]

    minutes = -(-60 // 60)
    assert [asked(minute) for minute in range(10 * minutes)] == [[channel.id]] * 10


def test_channel_of_before_is_asked_in_its_minutes_and_counted_after_the_daily_look(stack: Stack) -> None:
    channel = stack.connect("youtube")
    [place] = [
        place for shard in range(lookouts.SHARDS) for place in lookouts.every(shard) if place.channel == channel.id
    ]
    assert (place.network, place.minutes) == ("youtube", 15)
    old = Look(place.pk, place.sk, agency=place.agency, channel=channel.id, minutes=2)
    assert len([*looks.of_minute([old], 0), *looks.of_minute([old], 1)]) == 1
    with fence.within(channel.agency.id):
        known = channels.get(channel.agency.id, channel.id)
        table.transact(table.putting(old, Look.agency == channel.agency.id))
        probes.probe(actors.system(channel.agency.id), known, clock.now(), "http://hooks.example", asked=False)
        again = table.get(Look, place.pk, place.sk)
    assert again and (again.network, again.minutes) == ("youtube", 15)


def test_health_tells_how_often_a_channel_is_asked_that_shares_a_quota(stack: Stack) -> None:
    channel = stack.connect("youtube")
    asked = [health(channel)["polling"]["every"]]
    with fence.within(channel.agency.id):
        for every in (3600, 0, 900):  # whoever asks beside the clock does not know
            looks.look(channel.agency.id, channel.id, 1, clock.now(), every)
            asked.append(health(channel)["polling"]["every"])
    assert asked == [900, 3600, 3600, 900]


def test_channel_that_is_gone_is_asked_no_more(channel: Channel, stack: Stack) -> None:
    with fence.within(channel.agency.id):
        actor = actors.system(channel.agency.id)
        connections.disconnect(actor, channels.get(channel.agency.id, channel.id), clock.now())
    assert look(channel) == "gone"
    every = [place.channel for shard in range(lookouts.SHARDS) for place in lookouts.every(shard)]
    assert channel.id not in every


def test_shard_queues_its_looks(channel: Channel) -> None:
    counts = [tasks.share_out(shard, 0) for shard in range(lookouts.SHARDS)]
    assert sum(counts) >= 1
