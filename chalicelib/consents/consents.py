"""Consents: somebody is sent to a network's consent page, comes back once, and we read which accounts they may use.

A consent lives for an hour. Its `state` is a secret that counts once: only the first who brings it is let in. If the
process dies before it has the tokens, the person has to begin again. No token is ever shown.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from chalicelib import clock, errors, ids, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import secrets
from chalicelib.channels import connections
from chalicelib.consents import apps
from chalicelib.networks import base
from chalicelib.networks.base import Account, Consent, Granted, Network, Tokens
from chalicelib.store import fence, keys, quota, table
from chalicelib.store.models.channels import StoredConsent

LIVES = clock.HOUR
CALLBACK = "/connected"  # the networks lead back to this path of ours, and to no other
MOST_A_DAY = 500  # of one agency
_MOST_ACCOUNTS = 200
_LONGEST_REASON = 300
_RETURNING = clock.MINUTE


def begin(
    actor: Actor, *, brand_id: str, network_key: str, api: str, now: int, server: str = "", product: str = "",
    return_to: str = "", link: str = "",
) -> tuple[StoredConsent, str]:  # fmt: skip
    """Gives a consent and the address of the network's page. Raises Invalid, Conflict, Unavailable or TooMany."""
    network, brand = connections.network_and_brand(actor, network_key, brand_id)
    if network.consent is None:
        raise errors.Invalid(
            "The network has no consent page. Connect its accounts with `POST /v1/channels`.", code="no_consent_page"
        )
    if network.consent.names_server != bool(server):
        detail = "The network takes no `server`." if server else "The network has many servers: name one in `server`."
        raise errors.Invalid(detail, code="server", field="server")
    if product and product not in network.consent.products:
        raise errors.Invalid("The network has no login for this product.", code="unknown_reference", field="product")
    quota.take(actor.agency, "consents", MOST_A_DAY, now, period=clock.DAY)
    key, app = _app(actor.agency, network, brand.id, product)
    how = network.consent.products.get(product, network.consent)
    id, secret, verifier = ids.new("con"), ids.secret(), ids.secret()
    asked = base.Asked(
        redirect=api + CALLBACK, state=f"{actor.agency}.{id}.{secret}", challenge=_challenge(verifier),
        scopes=how.scopes, server=server,
    )  # fmt: skip
    with connections.refusals():
        begun = how.begin(app, asked)
    kept = {"verifier": verifier, "kept": dict(begun.kept), "redirect": asked.redirect}
    sealed = secrets.seal(actor.agency, id, kept)
    consent = StoredConsent(
        actor.agency, keys.noun(id), id=id, brand=brand.id, network=network.key, app=key, product=product,
        by=actor.member, link=link, digest=ids.digest(secret), sealed=sealed, status="open", return_to=return_to,
        created_at=now, ends_at=now + LIVES, expires=(now + clock.DAY) // clock.SECOND,
    )  # fmt: skip
    entry = audit.entry(actor, "consent.begin", id, now, brand=brand.id, after={"network": network.key})
    table.transact(table.putting(consent), entry)
    return consent, begun.address


def come_back(query: Mapping[str, str], now: int) -> StoredConsent:
    """Handles, once, the query with which a network's page leads back. Raises Malformed for a state that is invalid or
    was used.

    If the network refuses, the consent says so to whoever began it.
    """
    agency, _, rest = query.get("state", "").partition(".")
    id, _, secret = rest.partition(".")
    if not (ids.is_id(agency, "agc") and ids.is_id(id, "con")):
        raise _bad_state()
    with fence.within(agency):
        consent = table.get(StoredConsent, agency, keys.noun(id))
        if consent is None or consent.ends_at <= now or not hmac.compare_digest(consent.digest, ids.digest(secret)):
            raise _bad_state()
        first = StoredConsent.status == "open"
        if not table.update(consent, [StoredConsent.status.set("returning")], first):
            raise _bad_state()
        return _settle(consent, query, now)


