"""The look-ups from a network's account, and from a hook's address, to the channel.

Channels of one agency may share another id of their accounts (`also`), as phone numbers share a business account; they
never share the account itself. The look-up of a shared id names one of them.
"""

from collections.abc import Iterator, Sequence

from chalicelib import errors, ids
from chalicelib.aws import secrets
from chalicelib.channels import channels, sealing
from chalicelib.networks.base import Network
from chalicelib.store import lookups, table
from chalicelib.store.models.channels import Channel, Route

_MOST_SIGNERS = 3  # of before; a changeover has seldom more than one


def leading_to(channel: Channel, given: Channel | None = None) -> Iterator[table.Write]:
    """For transact: points all look-ups to the new channel. Raises Conflict if somebody has the account already.

    `given` is another agency's channel whose account is moved; its look-ups point to the new channel then.
    """
    taken = errors.Conflict("The account is already connected.", code="account_taken", field="account")
    is_new = Route.pk.does_not_exist()
    is_ours = is_new | (Route.agency == channel.pk)
    yield table.putting(_route(lookups.hook(channel.id), lookups.HOOK, channel), is_new, otherwise=taken)
    led = (Route.agency == given.pk) & (Route.channel == given.id) if given else None
    yield table.putting(_of_account(channel.account, channel), is_new if led is None else led, otherwise=taken)
    for other in channel.also:
        is_free = is_ours if led is None else is_ours | led
        yield table.putting(_of_account(other, channel), is_free, otherwise=taken)


def signed_anew(channel: Channel, now: int, changed: errors.Problem) -> Iterator[table.Write]:
    """For transact: from now on bodies for the channel are signed with the secret in its new `sealed`.

    Until the changeover is over they may be signed with the earlier secrets, too. Raises `changed` if others changed
    the channel's look-ups.
    """
    until = now + sealing.CHANGEOVER
    accounts = (
        (lookups.route(channel.network, account), lookups.ROUTE) for account in (channel.account, *channel.also)
    )
    for pk, sk in ((lookups.hook(channel.id), lookups.HOOK), *accounts):
        known = table.get(Route, pk, sk)
        if known and known.channel == channel.id:
            route = _route(pk, sk, channel)
            route.connected_at, route.was_until = known.connected_at, until
            route.was_signer = _signers_before(known, route.signer, now)
            is_same = (Route.agency == channel.pk) & (Route.channel == channel.id)
            yield table.putting(route, is_same, otherwise=changed)


def _signers_before(known: Route, signer: str, now: int) -> str:
    lately = (known.was_signer or "").split() if now < (known.was_until or 0) else []
    before = dict.fromkeys(old_signer for old_signer in (known.signer, *lately) if old_signer and old_signer != signer)
    return " ".join([*before][:_MOST_SIGNERS])


def leading_elsewhere(channel: Channel, but: Sequence[str] = ()) -> Iterator[table.Write]:
    """For transact: removes the channel's look-ups. Those of an id that other channels share point to one of them.

    Fails, to be tried again, if look-ups or channels that share them changed meanwhile. `but` are ids of the account
    that somebody else takes in the same transaction; raises Conflict if other channels share one of these.
    """
    leads_here = (Route.agency == channel.pk) & (Route.channel == channel.id)
    yield table.deleting(Route(lookups.hook(channel.id), lookups.HOOK), Route.pk.does_not_exist() | leads_here)
    heirs = {}
    for account in (channel.account, *channel.also):
        route = table.get(Route, lookups.route(channel.network, account), lookups.ROUTE)
        if route is None or route.channel != channel.id:
            continue
        heir = next(_others_of(channel, account), None)
        if account in but:
            if heir:
                raise errors.Conflict(
                    "The account cannot be moved: other channels of its agency share it.",
                    code="account_taken",
                    field="account",
                )
        elif heir is None:
            yield table.deleting(Route(route.pk, route.sk), leads_here)
        else:
            heirs[heir.id] = heir
            yield table.putting(_of_account(account, heir), leads_here)
    for heir in heirs.values():
        yield table.checking(Channel(heir.pk, heir.sk), Channel.pk.exists())


def is_shared(channel: Channel, network: Network) -> bool:
    """True if what the network posts for the account concerns another channel too, on this network or on a sibling."""
    of_sibling = any(channels.owner_of(sibling, channel.account) for sibling in network.siblings)
    return of_sibling or any(any(_others_of(channel, other)) for other in channel.also)


def _others_of(channel: Channel, account: str) -> Iterator[Channel]:
    of_account = channels.of_account(channel.pk, channel.network, account)
    return (other for other in of_account if other.id != channel.id and other.settling != "disconnecting")


def _of_account(account: str, channel: Channel) -> Route:
    return _route(lookups.route(channel.network, account), lookups.ROUTE, channel)


def _route(pk: str, sk: str, channel: Channel) -> Route:
    signing = secrets.unseal(channel.pk, channel.id, channel.sealed)["hook"]["signing"]
    return Route(
        pk, sk, agency=channel.pk, channel=channel.id, brand=channel.brand, network=channel.network,
        connected_at=channel.created_at, signer=ids.digest(*signing) if signing else "",
    )  # fmt: skip
