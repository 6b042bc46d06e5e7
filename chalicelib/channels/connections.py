"""Connecting a brand's account on a network, and giving it up; it belongs to whoever connected it first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import errors, ids, log, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.networks.base import Credentials, Expired, Network, Outcome, Rejected
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Route

Hook = Mapping[str, str]


def connect(actor: Actor, body: Mapping[str, Any], hooks: str, now: int) -> tuple[Channel, Hook]:
    """Connect as the request says; gives the channel, and what its hook is signed and verified with if it is its own.

    Raises Invalid if the network refuses the credentials, Conflict if the account is connected or the brand archived.
    """
    network = networks.get(body["network"])
    if network is None:
        raise errors.Invalid("There is no such network.", field="network")
    brand = brands.at_work(actor.agency, brands.get(actor, body["brand"]).id)
    given = Credentials(account=body.get("account", ""), details=body.get("details", {}), **body["credentials"])
    try:
        connected = network.check(given)
        if given.account not in ("", connected.account, *connected.also):
            raise errors.Invalid("These credentials are another account's.", code="other_account", field="account")
        known = replace(given, account=connected.account, details=connected.details)
        made, hook = _new(actor.agency, brand.id, network, known, now)
        made.name, made.also = body.get("name") or connected.name, list(connected.also)
        _take(actor, made, now)
        _subscribe(actor.agency, network, known, made, channels.hook_address(hooks, made), hook)
    except (Expired, Rejected) as refused:
        raise errors.Invalid(refused.text, code="credentials_refused", field="credentials") from refused
    except Outcome as outcome:
        raise errors.Unavailable(outcome.text, code="network_unreachable") from outcome
    return made, hook


def _new(agency: str, brand_id: str, network: Network, known: Credentials, now: int) -> tuple[Channel, Hook]:
    """A channel has a hook of its own if its network has no app-wide secret, or if its account has its own app."""
    id, hook = ids.new("chn"), {}
    if network.secret_per_channel:
        hook = {"secret": ids.secret()}
    elif known.secret:
        hook = {"verify_token": ids.secret()}
    signing = [value for value in (hook.get("secret") or known.secret,) if value]
    sealed = {
        "token": known.token,
        "secret": known.secret,
        "hook": {"signing": signing, "verify": [value for value in (hook.get("verify_token"),) if value]},
    }
    made = Channel(
        agency, keys.noun(id), id=id, brand=brand_id, network=network.key, account=known.account,
        details=dict(known.details), own_hook=bool(hook), sealed=secrets.seal(agency, id, sealed), created_at=now,
    )  # fmt: skip
    return made, hook


def _subscribe(agency: str, network: Network, known: Credentials, made: Channel, address: str, hook: Hook) -> None:
    try:
        network.subscribe(known, address, hook.get("secret", ""))
    except Outcome:
        _release(agency, made)
        raise


def disconnect(actor: Actor, channel: Channel, now: int) -> None:
    """Give the account up; its conversations stay. The network is told too, as far as it still listens."""
    agency = actor.agency
    network = channels.network_of(channel)
    try:
        if not any(channels.owner_of(sibling, channel.account) for sibling in network.siblings):
            network.unsubscribe(channels.credentials(agency, channel))
    except Outcome as outcome:  # a dead token must not keep an account connected
        log.line("unsubscribe_failed", channel=channel.id, network=channel.network, code=outcome.code)
    _release(agency, channel)
    told = {"network": channel.network, "account": channel.account}
    audit.note(actor, "channel.disconnect", channel.id, now, brand=channel.brand, after=told)


def _take(actor: Actor, channel: Channel, now: int) -> None:
    agency = actor.agency
    told = {"network": channel.network, "account": channel.account}
    new = Route.pk.does_not_exist()
    shared = new | (Route.agency == agency)
    routes = [table.putting(_route(keys.route(channel.network, channel.account), keys.ROUTE, agency, channel), new)]
    routes += [
        table.putting(_route(keys.route(channel.network, other), keys.ROUTE, agency, channel), shared)
        for other in channel.also
    ]
    routes.append(table.putting(_route(keys.hook(channel.id), keys.HOOK, agency, channel), new))
    try:
        table.transact(
            table.putting(channel),
            audit.entry(actor, "channel.connect", channel.id, now, brand=channel.brand, after=told),
            *routes,
        )
    except table.Refused as refused:
        raise errors.Conflict("This account is already connected.", code="account_taken", field="account") from refused


def _release(agency: str, channel: Channel) -> None:
    mine = (Route.agency == agency) & (Route.channel == channel.id)
    for pk, sk in [(keys.hook(channel.id), keys.HOOK)] + [
        (keys.route(channel.network, account), keys.ROUTE) for account in (channel.account, *channel.also)
    ]:
        table.delete(Route(pk, sk), mine)
    table.delete(channel)
    for other in channel.also:  # what several channels share goes to one that is left
        for heir in channels.of_account(agency, channel.network, other)[:1]:
            heir_route = _route(keys.route(channel.network, other), keys.ROUTE, agency, heir)
            table.put(heir_route, Route.pk.does_not_exist())


def _route(pk: str, sk: str, agency: str, channel: Channel) -> Route:
    return Route(pk, sk, agency=agency, channel=channel.id, brand=channel.brand, network=channel.network)
