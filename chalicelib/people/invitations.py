"""Invites people into an agency by e-mail. A link works once, for three days, and for that e-mail address only.

If this process dies before it knows that the mail was sent, `settle` deletes the invitation after a minute: whoever
invited got no answer, and invites again.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships, sessions
from chalicelib.access.actors import Actor
from chalicelib.aws import addresses, mail, users
from chalicelib.aws.users import User
from chalicelib.people import agencies, approvers, members
from chalicelib.plans import gates
from chalicelib.store import due, fence, keys, quota, table
from chalicelib.store.models.people import Invitation, Member

VALID_MS = 3 * clock.DAY
SETTLED_AFTER = clock.MINUTE  # no request lives that long
MOST_PER_MINUTE = 60
MOST_PER_ADDRESS = 5  # a day


def invite(actor: Actor, email: str, grants: members.Grants, now: int, language: str | None = None) -> Invitation:
    """Creates an invitation and mails its link in that language, which later becomes the member's language.

    Raises Invalid for an impossible address, Conflict if a member has it, TooMany after 60 invitations in a minute or 5
    a day to one address, and Unavailable if the account cannot be created or the mail cannot be sent; then the
    invitation is deleted again.
    """
    address, folded = _deliverable(email), addresses.folded(email)
    quota.take(actor.agency, "invite", MOST_PER_MINUTE, now)
    if any(addresses.folded(member.email) == folded for member in members.every(actor.agency)):
        raise errors.Conflict(
            "A member of the agency already has this e-mail address.", code="member_exists", field="email"
        )
    quota.take(actor.agency, f"invite#{ids.digest(folded)}", MOST_PER_ADDRESS, now, period=clock.DAY)
    id, token = ids.new("inv"), ids.secret()
    invitation = Invitation(
        actor.agency, keys.noun(id), id=id, email=email.strip(), grants=grants, inviter=actor.person, hash=_hash(token),
        expires_at=now + VALID_MS, expires=(now + VALID_MS) // clock.SECOND, created_at=now,
        settle_at=now + SETTLED_AFTER, language=language,
    )  # fmt: skip
    entry = audit.entry(actor, "member.invite", id, now, after={"grants": grants})
    later = due.at(actor.agency, invitation.settle_at, "invitation", id)
    table.transact(table.putting(invitation, Invitation.pk.does_not_exist()), later, entry)
    link = {"agency": agencies.get(actor.agency).name, "by": actor.name, "token": f"{actor.agency}.{id}.{token}"}
    try:
        users.invite(address)
        mail.send(address, mail.template("invitation", language), link)
    except errors.Problem:
        settle(actor, id, now)  # nobody has the link
        raise
    sent = table.changing(
        Invitation(invitation.pk, invitation.sk), [Invitation.settle_at.remove()], Invitation.pk.exists()
    )
    with suppress(table.Refused):  # it was accepted or withdrawn already
        table.transact(sent, due.no_longer(actor.agency, invitation.settle_at, "invitation", id))
    return invitation


def settle(actor: Actor, id: str, now: int) -> None:
    """Deletes the invitation unless its mail was sent. A repeat does nothing."""
    invitation = table.get(Invitation, actor.agency, keys.noun(id))
    if invitation is None or invitation.settle_at is None:
        return
    entry = audit.entry(actor, "member.uninvite", id, now)
    not_sent = table.deleting(Invitation(invitation.pk, invitation.sk), Invitation.settle_at == invitation.settle_at)
    with suppress(table.Refused):  # it was accepted or withdrawn just now
        table.transact(not_sent, due.no_longer(actor.agency, invitation.settle_at, "invitation", id), entry)


def _deliverable(email: str) -> str:
    try:
        return addresses.deliverable(email)
    except ValueError as wrong:
        raise errors.Invalid(
            "The domain of the e-mail address is not valid.", code="bad_email", field="email"
        ) from wrong


def accept(subject: str, token: str, now: int) -> Member:
    """Makes the person a member.

    Raises NotFound for a token that is wrong, used, too old or somebody else's; Conflict if whoever invited them could
    not do so today; PaymentRequired if the agency's plan allows no more members now: then the invitation stays.
    """
    agency_id, _, rest = token.partition(".")
    id, _, secret = rest.partition(".")
    if not ids.is_id(agency_id, "agc"):
        raise errors.NotFound
    refused = sessions.still_refused(subject, now)
    with fence.within(agency_id):
        return _accept_in_agency(agency_id, subject, id, secret, refused, now)


def accept_by_address(agency_id: str, user: User, now: int) -> Member | None:
    """Makes the person a member if there is an invitation for their address, else None. The agency must have proved
    that the address's domain is its own.
    """
    folded = addresses.folded(user.email)
    for invitation in pending(agency_id, now):
        if addresses.folded(invitation.email) == folded:
            return _take(invitation, user, frozenset(), now)
    return None


def _accept_in_agency(agency_id: str, subject: str, id: str, secret: str, refused: frozenset[str], now: int) -> Member:
    invitation = table.get(Invitation, agency_id, keys.noun(id)) if ids.is_id(id, "inv") else None
    user = users.get(subject)
    if (
        invitation is None
        or invitation.expires_at < now
        or not hmac.compare_digest(invitation.hash, _hash(secret))
        or addresses.folded(user.email) != addresses.folded(invitation.email)
    ):
        raise errors.NotFound
    return _take(invitation, user, refused, now)


def _take(invitation: Invitation, user: User, refused: frozenset[str], now: int) -> Member:
    agency_id = invitation.pk
    _check_inviter(invitation, now)
    gates.check(Actor(agency_id, "", user.name), "grow", now)
    member, joining = members.joining(
        agency_id,
        user.subject,
        user.name,
        user.email,
        invitation.grants,
        now,
        refused=refused,
        language=invitation.language,
    )
    newcomer = Actor(agency_id, member.id, user.name)
    entry = audit.entry(newcomer, "member.join", member.id, now, after={"grants": invitation.grants})
    owners = agencies.change_owners(agency_id, members.owners(invitation.grants))
    used = table.deleting(invitation, Invitation.hash == invitation.hash, otherwise=errors.NotFound)
    table.transact(used, *joining, entry, *owners)
    return member


def _check_inviter(invitation: Invitation, now: int) -> None:
    """Raises Conflict unless whoever answers for the inviter today could give the invitation."""
    inviter = memberships.answering(invitation.pk, invitation.inviter, now)
    if inviter is None or not may_give(inviter, invitation.grants):
        raise errors.Conflict(
            "The inviter may no longer give you these roles. Ask another member to invite you.", code="invitation_ended"
        )


def may_give(inviter: Actor, grants: members.Grants) -> bool:
    """True if the inviter may invite somebody with these grants."""
    may_grant = members.may_grant(replace(inviter, needs=("member.manage",)), grants)
    return may_grant and approvers.may_name(inviter, grants)


def withdraw(actor: Actor, id: str, now: int) -> None:
    """Deletes the invitation; its link no longer works.

    Raises NotFound unless the actor may see the invitation, Forbidden unless they hold all that it grants.
    """
    invitation = table.get(Invitation, actor.agency, keys.noun(id)) if ids.is_id(id, "inv") else None
    if invitation is None or not members.concerns(actor, invitation.grants):
        raise errors.NotFound
    members.check_may_grant(actor, invitation.grants)
    end(actor, invitation, now)


def end(actor: Actor, invitation: Invitation, now: int) -> None:
    """Deletes the invitation without checking the actor's rights."""
    table.transact(table.deleting(invitation), audit.entry(actor, "member.uninvite", invitation.id, now))


def pending(agency_id: str, now: int, after: str = "") -> Iterator[Invitation]:
    """The invitations whose link still works, oldest first; only those after the sort key `after`."""
    invitations = table.query(Invitation, agency_id, "invitation#", after=after, consistent=True)
    return (invitation for invitation in invitations if invitation.expires_at >= now)


def visible(actor: Actor, now: int, after: str = "") -> Iterator[Invitation]:
    """The pending invitations that the actor may see; only those after the sort key `after`."""
    every = pending(actor.agency, now, after)
    return (invitation for invitation in every if members.concerns(actor, invitation.grants))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def view(invitation: Invitation) -> Mapping[str, Any]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "grants": [{"role": grant["role"], "brands": grant["brands"]} for grant in invitation.grants],
        "language": invitation.language,
        "invited_by": invitation.inviter["member"],
        "expires_at": clock.text(invitation.expires_at),
        "created_at": clock.text(invitation.created_at),
    }
