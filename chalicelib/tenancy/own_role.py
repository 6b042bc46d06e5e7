"""Roles of an agency's own: any set of permissions. A change counts from the next request of those who hold it."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api.actor import Actor
from chalicelib.insight import audit
from chalicelib.store import keys, table
from chalicelib.store.models import Member, Role
from chalicelib.tenancy import member, role


def create(actor: Actor, name: str, permissions: list[str], now: int) -> Role:
    """A new role. Forbidden with permissions the actor does not hold for all brands."""
    _check(actor, permissions)
    id = ids.new("rol")
    made = Role(actor.agency, keys.noun(id), id=id, name=name, permissions=permissions, created_at=now)
    told = audit.entry(actor, "role.create", id, now, after={"permissions": permissions})
    table.transact(table.putting(made, Role.pk.does_not_exist()), told)
    return made


def change(actor: Actor, found: Role, name: str, permissions: list[str], now: int) -> Role:
    """Give the role other permissions, and with it all who hold it."""
    _check(actor, permissions)
    told = audit.entry(
        actor,
        "role.change",
        found.id,
        now,
        before={"permissions": found.permissions},
        after={"permissions": permissions},
    )
    new = [Role.name.set(name), Role.permissions.set(permissions), Role.version.add(1)]
    try:
        table.transact(table.changing(Role(found.pk, found.sk), new, Role.version == found.version), told)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused
    for holder in holders(actor.agency, found.id):
        grants = [
            {**entry, "permissions": permissions} if entry["role"] == found.id else entry for entry in holder.grants
        ]
        member.rewrite(actor.agency, holder.id, grants)
    return get(actor, found.id)


def remove(actor: Actor, found: Role, now: int) -> None:
    """Take the role away; Conflict while somebody holds it."""
    if next(holders(actor.agency, found.id), None):
        raise errors.Conflict("Somebody still holds this role.", code="role_held")
    table.transact(
        table.deleting(found, Role.version == found.version), audit.entry(actor, "role.remove", found.id, now)
    )


def holders(agency: str, id: str) -> Iterator[Member]:
    """The members who hold the role."""
    return (found for found in member.every(agency) if any(entry["role"] == id for entry in found.grants))


def every(agency: str) -> Iterator[Role]:
    """All roles of the agency's own, oldest first."""
    return table.query(Role, agency, "role#", consistent=True)


def get(actor: Actor, id: str) -> Role:
    """NotFound unless it is a role of the agency's own."""
    found = table.get(Role, actor.agency, keys.noun(id)) if ids.is_id(id, "rol") else None
    if found is None:
        raise errors.NotFound
    return found


def _check(actor: Actor, permissions: list[str]) -> None:
    if set(permissions) - set(role.PERMISSIONS):
        raise errors.Invalid("There is no such permission.", field="permissions")
    member.may_grant(actor, {"role": "", "brands": None, "permissions": permissions})


def view(found: Role) -> Mapping[str, Any]:
    """A role as the API tells it."""
    return {
        "id": found.id,
        "name": found.name,
        "permissions": found.permissions,
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
    }


def templates() -> list[Mapping[str, Any]]:
    """The roles every agency has, which nothing changes."""
    return [
        {"id": name, "name": name.replace("_", " ").capitalize(), "permissions": _ordered(held), "version": 1}
        for name, held in role.TEMPLATES.items()
    ]


def _ordered(held: frozenset[str]) -> list[str]:
    return [name for name in role.PERMISSIONS if name in held]
