"""How members leave: suspended for a while, while all that is theirs waits, or removed for good.

A suspended member is no owner of the agency and takes no seat of its plan.
"""

from typing import Any

from chalicelib import errors
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.people import accounts, agencies, members
from chalicelib.plans import gates, holdings
from chalicelib.store import due, external_ids, keys, lookups, table
from chalicelib.store.models.people import Heir, Member, Membership, Team


def suspend(actor: Actor, member: Member, now: int) -> Member:
    """Refuses the member from their next request on; their keys and what they left to happen later wait meanwhile.

    A repeat does nothing. Raises Forbidden like `members.change`, Conflict for the last owner and for oneself, and
    PreconditionFailed if the member changed meanwhile.
    """
    members.check_may_grant(actor, member.grants)
    if member.id == actor.member:
        raise errors.Conflict("You cannot suspend yourself: another member has to do it.", code="is_yourself")
    if not member.suspended_at:
        table.transact(
            *_freeing(actor, member, now),
            _marked(member, Member.suspended_at.set(now)),
            memberships.suspension(actor.agency, member.subject, suspended=True),
            audit.entry(actor, "member.suspend", member.id, now),
        )
    return members.get(actor, member.id)


def restore(actor: Actor, member: Member, now: int) -> Member:
    """Lets a suspended member in again. A repeat does nothing.

    Raises Forbidden like `members.change`, PaymentRequired if the plan allows no more seats, and PreconditionFailed if
    the member changed meanwhile.
    """
    members.check_may_grant(actor, member.grants)
    if member.suspended_at:
        may_pay = gates.may_pay(actor)
        table.transact(
            *holdings.change(actor.agency, "seats", holdings.seats(member.grants), now, may_pay=may_pay),
            *agencies.change_owners(actor.agency, members.owners(member.grants)),
            _marked(member, Member.suspended_at.remove()),
            memberships.suspension(actor.agency, member.subject, suspended=False),
            audit.entry(actor, "member.restore", member.id, now),
        )
    return members.get(actor, member.id)


def _marked(member: Member, change: Any) -> table.Write:
    return table.changing(
        Member(member.pk, member.sk), [change, Member.version.add(1)], Member.version == member.version,
        otherwise=errors.PreconditionFailed,
    )  # fmt: skip


def remove(actor: Actor, member: Member, now: int, heir: Member | None = None) -> None:
    """Removes the member from the agency and from its teams; their next request is refused.

    From then on the heir answers for what they left behind. Raises Conflict for the last owner, PreconditionFailed if
    the member or their teams changed meanwhile, and Forbidden for an heir who is granted more than the actor.
    """
    members.check_may_grant(actor, [*member.grants, *(heir.grants if heir else ())])
    table.transact(
        *_freeing(actor, member, now),
        table.deleting(
            Member(member.pk, member.sk), Member.version == member.version, otherwise=errors.PreconditionFailed
        ),
        *_leaving(actor.agency, member),
        *accounts.leaving(member),
        *external_ids.releasing(actor.agency, member.id, "", member.external_id),
        *_bequeathing(member, heir),
        due.at(actor.agency, now, "handover", member.id),
        audit.entry(
            actor, "member.remove", member.id, now,
            before={"grants": member.grants}, after={"heir": heir.id} if heir else None,
        ),
    )  # fmt: skip


def _freeing(actor: Actor, member: Member, now: int) -> list[table.Write]:
    """For transact: the member no longer counts as an owner or a seat. A suspended member counts as neither already."""
    if member.suspended_at:
        return []
    seat = holdings.change(actor.agency, "seats", -holdings.seats(member.grants), now)
    return [*agencies.change_owners(actor.agency, -members.owners(member.grants)), *seat]


def _bequeathing(member: Member, heir: Member | None) -> list[table.Write]:
    """For transact: stores the heir, if there is one. Raises PreconditionFailed if the heir changed
    or left meanwhile.
    """
    if heir is None:
        return []
    person = {"member": heir.id, "subject": heir.subject}
    is_there = Member.version == heir.version
    return [
        table.putting(Heir(member.pk, keys.heir(member.id), person=person)),
        table.checking(Member(heir.pk, heir.sk), is_there, otherwise=errors.PreconditionFailed),
    ]


def _leaving(agency: str, member: Member) -> list[table.Write]:
    """For transact: deletes the Membership, and takes the member out of their teams.

    Raises PreconditionFailed if they joined or left a team meanwhile.
    """
    person = table.get(Membership, lookups.user(member.subject), agency)
    teams = person.teams if person else None
    has_same_teams = Membership.teams == teams if teams else Membership.teams.does_not_exist()
    changed = errors.PreconditionFailed
    leave = [Team.members.delete({member.id}), Team.version.add(1)]
    return [
        table.deleting(Membership(lookups.user(member.subject), agency), has_same_teams, otherwise=changed),
        *(
            table.changing(Team(agency, keys.noun(id)), leave, Team.pk.exists(), otherwise=changed)
            for id in sorted(teams or ())
        ),
    ]
