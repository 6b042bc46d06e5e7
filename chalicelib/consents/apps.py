"""To which app on a network people consent: the brand's own, the agency's own, or ours.

An own app is stored under its id as well: channels that were connected through it renew their tokens with it even after
another app replaced it. These channels hold copies of its secret; when a new secret is set, the copies follow: see
upkeep.app_secrets.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib import clock, errors, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.brands import brands
from chalicelib.channels import sealing
from chalicelib.networks.base import App, consent_for
from chalicelib.store import due, keys, table
from chalicelib.store.models.channels import NetworkApp

APPS, KEPT = "netapp#", "netappkept#"
OURS = ""
SECRET = "app_secret"  # the kind of what is due when one was set
_MOST_BEFORE = 5


@dataclass(frozen=True)
class Former:
    """An earlier secret of an app, which is accepted until `until` (ms)."""

    secret: str = field(repr=False)
    until: int


@dataclass(frozen=True)
class Held:
    """The secret of an app of the agency's own, and its earlier secrets, the newest first."""

    secret: str = field(repr=False)
    before: Sequence[Former]


def chosen(agency: str, network: str, brand: str, product: str = "") -> tuple[str, App] | None:
    """The app for accounts of the brand, and the key under which it is stored; None if there is no app for them."""
    for whose in (brand, OURS):
        own = table.get(NetworkApp, agency, _key(network, product, whose))
        if own:
            return _key(network, product, whose, own.app_id), _app_of(own)
    ours, known = secrets.app_of(network, product), networks.get(network)
    is_ready = ours and known and known.consent and (ours.config or not known.consent.needs_config)
    return (OURS, ours) if ours and is_ready else None


def find(agency: str, network: str, key: str, product: str = "") -> App | None:
    """The app that is stored under that key; None if there is none."""
    if key == OURS:
        return secrets.app_of(network, product)
    own = table.get(NetworkApp, agency, key)
    return _app_of(own) if own else None


def held_secrets(agency: str, key: str) -> Held | None:
    """The secrets of the own app that is stored under that key; None if there is none."""
    own = table.get(NetworkApp, agency, key) if key else None
    return _unsealed(own) if own else None


def secrets_of(agency: str, id: str, networks: Collection[str], at: int) -> Iterator[str]:
    """The secrets of the agency's own apps with that id, on any of these networks, and the earlier ones still accepted
    at that time.

    Apps that were replaced by others are included.
    """
    for own in table.query(NetworkApp, agency, KEPT, consistent=True):
        if own.app_id == id and own.network in networks:
            known = _unsealed(own)
            yield from (known.secret, *(former.secret for former in known.before if former.until > at))


def put(actor: Actor, network: str, brand: str, app: App, now: int, product: str = "") -> NetworkApp:
    """Sets the app of the agency, or of the brand, in place of an earlier one. Raises Invalid for a network that takes
    none.

    A network with several logins takes an app for each. If the app had the same id before, channels that were connected
    through it get the new secret too.
    """
    actor.check_is_person()
    known = networks.get(network)
    if known is None or known.consent is None or known.consent.registers:
        raise errors.Invalid("The network does not exist, or takes no app.", code="no_consent_page")
    if known.consent.needs_config:
        raise errors.Invalid("Accounts of this network can be connected only through our app.", code="only_our_app")
    if product and product not in known.consent.products:
        raise errors.Invalid("The network has no login for this product.", code="unknown_reference", field="product")
    if brand:
        brands.get(actor, brand)
    place, key = _key(network, product, brand), _key(network, product, brand, app.id)
    before = held_secrets(actor.agency, key)
    own, kept = (
        NetworkApp(
            actor.agency, sk, network=network, brand=brand, app_id=app.id, product=product, created_at=now,
            sealed=_sealed(actor.agency, sk, app.secret, before, now),
        )
        for sk in (place, key)
    )  # fmt: skip
    entry = audit.entry(actor, "network_app.set", network, now, brand=brand, after={"app_id": app.id})
    table.transact(table.putting(own), table.putting(kept), due.at(actor.agency, now, SECRET, key), entry)
    return own


