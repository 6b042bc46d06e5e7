"""Channels: accounts of brands on networks. An account belongs to one channel: that of whoever connected it first."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import errors, ids, networks
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.channels import troubles
from chalicelib.networks.base import Consent, Credentials, Expired, Network, Secrets, consent_for
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.channels import Channel, Route

DEAFENING = ("token", "hook")  # troubles while which nothing may come in
_MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Owner:
    """The agency, brand and channel to which something from a network belongs."""

    agency: str
    brand: str
    channel: str
    network: str


def owner_of(network: str, account: str) -> Owner | None:
    """The owner of an account on a network, None if no agency has connected it."""
    return _owner(_route_of(network, account))


def owner_of_hook(network: str, channel: str) -> Owner | None:
    """The owner of a channel that has a hook address of its own, None if the network has no such channel."""
    return _owner(_route_of_hook(network, channel))


def owner_at(network: str, account: str, hook_channel: str, received_at: int) -> Owner | None:
    """The owner of what was received for an account at that time (ms), at the own hook of `hook_channel` if given.

    None if the account was connected only later: what came before belongs to whoever had it then. None also if the
    hook's channel may not speak for the account. It speaks for itself and for channels of its agency with the same app,
    which means that their bodies are signed with the same secret, or were until recently. Without an account the hook's
    channel is meant.
    """
    hook = _route_of_hook(network, hook_channel) if hook_channel else None
    if hook_channel and hook is None:
        return None
    route = _route_of(network, account) if account or hook is None else hook
    if route is None or route.connected_at > received_at or (hook and not _signs_for(hook, route, received_at)):
        return None
    return _owner(route)


def needs_our_app(network: Network, account: str) -> bool:
    """True if somebody connected the account without an app of their own, so that our app signs
    what is posted for it.
    """
    routes = (_route_of(key, account) for key in (network.key, *network.siblings))
    return any(route is not None and not route.signer for route in routes)


def accepts_for(network: str, hook_channel: str, channel: Channel) -> bool:
    """True if what is posted to the own hook of `hook_channel` is, and stays, accepted for this channel too."""
    hook = _route_of_hook(network, hook_channel)
    route = _route_of_hook(channel.network, channel.id) if hook else None
    return hook is not None and route is not None and _signs_for(hook, route)


def _signs_for(hook: Route, route: Route, at: int | None = None) -> bool:
    """At that time (ms); without it, for good: signing secrets that hold only for a changeover do not count then."""
    is_same_app = hook.agency == route.agency and bool(_signers(hook, at) & _signers(route, at))
    return hook.channel == route.channel or is_same_app


def _signers(route: Route, at: int | None) -> set[str]:
    lately = (route.was_signer or "").split() if at is not None and at < (route.was_until or 0) else ()
    return {signer for signer in (route.signer, *lately) if signer}


def _route_of(network: str, account: str) -> Route | None:
    return table.get(Route, lookups.route(network, account), lookups.ROUTE)


def _route_of_hook(network: str, channel: str) -> Route | None:
    route = table.get(Route, lookups.hook(channel), lookups.HOOK) if ids.is_id(channel, "chn") else None
    return route if route and route.network == network else None


def _owner(route: Route | None) -> Owner | None:
    return Owner(route.agency, route.brand, route.channel, route.network) if route else None


def get(agency: str, id: str) -> Channel:
    """Raises NotFound unless it is a channel of the agency."""
    channel = find(agency, id)
    if channel is None:
        raise errors.NotFound
    return channel


def find(agency: str, id: str) -> Channel | None:
    """None also for a channel that was disconnected."""
    return table.get(Channel, agency, keys.noun(id)) if ids.is_id(id, "chn") else None


def every(agency: str, after: str = "") -> Iterator[Channel]:
    """The channels of the agency, oldest first; only those after the sort key `after`."""
    return table.query(Channel, agency, "channel#", after=after, consistent=True)


def of_brands(agency: str, brands: Collection[str], after: str = "") -> Iterator[Channel]:
    """The channels of these brands, oldest first; only those after the sort key `after`."""
    return (channel for channel in every(agency, after) if channel.brand in brands)


def of_account(agency: str, network: str, account: str) -> list[Channel]:
    """The agency's channels whose account has that id on the network, as its main id or one of its others (`also`)."""
    on_network = (channel for channel in every(agency) if channel.network == network)
    return [channel for channel in on_network if account == channel.account or account in channel.also]


