"""Gives channels new credentials of their accounts; their conversations stay.

If somebody consents through another app than before (ours, or one of their own), this changes who signs what the
network posts, and to which hook it posts. Posts of the earlier app are accepted for a while; what both apps post counts
once.
"""

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.channels import channels, connections, grants, lookouts, routing, sealing, troubles
from chalicelib.channels.connections import Hook
from chalicelib.channels.grants import Grant
from chalicelib.networks.base import Credentials, Network
from chalicelib.store import due, keys, table
from chalicelib.store.models.channels import Channel, Upkeep


def reconnect(
    actor: Actor, channel: Channel, credentials: Credentials, hooks: str, now: int, *, grant: Grant | None = None
) -> tuple[Channel, Hook]:
    """Gives a channel new credentials of its account, and subscribes its hook again.

    Gives the channel and the new secrets of its own hook, if any. Raises Invalid if the network refuses the
    credentials, or if they are another account's, Conflict if others changed the channel.
    """
    network, before = channels.network_of(channel), channel.sealed
    opened = secrets.unseal(actor.agency, channel.id, before)
    with connections.refusals():
        known = _completed(network, channel, credentials, "" if grant else opened.get("secret", ""))
        is_other = _is_other_app(network, channel, known.secret, opened["hook"], grant)
        hook, shown = _hook(network, opened["hook"], known, now, is_other=is_other)
        if is_other:
            channel.own_hook = bool(known.secret)
        channel.sealed = secrets.seal(actor.agency, channel.id, {**opened, **sealing.sealed_parts(known), "hook": hook})
        channel.details, channel.connected_by = dict(known.details), actor.member
        is_signed_anew = sealing.app_signs(network) and hook["signing"] != opened["hook"]["signing"]
        _write(actor, network, channel, before, grant, now, is_other=is_other, is_signed_anew=is_signed_anew)
        secret = next(iter(hook.get("signing", ())), "") if network.secret_per_channel else ""
        network.subscribe(known, channels.hook_address(hooks, channel), secret)
    channels.end_trouble(channel, troubles.TOKEN, now)
    channels.end_trouble(channel, troubles.RENEWAL, now)
    if grant:  # whoever left out a scope this time wanted to
        channels.end_trouble(channel, troubles.SCOPE, now)
    return channels.get(actor.agency, channel.id), shown


def _completed(network: Network, channel: Channel, credentials: Credentials, secret: str) -> Credentials:
    """The credentials, completed with what the network says of the account, and with the earlier `secret` if they have
    none.
    """
    connected = network.check(credentials)
    if channel.account not in (connected.account, *connected.also):
        raise errors.Invalid("The credentials belong to another account.", code="other_account", field="account")
    return Credentials(
        account=channel.account, token=credentials.token, secret=credentials.secret or secret,
        details=connected.details, refresh=credentials.refresh, key=credentials.key,
    )  # fmt: skip


def _hook(
    network: Network, before: sealing.Sealed, known: Credentials, now: int, *, is_other: bool
) -> tuple[sealing.Sealed, Hook]:
    """The secrets of the channel's hook under the new credentials, and those of them that are shown once."""
    if is_other:
        return sealing.of_other_app(before, known.secret, now)
    if sealing.app_signs(network) and known.secret and before["signing"] != [known.secret]:
        return sealing.of_other_secret(before, known.secret, now), {}
    return {**before, **({"signing": [known.token]} if network.token_signs else {})}, {}


def _is_other_app(network: Network, channel: Channel, secret: str, hook: sealing.Sealed, grant: Grant | None) -> bool:
    """True if the account is now connected through another app. A new secret alone may be of the same app."""
    if not sealing.app_signs(network):
        return False
    if channel.own_hook != bool(secret):
        return True
    if grant is None or hook["signing"] == [secret] or not secret:
        return False
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    return kept is None or kept.app != grant.app


def _write(
    actor: Actor, network: Network, channel: Channel, before: str, grant: Grant | None, now: int, *, is_other: bool,
    is_signed_anew: bool,
) -> None:  # fmt: skip
    changes = [
        Channel.sealed.set(channel.sealed), Channel.details.set(channel.details),
        Channel.connected_by.set(channel.connected_by), Channel.own_hook.set(channel.own_hook),
    ]  # fmt: skip
    changed = errors.Conflict(
        "The channel was changed meanwhile. Read it again, then try again.", code="changed_meanwhile"
    )
    same = (Channel.sealed == before) & Channel.settling.does_not_exist()
    since = troubles.since(channel.troubles, *channels.DEAFENING)
    after = {"network": channel.network, "account": channel.account}
    table.transact(
        table.changing(Channel(channel.pk, channel.sk), changes, same, otherwise=changed),
        audit.entry(actor, "channel.reconnect", channel.id, now, brand=channel.brand, after=after),
        *grants.renewing(channel, grant, now),
        *lookouts.starting(channel, network, grant.app if grant else ""),
        *([lookouts.asking_for_missed(channel, since, now)] if since else []),
        *(routing.signed_anew(channel, now, changed) if is_signed_anew else ()),
        *([due.at(channel.pk, now, grants.MEND, channel.id)] if is_other else []),
    )