def spread_secret(agency: str, key: str, now: int) -> Collection[str]:
    """Copies the app's secret to all other entries of the same app, and gives the networks on which it may have
    channels.

    Entries that were set later keep theirs. Apps with the same id are one app on all networks of a provider, and for
    all brands. Raises Conflict if others set it meanwhile.
    """
    own = table.get(NetworkApp, agency, key)
    if own is None:
        return ()
    for other in [*every(agency), *table.query(NetworkApp, agency, KEPT, consistent=True)]:
        if _is_same(own, other) and other.created_at < own.created_at:
            _give_secret(own, other, now)
    return [name for name in networks.names() if name == own.network or _provider(own) in _providers(name)]


def _is_same(own: NetworkApp, other: NetworkApp) -> bool:
    is_there = other.network == own.network or _provider(own) in _providers(other.network)
    return is_there and bool(other.app_id == own.app_id)


def _give_secret(own: NetworkApp, other: NetworkApp, now: int) -> None:
    secret, before = _app_of(own).secret, _unsealed(other)
    if secret == before.secret:
        return
    changed = errors.Conflict("The network app was changed meanwhile.", code="changed_meanwhile")
    sealed = _sealed(other.pk, other.sk, secret, before, now)
    table.transact(
        table.changing(
            NetworkApp(other.pk, other.sk), [NetworkApp.sealed.set(sealed)], NetworkApp.sealed == other.sealed,
            otherwise=changed,
        ),
        table.checking(NetworkApp(own.pk, own.sk), NetworkApp.sealed == own.sealed, otherwise=changed),
    )  # fmt: skip


def _provider(own: NetworkApp) -> str:
    """The provider of the app's login, if it serves several networks; else a name that no provider has."""
    known = networks.get(own.network)
    how = consent_for(known.consent, own.product) if known else None
    return how.provider if how and how.provider else "-"


def _providers(network: str) -> set[str]:
    known = networks.get(network)
    how = known.consent if known else None
    return {consent.provider for consent in (how, *how.products.values())} if how else set()


def remove(actor: Actor, network: str, brand: str, now: int, product: str = "") -> None:
    """From now on nobody can consent to the app; it stays stored for the channels connected through it. Raises NotFound
    if there is none.
    """
    actor.check_is_person()
    own = NetworkApp(actor.agency, _key(network, product, brand))
    gone = table.deleting(own, NetworkApp.pk.exists(), otherwise=errors.NotFound())
    table.transact(gone, audit.entry(actor, "network_app.remove", network, now, brand=brand))


def every(agency: str, after: str = "") -> Iterator[NetworkApp]:
    """The apps that the agency set itself; only those after the sort key `after`."""
    return table.query(NetworkApp, agency, APPS, after=after, consistent=True)


def view(app: NetworkApp) -> Mapping[str, Any]:
    """The app as the API shows it; its secret is never shown."""
    return {
        "network": app.network,
        "brand": app.brand or None,
        "app_id": app.app_id,
        "product": app.product or None,
        "created_at": clock.text(app.created_at),
    }


def _key(network: str, product: str, brand: str, id: str = "") -> str:
    return keys.network_app(f"{network}.{product}" if product else network, brand, id)


def _app_of(own: NetworkApp) -> App:
    return App(id=own.app_id, secret=_unsealed(own).secret)


def _unsealed(own: NetworkApp) -> Held:
    known = secrets.unseal(own.pk, own.sk, own.sealed)
    return Held(known["secret"], [Former(**former) for former in known.get("before", ())])


def _sealed(agency: str, sk: str, secret: str, before: Held | None, now: int) -> str:
    """Includes the secret of `before` and its earlier secrets, if the secret changes."""
    last = [Former(before.secret, now + sealing.CHANGEOVER)] if before and before.secret != secret else []
    former = [asdict(predecessor) for predecessor in (*last, *(before.before if before else ()))][:_MOST_BEFORE]
    return secrets.seal(agency, sk, {"secret": secret, "before": former})
