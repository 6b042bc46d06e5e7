"""Registers outside apps, and stores through which of them members may work.

The maker of an app registers it in an agency of theirs. Every agency, also that one, approves it for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors
from chalicelib.access import apps, audit
from chalicelib.access.actors import Actor
from chalicelib.access.scopes import SERVER
from chalicelib.aws import pool_clients
from chalicelib.aws.pool_clients import Client
from chalicelib.people import agencies
from chalicelib.store import keys, lookups, quota, table
from chalicelib.store.models.people import App, Approval, OwnApp

MOST_NEW_PER_DAY = 100  # of one agency; the user pool has room for a thousand


def register(
    actor: Actor, *, name: str, homepage: str, callbacks: Sequence[str], scopes: Sequence[str], now: int
) -> App:
    """Makes an app. Raises TooMany after 100 a day, Unavailable if the user pool does not answer.

    If this process dies before the app is stored, an unused client is left in the pool; nobody can get in through it.
    """
    actor.check_is_person()
    quota.take(actor.agency, "apps", MOST_NEW_PER_DAY, now, period=clock.DAY)
    # No scope by which it could change the account of a person.
    granted = ["openid", *(f"{SERVER}/{name}" for name in scopes)]
    client = pool_clients.make("app", Client(pool_clients.OWN, callbacks, granted))
    id = apps.id_of(client)
    app = App(
        lookups.app(id), lookups.APP, id=id, agency=actor.agency, maker=agencies.get(actor.agency).name,
        client=client, name=name, homepage=homepage,
        callbacks=list(callbacks), scopes=set(scopes), created_at=now,
    )  # fmt: skip
    table.transact(
        table.putting(app, App.pk.does_not_exist()),
        table.putting(OwnApp(actor.agency, keys.APPS + id, id=id)),
        audit.entry(actor, "app.register", id, now, after={"name": name, "scopes": sorted(scopes)}),
    )
    return app


def get(id: str) -> App:
    """Raises NotFound."""
    app = apps.find(id)
    if app is None:
        raise errors.NotFound
    return app


def own(agency: str, after: str = "") -> Iterator[OwnApp]:
    """The apps that the agency registered, in the order of their ids; only those after the sort key `after`."""
    return table.query(OwnApp, agency, keys.APPS, after=after, consistent=True)


def remove(actor: Actor, id: str, now: int) -> None:
    """Deletes the app for all agencies: nobody gets in through it any more. Raises NotFound unless
    it is the agency's.
    """
    app = get(id)
    if app.agency != actor.agency:
        raise errors.NotFound
    pool_clients.remove(app.client)  # a repeat does what is left
    table.transact(
        table.deleting(App(lookups.app(id), lookups.APP), App.agency == actor.agency),
        table.deleting(OwnApp(actor.agency, keys.APPS + id)),
        audit.entry(actor, "app.remove", id, now),
    )


def approve(actor: Actor, id: str, scopes: Sequence[str], now: int) -> Approval:
    """Lets members work through the app, within these scopes, which replace earlier ones.

    Raises NotFound if there is no such app, Invalid for scopes that it does not ask for, and Forbidden for a key or an
    app.
    """
    actor.check_is_person()
    app = get(id)
    if not set(scopes) <= set(app.scopes):
        raise errors.Invalid(
            "The app does not ask for at least one of these scopes.", code="unknown_reference", field="scopes"
        )
    approval = Approval(actor.agency, keys.APPROVALS + id, id=id, scopes=set(scopes), by=actor.member, created_at=now)
    entry = audit.entry(actor, "app.approve", id, now, after={"name": app.name, "scopes": sorted(scopes)})
    table.transact(table.putting(approval), entry)
    return approval


def approved(agency: str, after: str = "") -> Iterator[Approval]:
    """The approvals of apps through which members of the agency may work; only those after the sort key `after`."""
    return table.query(Approval, agency, keys.APPROVALS, after=after, consistent=True)


def revoke(actor: Actor, id: str, now: int) -> None:
    """Members can no longer work through the app, from its next request on. Raises NotFound unless it was approved."""
    if apps.approval(actor.agency, id) is None:
        raise errors.NotFound
    gone = table.deleting(Approval(actor.agency, keys.APPROVALS + id))
    table.transact(gone, audit.entry(actor, "app.revoke", id, now))


def view(app: App) -> Mapping[str, Any]:
    """What everybody may know of an app before they approve it."""
    return {
        "id": app.id,
        "name": app.name,
        "homepage": app.homepage or None,
        "agency": app.maker,
        "scopes": sorted(app.scopes),
    }


def own_view(app: App) -> Mapping[str, Any]:
    """The app as its maker's agency sees it: also with its client id and callback addresses."""
    return {
        **view(app),
        "client_id": app.client,
        "callbacks": app.callbacks,
        "created_at": clock.text(app.created_at),
    }


def approval_view(approval: Approval) -> Mapping[str, Any]:
    app = apps.find(approval.id)
    return {
        "app": view(app) if app else None,
        "id": approval.id,
        "scopes": sorted(approval.scopes),
        "approved_by": approval.by,
        "approved_at": clock.text(approval.created_at),
    }
