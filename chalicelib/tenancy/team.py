"""People who share work on a brand: a conversation may be a team's before it is somebody's."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api.actor import Actor
from chalicelib.insight import audit
from chalicelib.store import keys, table
from chalicelib.store.models import Membership, Team
from chalicelib.tenancy import member


def create(actor: Actor, name: str, members: list[str], now: int) -> Team:
    """A new team of members of the agency."""
    id = ids.new("tem")
    made = Team(actor.agency, keys.noun(id), id=id, name=name, members=members, created_at=now)
    joined = [_joining(actor, of, id, belongs=True) for of in members]
    told = audit.entry(actor, "team.create", id, now, after={"members": members})
    table.transact(table.putting(made, Team.pk.does_not_exist()), told, *joined)
    return made


def change(actor: Actor, found: Team, name: str, members: list[str], now: int) -> Team:
    """Other people, or another name; PreconditionFailed if it changed meanwhile."""
    told = audit.entry(
        actor, "team.change", found.id, now, before={"members": found.members}, after={"members": members}
    )
    new = [Team.name.set(name), Team.members.set(members), Team.version.add(1)]
    came, went = set(members) - set(found.members), set(found.members) - set(members)
    moves = [_joining(actor, of, found.id, belongs=of in came) for of in sorted(came | went)]
    try:
        table.transact(table.changing(Team(found.pk, found.sk), new, Team.version == found.version), told, *moves)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused
    return get(actor, found.id)


def remove(actor: Actor, found: Team, now: int) -> None:
    """Take the team away; its conversations are unassigned where they show."""
    left = [_joining(actor, of, found.id, belongs=False) for of in found.members]
    told = audit.entry(actor, "team.remove", found.id, now, before={"members": found.members})
    table.transact(table.deleting(found, Team.version == found.version), told, *left)


def _joining(actor: Actor, id: str, team: str, *, belongs: bool) -> table.Write:
    try:
        of = member.get(actor, id)
    except errors.NotFound as unknown:
        raise errors.Invalid("There is no such member.", field="members") from unknown
    person = table.get(Membership, keys.user(of.subject), actor.agency)
    teams = set(person.teams or ()) if person else set()
    new = sorted(teams | {team} if belongs else teams - {team})
    return table.changing(
        Membership(keys.user(of.subject), actor.agency), [Membership.teams.set(new)], Membership.pk.exists()
    )


def get(actor: Actor, id: str) -> Team:
    """NotFound unless it is a team of the agency."""
    found = table.get(Team, actor.agency, keys.noun(id)) if ids.is_id(id, "tem") else None
    if found is None:
        raise errors.NotFound
    return found


def every(agency: str) -> Iterator[Team]:
    """All teams, oldest first."""
    return table.query(Team, agency, "team#", consistent=True)


def view(found: Team) -> Mapping[str, Any]:
    """A team as the API tells it."""
    return {
        "id": found.id,
        "name": found.name,
        "members": found.members,
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
    }
