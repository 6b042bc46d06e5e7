"""Tokens are renewed before they end, by one process at a time, and somebody is told in time when that cannot go on."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.channels import channels, grants
from chalicelib.networks.base import Tokens
from chalicelib.networks.example import double_consent
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.upkeep import renewals, upkeeps
from tests.support import consenting, feed
from tests.support.stack import Stack, eventually

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def channel(stack: Stack) -> Channel:
    """One that rests on a token of an hour."""
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    consenting.consented(stack, begun, shop)
    [made] = consenting.connected(stack.ours, begun["id"], shop)
    with fence.within(stack.ours.id):
        return channels.get(stack.ours.id, made["channel"])


def renew(channel: Channel, now: int) -> str:
    with fence.within(channel.pk):
        kept = upkeeps.of(channel.pk, channel.id)
        return renewals.renew(actors.system(channel.pk), channel.id, int(kept.renew_at), now)


def kept(channel: Channel) -> Upkeep:
    with fence.within(channel.pk):
        return upkeeps.of(channel.pk, channel.id)


def token(channel: Channel) -> tuple[str, str]:
    with fence.within(channel.pk):
        known = channels.credentials(channel.pk, channels.get(channel.pk, channel.id))
        return known.token, known.refresh


def health(channel: Channel) -> tuple[str, str]:
    with fence.within(channel.pk):
        stored = channels.get(channel.pk, channel.id)
        return stored.health, stored.alert


def test_token_is_renewed_when_three_quarters_of_its_life_are_over(channel: Channel) -> None:
    first, before = int(kept(channel).renew_at), token(channel)
    assert 44 * clock.MINUTE < first - channel.created_at < 46 * clock.MINUTE
    assert renew(channel, first - 1) == "gone"
    assert renew(channel, first) == "renewed"
    access, refresh = token(channel)
    assert access != before[0] and refresh != before[1]
    assert kept(channel).renew_at == first + 45 * clock.MINUTE
    assert renew(channel, first + 45 * clock.MINUTE) == "renewed"


def test_token_is_renewed_for_its_app_after_that_was_removed(stack: Stack) -> None:
    agency, shop = stack.brand(), consenting.shop()
    place = f"/network-apps/example?brand={agency.brand}"
    agency.owner.put("/network-apps/example", {"brand": agency.brand, "app_id": f"own-{shop}", "secret": "theirs"})
    begun = consenting.begun(agency)
    consenting.consented(stack, begun, shop)
    [made] = consenting.connected(agency, begun["id"], shop)
    agency.owner.delete(place)
    with fence.within(agency.id):
        stored = channels.get(agency.id, made["channel"])
    assert renew(stored, int(kept(stored).renew_at)) == "renewed"  # which no other app may


def test_task_that_comes_twice_renews_once(channel: Channel) -> None:
    when = int(kept(channel).renew_at)
    with fence.within(channel.pk):
        actor = actors.system(channel.pk)
        assert renewals.renew(actor, channel.id, when, when) == "renewed"
        assert renewals.renew(actor, channel.id, when, when) == "gone"


def test_two_at_once_renew_once(channel: Channel) -> None:
    item, when = kept(channel), int(kept(channel).renew_at)
    with fence.within(channel.pk):
        table.update(Upkeep(item.pk, item.sk), [Upkeep.leased_until.set(when + renewals.LEASE)])
    with pytest.raises(renewals.Leased):  # the queue brings it back, until whoever has it has renewed or died
        renew(channel, when)
    assert renew(channel, when + renewals.LEASE + 1) == "renewed"


def test_who_dies_with_the_new_token_in_hand_costs_one_notice(channel: Channel, stack: Stack) -> None:
    used = {"grant_type": "refresh_token", "refresh_token": token(channel)[1]}
    app = {"client_id": "example-app", "client_secret": "secret"}
    place = f"{stack.double}/example/example.com/oauth/token"
    assert urllib3.request("POST", place, body=urlencode({**used, **app}), headers=FORM).status == 200
    item, now = kept(channel), clock.now()
    with fence.within(channel.pk):
        table.update(Upkeep(item.pk, item.sk), [Upkeep.renew_at.set(now)])
    assert renew(channel, now) == "lost"
    assert health(channel)[0] == "expired"
    assert kept(channel).renew_at == 0
    again = consenting.begun(stack.ours)
    consenting.consented(stack, again, channel.account)
    assert consenting.connected(stack.ours, again["id"], channel.account)[0]["channel"] == channel.id
    assert health(channel) == ("ok", "")
    assert renew(channel, int(kept(channel).renew_at)) == "renewed"


@pytest.mark.parametrize("failure", ["unavailable", "throttled"])
def test_network_that_is_down_is_asked_again_and_nobody_is_told(channel: Channel, stack: Stack, failure: str) -> None:
    when = int(kept(channel).renew_at)
    stack.behave("example", failure, path="/oauth/token", containing=token(channel)[1])
    assert renew(channel, when) == "later"
    assert health(channel)[0] == "ok"
    assert when < kept(channel).renew_at <= when + clock.HOUR
    assert renew(channel, int(kept(channel).renew_at)) == "renewed"
    assert kept(channel).tries == 0


def test_app_that_the_network_refuses_is_told_of_after_three_times_until_it_is_taken(
    channel: Channel, stack: Stack
) -> None:
    stack.behave("example", "rejected", path="/oauth/token", containing=token(channel)[1], times=4)
    seen = []
    for _ in range(4):
        assert renew(channel, int(kept(channel).renew_at)) == "later"
        seen.append(health(channel))
    alert = ("alert", "renewal.refused: 422")
    assert seen == [("ok", ""), ("ok", ""), alert, alert]
    assert renew(channel, int(kept(channel).renew_at)) == "renewed"
    assert health(channel) == ("ok", "")


def test_end_of_a_consent_is_told_fourteen_seven_and_one_days_before(channel: Channel) -> None:
    end, states = int(kept(channel).ends_at), []
    assert end == pytest.approx(channel.created_at + double_consent.REFRESH_LIVES * 1000, abs=clock.MINUTE)
    for days in (15, 14, 8, 7, 2, 1, 0):
        with fence.within(channel.pk):
            renewals.forecast(channel.pk, channel.id, end - days * clock.DAY)
        states.append(health(channel))
    ends = [("alert", f"consent.ends: {days} d") for days in (14, 14, 7, 7, 1)]
    assert states == [("ok", ""), *ends, ("expired", "token.expired")]


def test_each_notice_of_an_ending_consent_comes_once(channel: Channel, stack: Stack) -> None:
    since, end = feed.end(stack.ours.owner), int(kept(channel).ends_at)
    for days in (14, 14, 7, 1, 0, 0):
        with fence.within(channel.pk):
            renewals.forecast(channel.pk, channel.id, end - days * clock.DAY)
    events = eventually(lambda: len(news := notices(stack, since, channel)) >= 4 and news)
    properties = {"ends_at": clock.text(end), "connected_by": channel.connected_by, "reason": None}
    assert [consent for type, consent in events if type == "channel.expiring"] == [
        {**properties, "days_left": days} for days in (14, 7, 1)
    ]
    over = {"reason": "expired", "days_left": None, "ends_at": None, "connected_by": channel.connected_by}
    assert [consent for type, consent in events if type == "channel.expired"] == [over]


def notices(stack: Stack, since: str, channel: Channel) -> list[Any]:
    events = feed.news(stack.ours.owner, since, type="channel")
    return [(event["type"], event["data"].get("consent")) for event in events if event["target"] == channel.id]


def test_renewal_that_gives_less_than_the_channel_needs_is_told_until_somebody_consents_again(
    channel: Channel, stack: Stack
) -> None:
    tokens = {"access_token": "granted-less", "refresh_token": "r2", "expires_in": 3600, "scope": "messages"}
    stack.behave("example", "serve", path="/oauth/token", containing=token(channel)[1], body=json.dumps(tokens))
    item, now = kept(channel), clock.now()
    with fence.within(channel.pk):
        table.update(Upkeep(item.pk, item.sk), [Upkeep.renew_at.set(now)])
    assert renew(channel, now) == "renewed"
    assert health(channel) == ("expired", "token.scope_lost")
    place = f"/channels/{channel.id}"
    assert stack.ours.owner.get(f"{place}/health")["consent"]["missing"] == ["profile"]
    again = consenting.begun(stack.ours)
    consenting.consented(stack, again, channel.account)
    consenting.connected(stack.ours, again["id"], channel.account)
    assert health(channel) == ("ok", "")


def test_token_that_lives_for_ever_is_left_alone() -> None:
    forever = grants.Grant(tokens=Tokens(token="t"), renews=True)
    assert grants.times(forever, 5) == grants.Times(0, 0)
    short = replace(forever, tokens=Tokens(token="t", lives=60), renews=False)
    assert grants.times(short, 5) == grants.Times(0, 5 + clock.MINUTE)
