"""Whose something is, is decided when it comes in: no way back in leads to whoever has the account by then."""

import time
from collections.abc import Callable

import pytest

from chalicelib import clock
from chalicelib.networks.double import wire
from chalicelib.transport import intake
from tests.support.background import replayed
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, eventually, number

# S1: who has the account when what came in before comes in once more.
NEXT: dict[str, Callable[[Stack], Agency]] = {
    "another agency": lambda stack: stack.theirs,
    "another brand": lambda stack: stack.brand(),
    "the same brand, connected anew": lambda stack: stack.ours,
}


def moved(stack: Stack, channel: Channel, agency: Agency) -> Channel:
    """The same account, connected by somebody else."""
    channel.agency.owner.delete(f"/channels/{channel.id}")
    return stack.connect(channel.network, agency, account=channel.account)


def until_now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))


@pytest.mark.parametrize("whose", NEXT)
def test_replay_writes_nothing_for_whoever_has_the_account_by_now(stack: Stack, whose: str) -> None:
    fan = Fan(stack.connect("facebook"))
    fan.starts()
    fan.channel.settled()
    after = moved(stack, fan.channel, NEXT[whose](stack))
    range_ = {"since": fan.channel.since, "until": until_now(), "channel": fan.channel.id}
    assert replayed(stack.ours.owner, range_) >= 1
    after.message(Fan(after).says("For whoever has it now"))
    assert [message["text"] for message in after.messages()] == ["For whoever has it now"]


@pytest.mark.parametrize("whose", NEXT)
@pytest.mark.parametrize("form", ["a body as it came", "a part of a large one"])
def test_what_waited_in_a_queue_is_nobodys_once_the_account_moved(stack: Stack, whose: str, form: str) -> None:
    fan = Fan(stack.connect("facebook"))
    event, fields, _ = fan.said("Before it moved")
    raw, received_at = wire(fan.channel.body(event, **fields)), clock.now()
    envelope = {"network": "facebook", "hook": "", "received_at": received_at}
    if form == "a body as it came":
        envelope |= {"body": raw.decode()}
    else:
        items = [fan.channel.body(event, **fields)]
        envelope |= {"agency": stack.ours.id, "channel": fan.channel.id, "event": f"ing_{number()}", "items": items}
    after = moved(stack, fan.channel, NEXT[whose](stack))
    assert intake.process(envelope, 1, clock.now()) == {"unroutable": 1}
    assert after.conversations() == []


def test_parts_of_a_large_delivery_say_whose_they_are(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    said = [fan.said(f"Line {line}", at=clock.now() - 1000 + line) for line in range(intake.MOST_ITEMS_AT_ONCE + 1)]
    bodies = [fan.channel.body(event, **fields) for event, fields, _ in said]
    fan.channel.post(wire({**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]}))
    assert eventually(lambda: len(fan.channel.messages()) == len(bodies))


# S2: a brand's own hook, and the channels it may speak for.
def test_own_hook_does_not_speak_for_another_brand(stack: Stack) -> None:
    mine = stack.connect("facebook", app_secret="my-own-secret")
    other = Fan(stack.connect("facebook", stack.brand()))
    event, fields, _ = other.said("Forged")
    forged = wire(other.channel.body(event, **fields))
    assert mine.post(forged).status == 200
    other.channel.message(other.says("Real"))
    assert [message["text"] for message in other.channel.messages()] == ["Real"]


def test_hook_of_an_app_speaks_for_all_pages_of_that_app(stack: Stack) -> None:
    secret = f"one-app-{number()}"
    first, second = (Fan(stack.connect("facebook", app_secret=secret)) for _ in range(2))
    event, fields, id = second.said("To the second page")
    assert first.channel.post(wire(second.channel.body(event, **fields))).status == 200
    assert second.channel.message(id)["text"] == "To the second page"