def _bad_state() -> errors.Malformed:
    return errors.Malformed("The consent was used already, or is too old. Begin again where you came from.")


def _settle(consent: StoredConsent, query: Mapping[str, str], now: int) -> StoredConsent:
    how = login_of(consent)
    app = apps.find(consent.pk, consent.network, consent.app, consent.product)
    if query.get("error") or how is None or (app is None and not how.registers):
        _end(consent, "refused", str(query.get("error_description") or query.get("error") or "")[:_LONGEST_REASON])
        return consent
    opened = secrets.unseal(consent.pk, consent.id, consent.sealed)
    granted = Granted(
        code=query.get("code", ""), redirect=opened["redirect"], verifier=opened["verifier"], kept=opened["kept"],
        query=query,
    )  # fmt: skip
    try:
        tokens = how.finish(app or base.App(id=""), granted)
        accounts = list(how.accounts(tokens))[:_MOST_ACCOUNTS]
    except base.Outcome as outcome:
        _end(consent, "refused", outcome.text[:_LONGEST_REASON])
        return consent
    known = {"tokens": asdict(tokens), "accounts": [asdict(account) for account in accounts]}
    _end(consent, "granted", "", secrets.seal(consent.pk, consent.id, known))
    return consent


def _end(consent: StoredConsent, status: str, reason: str, sealed: str = "") -> None:
    changes = [StoredConsent.status.set(status), StoredConsent.reason.set(reason)]
    changes += [StoredConsent.sealed.set(sealed)] if sealed else []
    table.update(consent, changes, StoredConsent.status == "returning")


def get(agency: str, id: str, now: int) -> StoredConsent:
    """Raises NotFound unless it is a consent of the agency that has not expired."""
    consent = table.get(StoredConsent, agency, keys.noun(id)) if ids.is_id(id, "con") else None
    if consent is None or consent.ends_at <= now:
        raise errors.NotFound
    return consent


def visible(actor: Actor, id: str, now: int) -> StoredConsent:
    """The consent, if the actor may see its brand. Raises NotFound or Forbidden as `Actor.admit`."""
    consent = get(actor.agency, id, now)
    actor.admit(consent.brand)
    return consent


def tokens_and_accounts(consent: StoredConsent) -> tuple[Tokens, list[Account]]:
    """The tokens and accounts that the consent gave. Raises Conflict unless it was granted."""
    if consent.status != "granted":
        raise errors.Conflict("The consent is not granted, or not yet: see its `status`.", code="not_granted")
    known = secrets.unseal(consent.pk, consent.id, consent.sealed)
    tokens = {**known["tokens"], "scopes": tuple(known["tokens"]["scopes"])}
    return Tokens(**tokens), [Account(**account) for account in known["accounts"]]


def missing(consent: StoredConsent, tokens: Tokens) -> Iterator[str]:
    """The scopes that are needed and were not granted, as far as the network tells."""
    how = login_of(consent)
    if how and tokens.scopes:
        yield from (scope for scope in how.needed if scope not in tokens.scopes)


def status_of(consent: StoredConsent, now: int) -> str:
    """`lost` if the process that handled the answer died, so that the person has to begin again."""
    is_lost = consent.status == "returning" and consent.ends_at - LIVES + _RETURNING < now
    return "lost" if is_lost else consent.status


def login_of(consent: StoredConsent) -> Consent | None:
    """Raises NotFound if this build no longer has the network."""
    network = networks.get(consent.network)
    if network is None:
        raise errors.NotFound
    return base.consent_for(network.consent, consent.product)


def _app(agency: str, network: Network, brand: str, product: str) -> tuple[str, base.App]:
    how: Consent | None = network.consent
    if how and how.registers:
        return apps.OURS, base.App(id="")
    chosen = apps.chosen(agency, network.key, brand, product)
    if chosen is None:
        none = "There is no app for this network."
        detail = none if how and how.needs_config else f"{none} Set an app of your own."
        raise errors.Conflict(detail, code="no_network_app")
    return chosen


def _challenge(verifier: str) -> str:
    """As RFC 7636, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
