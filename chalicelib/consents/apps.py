"""To which app on a network people consent: the brand's own, the agency's own, or ours.

An own app is kept by its id as well: channels that came by it renew their tokens with it after another took its place.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.brands import brands
from chalicelib.networks.base import App
from chalicelib.store import keys, table
from chalicelib.store.models.channels import NetworkApp

APPS, KEPT = "netapp#", "netappkept#"
OURS = ""


def chosen(agency: str, network: str, brand: str, product: str = "") -> tuple[str, App] | None:
    """The app for accounts of the brand, and the key under which it is kept; None if there is none at all."""
    for whose in (brand, OURS):
        own = table.get(NetworkApp, agency, _key(network, product, whose))
        if own:
            return _key(network, product, whose, own.app_id), _opened(own)
    ours, known = secrets.app_of(network, product), networks.get(network)
    is_ready = ours and known and known.consent and (ours.config or not known.consent.needs_config)
    return (OURS, ours) if ours and is_ready else None


def named(agency: str, network: str, key: str, product: str = "") -> App | None:
    """The app that is kept under that key; None if there is none."""
    if key == OURS:
        return secrets.app_of(network, product)
    own = table.get(NetworkApp, agency, key)
    return _opened(own) if own else None


def kept(agency: str, id: str, networks: Collection[str]) -> Iterator[App]:
    """The agency's own apps of that id, also those whose place others took, on any of these networks."""
    for own in table.query(NetworkApp, agency, KEPT, consistent=True):
        if own.app_id == id and own.network in networks:
            yield _opened(own)


def put(actor: Actor, network: str, brand: str, app: App, now: int, product: str = "") -> NetworkApp:
    """Sets the app of the agency, or of the brand, instead of any before. Raises Invalid for a network that takes none.

    A network with several logins takes an app for each. The secret of an app with the same id is replaced for the
    channels that came by it, too.
    """
    actor.check_is_person()
    known = networks.get(network)
    if known is None or known.consent is None or known.consent.registers:
        raise errors.Invalid("Accounts of this network are connected without an app.", code="no_consent_page")
    if known.consent.needs_config:
        raise errors.Invalid("Accounts of this network are connected by our app only.", code="only_our_app")
    if product and product not in known.consent.products:
        raise errors.Invalid("The network has no such login.", code="unknown_reference", field="product")
    if brand:
        brands.get(actor, brand)
    own, kept = (
        NetworkApp(
            actor.agency, sk, network=network, brand=brand, app_id=app.id, product=product, created_at=now,
            sealed=secrets.seal(actor.agency, sk, {"secret": app.secret}),
        )
        for sk in (_key(network, product, brand), _key(network, product, brand, app.id))
    )  # fmt: skip
    entry = audit.entry(actor, "network_app.set", network, now, brand=brand, after={"app_id": app.id})
    table.transact(table.putting(own), table.putting(kept), entry)
    return own


def remove(actor: Actor, network: str, brand: str, now: int, product: str = "") -> None:
    """Nobody consents to it any more; it stays kept for the channels that came by it. Raises NotFound without it."""
    actor.check_is_person()
    own = NetworkApp(actor.agency, _key(network, product, brand))
    gone = table.deleting(own, NetworkApp.pk.exists(), otherwise=errors.NotFound())
    table.transact(gone, audit.entry(actor, "network_app.remove", network, now, brand=brand))


def every(agency: str, after: str = "") -> Iterator[NetworkApp]:
    """The agency's own apps; those after that sort key."""
    return table.query(NetworkApp, agency, APPS, after=after, consistent=True)


def view(app: NetworkApp) -> Mapping[str, Any]:
    """Its secret is never shown."""
    return {
        "network": app.network,
        "brand": app.brand or None,
        "app_id": app.app_id,
        "product": app.product or None,
        "created_at": clock.text(app.created_at),
    }


def _key(network: str, product: str, brand: str, id: str = "") -> str:
    return keys.network_app(f"{network}.{product}" if product else network, brand, id)


def _opened(own: NetworkApp) -> App:
    return App(id=own.app_id, secret=secrets.unseal(own.pk, own.sk, own.sealed)["secret"])
