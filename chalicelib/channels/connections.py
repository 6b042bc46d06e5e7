"""Connects and disconnects accounts of brands on networks. An account belongs to whoever connected it first.

Both take three steps: one in the table, one at the network, one in the table. The first makes `settle` due in a minute.
If this process dies in between, `settle` removes the channel. Whoever was connecting it got no answer then, nor the
hook's secret, which is shown once; they connect it again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from chalicelib import clock, errors, log, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.channels import channels, claims, grants, lookouts, moves, routing, sealing
from chalicelib.channels.grants import Grant
from chalicelib.networks.base import Credentials, Network, Outcome, Throttled, Unknown, Unreachable
from chalicelib.plans import gates, holdings
from chalicelib.store import due, external_ids, fence, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Channel

Hook = Mapping[str, str]  # `secret` or `verify_token` of a channel's own hook; empty for a channel without one
SETTLED_AFTER = clock.MINUTE  # no request lives that long, so nobody else is at it
_MOST_ATTEMPTS = 10


def connect(
    actor: Actor,
    *,
    brand_id: str,
    network_key: str,
    credentials: Credentials,
    name: str,
    hooks: str,
    now: int,
    external_id: str | None = None,
    grant: Grant | None = None,
    move: str = "",
) -> tuple[Channel, Hook]:
    """Connects the account of these credentials. Without a `name`, the channel takes the account's name.

    `grant` is the consent that gave the credentials, if somebody consented on the network's own page; `move` is the
    code with which another agency hands the account over. Gives the channel and the secrets of its own hook.

    Raises Invalid if the network refuses the credentials, Conflict if the account is connected already or the brand is
    archived, Unavailable if the network cannot be reached.
    """
    network, brand = network_and_brand(actor, network_key, brand_id)
    with refusals():
        connected = network.check(credentials)
        if credentials.account not in ("", connected.account, *connected.also):
            raise errors.Invalid("The credentials belong to another account.", code="other_account", field="account")
        known = replace(credentials, account=connected.account, details=connected.details)
        channel, hook = sealing.new_channel(actor.agency, brand.id, network, known, now)
        channel.settling, channel.settle_at = "connecting", now + SETTLED_AFTER
        channel.connected_by = actor.member
        channel.name, channel.also = name or connected.name, list(connected.also)
        channel.external_id = external_id
        given = moves.offered(actor.agency, move, network.key, channel.account, now) if move else None
        with claims.noting(actor, channel, now):
            _write_connecting(actor, network, channel, now, given, grant)
        looks = [*lookouts.asking_for_existing(channel, network, now, is_granted=grant is not None)]
        if grant and grant.app:  # whose hook somebody has still to set right
            looks.append(due.at(actor.agency, now, grants.PROBE, channel.id))
        _subscribe(actor, network, known, channel, channels.hook_address(hooks, channel), hook, now, *looks)
    return channel, hook


def network_and_brand(actor: Actor, network_key: str, brand_id: str) -> tuple[Network, Brand]:
    """The network and the brand. Raises Invalid, NotFound or Conflict if accounts cannot be connected there."""
    network = networks.get(network_key)
    if network is None:
        raise errors.Invalid("There is no network with this key.", code="unknown_reference", field="network")
    brand = brands.at_work(actor.agency, brands.get(actor, brand_id).id)
    if bool(brand.is_sandbox) != (network.play is not None):
        code, detail = "sandbox_only", "A sandbox brand takes only the sandbox network, and no other brand takes it."
        raise errors.Invalid(detail, code=code, field="network")
    return network, brand


@contextmanager
def asking(refusal: Callable[[str], errors.Problem]) -> Iterator[None]:
    """For calls to a network: its refusal becomes the problem that `refusal` makes of the network's reason.

    Raises Unavailable if the network cannot be reached or gives no clear answer.
    """
    try:
        yield
    except (Throttled, Unreachable, Unknown) as passing:
        raise errors.Unavailable(passing.text, code="network_unreachable") from passing
    except Outcome as refused:
        raise refusal(refused.text) from refused


@contextmanager
def refusals() -> Iterator[None]:
    """Like `asking`, for calls in which the network checks credentials: its refusal becomes Invalid."""
    with asking(lambda text: errors.Invalid(text, code="credentials_refused", field="credentials")):
        yield


def _write_connecting(
    actor: Actor, network: Network, channel: Channel, now: int, given: Channel | None, grant: Grant | None
) -> None:
    """Writes the channel and its look-ups. `given` is the channel of another agency whose account is moved here; it is
    deleted.

    Raises Conflict if the account is connected already, PaymentRequired if the plan allows no more channels.
    """
    channel.is_moved = given is not None
    writes = (
        table.putting(channel),
        *holdings.change(actor.agency, "channels", 1, now, may_pay=gates.may_pay(actor)),
        _entry(actor, "channel.start", channel, now),
        due.at(actor.agency, channel.settle_at, "channel", channel.id),
        *routing.leading_to(channel, given),
        *lookouts.starting(channel, network, grant.app if grant else ""),
        *external_ids.claiming(actor.agency, channel.id, channel.brand, channel.external_id),
        *grants.starting(channel, grant, now),
    )
    if given is None:
        table.transact(*writes)
        return
    try:
        with fence.beside(given.pk):
            table.transact(*writes, *moves.giving_up(given, channel, now))
    except table.Refused as raced:
        raise errors.Unavailable("Others are changing the account at the same time. Try again.") from raced


def _subscribe(
    actor: Actor,
    network: Network,
    known: Credentials,
    channel: Channel,
    address: str,
    hook: Hook,
    now: int,
    *more: table.Write,
) -> None:
    """Asks the network to post to the hook. If it refuses, the channel is removed again, unless its account was taken
    over.
    """
    try:
        network.subscribe(known, address, hook.get("secret", ""))
    except Outcome as outcome:
        if channel.is_moved:
            log.line("subscribe_failed", channel=channel.id, network=channel.network, code=outcome.code)
            _keep_without_hook(actor, channel, now)
            return
        _undo_connecting(actor, channel, outcome, now)
        raise
    _finish_connecting(actor, channel, now, now + clock.DAY, *more)


def _undo_connecting(actor: Actor, channel: Channel, outcome: Outcome, now: int) -> None:
    if isinstance(outcome, Unknown):  # it may post all the same
        settle(actor, channel.id, now)
    else:
        _remove(channel, _entry(actor, "channel.stop", channel, now))


def _keep_without_hook(actor: Actor, channel: Channel, now: int) -> None:
    """Keeps a channel whose account was taken over but whose hook failed; the due probe turns the hook on as soon as it
    can.
    """
    channels.report_health(channel.pk, channel.id, "alert", "hook.missing", now)
    _finish_connecting(actor, channel, now, now)


def _finish_connecting(actor: Actor, channel: Channel, now: int, look_at: int, *more: table.Write) -> None:
    settled = [Channel.settling.remove(), Channel.settle_at.remove()]
    table.transact(
        _moving(channel, "connecting", *settled),
        due.no_longer(actor.agency, channel.settle_at, "channel", channel.id),
        due.at(actor.agency, look_at, grants.PROBE, channel.id),
        *more,
        _entry(actor, "channel.connect", channel, now),
    )
    channel.settling = None


def disconnect(actor: Actor, channel: Channel, now: int) -> None:
    """Gives the account up; its conversations stay. The network is told too; if that fails, it is only logged.

    Raises Conflict while the channel is being connected or disconnected.
    """
    channel.settle_at = now + SETTLED_AFTER
    changes = [Channel.settling.set("disconnecting"), Channel.settle_at.set(channel.settle_at)]
    table.transact(
        _moving(channel, None, *changes),
        due.at(actor.agency, channel.settle_at, "channel", channel.id),
        _entry(actor, "channel.disconnect", channel, now),
    )
    _unsubscribe_and_remove(actor.agency, channel)


def settle(actor: Actor, id: str, now: int) -> None:
    """Removes the channel if connecting or disconnecting it was never finished. A repeat does nothing.

    A channel whose account was taken over stays, because nobody is left to whom the account could be given back.
    """
    channel = channels.find(actor.agency, id)
    if channel is None or not channel.settling:
        return
    if channel.settling == "connecting" and channel.is_moved:
        _keep_without_hook(actor, channel, now)
        return
    if channel.settling == "connecting":
        stop = _moving(channel, "connecting", Channel.settling.set("disconnecting"))
        table.transact(stop, _entry(actor, "channel.stop", channel, now))
    _unsubscribe_and_remove(actor.agency, channel)


def _moving(channel: Channel, settling: str | None, *actions: table.Action) -> table.Write:
    """For transact: changes a channel whose `settling` is this. Raises Conflict if it has changed meanwhile."""
    is_so = Channel.settling == settling if settling else Channel.pk.exists() & Channel.settling.does_not_exist()
    unsettled = errors.Conflict(
        "The channel is being connected or disconnected. Try again in a minute.", code="channel_unsettled"
    )
    return table.changing(Channel(channel.pk, channel.sk), actions, is_so, otherwise=unsettled)


def _unsubscribe_and_remove(agency: str, channel: Channel) -> None:
    """Tells the network to post nothing more, unless another channel needs these posts too, and removes the channel."""
    network = networks.get(channel.network)
    try:
        if network and not routing.is_shared(channel, network):
            network.unsubscribe(channels.credentials(agency, channel))
    except Outcome as outcome:  # an account with an invalid token can be disconnected too
        log.line("unsubscribe_failed", channel=channel.id, network=channel.network, code=outcome.code)
    _remove(channel)


def _remove(channel: Channel, *writes: table.Write) -> None:
    """Deletes the channel and its look-ups, together with the other writes. Does nothing if it was
    removed meanwhile.
    """
    for _ in range(_MOST_ATTEMPTS):
        try:
            table.transact(
                table.deleting(Channel(channel.pk, channel.sk), Channel.settling.exists()),
                *holdings.change(channel.pk, "channels", -1, channel.settle_at),
                due.no_longer(channel.pk, channel.settle_at, "channel", channel.id),
                *routing.leading_elsewhere(channel),
                *lookouts.ending(channel, networks.get(channel.network)),
                *grants.ending(channel),
                *external_ids.releasing(channel.pk, channel.id, channel.brand, channel.external_id),
                *writes,
            )
        except table.Refused:
            if channels.find(channel.pk, channel.id) is None:
                return
        else:
            return
    raise errors.Unavailable("Others are changing the channel at the same time. Try again.")


def _entry(actor: Actor, action: str, channel: Channel, now: int) -> table.Write:
    came = {"moved": True} if channel.is_moved and action == "channel.connect" else {}
    after = {"network": channel.network, "account": channel.account, **came}
    return audit.entry(actor, action, channel.id, now, brand=channel.brand, after=after)
