"""A person in an agency and what they are granted. One person may be a member of several agencies.

What a request needs to know stands a second time with the signed-in person, changed in the same transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.people import Member, Membership, Team

Grants = Sequence[Mapping[str, Any]]


def joining(
    agency: str, subject: str, name: str, email: str, grants: Grants, now: int
) -> tuple[Member, list[table.Write]]:
    """A new member, and the writes that make the signed-in person one; refused if they are already."""
    id = ids.new("mbr")
    new = Member(agency, keys.noun(id), id=id, subject=subject, name=name, email=email, grants=grants, created_at=now)
    membership = Membership(keys.user(subject), agency, agency=agency, member=id, name=name, grants=grants)
    return new, [table.putting(new), table.putting(membership, Membership.pk.does_not_exist())]


def every(agency: str) -> Iterator[Member]:
    """All members, those who came first first."""
    return table.query(Member, agency, "member#", consistent=True)


def find(agency: str, id: str) -> Member | None:
    """The member, None if there is none or no longer."""
    return table.get(Member, agency, keys.noun(id)) if ids.is_id(id, "mbr") else None


def get(actor: Actor, id: str) -> Member:
    """NotFound unless it is a member of the agency."""
    member = find(actor.agency, id)
    if member is None:
        raise errors.NotFound
    return member


def managed(actor: Actor, id: str) -> Member:
    """NotFound unless they work for a brand for which the actor may do what the route is for."""
    member = get(actor, id)
    if not concerns(actor, member.grants):
        raise errors.NotFound
    return member


def visible(actor: Actor) -> list[Member]:
    """Those who work for a brand for which the actor may do what the route is for."""
    return [member for member in every(actor.agency) if concerns(actor, member.grants)]


def concerns(actor: Actor, grants: Grants) -> bool:
    """True if anything is granted for a brand for which the actor may do what the route is for."""
    mine = actor.brands()
    return mine is None or any(entry["brands"] is None or mine.intersection(entry["brands"]) for entry in grants)


def colleagues(actor: Actor, brand: str | None) -> list[Mapping[str, Any]]:
    """Names of those who work for the brand, or for any the actor works for."""
    return [
        {"id": member.id, "name": member.name, "available": not member.away}
        for member in every(actor.agency)
        if (works_for(member, brand) if brand else concerns(actor, member.grants))
    ]


def works_for(member: Member, brand: str) -> bool:
    """True if anything is granted to them for the brand."""
    return any(entry["brands"] is None or brand in entry["brands"] for entry in member.grants)


def resolved(actor: Actor, asked: Sequence[Mapping[str, Any]]) -> Grants:
    """The grants asked for.

    Raises Invalid for a role or brand there is not, Forbidden for what the actor does not hold themselves.
    """
    named = {brand for entry in asked for brand in entry["brands"] or ()}
    if len(table.many(Brand, [(actor.agency, keys.noun(brand)) for brand in named])) < len(named):
        raise errors.Invalid("There is no such brand.", field="grants")
    roles = {entry["role"] for entry in asked}
    if roles - set(memberships.permissions_of(actor.agency, roles)):
        raise errors.Invalid("There is no such role.", field="grants")
    grants = [{"role": entry["role"], "brands": entry["brands"]} for entry in asked]
    may_grant(actor, grants)
    return grants


def may_grant(actor: Actor, grants: Grants) -> None:
    """Forbidden unless the actor holds all of it themselves: nobody raises others, or themselves, above their own.

    They must also hold, for each of the brands, what the route is for.
    """
    mine = actor.brands()
    for asked in memberships.grants_of(actor.agency, grants):
        places: list[str | None] = [None] if asked.brands is None else [*asked.brands]
        for place in places:
            if not (mine is None or place in mine) or asked.permissions - actor.held(place):
                raise errors.Forbidden("You cannot give what you do not hold.", code="beyond_own")


def change(actor: Actor, member: Member, grants: Grants, now: int) -> Member:
    """Give the member these grants instead of theirs; Conflict if the agency would be left without an owner."""
    may_grant(actor, member.grants)
    writes = [
        table.changing(
            Member(member.pk, member.sk),
            [Member.grants.set(grants), Member.version.add(1)],
            Member.version == member.version,
        ),
        table.changing(
            Membership(keys.user(member.subject), actor.agency), [Membership.grants.set(grants)], Membership.pk.exists()
        ),
    ]
    entry = audit.entry(
        actor, "member.change", member.id, now, before={"grants": member.grants}, after={"grants": grants}
    )
    left = due.at(actor.agency, now, "leaving", member.id)
    _commit(actor, owners(grants) - owners(member.grants), [*writes, left, entry])
    return get(actor, member.id)


def be_there(actor: Actor, *, available: bool, now: int) -> Member:
    """Take new conversations, or none for a while. NotFound for a key, which takes none anyway."""
    member = get(actor, actor.member)
    if bool(member.away) == available:
        entry = audit.entry(actor, "member.be_there", member.id, now, after={"available": available})
        away = Member.away.remove() if available else Member.away.set(True)
        table.transact(table.changing(Member(member.pk, member.sk), [away], Member.pk.exists()), entry)
    return get(actor, actor.member)


def remove(actor: Actor, member: Member, now: int) -> None:
    """Take the member out of the agency and of its teams, from their next request on."""
    may_grant(actor, member.grants)
    writes = [
        table.deleting(Member(member.pk, member.sk), Member.version == member.version),
        *_leaving(actor.agency, member),
        due.at(actor.agency, now, "leaving", member.id),
        audit.entry(actor, "member.remove", member.id, now, before={"grants": member.grants}),
    ]
    _commit(actor, -owners(member.grants), writes)


def _leaving(agency: str, member: Member) -> list[table.Write]:
    """The person is no longer who they were here; refused if they joined or left a team meanwhile."""
    person = table.get(Membership, keys.user(member.subject), agency)
    teams = person.teams if person else None
    same = Membership.teams == teams if teams else Membership.teams.does_not_exist()
    out = [Team.members.delete({member.id}), Team.version.add(1)]
    return [
        table.deleting(Membership(keys.user(member.subject), agency), same),
        *(table.changing(Team(agency, keys.noun(id)), out, Team.pk.exists()) for id in sorted(teams or ())),
    ]


def owners(grants: Grants) -> int:
    """How many owners of the agency, 0 or 1, somebody with these grants is."""
    return int(any(entry["role"] == "owner" and entry["brands"] is None for entry in grants))


def _commit(actor: Actor, owners: int, writes: list[table.Write]) -> None:
    from chalicelib.people import agencies

    try:
        table.transact(*writes, *agencies.change_owners(actor.agency, owners))
    except table.Refused as refused:
        if any(refused.failed[len(writes) :]):
            raise errors.Conflict("An agency keeps at least one owner.", code="last_owner") from refused
        raise errors.PreconditionFailed from refused


def view(member: Member) -> Mapping[str, Any]:
    """A member as the API tells it."""
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "grants": [{"role": entry["role"], "brands": entry["brands"]} for entry in member.grants],
        "available": not member.away,
        "version": member.version,
        "created_at": clock.text(member.created_at),
    }
