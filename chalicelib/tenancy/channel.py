"""A brand's account on a network. One account belongs to one channel of one agency, whoever connected it first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import errors, ids, log, networks, secrets
from chalicelib.api.actor import Actor
from chalicelib.networks.base import Credentials, Expired, Network, Outcome, Rejected, Secrets
from chalicelib.store import keys, table
from chalicelib.store.models import Channel, Route
from chalicelib.tenancy import brand


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
    channel = table.get(Channel, agency, keys.noun(id)) if ids.is_id(id, "chn") else None
    if channel is None:
        raise errors.NotFound
    return channel


def every(agency: str) -> Iterator[Channel]:
    """All channels of the agency, oldest first."""
    return table.query(Channel, agency, "channel#", consistent=True)


def named(agency: str, network: str, account: str) -> list[Channel]:
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
    found = get(actor.agency, id)
    if not actor.sees(found.brand):
        raise errors.NotFound
    return found


def connect_for(actor: Actor, body: Mapping[str, Any], hooks: str, now: int) -> tuple[Channel, str]:
    """Connect as the request body says. Raises Invalid if the network refuses the credentials."""
    network = networks.get(body["network"])
    if network is None:
        raise errors.Invalid("There is no such network.", field="network")
    of = brand.get(actor, body["brand"])
    given = Credentials(account=body.get("account", ""), details=body.get("details", {}), **body["credentials"])
    try:
        return connect(actor.agency, of.id, network, given, hooks, body.get("name", ""), now)
    except (Expired, Rejected) as refused:
        raise errors.Invalid(refused.text, code="credentials_refused", field="credentials") from refused
    except Outcome as outcome:
        raise errors.Unavailable(outcome.text, code="network_unreachable") from outcome


def connect(
    agency: str, brand_id: str, network: Network, given: Credentials, hooks: str, name: str, now: int
) -> tuple[Channel, str]:
    """Check the credentials with the network, take the account, subscribe the hook; gives the channel and its secret.

    Raises Conflict if another agency, or another channel, has the account. Nothing stays if subscribing fails.
    """
    found = network.check(given)
    id = ids.new("chn")
    secret = ids.secret() if network.secret_per_channel else ""
    own_secret = secret or given.secret
    hook = {"signing": [own_secret] if own_secret else [], "verify": [ids.secret()] if own_secret else []}
    channel = Channel(
        pk=agency, sk=keys.noun(id), id=id, brand=brand_id, network=network.key, account=found.account,
        name=name or found.name, also=list(found.also), details=dict(found.details), created_at=now,
        sealed=secrets.seal(agency, id, {"token": given.token, "secret": given.secret, "hook": hook}),
    )  # fmt: skip
    _take(agency, channel)
    try:
        credentials_found = Credentials(
            account=found.account, token=given.token, secret=given.secret, details=found.details
        )
        network.subscribe(credentials_found, hook_address(hooks, channel), secret)
    except Outcome:
        _release(agency, channel)
        raise
    return channel, secret


def hook_address(hooks: str, channel: Channel) -> str:
    """Where the network posts what happens on the channel."""
    own = network_of(channel).secret_per_channel
    return f"{hooks}/{channel.network}" + (f"/{channel.id}" if own else "")


def disconnect(agency: str, channel: Channel) -> None:
    """Give the account up; its conversations stay. The network is told too, as far as it still listens."""
    network = network_of(channel)
    try:
        if not any(owner_of(sibling, channel.account) for sibling in network.siblings):
            network.unsubscribe(credentials(agency, channel))
    except Outcome as outcome:  # a dead token must not keep an account connected
        log.line("unsubscribe_failed", channel=channel.id, network=channel.network, code=outcome.code)
    _release(agency, channel)


def report(agency: str, id: str, health: str, name: str, detail: str = "") -> None:
    """Write down how the channel is; shown with it, and what sending looks at. `ok` clears only alerts of its own kind."""
    of = Channel(agency, keys.noun(id))
    kind = name.partition(".")[0]
    alert = "" if health == "ok" else f"{name}: {detail}" if detail else name
    same = (Channel.health == "ok") | Channel.alert.startswith(kind)
    table.update(
        of,
        [Channel.health.set(health), Channel.alert.set(alert)],
        Channel.pk.exists() & same if health == "ok" else Channel.pk.exists(),
    )


def pause(agency: str, id: str, until: int) -> None:
    """Do not speak on the channel before `until`."""
    table.update(Channel(agency, keys.noun(id)), [Channel.resume_at.set(until)], Channel.pk.exists())


def _take(agency: str, channel: Channel) -> None:
    new = Route.pk.does_not_exist()
    shared = new | (Route.agency == agency)
    routes = [table.putting(_route(keys.route(channel.network, channel.account), keys.ROUTE, agency, channel), new)]
    routes += [
        table.putting(_route(keys.route(channel.network, other), keys.ROUTE, agency, channel), shared)
        for other in channel.also
    ]
    routes.append(table.putting(_route(keys.hook(channel.id), keys.HOOK, agency, channel), new))
    try:
        table.transact(table.putting(channel), *routes)
    except table.Refused as refused:
        raise errors.Conflict("This account is already connected.", code="account_taken", field="account") from refused


def _release(agency: str, channel: Channel) -> None:
    mine = Route.channel == channel.id
    for pk, sk in [(keys.hook(channel.id), keys.HOOK)] + [
        (keys.route(channel.network, account), keys.ROUTE) for account in (channel.account, *channel.also)
    ]:
        table.delete(Route(pk, sk), mine)
    table.delete(channel)
    for other in channel.also:  # what several channels share goes to one that is left
        for heir in named(agency, channel.network, other)[:1]:
            heir_route = _route(keys.route(channel.network, other), keys.ROUTE, agency, heir)
            table.put(heir_route, Route.pk.does_not_exist())


def _route(pk: str, sk: str, agency: str, channel: Channel) -> Route:
    return Route(pk, sk, agency=agency, channel=channel.id, brand=channel.brand, network=channel.network)


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
