"""A network that fails as a whole: who sees that, and who is told."""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.aws import queues
from chalicelib.channels import pulses
from chalicelib.channels.pulses import Pulse
from chalicelib.store import fence
from chalicelib.upkeep import outages
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually

TYPE = "network.status_changed"


def this_minute() -> int:
    return clock.now() // clock.MINUTE


def failed(agency: Agency, network: str, minutes: Iterable[int]) -> None:
    """As if a call of the agency had failed in each of these minutes."""
    with fence.within(agency.id):
        for minute in minutes:
            pulses.keep(Pulse(network, agency.id, minute))


def status(agency: Agency, network: str) -> Any:
    [row] = [row for row in agency.owner.get("/networks/status")["items"] if row["key"] == network]
    return row


def noted(agency: Agency, network: str) -> list[int]:
    known = pulses.between(this_minute() - 2, this_minute())
    return [pulse.minute for pulse in known if (pulse.network, pulse.agency) == (network, agency.id)]


def sends_in_vain(stack: Stack, agency: Agency) -> int:
    """The minute in which a reply of the agency met the failing network."""
    fan = Fan(stack.connect("line", agency))
    fan.starts()
    fan.channel.fails("unavailable", f"Lost {fan.id}")
    fan.hears(f"Lost {fan.id}")
    return eventually(lambda: noted(agency, "line"))[-1]


def test_network_that_fails_two_agencies_is_degraded_for_both(stack: Stack) -> None:
    for agency in (stack.ours, stack.theirs):
        minute = sends_in_vain(stack, agency)
        failed(agency, "line", [minute - 1, minute - 2])
    for agency in (stack.ours, stack.theirs):
        answer = agency.owner.call("GET", "/networks/status")
        [shown] = [row for row in answer.json["items"] if row["key"] == "line"]
        assert shown["status"] in ("degraded", "refusing")
        assert shown["since"] <= clock.text((minute - 1) * clock.MINUTE)
        assert set(shown) == {"key", "name", "status", "since"}
        assert b"agc_" not in answer.raw


def test_one_agency_alone_sees_what_it_meets_and_the_other_sees_nothing(stack: Stack) -> None:
    minute = this_minute()
    failed(stack.ours, "trustpilot", range(minute - 5, minute))
    assert status(stack.ours, "trustpilot")["status"] == "refusing"
    shown = status(stack.theirs, "trustpilot")
    assert (shown["status"], shown["since"]) == ("working", None)


def test_network_that_works_again_says_since_when(stack: Stack) -> None:
    minute = this_minute()
    for agency in (stack.ours, stack.theirs):
        failed(agency, "google_play", [minute - 20, minute - 19])
    shown = status(stack.ours, "google_play")
    assert (shown["status"], shown["since"]) == ("working", clock.text((minute - 18) * clock.MINUTE))


def test_servers_that_somebody_named_say_nothing_of_a_network(stack: Stack) -> None:
    for network in ("mastodon", "bluesky", "custom", "playground"):
        shown = status(stack.ours, network)
        assert (shown["status"], shown["since"]) == (None, None)
    channel = stack.connect("mastodon")
    kept = noted(channel.agency, "mastodon")
    assert kept == []


def test_agencies_are_told_once_that_it_fails_and_once_that_it_works(stack: Stack) -> None:
    begun, cursor = this_minute() - 60, end(stack.ours.owner)
    for agency in (stack.ours, stack.theirs):
        failed(agency, "app_store", [begun, begun + 1])
    for minutes in (3, 3, 4, 5, 8, 9, 9, 10):  # ticks may come late, and twice
        queues.send(*outages.tasks((begun + minutes) * clock.MINUTE))
    events = eventually(lambda: told(stack.ours, cursor, 2))
    queues.send(*outages.tasks((begun + 10) * clock.MINUTE))
    shown = [event["data"]["network"] for event in events]
    assert [(network["status"], network["since"]) for network in shown] == [
        ("degraded", clock.text(begun * clock.MINUTE)),
        ("working", clock.text((begun + 2) * clock.MINUTE)),
    ]
    assert len(told(stack.ours, cursor, 2)) == 2
    assert stack.theirs.id not in str(events)


def test_who_fails_alone_is_told_alone() -> None:
    minute = this_minute()
    known = [Pulse("x", "agc_1", minute - ago) for ago in (3, 4)] + [Pulse("x", "agc_2", minute - 90)]
    tasks = list(outages.event_tasks(known, minute - 2))
    assert [task.group for task in tasks] == ["agc_1"]


def test_who_meets_it_later_is_told_what_the_others_were(stack: Stack) -> None:
    minute = this_minute()
    known = [Pulse("x", agency, minute - ago) for agency in ("agc_1", "agc_2") for ago in range(2, 30)]
    assert list(outages.event_tasks(known, minute - 2)) == []
    late = [*known, Pulse("x", "agc_3", minute - 2)]
    assert [task.group for task in outages.event_tasks(late, minute - 2)] == ["agc_3"]


def test_much_is_read_once_in_ten_seconds_and_little_always() -> None:
    seconds, reads = [0.0], list[int]()

    def read(first: int, last: int) -> list[Pulse]:
        reads.append(last)
        return [Pulse("x", f"agc_{number}", last) for number in range(1000 if last > 1 else 999)]

    memory = pulses.Memory(read, lambda: seconds[0])
    for minute, at in ((1, 0), (1, 0), (2, 0), (2, 9.9), (2, 10), (3, 10)):
        seconds[0] = at
        assert {pulse.minute for pulse in memory.between(0, minute)} == {minute}
    assert reads == [1, 1, 2, 2, 3]


def told(agency: Agency, cursor: str, most: int) -> list[Any]:
    """What the agency was told of that network; nothing until it is so much."""
    events = [event for event in news(agency.owner, cursor, type=TYPE) if event["target"] == "app_store"]
    return events if len(events) >= most else []
