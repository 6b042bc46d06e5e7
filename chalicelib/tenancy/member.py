"""A person in an agency and what they are granted. One person may be a member of several agencies.

What a request needs to know stands a second time with the signed-in person, changed in the same transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api import actor as actors
from chalicelib.api.actor import Actor
from chalicelib.insight import audit
from chalicelib.store import keys, table
from chalicelib.store.models import Brand, Member, Membership, Role
from chalicelib.tenancy import role

Grants = list[dict[str, Any]]


def joining(
    agency: str, subject: str, name: str, email: str, grants: Grants, now: int
) -> tuple[Member, list[table.Write]]:
    """A new member, and the writes that make the signed-in person one; refused if they are already."""
    id = ids.new("mbr")
    new = Member(agency, keys.noun(id), id=id, subject=subject, name=name, email=email, grants=grants, created_at=now)
    of = Membership(keys.user(subject), agency, agency=agency, member=id, name=name, grants=grants)
    return new, [table.putting(new), table.putting(of, Membership.pk.does_not_exist())]


def add(agency: str, subject: str, name: str, email: str, grants: Grants, now: int) -> Member:
    """Make the signed-in person a member; Conflict if they are one already."""
    new, writes = joining(agency, subject, name, email, grants, now)
    try:
        table.transact(*writes)
    except table.Refused as refused:
        raise errors.Conflict("Already a member.", code="member_exists") from refused
    return new


def every(agency: str) -> Iterator[Member]:
    """All members, those who came first first."""
    return table.query(Member, agency, "member#", consistent=True)


def get(actor: Actor, id: str) -> Member:
    """NotFound unless it is a member of the agency."""
    found = table.get(Member, actor.agency, keys.noun(id)) if ids.is_id(id, "mbr") else None
    if found is None:
        raise errors.NotFound
    return found


def resolved(actor: Actor, asked: Sequence[Mapping[str, Any]]) -> Grants:
    """The grants asked for, with the permissions of the agency's own roles.

    Raises Invalid for a role or brand there is not, Forbidden for what the actor does not hold themselves.
    """
    named = {brand for entry in asked for brand in entry["brands"] or ()}
    if len(table.many(Brand, [(actor.agency, keys.noun(brand)) for brand in named])) < len(named):
        raise errors.Invalid("There is no such brand.", field="grants")
    grants = []
    for entry in asked:
        grant = {"role": entry["role"], "brands": entry["brands"]}
        if entry["role"] not in role.TEMPLATES:
            own = table.get(Role, actor.agency, keys.noun(entry["role"])) if ids.is_id(entry["role"], "rol") else None
            if own is None:
                raise errors.Invalid("There is no such role.", field="grants")
            grant["permissions"] = own.permissions
        may_grant(actor, grant)
        grants.append(grant)
    return grants


def may_grant(actor: Actor, entry: Mapping[str, Any]) -> None:
    """Forbidden unless the actor holds all of it themselves: nobody raises others, or themselves, above their own."""
    asked = actors.grant(entry)
    covering = [
        mine for mine in actor.grants
        if mine.brands is None or (asked.brands is not None and asked.brands <= mine.brands)
    ]  # fmt: skip
    held = frozenset[str]().union(*(mine.permissions for mine in covering))
    if not asked.permissions <= held:
        raise errors.Forbidden("You cannot give what you do not hold.", code="beyond_own")


def change(actor: Actor, found: Member, grants: Grants, now: int) -> Member:
    """Give the member these grants instead of theirs; Conflict if the agency would be left without an owner."""
    for entry in found.grants:
        may_grant(actor, entry)
    writes = [
        table.changing(
            Member(found.pk, found.sk),
            [Member.grants.set(grants), Member.version.add(1)],
            Member.version == found.version,
        ),
        table.changing(
            Membership(keys.user(found.subject), actor.agency), [Membership.grants.set(grants)], Membership.pk.exists()
        ),
    ]
    told = audit.entry(actor, "member.change", found.id, now, before={"grants": found.grants}, after={"grants": grants})
    _commit(actor, _owner(grants) - _owner(found.grants), [*writes, told])
    return get(actor, found.id)


def be_there(actor: Actor, *, available: bool, now: int) -> Member:
    """Take new conversations, or none for a while. NotFound for a key, which takes none anyway."""
    found = get(actor, actor.member)
    if bool(found.away) == available:
        told = audit.entry(actor, "member.be_there", found.id, now, after={"available": available})
        away = Member.away.remove() if available else Member.away.set(True)
        table.transact(table.changing(Member(found.pk, found.sk), [away], Member.pk.exists()), told)
    return get(actor, actor.member)


def rewrite(agency: str, id: str, grants: Grants) -> None:
    """Write the permissions of a changed role into a holder's grants."""
    while (found := table.get(Member, agency, keys.noun(id))) is not None:
        writes = [
            table.changing(Member(found.pk, found.sk), [Member.grants.set(grants)], Member.version == found.version),
            table.changing(
                Membership(keys.user(found.subject), agency), [Membership.grants.set(grants)], Membership.pk.exists()
            ),
        ]
        try:
            table.transact(*writes)
        except table.Refused:
            continue
        return


def remove(actor: Actor, found: Member, now: int) -> None:
    """Take the member out of the agency, from their next request on."""
    for entry in found.grants:
        may_grant(actor, entry)
    writes = [
        table.deleting(Member(found.pk, found.sk), Member.version == found.version),
        table.deleting(Membership(keys.user(found.subject), actor.agency)),
        audit.entry(actor, "member.remove", found.id, now, before={"grants": found.grants}),
    ]
    _commit(actor, -_owner(found.grants), writes)


def _owner(grants: Sequence[Mapping[str, Any]]) -> int:
    return int(any(entry["role"] == "owner" and entry["brands"] is None for entry in grants))


def _commit(actor: Actor, owners: int, writes: list[table.Write]) -> None:
    from chalicelib.tenancy import agency

    try:
        table.transact(*writes, *agency.owners(actor.agency, owners))
    except table.Refused as refused:
        if any(refused.failed[len(writes) :]):
            raise errors.Conflict("An agency keeps at least one owner.", code="last_owner") from refused
        raise errors.PreconditionFailed from refused


def view(found: Member) -> Mapping[str, Any]:
    """A member as the API tells it."""
    return {
        "id": found.id,
        "name": found.name,
        "email": found.email,
        "grants": [{"role": entry["role"], "brands": entry["brands"]} for entry in found.grants],
        "available": not found.away,
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
    }
