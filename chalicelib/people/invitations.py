"""Asking somebody into the agency by e-mail: a link that works once, for three days, for that address only."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import mail, users
from chalicelib.people import agencies, members
from chalicelib.store import fence, keys, quota, table
from chalicelib.store.models.people import Invitation, Member

LASTS = 72 * 3_600_000
A_MINUTE = 60


def invite(actor: Actor, email: str, grants: members.Grants, now: int) -> Invitation:
    """Send the link.

    Conflict if that address is a member already, TooMany above a minute's worth, Unavailable if no mail can be sent.
    """
    address = users.normal_email(email)
    quota.take(actor.agency, "invite", A_MINUTE, now)
    if any(member.email == address for member in members.every(actor.agency)):
        raise errors.Conflict("Already a member.", code="member_exists", field="email")
    id, token = ids.new("inv"), ids.secret()
    made = Invitation(
        actor.agency, keys.noun(id), id=id, email=address, grants=grants, hash=_hash(token), invited_by=actor.member,
        expires_at=now + LASTS, expires=(now + LASTS) // 1000, created_at=now,
    )  # fmt: skip
    entry = audit.entry(actor, "member.invite", id, now, after={"grants": grants})
    table.transact(table.putting(made, Invitation.pk.does_not_exist()), entry)
    link = {"agency": agencies.get(actor.agency).name, "by": actor.name, "token": f"{actor.agency}.{id}.{token}"}
    try:
        mail.send(address, "invitation", link)
    except errors.Unavailable:
        table.delete(made)  # nobody has the link
        raise
    return made


def accept(subject: str, token: str, now: int) -> Member:
    """Become a member. The answer for a link that is wrong, used, over or somebody else's is the same: NotFound."""
    agency_id, _, rest = token.partition(".")
    id, _, secret = rest.partition(".")
    if not ids.is_id(agency_id, "agc"):
        raise errors.NotFound
    with fence.within(agency_id):
        return _accept(agency_id, subject, id, secret, now)


def _accept(agency_id: str, subject: str, id: str, secret: str, now: int) -> Member:
    invitation = table.get(Invitation, agency_id, keys.noun(id)) if ids.is_id(id, "inv") else None
    who = users.get(subject)
    if (
        invitation is None
        or invitation.expires_at < now
        or not hmac.compare_digest(invitation.hash, _hash(secret))
        or who.email != invitation.email
    ):
        raise errors.NotFound
    new, writes = members.joining(agency_id, subject, who.name, invitation.email, invitation.grants, now)
    joined = audit.entry(
        Actor(agency_id, new.id, who.name), "member.join", new.id, now, after={"grants": invitation.grants}
    )
    owners = agencies.change_owners(agency_id, members.owners(invitation.grants))
    try:
        table.transact(table.deleting(invitation, Invitation.hash == invitation.hash), *writes, joined, *owners)
    except table.Refused as refused:
        raise errors.NotFound from refused
    return new


def withdraw(actor: Actor, id: str, now: int) -> None:
    """Make the link worthless; NotFound if there is no such invitation, Forbidden if it is for more than one's own."""
    invitation = table.get(Invitation, actor.agency, keys.noun(id)) if ids.is_id(id, "inv") else None
    if invitation is None or not members.concerns(actor, invitation.grants):
        raise errors.NotFound
    members.may_grant(actor, invitation.grants)
    table.transact(table.deleting(invitation), audit.entry(actor, "member.uninvite", id, now))


def pending(agency_id: str, now: int) -> Iterator[Invitation]:
    """Those whose link still works, oldest first."""
    found = table.query(Invitation, agency_id, "invitation#", consistent=True)
    return (invitation for invitation in found if invitation.expires_at >= now)


def listing(actor: Actor, now: int) -> list[Mapping[str, Any]]:
    """The pending ones the actor may know of."""
    return [view(invitation) for invitation in pending(actor.agency, now) if members.concerns(actor, invitation.grants)]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def view(invitation: Invitation) -> Mapping[str, Any]:
    """An invitation as the API tells it; never its link."""
    return {
        "id": invitation.id,
        "email": invitation.email,
        "grants": [{"role": entry["role"], "brands": entry["brands"]} for entry in invitation.grants],
        "expires_at": clock.text(invitation.expires_at),
        "created_at": clock.text(invitation.created_at),
    }
