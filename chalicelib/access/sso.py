"""People whom their agency's own identity provider signs in: only in that agency, and only with an address of its
domains.

The user pool has a separate account for such a person; a Link says which person of the agency that account is.
"""

import time
from dataclasses import replace

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.access.tokens import Caller
from chalicelib.aws import addresses
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.models.people import DomainOwner, Link, Member, OwnClient, SignInProvider

_KEPT_SECONDS, _MOST_KEPT = 10.0, 1_000
_kept: dict[str, tuple[float, bool]] = {}  # by agency: until when it may be used, and whether passwords are refused


def resolved(caller: Caller) -> Caller:
    """The caller; if an agency's own provider signed them in, as the person of that agency whom their account is linked
    to.

    Raises Forbidden if the domain of their address no longer belongs to that agency.
    """
    own = table.get(OwnClient, lookups.client(caller.app), lookups.CLIENT) if caller.app else None
    if own is None:
        return caller
    known = replace(caller, app="", scopes=frozenset(), sso=own.agency, account=caller.subject)
    with fence.within(own.agency):
        link = table.get(Link, own.agency, keys.LINKS + caller.subject)
        if link is None:
            return known
        check_domain(own.agency, link.domain)
    return replace(known, subject=link.subject)


def agency_of(caller: Caller, asked: str) -> str:
    """The agency that the caller works in if they ask for that one. Raises Forbidden if their sign-in is for another
    agency.
    """
    if caller.sso and asked not in ("", caller.sso):
        raise errors.Forbidden("You signed in through the identity provider of another agency.", code="other_agency")
    return caller.sso or asked


def check_newcomer(caller: Caller, *, by_sso: bool) -> None:
    """Raises Forbidden for a key or an app, and unless `by_sso` for somebody whom an agency's provider signed in."""
    if caller.is_key or caller.app:
        raise errors.Forbidden("An API key or an app cannot do this: a member has to sign in.", code="people_only")
    if caller.sso and not by_sso:
        raise errors.Forbidden(
            "You signed in through an agency's identity provider, which is for that agency only.", code="other_agency"
        )


def check_domain(agency: str, domain: str) -> None:
    """Raises Forbidden unless the agency has proved that the domain is its own."""
    if not owns_domain(agency, domain):
        raise errors.Forbidden("The domain of your e-mail address does not belong to the agency.", code="wrong_domain")


def check_sign_in(actor: Actor, caller: Caller) -> None:
    """Raises Forbidden for somebody who signed in with a password although the agency requires its identity provider.

    A change of that setting counts within ten seconds.
    """
    if caller.sso or caller.is_key or not _refuses_passwords(actor.agency):
        return
    member = table.get(Member, actor.agency, keys.noun(actor.member))
    if member and owns_domain(actor.agency, domain_of(member.email)):
        raise errors.Forbidden(
            "Your agency does not allow passwords: sign in with its identity provider.", code="sign_in_with_sso"
        )


def owns_domain(agency: str, domain: str) -> bool:
    owner = _owner(domain)
    return owner is not None and owner.agency == agency


def provider_of(agency: str) -> SignInProvider | None:
    """The identity provider of the agency. Call it while working in this agency or in none."""
    with fence.within(agency):
        return table.get(SignInProvider, agency, keys.PROVIDER)


def provider_for(email: str) -> SignInProvider | None:
    """The identity provider that signs in the person with this address, if the agency of its domain has one."""
    owner = _owner(domain_of(email))
    return provider_of(owner.agency) if owner else None


def domain_of(email: str) -> str:
    """The domain of an address; "" if the address is not valid."""
    try:
        return addresses.domain_of(email)
    except ValueError:
        return ""


def _owner(domain: str) -> DomainOwner | None:
    return table.get(DomainOwner, lookups.domain(domain), lookups.DOMAIN) if domain else None


def _refuses_passwords(agency: str) -> bool:
    until, refuses = _kept.get(agency, (0.0, False))
    if until > time.monotonic():
        return refuses
    provider = provider_of(agency)
    if len(_kept) > _MOST_KEPT:
        _kept.clear()
    _kept[agency] = (time.monotonic() + _KEPT_SECONDS, bool(provider and provider.only_sso))
    return _kept[agency][1]
