"""A channel is looked after every day and when somebody asks, and what can be mended is mended."""

from typing import Any

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.channels import channels, troubles
from chalicelib.store import due, fence, keys, table
from chalicelib.store.models.channels import Channel as StoredChannel
from chalicelib.store.models.figures import Hour
from chalicelib.upkeep import probes, states, upkeeps
from tests.support import audits, consenting
from tests.support.background import time_passes
from tests.support.stack import Channel, Stack, eventually


def health(channel: Channel) -> Any:
    return channel.agency.owner.get(f"/channels/{channel.id}/health")


def repaired(channel: Channel) -> Any:
    return channel.agency.owner.post(f"/channels/{channel.id}/repair")


def forgotten(channel: Channel, times: int = 1) -> None:
    """Example says so many times that it posts nothing to us."""
    asked = {"path": "/v1/hook", "method": "GET", "token": channel.token}
    channel.stack.behave("example", "serve", body='{"url": ""}', times=times, **asked)


def heard(channel: Channel, hour: int) -> None:
    """In that hour somebody said something."""
    cells = [["in", channel.id, "dm", "", "", 0, 1]]
    partition = keys.figures(channel.agency.id, channel.agency.brand)
    with fence.within(channel.agency.id):
        table.put(Hour(partition, keys.hour(hour), hour=hour, cells=cells, facts=1, expires=0))


def stored(channel: Channel) -> StoredChannel:
    with fence.within(channel.agency.id):
        return channels.get(channel.agency.id, channel.id)


def test_new_channel_is_well_and_says_what_it_may_do(stack: Stack) -> None:
    shown = health(stack.connect("example"))
    assert (shown["health"], shown["incidents"], shown["down_seconds"], shown["consent"]) == ("ok", [], 0, None)
    assert {"reply", "private_reply", "hide", "delete", "react", "read", "typing"} <= set(shown["can"])


def test_dead_token_is_found_told_once_and_over_when_it_works_again(stack: Stack) -> None:
    channel = stack.connect("example")
    stack.behave("example", "expired", path="/v1/me", token=channel.token)
    assert repaired(channel)["health"] == "expired"
    [incident] = health(channel)["incidents"]
    assert (incident["health"], incident["ended_at"]) == ("expired", None)
    shown = repaired(channel)
    assert (shown["health"], shown["troubles"]) == ("ok", [])
    assert shown["incidents"][0]["ended_at"]


# What a network says, and what the channel's health says then. Only a token that is dead is a matter for a person.
CLASSES = {
    "expired": ("expired", "token.expired: token_expired"),
    "revoked": ("expired", "token.revoked: token_revoked"),
    "scope_missing": ("expired", "token.scope_lost: scope_missing"),
    "throttled": ("ok", None),
    "unavailable": ("ok", None),
    "broken": ("ok", None),
    "timeout": ("ok", None),
    "forbidden": ("alert", "token.refused: forbidden"),
}


def test_only_a_token_that_is_dead_asks_for_a_person(stack: Stack) -> None:
    channel = stack.connect("example")
    for failure, state in CLASSES.items():
        stack.behave("example", failure, path="/v1/me", token=channel.token)
        shown = repaired(channel)
        assert (shown["health"], shown["alert"]) == state, failure
        assert repaired(channel)["health"] == "ok"


def test_hook_that_the_network_forgot_is_turned_on_again(stack: Stack) -> None:
    channel = stack.connect("example")
    channel.tell_later("dm", id="m-unheard", person="ines", text="Hello?", at=clock.now())
    forgotten(channel)
    assert repaired(channel)["health"] == "ok"
    assert channel.message("m-unheard")["text"] == "Hello?"
    turned_on = [call for call in channel.calls() if call["path"] == "/v1/hook" and call["method"] == "PUT"]
    assert len(turned_on) == 2
    audited = audits.recent(stack.ours.owner, target=channel.id, action="channel.repair")
    assert [entry["after"] for entry in audited] == [{"missing": ["events"]}]


def test_what_was_not_kept_of_an_account_long_ago_is_kept_after_the_daily_look(stack: Stack) -> None:
    channel = stack.connect("mastodon")
    known = stored(channel)
    old = {"server": known.details["server"], "given": "by hand"}
    with fence.within(channel.agency.id):
        table.update(StoredChannel(known.pk, known.sk), [StoredChannel.details.set(old)])
        probes.probe(actors.system(known.pk), stored(channel), clock.now(), stack.hooks, asked=False)
    assert stored(channel).details == {**known.details, **old}
    assert known.details["id"]


def test_hook_that_stays_off_is_told(stack: Stack) -> None:
    channel = stack.connect("example")
    forgotten(channel, times=2)
    shown = repaired(channel)
    assert (shown["health"], shown["alert"]) == ("alert", "hook.missing: events")
    assert repaired(channel)["health"] == "ok"


def test_what_was_missed_while_it_was_broken_is_fetched_and_comes_once(stack: Stack) -> None:
    channel = stack.connect("example")
    stack.behave("example", "expired", path="/v1/me", token=channel.token)
    repaired(channel)
    said = {"id": "m-missed", "person": "ines", "text": "Is anybody there?", "at": clock.now()}
    channel.tell_later("dm", **said)
    repaired(channel)
    assert channel.message("m-missed")["text"] == "Is anybody there?"
    channel.tell("dm", **said)
    channel.settled()
    assert len(channel.messages()) == 1


