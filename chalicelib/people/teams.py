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
    joining = [_moving(of, id, joins=True) for of in _checked(actor, member_ids)]
    told = audit.entry(actor, "team.create", id, now, after={"members": member_ids})
    _write(table.putting(made, Team.pk.does_not_exist()), told, *joining)
    return made


def change(actor: Actor, found: Team, name: str, member_ids: list[str], now: int) -> Team:
    """Other people, or another name; PreconditionFailed if it changed, or somebody left the agency, meanwhile."""
    before, after = set(found.members or ()), set(member_ids)
    staying, going = _checked(actor, member_ids), _there(actor, before - after)
    members.may_grant(actor, [entry for of in going for entry in of.grants])
    setting = Team.members.set(after) if after else Team.members.remove()
    new = [Team.name.set(name), setting, Team.version.add(1)]
    told = audit.entry(
        actor, "team.change", found.id, now, before={"members": sorted(before)}, after={"members": member_ids}
    )
    moves = [_moving(of, found.id, joins=True) for of in staying if of.id not in before]
    moves += [_moving(of, found.id, joins=False) for of in going]
    _write(table.changing(Team(found.pk, found.sk), new, Team.version == found.version), told, *moves)
    return get(actor, found.id)


def remove(actor: Actor, found: Team, now: int) -> None:
    """Take the team away; its conversations are nobody's in a moment."""
    going = _there(actor, found.members or ())
    members.may_grant(actor, [entry for of in going for entry in of.grants])
    told = audit.entry(actor, "team.remove", found.id, now, before={"members": sorted(found.members or ())})
    moves = [_moving(of, found.id, joins=False) for of in going]
    left = due.at(actor.agency, now, "leaving", found.id)
    _write(table.deleting(Team(found.pk, found.sk), Team.version == found.version), left, told, *moves)


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
    members.may_grant(actor, [entry for of in found for entry in of.grants])
    return found


def _there(actor: Actor, member_ids: Iterable[str]) -> list[Member]:
    """Those who have not left the agency."""
    return [found for id in sorted(member_ids) if (found := members.find(actor.agency, id))]


def _moving(of: Member, team: str, *, joins: bool) -> table.Write:
    """For transact: what they may see follows; refused if they left the agency."""
    action = Membership.teams.add({team}) if joins else Membership.teams.delete({team})
    return table.changing(Membership(keys.user(of.subject), of.pk), [action], Membership.pk.exists())


def find(agency: str, id: str) -> Team | None:
    """The team, None if there is none or no longer."""
    return table.get(Team, agency, keys.noun(id)) if ids.is_id(id, "tem") else None


def get(actor: Actor, id: str) -> Team:
    """NotFound unless nobody is in it, or somebody the actor may know of."""
    found = find(actor.agency, id)
    if found is None or not _concerns(actor, _there(actor, found.members or ())):
        raise errors.NotFound
    return found


def visible(actor: Actor) -> list[Team]:
    """The teams the actor may know of, oldest first."""
    there = {of.id: of for of in members.every(actor.agency)}
    every = table.query(Team, actor.agency, "team#", consistent=True)
    return [one for one in every if _concerns(actor, [there[id] for id in one.members or () if id in there])]


def _concerns(actor: Actor, people: Sequence[Member]) -> bool:
    return not people or any(members.concerns(actor, of.grants) for of in people)


def view(found: Team) -> Mapping[str, Any]:
    """A team as the API tells it."""
    return {
        "id": found.id,
        "name": found.name,
        "members": sorted(found.members or ()),
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
    }
