"""Connect links: somebody without a seat connects accounts of one brand, and sees nothing else.

A link's secret is shown once, to whoever makes it. Whoever has it may begin consents, and choose accounts of those
consents, until the link expires, is revoked, or has connected as many accounts as it may.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, moments, networks
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.consents import accounts, apps, consents
from chalicelib.store import keys, quota, table
from chalicelib.store.models.channels import ConnectLink, StoredConsent

Json = Mapping[str, Any]
LINKS = "connect#"
PAGE = "/connect"
MOST_A_DAY = 200
_MOST_ATTEMPTS = 10
_USUAL, _LONGEST = 7 * clock.DAY, 90 * clock.DAY


def make(
    actor: Actor, brand_id: str, network_keys: Sequence[str], now: int, *, ends_at: str | None = None, most: int = 10,
    title: str = "", logo: str = "", language: str = "", return_to: str = "",
) -> tuple[ConnectLink, str]:  # fmt: skip
    """Gives a link and its token, which cannot be shown again. Raises Invalid for a network without a consent page.

    The link works until `ends_at`, by default for a week, and connects at most `most` accounts.
    """
    brand = brands.at_work(actor.agency, brands.get(actor, brand_id).id)
    for number, key in enumerate(network_keys):
        network = networks.get(key)
        if network is None or network.consent is None:
            raise errors.Invalid(
                "The network does not exist, or has no consent page.",
                code="no_consent_page",
                field=f"networks.{number}",
            )
    end = moments.parse(ends_at, "ends_at") if ends_at is not None else now + _USUAL
    if not now < end <= now + _LONGEST:
        raise errors.Invalid(
            f"The moment has to be in the next {_LONGEST // clock.DAY} days.", code="bad_times", field="ends_at"
        )
    quota.take(actor.agency, "connect-links", MOST_A_DAY, now, period=clock.DAY)
    id, secret = ids.new("cnl"), ids.secret()
    link = ConnectLink(
        actor.agency, keys.noun(id), id=id, brand=brand.id, networks=list(dict.fromkeys(network_keys)),
        most=most, digest=ids.digest(secret), title=title, logo=logo, language=language, return_to=return_to,
        by=actor.member, created_at=now, ends_at=end, expires=(end + 30 * clock.DAY) // clock.SECOND,
    )  # fmt: skip
    after = {"networks": link.networks, "most": link.most}
    table.transact(table.putting(link), audit.entry(actor, "connect_link.make", id, now, brand=brand.id, after=after))
    return link, f"{actor.agency}.{id}.{secret}"


def every(agency: str, after: str = "") -> Iterator[ConnectLink]:
    """The agency's links, oldest first; only those after the sort key `after`."""
    return table.query(ConnectLink, agency, LINKS, after=after, consistent=True)


def of_brands(agency: str, brand_ids: Sequence[str], after: str = "") -> Iterator[ConnectLink]:
    return (link for link in every(agency, after) if link.brand in brand_ids)


def get(actor: Actor, id: str) -> ConnectLink:
    """The link, if the actor may see its brand. Raises NotFound or Forbidden as `Actor.admit`."""
    link = table.get(ConnectLink, actor.agency, keys.noun(id)) if ids.is_id(id, "cnl") else None
    if link is None:
        raise errors.NotFound
    actor.admit(link.brand)
    return link


def revoke(actor: Actor, id: str, now: int) -> None:
    """The link no longer works. A repeat changes nothing."""
    link = get(actor, id)
    if not link.is_revoked:
        revoked = table.changing(ConnectLink(link.pk, link.sk), [ConnectLink.is_revoked.set(True)])
        table.transact(revoked, audit.entry(actor, "connect_link.revoke", id, now, brand=link.brand))


def agency_of(token: str) -> str:
    """The agency that a token names. Raises NotFound for a text that is no token."""
    agency = token.partition(".")[0]
    if not ids.is_id(agency, "agc"):
        raise errors.NotFound
    return agency


def held(token: str, now: int) -> ConnectLink:
    """The link of a token. Raises NotFound if there is none, and also if it expired or was revoked; the error does not
    say which.
    """
    agency, _, rest = token.partition(".")
    id, _, secret = rest.partition(".")
    link = table.get(ConnectLink, agency, keys.noun(id)) if ids.is_id(id, "cnl") else None
    if link is None or not hmac.compare_digest(link.digest, ids.digest(secret)):
        raise errors.NotFound
    if link.is_revoked or link.ends_at <= now:
        raise errors.NotFound
    return link


