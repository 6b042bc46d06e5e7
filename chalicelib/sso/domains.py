"""Domains for whose addresses an agency's identity provider signs people in: claimed, proved by a DNS record, given up.

A proved domain belongs to one agency, by a look-up item. Its sub-domains do not: each is proved by itself.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids, log
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import addresses
from chalicelib.outside import names
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.people import DomainOwner, SignInDomain

MOST = 50  # of an agency; a provider of the user pool takes as many identifiers
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
# Below these somebody else registers names: `co.uk`, `com.br`.
_SHARED = frozenset(("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "ne", "net", "nom", "or", "org"))
# Where everybody has an address.
_FREE_MAIL = frozenset(
    """
    aol.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com
    hotmail.fr icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru me.com msn.com naver.com orange.fr
    outlook.com outlook.fr proton.me protonmail.com qq.com sapo.pt t-online.de uol.com.br wanadoo.fr web.de yahoo.co.jp
    yahoo.com yahoo.fr yandex.com yandex.ru ymail.com zoho.com 126.com 163.com
    """.split()
)


def checked(typed: str) -> str:
    """The domain as name servers know it. Raises Invalid for a domain that no single agency can own."""
    try:
        domain = addresses.domain_of(f"@{typed.strip()}")
    except ValueError as wrong:
        raise errors.Invalid("The domain is not valid.", code="bad_domain", field="domain") from wrong
    if "@" in typed or not _DOMAIN.fullmatch(domain):
        raise errors.Invalid("The domain has to be written as in agency.example.", code="bad_domain", field="domain")
    first, _, rest = domain.partition(".")
    is_shared = "." not in rest and len(rest) == 2 and first in _SHARED
    if is_shared or domain in _FREE_MAIL:
        raise errors.Invalid(
            "Addresses of the domain do not belong to one agency only.", code="shared_domain", field="domain"
        )
    return domain


def claim(actor: Actor, typed: str, now: int) -> SignInDomain:
    """Stores that the agency wants to prove the domain. Raises Conflict for one that it has already, and after 50."""
    actor.check_is_person()
    domain = checked(typed)
    if len(list(every(actor.agency))) >= MOST:
        raise errors.Conflict(f"An agency has at most {MOST} sign-in domains.", code="too_many_domains")
    id = "dom_" + ids.digest(actor.agency, domain)
    claimed = SignInDomain(
        actor.agency, keys.DOMAINS + id, id=id, domain=domain, secret=ids.secret(), created_at=now
    )  # fmt: skip
    table.transact(
        table.putting(
            claimed, SignInDomain.pk.does_not_exist(),
            otherwise=errors.Conflict("The agency already has this domain.", code="domain_exists", field="domain"),
        ),
        audit.entry(actor, "sign_in_domain.claim", id, now, after={"domain": domain}),
    )  # fmt: skip
    return claimed


def get(agency: str, id: str) -> SignInDomain:
    """Raises NotFound."""
    domain = table.get(SignInDomain, agency, keys.DOMAINS + id) if ids.is_id(id, "dom") else None
    if domain is None:
        raise errors.NotFound
    return domain


def every(agency: str, after: str = "") -> Iterator[SignInDomain]:
    """The agency's domains, proved or not; only those after the sort key `after`."""
    return table.query(SignInDomain, agency, keys.DOMAINS, after=after, consistent=True)


def proven(agency: str) -> list[str]:
    return [each.domain for each in every(agency) if each.proven_at]


def record_of(domain: str) -> str:
    """The name of the TXT record that proves the domain."""
    return f"_palabre.{domain}"


def verify(actor: Actor, id: str, now: int, resolver: str = "") -> SignInDomain:
    """Gives the domain to the agency if its DNS record is right. A repeat does nothing.

    Raises NotFound, Conflict if the record is missing or the domain is another agency's, and Unavailable if no name
    server answers.
    """
    actor.check_is_person()
    claimed = get(actor.agency, id)
    if claimed.proven_at:
        return claimed
    try:
        texts = names.texts(record_of(claimed.domain), resolver)
    except names.Unanswered as failure:
        log.problem("names_unanswered", failure)
        raise errors.Unavailable(
            "No name server answers for the domain. Try again later.", code="dns_unavailable"
        ) from failure
    if _value_of(claimed) not in texts:
        raise errors.Conflict(
            "The DNS record of the domain is missing or wrong. New records may take a while to appear.",
            code="domain_unproven",
        )
    owner = DomainOwner(lookups.domain(claimed.domain), lookups.DOMAIN, agency=actor.agency, id=id, created_at=now)
    table.transact(
        table.putting(
            owner, DomainOwner.pk.does_not_exist() | (DomainOwner.agency == actor.agency),
            otherwise=errors.Conflict("Another agency has proved this domain.", code="domain_taken"),
        ),
        table.changing(
            SignInDomain(claimed.pk, claimed.sk), [SignInDomain.proven_at.set(now)],
            SignInDomain.secret == claimed.secret, otherwise=errors.NotFound,
        ),
        audit.entry(actor, "sign_in_domain.verify", id, now, after={"domain": claimed.domain}),
    )  # fmt: skip
    return get(actor.agency, id)


def remove(actor: Actor, id: str, now: int) -> None:
    """Gives the domain up: from the next request on nobody is let in with an address of it. Raises NotFound."""
    actor.check_is_person()
    claimed = get(actor.agency, id)
    bound = table.get(DomainOwner, lookups.domain(claimed.domain), lookups.DOMAIN)
    is_ours = bound is not None and bound.agency == actor.agency
    free = table.deleting(
        DomainOwner(lookups.domain(claimed.domain), lookups.DOMAIN), DomainOwner.agency == actor.agency
    )
    table.transact(
        table.deleting(SignInDomain(claimed.pk, claimed.sk)),
        *([free] if is_ours else []),
        audit.entry(actor, "sign_in_domain.remove", id, now, before={"domain": claimed.domain}),
    )


def _value_of(claimed: SignInDomain) -> str:
    return f"palabre-verification={claimed.secret}"


def view(claimed: SignInDomain) -> Mapping[str, Any]:
    return {
        "id": claimed.id,
        "domain": claimed.domain,
        "record": {"type": "TXT", "name": record_of(claimed.domain), "value": _value_of(claimed)},
        "proven_at": clock.text(claimed.proven_at) if claimed.proven_at else None,
        "created_at": clock.text(claimed.created_at),
    }
