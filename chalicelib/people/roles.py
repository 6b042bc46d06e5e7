"""The agency's own roles: any set of permissions. A change counts from the next request of everybody with the role."""

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
    """Raises Forbidden for permissions that the actor does not hold for all brands."""
    _check(actor, permissions)
    id = ids.new("rol")
    role = Role(actor.agency, keys.noun(id), id=id, name=name, permissions=permissions, created_at=now)
    entry = audit.entry(actor, "role.create", id, now, after={"permissions": permissions})
    table.transact(table.putting(role, Role.pk.does_not_exist()), entry)
    return role


def change(actor: Actor, role: Role, name: str, permissions: list[str], now: int) -> Role:
    """Changes the role, and with it what everybody with the role may do.

    Raises Forbidden for permissions, old or new, that the actor does not hold for all brands; PreconditionFailed if
    the role changed meanwhile.
    """
    held = permissions_of(role)
    _check(actor, [*held, *permissions])
    before, after = {"permissions": held}, {"permissions": permissions}
    entry = audit.entry(actor, "role.change", role.id, now, before=before, after=after)
    actions = [Role.name.set(name), Role.permissions.set(permissions), Role.version.add(1)]
    unchanged = Role.version == role.version
    table.transact(
        table.changing(Role(role.pk, role.sk), actions, unchanged, otherwise=errors.PreconditionFailed), entry
    )
    return get(actor, role.id)


def remove(actor: Actor, role: Role, now: int) -> None:
    """Removes the role. Raises Conflict while a member, an invitation or a key holds it."""
    if any(grant["role"] == role.id for grant in _all_grants(actor.agency, now)):
        raise errors.Conflict("Members, invitations or API keys still have this role.", code="role_held")
    entry = audit.entry(actor, "role.remove", role.id, now)
    table.transact(table.deleting(role, Role.version == role.version, otherwise=errors.PreconditionFailed), entry)


def _all_grants(agency: str, now: int) -> Iterator[Mapping[str, Any]]:
    """All grants in the agency. A grant that is given meanwhile permits nothing once its role is removed."""
    people = (member.grants for member in members.every(agency))
    invited = (invitation.grants for invitation in invitations.pending(agency, now))
    programs = (api_key.grants for api_key in api_keys.every(agency))
    return chain.from_iterable(chain(people, invited, programs))


def every(agency: str) -> Iterator[Role]:
    return table.query(Role, agency, "role#", consistent=True)


def get(actor: Actor, id: str) -> Role:
    """Raises NotFound unless it is a role that the agency created itself."""
    role = table.get(Role, actor.agency, keys.noun(id)) if ids.is_id(id, "rol") else None
    if role is None:
        raise errors.NotFound
    return role


def permissions_of(role: Role) -> list[str]:
    """The permissions of the role, without those that no longer exist."""
    known = permissions.known(role.permissions)
    return [name for name in role.permissions if name in known]


def _check(actor: Actor, names: list[str]) -> None:
    if set(names) - set(permissions.PERMISSIONS):
        raise errors.Invalid("One of the permissions does not exist.", code="unknown_reference", field="permissions")
    if not actor.may_pass_on(names, None):
        raise errors.Forbidden(
            "The role contains permissions that you do not hold for all brands, or may not give.", code="beyond_own"
        )


def view(role: Role) -> Mapping[str, Any]:
    return {
        "id": role.id,
        "name": role.name,
        "permissions": permissions_of(role),
        "version": role.version,
        "created_at": clock.text(role.created_at),
    }


def templates() -> list[Mapping[str, Any]]:
    """The roles that every agency has and nobody can change, as the API shows them."""
    return [
        {"id": name, "name": name.replace("_", " ").capitalize(), "permissions": _ordered(held), "version": 1}
        for name, held in permissions.TEMPLATES.items()
    ]


def _ordered(held: frozenset[str]) -> list[str]:
    return [name for name in permissions.PERMISSIONS if name in held]