def routes_of(network: str, account: str) -> list[tuple[type[Route], str, str]]:
    """For table.each: the routes of the account, on that network and on its siblings, which share the hook."""
    known = networks.get(network)
    every = (network, *(known.siblings if known else ())) if account else ()
    return [(Route, lookups.route(key, account), lookups.ROUTE) for key in every]


def network_of(channel: Channel) -> Network:
    """The adapter of the channel's network. Raises NotFound if this build does not have it."""
    network = networks.get(channel.network)
    if network is None:
        raise errors.NotFound
    return network


def consent_of(channel: Channel) -> Consent | None:
    """The login of the channel's network through which its account is connected. Raises NotFound as `network_of`."""
    return consent_for(network_of(channel).consent, product_of(channel))


def product_of(channel: Channel) -> str:
    """The product for which that login is, as apps are stored by product; empty for the usual login."""
    how, product = network_of(channel).consent, str(channel.details.get("product", ""))
    return product if how and product in how.products else ""


def credentials(agency: str, channel: Channel) -> Credentials:
    """Decrypts the credentials with which the network is called for the channel."""
    opened = secrets.unseal(agency, channel.id, channel.sealed)
    return Credentials(
        account=channel.account, token=opened["token"], secret=opened.get("secret", ""), details=channel.details,
        refresh=opened.get("refresh", ""), key=opened.get("key", ""),
    )  # fmt: skip


def hook_secrets(owner: Owner, now: int) -> Secrets:
    """The secrets that verify what is posted to the channel's own hook."""
    channel = get(owner.agency, owner.channel)
    return secrets.current(secrets.unseal(owner.agency, channel.id, channel.sealed).get("hook", {}), now)


def visible(actor: Actor, id: str) -> Channel:
    """Raises NotFound unless the actor works for the channel's brand, Forbidden without the permission of the route."""
    channel = get(actor.agency, id)
    actor.admit(channel.brand)
    return channel


def report_health(
    agency: str, id: str, health: str, name: str, at: int, detail: str = "", more: Mapping[str, int] | None = None
) -> None:
    """Stores a change of the channel's health at that time (ms): a trouble begins, or with health `ok` it ends.

    `name` is `trouble` or `trouble.more`; `more` is stored with it. Does nothing if the channel was disconnected.
    """
    for _ in range(_MOST_ATTEMPTS):
        channel = find(agency, id)
        if channel is None:
            return
        known = troubles.after(channel.troubles, health, name, detail, at, more)
        shown, alert = troubles.worst(known)
        incidents = troubles.incidents(channel.incidents, shown, alert, at)
        actions = [Channel.troubles.set(known), Channel.health.set(shown), Channel.alert.set(alert)]
        actions += [Channel.incidents.set(incidents)] if incidents != channel.incidents else []
        if table.update(Channel(channel.pk, channel.sk), actions, Channel.troubles == channel.troubles):
            return
    raise errors.Unavailable("Others are changing the channel at the same time. Try again.")


def report_lost_token(agency: str, id: str, outcome: Expired, at: int) -> None:
    """Stores that the channel's token no longer works, until somebody consents again."""
    report_health(agency, id, "expired", f"{troubles.TOKEN}.{outcome.loss}", at, outcome.code)


def end_trouble(channel: Channel, name: str, now: int) -> None:
    """Ends the trouble if it lasts. Most of the time there is none, and nothing is written."""
    if troubles.lasts(channel.troubles, name):
        report_health(channel.pk, channel.id, "ok", name, now)


def pause(agency: str, id: str, until: int) -> None:
    """Sends nothing on the channel before `until` (ms). Does nothing if the channel was disconnected."""
    table.update(Channel(agency, keys.noun(id)), [Channel.resume_at.set(until)], Channel.pk.exists())


def hook_address(hooks: str, channel: Channel) -> str:
    """The address to which the network posts what happens on the channel; `hooks` is the address of all hooks."""
    return f"{hooks}/{channel.network}" + (f"/{channel.id}" if channel.own_hook else "")


def row(channel: Channel) -> Mapping[str, Any]:
    """A short form of `view`, with the same values."""
    return {"id": channel.id, "network": channel.network, "health": channel.health, "alert": channel.alert or None}


def view(channel: Channel, hooks: str) -> Mapping[str, Any]:
    return {
        "id": channel.id,
        "brand": channel.brand,
        "network": channel.network,
        "account": channel.account,
        "name": channel.name,
        "external_id": channel.external_id,
        "hook": hook_address(hooks, channel),
        "state": channel.settling or "connected",
        "health": channel.health,
        "alert": channel.alert or None,
        "troubles": troubles.view(channel.troubles),
    }
