"""Links an account that an agency's provider signed in to a person of the agency: a member, or somebody it invited."""

from chalicelib import errors
from chalicelib.access import audit, sso
from chalicelib.access.actors import Actor
from chalicelib.access.tokens import Caller
from chalicelib.aws import addresses, users
from chalicelib.people import invitations, members
from chalicelib.store import fence, keys, table
from chalicelib.store.models.people import Link, Member


def join(caller: Caller, now: int) -> Member:
    """Lets the person work as the member with their address, or accepts the invitation for that address.

    A repeat does nothing. Raises Conflict for a sign-in by other means, Forbidden for an address that is not verified
    or whose domain is not the agency's, and for somebody who was not invited.
    """
    if not caller.sso:
        raise errors.Conflict("You did not sign in with the identity provider of an agency.", code="no_sso")
    user = users.get(caller.account)
    domain = sso.domain_of(user.email)
    with fence.within(caller.sso):
        sso.check_domain(caller.sso, domain)
        member = _member(caller.sso, user.email) or invitations.accept_by_address(caller.sso, user, now)
        if member is None:
            raise errors.Forbidden(
                "No member or invitation of the agency has your e-mail address. Ask a member to invite you.",
                code="no_agency",
            )
        link = Link(caller.sso, keys.LINKS + caller.account, subject=member.subject, domain=domain, created_at=now)
        known = table.get(Link, link.pk, link.sk)
        if known is None or (known.subject, known.domain) != (link.subject, link.domain):
            actor = Actor(caller.sso, member.id, member.name)
            table.transact(table.putting(link), audit.entry(actor, "member.link", member.id, now))
    return member


def _member(agency: str, email: str) -> Member | None:
    folded = addresses.folded(email)
    return next((member for member in members.every(agency) if addresses.folded(member.email) == folded), None)
