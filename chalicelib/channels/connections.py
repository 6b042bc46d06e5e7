"""Connects and disconnects accounts of brands on networks. An account belongs to whoever connected it first."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib import errors, ids, log, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.networks.base import Credentials, Network, Outcome, Throttled, Unknown, Unreachable
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Route

Hook = Mapping[str, str]  # `secret` or `verify_token` of a channel's own hook; empty for a channel without one


def connect(
    actor: Actor, *, brand_id: str, network_key: str, credentials: Credentials, name: str, hooks: str, now: int
) -> tuple[Channel, Hook]:
    """Connects the account that the credentials are for, under the name that the network gives unless there is one.

    Gives the channel and the secrets of its own hook. Raises Invalid if the network refuses the credentials, Conflict
    if the account is connected already or the brand is archived, Unavailable if the network cannot be reached.
    """
    network = networks.get(network_key)
    if network is None:
        raise errors.Invalid("There is no such network.", field="network")
    brand = brands.at_work(actor.agency, brands.get(actor, brand_id).id)
    try:
        connected = network.check(credentials)
        if credentials.account not in ("", connected.account, *connected.also):
            raise errors.Invalid("These credentials are another account's.", code="other_account", field="account")
        known = replace(credentials, account=connected.account, details=connected.details)
        channel, hook = _new_channel(actor.agency, brand.id, network, known, now)
        channel.name, channel.also = name or connected.name, list(connected.also)
        _take(actor, channel, now)
        _subscribe(actor.agency, network, known, channel, channels.hook_address(hooks, channel), hook)
    except (Throttled, Unreachable, Unknown) as passing:
        raise errors.Unavailable(passing.text, code="network_unreachable") from passing
    except Outcome as refused:
        raise errors.Invalid(refused.text, code="credentials_refused", field="credentials") from refused
    return channel, hook


def _new_channel(agency: str, brand_id: str, network: Network, known: Credentials, now: int) -> tuple[Channel, Hook]:
    """A new channel with its encrypted secrets, not yet written.

    It has a hook of its own if the network has a secret per channel, or if the account has its own app.
    """
    id, hook = ids.new("chn"), {}
    if network.secret_per_channel:
        hook = {"secret": ids.secret()}
    elif known.secret:
        hook = {"verify_token": ids.secret()}
    signing, verify = hook.get("secret") or known.secret, hook.get("verify_token")
    sealed = {
        "token": known.token,
        "secret": known.secret,
        "hook": {"signing": [signing] if signing else [], "verify": [verify] if verify else []},
    }
    channel = Channel(
        agency, keys.noun(id), id=id, brand=brand_id, network=network.key, account=known.account,
        details=dict(known.details), own_hook=bool(hook), sealed=secrets.seal(agency, id, sealed), created_at=now,
    )  # fmt: skip
    return channel, hook


def _subscribe(agency: str, network: Network, known: Credentials, channel: Channel, address: str, hook: Hook) -> None:
    """Asks the network to post to the hook. If that fails the account is free again."""
    try:
        network.subscribe(known, address, hook.get("secret", ""))
    except Outcome:
        _release(agency, channel)
        raise


def disconnect(actor: Actor, channel: Channel, now: int) -> None:
    """Gives the account up; its conversations stay. The network is told too, but if that fails it is only logged."""
    agency = actor.agency
    network = channels.network_of(channel)
    try:
        if not any(channels.owner_of(sibling, channel.account) for sibling in network.siblings):
            network.unsubscribe(channels.credentials(agency, channel))
    except Outcome as outcome:  # an account with an invalid token can be disconnected too
        log.line("unsubscribe_failed", channel=channel.id, network=channel.network, code=outcome.code)
    _release(agency, channel)
    after = {"network": channel.network, "account": channel.account}
    audit.note(actor, "channel.disconnect", channel.id, now, brand=channel.brand, after=after)


def _take(actor: Actor, channel: Channel, now: int) -> None:
    """Writes the channel and its look-ups. Raises Conflict if somebody has the account already.

    Channels of the same agency may share the account's other ids (`also`), but not the account.
    """
    is_new = Route.pk.does_not_exist()
    is_ours = is_new | (Route.agency == actor.agency)
    taken = errors.Conflict("This account is already connected.", code="account_taken", field="account")

    def look_up(pk: str, sk: str, condition: table.Condition) -> table.Write:
        return table.putting(_route(pk, sk, actor.agency, channel), condition, otherwise=taken)

    after = {"network": channel.network, "account": channel.account}
    table.transact(
        table.putting(channel),
        audit.entry(actor, "channel.connect", channel.id, now, brand=channel.brand, after=after),
        look_up(keys.route(channel.network, channel.account), keys.ROUTE, is_new),
        *(look_up(keys.route(channel.network, other), keys.ROUTE, is_ours) for other in channel.also),
        look_up(keys.hook(channel.id), keys.HOOK, is_new),
    )


def _release(agency: str, channel: Channel) -> None:
    """Deletes the channel and its look-ups. An id that other channels share leads to one of those from now on."""
    leads_here = (Route.agency == agency) & (Route.channel == channel.id)
    table.delete(Route(keys.hook(channel.id), keys.HOOK), leads_here)
    for account in (channel.account, *channel.also):
        table.delete(Route(keys.route(channel.network, account), keys.ROUTE), leads_here)
    table.delete(channel)
    for other in channel.also:
        for heir in channels.of_account(agency, channel.network, other)[:1]:
            heir_route = _route(keys.route(channel.network, other), keys.ROUTE, agency, heir)
            table.put(heir_route, Route.pk.does_not_exist())


def _route(pk: str, sk: str, agency: str, channel: Channel) -> Route:
    signing = secrets.unseal(agency, channel.id, channel.sealed)["hook"]["signing"]
    return Route(
        pk, sk, agency=agency, channel=channel.id, brand=channel.brand, network=channel.network,
        connected_at=channel.created_at, signer=ids.digest(*signing) if signing else "",
    )  # fmt: skip