def begin(
    link: ConnectLink, network_key: str, *, server: str, product: str, api: str, back: str, now: int
) -> tuple[StoredConsent, str]:
    """Like consents.begin, for a network of the link; the page leads to `back` in the end."""
    if network_key not in link.networks:
        raise errors.Invalid("The connect link is not for this network.", code="unknown_reference", field="network")
    _accounts_left(link)
    return consents.begin(
        actor_of(link), brand_id=link.brand, network_key=network_key, api=api, now=now, server=server,
        product=product, return_to=back, link=link.id,
    )  # fmt: skip


def consent_of(link: ConnectLink, id: str, now: int) -> StoredConsent:
    """Raises NotFound unless the consent was begun by the link."""
    consent = consents.get(link.pk, id, now)
    if consent.link != link.id:
        raise errors.NotFound
    return consent


def choose(link: ConnectLink, id: str, chosen: Sequence[str], hooks: str, now: int) -> list[Json]:
    """Like accounts.connect. Raises Conflict for more accounts than the link allows.

    Accounts are counted before they are connected, and those that failed are taken off again. So two calls at once do
    not connect more than allowed, and if the process dies in between, the same accounts can be chosen again.
    """
    consent = consent_of(link, id, now)
    claimed = store_outcomes(link, dict.fromkeys(chosen, ""))
    results = accounts.connect(actor_of(claimed), consent, chosen, hooks, now)
    store_outcomes(claimed, {result["account"]: result["channel"] for result in results})
    return results


def store_outcomes(link: ConnectLink, outcomes: Mapping[str, str | None]) -> ConnectLink:
    """Stores for each account that it is to be connected (""), is connected (its channel), or failed (None). Raises
    Conflict for too many.
    """
    for _ in range(_MOST_ATTEMPTS):
        before = link.connected
        failed = {account for account, channel in outcomes.items() if channel is None and not before.get(account)}
        known = {**before, **{account: channel or before.get(account, "") for account, channel in outcomes.items()}}
        counted = {account: channel for account, channel in known.items() if account not in failed}
        if len(counted) > max(link.most, len(before)):
            raise errors.Conflict(
                f"The connect link has a limit of accounts: {link.most}.", code="link_used_up", field="accounts"
            )
        if table.update(link, [ConnectLink.connected.set(counted)], ConnectLink.connected == before):
            return link
        link = table.get(ConnectLink, link.pk, link.sk) or link
    raise errors.Unavailable("Others are using the connect link at the same time. Try again.")


def _accounts_left(link: ConnectLink) -> int:
    """Raises Conflict if the link may connect no more accounts."""
    left = link.most - len(link.connected)
    if left <= 0:
        raise errors.Conflict(f"The connect link has reached its limit of accounts: {link.most}.", code="link_used_up")
    return left


def actor_of(link: ConnectLink) -> Actor:
    """Somebody with a link is no member of the agency, so the audit names the link as the actor."""
    grant = actors.Grant("connect_link", frozenset({"channel.connect"}), frozenset({link.brand}))
    return Actor(link.pk, link.id, link.title, "system", (grant,), needs=("channel.connect",))


def view(link: ConnectLink, now: int) -> Json:
    status = "revoked" if link.is_revoked else "ended" if link.ends_at <= now else "open"
    return {
        "id": link.id, "brand": link.brand, "networks": link.networks, "most": link.most,
        "channels": [channel for channel in link.connected.values() if channel],
        "status": "used_up" if status == "open" and not _is_left(link) else status, "title": link.title or None,
        "created_at": clock.text(link.created_at), "ends_at": clock.text(link.ends_at),
    }  # fmt: skip


def _is_left(link: ConnectLink) -> bool:
    return len(link.connected) < link.most


def public_view(link: ConnectLink, brand_name: str) -> Json:
    """What everybody who has the link may see."""
    return {
        "title": link.title or brand_name, "brand_name": brand_name, "logo": link.logo or None,
        "language": link.language or None, "ends_at": clock.text(link.ends_at), "return_to": link.return_to or None,
        "left": max(0, link.most - len(link.connected)),
        "networks": [row for key in link.networks for row in _logins(link, key)],
    }  # fmt: skip


def _logins(link: ConnectLink, key: str) -> Iterator[Json]:
    """The usual login of a network, and those of its other logins for which there is an app."""
    network = networks.get(key)
    how = network.consent if network else None
    row = {"key": key, "product": None, "names_server": bool(how and how.names_server)}
    others = [(name, other) for name, other in (how.products if how else {}).items() if _has_app(link, key, name)]
    name = network.name if network else key
    yield {**row, "name": f"{name} ({how.title})" if how and others else name}
    yield from ({**row, "product": product, "name": f"{name} ({other.title})"} for product, other in others)


def _has_app(link: ConnectLink, network: str, product: str) -> bool:
    return apps.chosen(link.pk, network, link.brand, product) is not None
