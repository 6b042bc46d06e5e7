"""Roles of an agency's own: any set of permissions. A change counts from the next request of those who hold it."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, permissions
from chalicelib.access.actors import Actor
from chalicelib.people import api_keys, invitations, members
from chalicelib.store import keys, table
from chalicelib.store.models.people import Role


def create(actor: Actor, name: str, permissions: list[str], now: int) -> Role:
    """A new role. Forbidden with permissions the actor does not hold for all brands."""
    _check(actor, permissions)
    id = ids.new("rol")
    made = Role(actor.agency, keys.noun(id), id=id, name=name, permissions=permissions, created_at=now)
    entry = audit.entry(actor, "role.create", id, now, after={"permissions": permissions})
    table.transact(table.putting(made, Role.pk.does_not_exist()), entry)
    return made


def change(actor: Actor, role: Role, name: str, permissions: list[str], now: int) -> Role:
    """Give the role other permissions, and with it all who hold it."""
    _check(actor, [*role.permissions, *permissions])
    before, after = {"permissions": role.permissions}, {"permissions": permissions}
    entry = audit.entry(actor, "role.change", role.id, now, before=before, after=after)
    new = [Role.name.set(name), Role.permissions.set(permissions), Role.version.add(1)]
    try:
        table.transact(table.changing(Role(role.pk, role.sk), new, Role.version == role.version), entry)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused
    return get(actor, role.id)


def remove(actor: Actor, role: Role, now: int) -> None:
    """Take the role away; Conflict while a member, an invitation or a key holds it."""
    if any(entry["role"] == role.id for entry in _granted(actor.agency, now)):
        raise errors.Conflict("Somebody still holds this role.", code="role_held")
    told = audit.entry(actor, "role.remove", role.id, now)
    try:
        table.transact(table.deleting(role, Role.version == role.version), told)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _granted(agency: str, now: int) -> Iterator[Mapping[str, Any]]:
    """All that is granted in the agency. What is granted meanwhile permits nothing, once its role is gone."""
    people = (member.grants for member in members.every(agency))
    asked = (invitation.grants for invitation in invitations.pending(agency, now))
    programs = (api_key.grants for api_key in api_keys.every(agency))
    return chain.from_iterable(chain(people, asked, programs))


def every(agency: str) -> Iterator[Role]:
    """All roles of the agency's own, oldest first."""
    return table.query(Role, agency, "role#", consistent=True)


def get(actor: Actor, id: str) -> Role:
    """NotFound unless it is a role of the agency's own."""
    role = table.get(Role, actor.agency, keys.noun(id)) if ids.is_id(id, "rol") else None
    if role is None:
        raise errors.NotFound
    return role


def _check(actor: Actor, names: list[str]) -> None:
    if set(names) - set(permissions.PERMISSIONS):
        raise errors.Invalid("There is no such permission.", field="permissions")
    if set(names) - actor.held(None):
        raise errors.Forbidden("You cannot give what you do not hold.", code="beyond_own")


def view(role: Role) -> Mapping[str, Any]:
    """A role as the API tells it."""
    return {
        "id": role.id,
        "name": role.name,
        "permissions": role.permissions,
        "version": role.version,
        "created_at": clock.text(role.created_at),
    }


def templates() -> list[Mapping[str, Any]]:
    """The roles every agency has, which nothing changes."""
    return [
        {"id": name, "name": name.replace("_", " ").capitalize(), "permissions": _ordered(held), "version": 1}
        for name, held in permissions.TEMPLATES.items()
    ]


def _ordered(held: frozenset[str]) -> list[str]:
    return [name for name in permissions.PERMISSIONS if name in held]
