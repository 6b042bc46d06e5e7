"""Teams: members who share work. A conversation can be assigned to a team before one of its members takes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.store import due, external_ids, keys, lookups, table
from chalicelib.store.models.people import Member, Membership, Team

MOST_TEAMS = 50  # of a member, who leaves them all in one transaction


def create(actor: Actor, name: str, member_ids: list[str], now: int, external_id: str | None = None) -> Team:
    """Raises Invalid for an unknown member, Forbidden for one who is granted more than the actor."""
    id = ids.new("tem")
    team = Team(
        actor.agency,
        keys.noun(id),
        id=id,
        name=name,
        members=set(member_ids) or None,
        created_at=now,
        external_id=external_id,
    )
    joining = [_moving(member, id, joins=True) for member in _checked(actor, member_ids)]
    entry = audit.entry(actor, "team.create", id, now, after={"members": member_ids})
    is_new = Team.pk.does_not_exist()
    table.transact(
        table.putting(team, is_new, otherwise=errors.PreconditionFailed),
        entry,
        *joining,
        *external_ids.claiming(actor.agency, id, "", external_id),
    )
    return team


def change(actor: Actor, team: Team, name: str, member_ids: list[str], now: int) -> Team:
    """Gives the team this name and these members. Raises Invalid and Forbidden like `create`.

    Raises PreconditionFailed if the team changed meanwhile, or one of the members concerned left the agency.
    """
    before, after = set(team.members or ()), set(member_ids)
    people, leaving = _checked(actor, member_ids), _still_members(actor, before - after)
    _check_may_grant(actor, leaving)
    set_members = Team.members.set(after) if after else Team.members.remove()
    actions = [Team.name.set(name), set_members, Team.version.add(1)]
    entry = audit.entry(
        actor, "team.change", team.id, now, before={"members": sorted(before)}, after={"members": member_ids}
    )
    moves = [_moving(member, team.id, joins=True) for member in people if member.id not in before]
    moves += [_moving(member, team.id, joins=False) for member in leaving]
    unchanged = Team.version == team.version
    table.transact(
        table.changing(Team(team.pk, team.sk), actions, unchanged, otherwise=errors.PreconditionFailed), entry, *moves
    )
    return get(actor, team.id)


def remove(actor: Actor, team: Team, now: int) -> None:
    """Removes the team. The next tick makes its conversations unassigned.

    Raises PreconditionFailed if the team changed meanwhile, or one of its members left the agency.
    """
    leaving = _still_members(actor, team.members or ())
    _check_may_grant(actor, leaving)
    entry = audit.entry(actor, "team.remove", team.id, now, before={"members": sorted(team.members or ())})
    moves = [_moving(member, team.id, joins=False) for member in leaving]
    unassigning = due.at(actor.agency, now, "handover", team.id)
    unchanged = Team.version == team.version
    removing = table.deleting(Team(team.pk, team.sk), unchanged, otherwise=errors.PreconditionFailed)
    freed = external_ids.releasing(actor.agency, team.id, "", team.external_id)
    table.transact(removing, unassigning, entry, *moves, *freed)


def _check_may_grant(actor: Actor, people: Iterable[Member]) -> None:
    """Raises Forbidden if any of them is granted more than the actor."""
    members.check_may_grant(actor, [grant for member in people for grant in member.grants])


def _checked(actor: Actor, member_ids: Iterable[str]) -> list[Member]:
    """The members. Raises Invalid unless the actor may manage all of them, Forbidden as `_check_may_grant`."""
    try:
        people = [members.managed(actor, id) for id in sorted(member_ids)]
    except errors.NotFound as unknown:
        raise errors.Invalid(
            "One of the members does not exist, or you may not manage them.", code="unknown_reference", field="members"
        ) from unknown
    _check_may_grant(actor, people)
    return people


def _still_members(actor: Actor, member_ids: Iterable[str]) -> list[Member]:
    return [member for id in sorted(member_ids) if (member := members.find(actor.agency, id))]


def _moving(member: Member, team: str, *, joins: bool) -> table.Write:
    """For transact: records in the Membership that the member joins or leaves the team, which decides what they see.

    Raises PreconditionFailed if the member left the agency, Invalid if they are in too many teams.
    """
    action = Membership.teams.add({team}) if joins else Membership.teams.delete({team})
    membership = Membership(lookups.user(member.subject), member.pk)
    known = table.get(Membership, membership.pk, membership.sk) if joins else None
    if known and len(known.teams or ()) >= MOST_TEAMS:
        raise errors.Invalid(f"A member can be in at most {MOST_TEAMS} teams.", code="too_much", field="members")
    return table.changing(membership, [action], Membership.pk.exists(), otherwise=errors.PreconditionFailed)


def find(agency: str, id: str) -> Team | None:
    """None also for a team that was removed."""
    return table.get(Team, agency, keys.noun(id)) if ids.is_id(id, "tem") else None


def get(actor: Actor, id: str) -> Team:
    """Raises NotFound unless the team is empty, or the actor may manage one of its members."""
    team = find(actor.agency, id)
    if team is None or not _concerns(actor, _still_members(actor, team.members or ())):
        raise errors.NotFound
    return team


def visible(actor: Actor, after: str = "") -> Iterator[Team]:
    """The teams that the actor may see, oldest first; only those after the sort key `after`."""
    by_id = {member.id: member for member in members.every(actor.agency)}
    every = table.query(Team, actor.agency, "team#", after=after, consistent=True)
    return (team for team in every if _concerns(actor, [by_id[id] for id in team.members or () if id in by_id]))


def hidden(actor: Actor, ids: Iterable[str]) -> frozenset[str]:
    """The ids of those of these teams that exist, but that the actor may not see."""
    teams = table.many(Team, [(actor.agency, keys.noun(id)) for id in ids])
    return frozenset(team.id for team in teams if not _concerns(actor, _still_members(actor, team.members or ())))


def _concerns(actor: Actor, people: Sequence[Member]) -> bool:
    return not people or any(members.concerns(actor, member.grants) for member in people)


def view(team: Team) -> Mapping[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "external_id": team.external_id,
        "members": sorted(team.members or ()),
        "version": team.version,
        "created_at": clock.text(team.created_at),
    }
