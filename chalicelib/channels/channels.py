"""A brand's account on a network. One account belongs to one channel of one agency, whoever connected it first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import errors, ids, networks
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.networks.base import Credentials, Network, Secrets
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Route


@dataclass(frozen=True)
class Owner:
    """Whose something that came from a network is."""

    agency: str
    brand: str
    channel: str
    network: str


def owner_of(network: str, account: str) -> Owner | None:
    """The present owner of a network's account; None if nobody here connected it."""
    return _owner(table.get(Route, keys.route(network, account), keys.ROUTE))


def owner_of_hook(network: str, channel: str) -> Owner | None:
    """The owner of a hook's address of its own."""
    owner = _owner(table.get(Route, keys.hook(channel), keys.HOOK)) if ids.is_id(channel, "chn") else None
    return owner if owner and owner.network == network else None


def _owner(route: Route | None) -> Owner | None:
    return Owner(route.agency, route.brand, route.channel, route.network) if route else None


def get(agency: str, id: str) -> Channel:
    """NotFound unless it is a channel of the agency."""
    channel = find(agency, id)
    if channel is None:
        raise errors.NotFound
    return channel


def find(agency: str, id: str) -> Channel | None:
    """The channel; None once it is disconnected."""
    return table.get(Channel, agency, keys.noun(id)) if ids.is_id(id, "chn") else None


def every(agency: str) -> Iterator[Channel]:
    """All channels of the agency, oldest first."""
    return table.query(Channel, agency, "channel#", consistent=True)


def of_account(agency: str, network: str, account: str) -> list[Channel]:
    """The agency's channels that the network means by that account id, their other ids included."""
    mine = (channel for channel in every(agency) if channel.network == network)
    return [channel for channel in mine if account == channel.account or account in channel.also]


def network_of(channel: Channel) -> Network:
    """The network's code; NotFound if this build does not have it."""
    network = networks.get(channel.network)
    if network is None:
        raise errors.NotFound
    return network


def credentials(agency: str, channel: Channel) -> Credentials:
    """What is needed to speak for the channel."""
    opened = secrets.unseal(agency, channel.id, channel.sealed)
    return Credentials(
        account=channel.account, token=opened["token"], secret=opened.get("secret", ""), details=channel.details
    )


def hook_secrets(owner: Owner, now: int) -> Secrets:
    """What bodies posted to the channel's own hook are verified against."""
    channel = get(owner.agency, owner.channel)
    return secrets.current(secrets.unseal(owner.agency, channel.id, channel.sealed).get("hook", {}), now)


def visible(actor: Actor, id: str) -> Channel:
    """NotFound unless it belongs to one of the actor's brands."""
    channel = get(actor.agency, id)
    actor.admit(channel.brand)
    return channel


def report(agency: str, id: str, health: str, name: str, detail: str = "") -> None:
    """Write down how the channel is: shown, and looked at before sending. `ok` clears only alerts of its own kind."""
    channel = Channel(agency, keys.noun(id))
    kind = name.partition(".")[0]
    alert = "" if health == "ok" else f"{name}: {detail}" if detail else name
    same = (Channel.health == "ok") | Channel.alert.startswith(kind)
    table.update(
        channel,
        [Channel.health.set(health), Channel.alert.set(alert)],
        Channel.pk.exists() & same if health == "ok" else Channel.pk.exists(),
    )


def pause(agency: str, id: str, until: int) -> None:
    """Do not speak on the channel before `until`."""
    table.update(Channel(agency, keys.noun(id)), [Channel.resume_at.set(until)], Channel.pk.exists())


def hook_address(hooks: str, channel: Channel) -> str:
    """Where the network posts what happens on the channel."""
    return f"{hooks}/{channel.network}" + (f"/{channel.id}" if channel.own_hook else "")


def view(channel: Channel, hooks: str) -> Mapping[str, Any]:
    """A channel as the API tells it; never its token or secret."""
    return {
        "id": channel.id,
        "brand": channel.brand,
        "network": channel.network,
        "account": channel.account,
        "name": channel.name,
        "hook": hook_address(hooks, channel),
        "health": channel.health,
        "alert": channel.alert or None,
    }
