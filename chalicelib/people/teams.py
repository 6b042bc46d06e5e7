"""People who share work on a brand: a conversation may be a team's before it is somebody's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.store import due, keys, table
from chalicelib.store.models.people import Member, Membership, Team


def create(actor: Actor, name: str, member_ids: list[str], now: int) -> Team:
    """A new team. Invalid for who is no member; Forbidden with somebody who is granted more than one's own."""
    id = ids.new("tem")
    made = Team(actor.agency, keys.noun(id), id=id, name=name, members=set(member_ids) or None, created_at=now)
    joining = [_moving(member, id, joins=True) for member in _checked(actor, member_ids)]
    entry = audit.entry(actor, "team.create", id, now, after={"members": member_ids})
    _write(table.putting(made, Team.pk.does_not_exist()), entry, *joining)
    return made


def change(actor: Actor, team: Team, name: str, member_ids: list[str], now: int) -> Team:
    """Other people, or another name; PreconditionFailed if it changed, or somebody left the agency, meanwhile."""
    before, after = set(team.members or ()), set(member_ids)
    staying, going = _checked(actor, member_ids), _there(actor, before - after)
    members.may_grant(actor, [entry for member in going for entry in member.grants])
    setting = Team.members.set(after) if after else Team.members.remove()
    new = [Team.name.set(name), setting, Team.version.add(1)]
    told = audit.entry(
        actor, "team.change", team.id, now, before={"members": sorted(before)}, after={"members": member_ids}
    )
    moves = [_moving(member, team.id, joins=True) for member in staying if member.id not in before]
    moves += [_moving(member, team.id, joins=False) for member in going]
    _write(table.changing(Team(team.pk, team.sk), new, Team.version == team.version), told, *moves)
    return get(actor, team.id)


def remove(actor: Actor, team: Team, now: int) -> None:
    """Take the team away; its conversations are nobody's in a moment."""
    going = _there(actor, team.members or ())
    members.may_grant(actor, [entry for member in going for entry in member.grants])
    told = audit.entry(actor, "team.remove", team.id, now, before={"members": sorted(team.members or ())})
    moves = [_moving(member, team.id, joins=False) for member in going]
    left = due.at(actor.agency, now, "leaving", team.id)
    _write(table.deleting(Team(team.pk, team.sk), Team.version == team.version), left, told, *moves)


def _write(*writes: table.Write) -> None:
    try:
        table.transact(*writes)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _checked(actor: Actor, member_ids: Iterable[str]) -> list[Member]:
    """Raises Invalid unless the actor may know of all of them, Forbidden if they are granted more than one's own."""
    try:
        found = [members.managed(actor, id) for id in sorted(member_ids)]
    except errors.NotFound as unknown:
        raise errors.Invalid("There is no such member.", field="members") from unknown
    members.may_grant(actor, [entry for member in found for entry in member.grants])
    return found


def _there(actor: Actor, member_ids: Iterable[str]) -> list[Member]:
    """Those who have not left the agency."""
    return [member for id in sorted(member_ids) if (member := members.find(actor.agency, id))]


def _moving(member: Member, team: str, *, joins: bool) -> table.Write:
    """For transact: what they may see follows; refused if they left the agency."""
    action = Membership.teams.add({team}) if joins else Membership.teams.delete({team})
    return table.changing(Membership(keys.user(member.subject), member.pk), [action], Membership.pk.exists())


def find(agency: str, id: str) -> Team | None:
    """The team, None if there is none or no longer."""
    return table.get(Team, agency, keys.noun(id)) if ids.is_id(id, "tem") else None


def get(actor: Actor, id: str) -> Team:
    """NotFound unless nobody is in it, or somebody the actor may know of."""
    team = find(actor.agency, id)
    if team is None or not _concerns(actor, _there(actor, team.members or ())):
        raise errors.NotFound
    return team


def visible(actor: Actor) -> list[Team]:
    """The teams the actor may know of, oldest first."""
    there = {member.id: member for member in members.every(actor.agency)}
    every = table.query(Team, actor.agency, "team#", consistent=True)
    return [team for team in every if _concerns(actor, [there[id] for id in team.members or () if id in there])]


def _concerns(actor: Actor, people: Sequence[Member]) -> bool:
    return not people or any(members.concerns(actor, member.grants) for member in people)


def view(team: Team) -> Mapping[str, Any]:
    """A team as the API tells it."""
    return {
        "id": team.id,
        "name": team.name,
        "members": sorted(team.members or ()),
        "version": team.version,
        "created_at": clock.text(team.created_at),
    }
