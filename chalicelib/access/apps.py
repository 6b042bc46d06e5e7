"""What an outside app may do in an agency: what the person it works for may do, limited to the app's scopes.

Somebody in the agency has to approve the app first. App and approval are read with each request, so a revoked app is
refused at once.
"""

from dataclasses import replace

from chalicelib import errors, ids
from chalicelib.access import scopes
from chalicelib.access.actors import Actor
from chalicelib.access.tokens import Caller
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.people import App, Approval


def id_of(client: str) -> str:
    """The id of the app that has this client id in the user pool; the same client always gives the same id."""
    return "app_" + ids.digest(client)


def find(id: str) -> App | None:
    return table.get(App, lookups.app(id), lookups.APP) if ids.is_id(id, "app") else None


def approval(agency: str, id: str) -> Approval | None:
    return table.get(Approval, agency, keys.APPROVALS + id)


def limited_to_app(actor: Actor, caller: Caller) -> Actor:
    """The actor, limited to what the app may do if they call through one.

    Raises Unauthenticated if the app no longer exists, Forbidden if the agency did not approve it.
    """
    if not caller.app:
        return actor
    id = id_of(caller.app)
    if find(id) is None:
        raise errors.Unauthenticated("The app no longer exists.", code="app_gone")
    approved = approval(actor.agency, id)
    if approved is None:
        raise errors.Forbidden(
            "The agency has not approved the app. A member has to approve it first.",
            code="app_not_approved",
            more={"id": id},
        )
    allowed = scopes.permissions_of(caller.scopes & frozenset(approved.scopes))
    grants = tuple(replace(grant, permissions=grant.permissions & allowed) for grant in actor.grants)
    return replace(actor, grants=grants, app=id)
