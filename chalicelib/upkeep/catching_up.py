"""Asks a network for what it did not post: from before an account was connected, or from while it was broken.

The answers take the way of posted bodies, portion by portion; ids decide what is new, so a repeat adds nothing.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, log
from chalicelib.aws import queues
from chalicelib.channels import channels, lookouts
from chalicelib.networks import base
from chalicelib.store.models.channels import Channel
from chalicelib.transport import bodies, envelopes

LONGEST = 30 * clock.DAY
MOST_PORTIONS = 200
_AGAIN_SECONDS = 60


def perform(asked: Mapping[str, Any], now: int) -> str:
    """Asks for one portion and queues the task for the next one; gives the outcome as a word."""
    channel = channels.find(asked["agency"], asked["channel"])
    network = channels.network_of(channel) if channel else None
    if channel is None or network is None or network.past is None:
        return "nothing"
    since, turn = max(asked["since"], now - LONGEST), asked["turn"]
    stretch = base.Stretch(since=since, mark=asked["mark"], is_history=asked["history"])
    try:
        pulled = network.past(channels.credentials(channel.pk, channel), stretch)
    except (base.Unreachable, base.Throttled) as passing:
        return _try_later(asked, channel, passing, turn)
    except base.Outcome as outcome:
        log.line("catching_up_failed", channel=channel.id, network=channel.network, code=outcome.code)
        return "refused"
    queues.send(
        *(envelopes.task(channel.network, "", bodies.as_bytes(body), now, group=channel.pk) for body in pulled.bodies)
    )
    if pulled.more and turn < MOST_PORTIONS:
        queues.send(lookouts.past_task(channel, since, is_history=asked["history"], mark=pulled.mark, turn=turn + 1))
        return "goes_on"
    return "done"


def _try_later(asked: Mapping[str, Any], channel: Channel, passing: base.Outcome, turn: int) -> str:
    if turn >= MOST_PORTIONS:
        return "given_up"
    again = lookouts.past_task(
        channel, asked["since"], is_history=asked["history"], mark=asked["mark"], turn=turn + 1,
        delay=min(max(_AGAIN_SECONDS, int(passing.after)), 900),
    )  # fmt: skip
    queues.send(again)
    return "later"
