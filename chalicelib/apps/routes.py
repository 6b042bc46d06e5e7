"""/v1/apps and /v1/approved-apps: apps that others make, and which of them members may work through."""

from functools import partial

from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.apps import apps, schemas


@route("GET", "/apps", permission="app.manage", query=schema.PAGE, answer=schema.listing(schemas.OWN_APP))
def list_apps(call: Call) -> Json:
    """Lists the apps that your agency registered."""
    return pages.answer(call, "apps", partial(apps.own, call.actor.agency), lambda own: apps.own_view(apps.get(own.id)))


@route("POST", "/apps", pays="work", permission="app.manage", body=schemas.NEW_APP, answer=schemas.OWN_APP, status=201)
def register_app(call: Call) -> Json:
    """Registers an app that works for members of every agency that approves it."""
    asked = {"homepage": "", **call.body}
    return apps.own_view(apps.register(call.actor, **asked, now=call.now))


@route("GET", "/apps/{id}", permission=SIGNED_IN, answer=schemas.APP)
def show_app(call: Call) -> Json:
    """Shows an app, which agency registered it, and what it asks for, to somebody who may approve it."""
    return apps.view(apps.get(call.path["id"]))


@route("DELETE", "/apps/{id}", pays="never", permission="app.manage", answer=schema.NOTHING)
def remove_app(call: Call) -> Json:
    """Removes an app that your agency registered; nobody in any agency can use it any more."""
    apps.remove(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/approved-apps", permission="app.manage", query=schema.PAGE, answer=schema.listing(schemas.APPROVED))
def list_approved_apps(call: Call) -> Json:
    """Lists the apps through which members of your agency may work."""
    return pages.answer(call, "approved-apps", partial(apps.approved, call.actor.agency), apps.approval_view)


@route(
    "PUT", "/approved-apps/{id}", pays="work", permission="app.manage", body=schemas.APPROVE, answer=schemas.APPROVED
)
def approve_app(call: Call) -> Json:
    """Lets members of your agency use an app: it may do what they may, within the scopes that you give it."""
    return apps.approval_view(apps.approve(call.actor, call.path["id"], call.body["scopes"], call.now))


@route("DELETE", "/approved-apps/{id}", pays="never", permission="app.manage", answer=schema.NOTHING)
def revoke_app(call: Call) -> Json:
    """Revokes the approval of an app: its next request is refused."""
    apps.revoke(call.actor, call.path["id"], call.now)
    return {}
