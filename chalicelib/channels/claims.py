"""Somebody tries to connect an account that another agency has. Both find it in their audit, but not who the other is.

The one who tries has proved to the network that they may use the account: it may be a mistake, or the account is about
to change hands.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib import clock, errors
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.channels import channels
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Upkeep

CLAIMED = "claimed"  # the kind of task


@contextmanager
def noting(actor: Actor, channel: Channel, now: int) -> Iterator[None]:
    """If connecting the new channel fails inside because another agency has its account, records that in both audits.
    Errors pass on.
    """
    try:
        yield
    except errors.Conflict as taken:
        if taken.code == "account_taken":
            _note(actor, channel, now)
        raise


def _note(actor: Actor, channel: Channel, now: int) -> None:
    after = {"network": channel.network, "account": channel.account, "code": "account_taken"}
    audit.note(actor, "channel.refuse", channel.brand, now, brand=channel.brand, after=after)
    owners = (channels.owner_of(channel.network, id) for id in (channel.account, *channel.also))
    others = {(owner.agency, owner.channel) for owner in owners if owner and owner.agency != actor.agency}
    queues.send(*(_task(agency, id, now) for agency, id in sorted(others)))


def _task(agency: str, channel: str, now: int) -> Task:
    return Task("upkeep", {"kind": CLAIMED, "agency": agency, "channel": channel, "when": now}, group=agency)


def record_claim(agency: str, id: str, when: int) -> None:
    """Writes the attempt into the audit of the agency that has the account, at most once a day. A
    repeat does nothing.
    """
    channel = channels.find(agency, id)
    if channel is None:
        return
    is_news = Upkeep.claimed_at.does_not_exist() | (Upkeep.claimed_at < when - clock.DAY)
    after = {"network": channel.network, "account": channel.account}
    try:
        table.transact(
            table.changing(Upkeep(agency, keys.UPKEEP + id), [Upkeep.claimed_at.set(when)], is_news),
            audit.entry(actors.system(agency), "channel.claim", id, when, brand=channel.brand, after=after),
        )
    except table.Refused:
        return