def test_busy_channel_that_fell_silent_is_told_of_and_asked_for_what_came(stack: Stack) -> None:
    channel, last = stack.connect("example", stack.brand()), clock.now() // clock.HOUR * clock.HOUR - 2 * clock.DAY
    for hour in range(last - 20 * clock.DAY, last + 1, clock.HOUR):
        heard(channel, hour)
    channel.tell_later("dm", id="m-silent", person="ines", text="Why no answer?", at=clock.now() - clock.HOUR)
    shown = repaired(channel)
    assert (shown["health"], shown["alert"]) == ("alert", "silence")
    assert channel.message("m-silent")["text"] == "Why no answer?"


def test_daily_look_is_made_once_a_day_and_the_next_is_asked_for_whatever_comes(stack: Stack) -> None:
    channel = stack.connect("example")
    when = stored(channel).created_at + clock.DAY
    with fence.within(stack.ours.id):
        actor = actors.system(stack.ours.id)
        for late in (0, clock.MINUTE):
            probes.begin(actor, channel.id, when, when + late, stack.hooks)
        assert upkeeps.of(stack.ours.id, channel.id).probed_at == when
    asked = [call for call in stack.requests("example", channel.token) if call["path"] == "/v1/me"]
    assert len(asked) == 2  # when it was connected, and once since
    dues = [item for item in due.now_due(when + 3 * clock.DAY) if item.target == channel.id and item.kind == "probe"]
    assert sorted(int(item.when) for item in dues) == [when, when + clock.DAY]


def test_next_look_is_never_in_the_past() -> None:
    assert probes.next_at(clock.DAY, clock.DAY + 5) == 2 * clock.DAY
    assert probes.next_at(clock.DAY, 5 * clock.DAY + 5) == 6 * clock.DAY


def test_scopes_that_were_left_out_take_abilities_away(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    consenting.consented(stack, begun, shop, without="comments")
    [made] = consenting.connected(stack.ours, begun["id"], shop)
    shown = stack.ours.owner.get(f"/channels/{made['channel']}/health")
    assert "reply" in shown["can"] and "hide" not in shown["can"] and "private_reply" not in shown["can"]
    assert shown["consent"]["scopes"] == ["messages", "profile"]
    assert shown["consent"]["ends_at"] > shown["consent"]["renewed_at"]


def test_limits_of_the_network_are_shown(stack: Stack) -> None:
    channel = stack.connect("example")
    [limit] = stack.ours.owner.get(f"/channels/{channel.id}/limits")["limits"]
    assert (limit["name"], limit["used"], limit["most"]) == ("messages", 3, 1000)
    [limit] = stack.ours.owner.get(f"/channels/{stack.connect('viber').id}/limits")["limits"]
    assert limit == {"name": "messages_an_hour_to_a_person", "used": None, "most": 100, "ends_at": None}


def test_channel_is_looked_at_by_itself_within_a_day(stack: Stack) -> None:
    channel = stack.connect("mastodon")
    assert health(channel)["checked_at"] is None
    time_passes(26 * clock.HOUR, channel.id)
    eventually(lambda: health(channel)["checked_at"])


def test_times_of_trouble_are_counted_within_thirty_days() -> None:
    now = 100 * clock.DAY
    known = troubles.incidents([], "expired", "token.expired", now - 40 * clock.DAY)
    known = troubles.incidents(known, "ok", "", now - 29 * clock.DAY)
    known = troubles.incidents(known, "alert", "looking", now - 3 * clock.DAY)
    known = troubles.incidents(known, "paused", "account", now - 2 * clock.DAY)
    assert [incident.get("ended") for incident in known] == [now - 29 * clock.DAY, None]
    assert states.down_time(StoredChannel("agc_1", "channel#1", incidents=known), now) == 3 * clock.DAY
    for _ in range(30):
        known = troubles.incidents(troubles.incidents(known, "ok", "", now), "expired", "token", now)
    assert len(known) == troubles.MOST_INCIDENTS


def test_new_credentials_end_a_channels_trouble_if_they_are_its_accounts(stack: Stack) -> None:
    channel = stack.connect("example")
    place = f"/channels/{channel.id}/credentials"
    stack.behave("example", "expired", path="/v1/me", token=channel.token)
    assert repaired(channel)["health"] == "expired"
    assert stack.ours.owner.call("PUT", place, {"token": "token999999999"}).problem == (422, "other_account")
    stack.behave("example", "forbidden", path="/v1/me", token=channel.token)
    assert stack.ours.owner.call("PUT", place, {"token": channel.token}).problem == (422, "credentials_refused")
    stack.behave("example", "unavailable", path="/v1/me", token=channel.token)
    assert stack.ours.owner.call("PUT", place, {"token": channel.token}).problem == (503, "network_unreachable")
    shown = stack.ours.owner.put(place, {"token": channel.token})
    assert (shown["id"], shown["health"], shown["hook"]) == (channel.id, "ok", channel.hook)


def test_what_was_missed_until_there_were_new_credentials_is_fetched(stack: Stack) -> None:
    channel = stack.connect("example")
    stack.behave("example", "expired", path="/v1/me", token=channel.token)
    assert repaired(channel)["health"] == "expired"
    channel.tell_later("dm", id="m-missed", person="ines", text="Still nobody?")
    stack.ours.owner.put(f"/channels/{channel.id}/credentials", {"token": channel.token})
    time_passes(clock.MINUTE)
    assert channel.message("m-missed")["text"] == "Still nobody?"


def test_what_was_before_a_consent_comes_as_history(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    stack.happens("example", "dm", {"account": shop, "person": "ines", "text": "Long ago", "id": "m-before"})
    consenting.consented(stack, begun, shop)
    [made] = consenting.connected(stack.ours, begun["id"], shop)
    time_passes(clock.MINUTE)
    assert eventually(lambda: stack.ours.owner.every("/conversations", channel=made["channel"], status="all"))
