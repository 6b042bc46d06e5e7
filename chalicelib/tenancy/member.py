"""A person in an agency: a role, for some brands or for all. One person may be a member of several agencies."""

from typing import Any

from chalicelib import errors, ids
from chalicelib.store import keys, table
from chalicelib.store.models import Member, Membership

Grants = list[dict[str, Any]]


def add(agency: str, subject: str, name: str, email: str, grants: Grants, now: int) -> Member:
    """Make the signed-in person a member; Conflict if they are one already."""
    id = ids.new("mbr")
    member = Member(
        agency, keys.noun(id), id=id, subject=subject, name=name, email=email, grants=grants, created_at=now
    )
    of = Membership(keys.user(subject), agency, agency=agency, member=id, name=name, grants=grants)
    try:
        table.transact(table.putting(member), table.putting(of, Membership.pk.does_not_exist()))
    except table.Refused as refused:
        raise errors.Conflict("Already a member.", code="member_exists") from refused
    return member
