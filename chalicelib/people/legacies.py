"""What a removed member leaves behind: the API keys they made, and their invitations that nobody accepted yet.

This is no access check: a key or invitation whose maker is gone is refused when it is used. It decides what continues
under the heir and deletes the rest; if it stops half-way, what was not deleted is of no use to anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import errors
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.people import api_keys, departures, invitations, members
from chalicelib.store import keys, table
from chalicelib.store.models.people import ApiKey, Heir, Invitation, Member


@dataclass(frozen=True)
class Legacy:
    """All keys and invitations that depend on one member."""

    keys: Sequence[ApiKey]
    invitations: Sequence[Invitation]


def of(agency: str, member: str, now: int) -> Legacy:
    """What depends on the member: what they made themselves, and what they inherited."""
    heirs = heirs_in(agency)
    return Legacy(
        [api_key for api_key in api_keys.every(agency) if answerer(heirs, api_key.created_by) == member],
        [
            invitation
            for invitation in invitations.pending(agency, now)
            if answerer(heirs, invitation.inviter["member"]) == member
        ],
    )


def heirs_in(agency: str) -> Mapping[str, str]:
    """The heirs of those who left the agency, as member ids."""
    every = table.query(Heir, agency, keys.HEIRS, consistent=True)
    return {heir.sk.removeprefix(keys.HEIRS): str(heir.person["member"]) for heir in every}


def answerer(heirs: Mapping[str, str], member: str) -> str:
    """The member who answers for what `member` made: that member, or the last in the line of their heirs."""
    return answerer(heirs, heirs[member]) if member in heirs else member


def heir_of(actor: Actor, member: Member, id: str | None) -> Member | None:
    """The heir with that id. Raises Invalid unless it is another member whom the actor may manage."""
    try:
        heir = members.managed(actor, id) if id else None
    except errors.NotFound as unknown:
        raise errors.Invalid(
            "The heir does not exist, or you may not manage them.", code="unknown_reference", field="heir"
        ) from unknown
    if heir and heir.id == member.id:
        raise errors.Invalid(
            "The heir has to be another member than the one whom you remove.", code="not_together", field="heir"
        )
    return heir


def remove(actor: Actor, member: Member, heir: Member | None, now: int) -> Mapping[str, Any]:
    """Removes the member and settles what they leave behind; raises what `departures.remove` raises."""
    legacy = of(actor.agency, member.id, now)
    departures.remove(actor, member, now, heir)
    return _settle(actor, legacy, heir, now)


def _settle(actor: Actor, legacy: Legacy, heir: Member | None, now: int) -> Mapping[str, Any]:
    """Ends what the heir may not give, or everything if there is no heir. Gives the ids of what continues and what
    ended.
    """
    successor = memberships.colleague(actor.agency, heir.subject) if heir else None

    inherited, ended = [], []
    for api_key in legacy.keys:
        if successor and api_keys.may_make(successor, api_key.grants):
            inherited.append(api_key.id)
        else:
            api_keys.end(actor, api_key, now)
            ended.append(api_key.id)
    for invitation in legacy.invitations:
        if successor and invitations.may_give(successor, invitation.grants):
            inherited.append(invitation.id)
        else:
            invitations.end(actor, invitation, now)
            ended.append(invitation.id)
    return {"heir": heir.id if heir else None, "inherited": inherited, "ended": ended}
