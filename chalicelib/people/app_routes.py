"""/v1/apps and /v1/approved-apps: apps that others make, and which of them members may work through."""

from functools import partial
from typing import Any

from chalicelib.access.scopes import SAYS
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.people import apps

_SAYS = " ".join(f"`{name}`: {says}" for name, says in SAYS.items())
SCOPES = {
    "type": "array", "minItems": 1, "uniqueItems": True, "items": schema.one_of(SAYS), "description": _SAYS,
}  # fmt: skip
# Where a code may be sent: to a page of their own, or on the machine of whoever tries things out.
CALLBACK = {"type": "string", "maxLength": 1024, "pattern": "^(https://|http://localhost[:/])[^\\s@#]+$"}
_FACE: dict[str, Any] = {
    "id": schema.id_of("app"),
    "name": {"type": "string"},
    "homepage": schema.TEXT_OR_NULL,
    "agency": {"type": "string", "description": "The name of the agency that registered it."},
    "scopes": SCOPES,
}
APP = schema.body("App", tuple(_FACE), **_FACE)
OWN_APP = schema.body(
    "RegisteredApp",
    (*_FACE, "client_id", "callbacks", "created_at"),
    **_FACE,
    client_id={"type": "string", "description": "With which people sign in to it, by a code and PKCE."},
    callbacks={"type": "array", "items": {"type": "string"}},
    created_at=schema.TIME,
)
NEW_APP = schema.body(
    "NewApp",
    ("name", "callbacks", "scopes"),
    name=schema.text(60),
    homepage={"type": "string", "maxLength": 1024, "pattern": "^https://[^\\s@]+$"},
    callbacks={"type": "array", "minItems": 1, "maxItems": 10, "uniqueItems": True, "items": CALLBACK},
    scopes=SCOPES,
)
APPROVE = schema.body("AppToApprove", ("scopes",), scopes=SCOPES)
APPROVED = schema.body(
    "ApprovedApp",
    ("id", "app", "scopes", "approved_by", "approved_at"),
    id=schema.id_of("app"),
    app={**schema.nullable(APP), "description": "Null if its maker took it back: nobody gets in through it any more."},
    scopes=SCOPES,
    approved_by={"type": "string"},
    approved_at=schema.TIME,
)


@route("GET", "/apps", permission="app.manage", query=schema.PAGE, answer=schema.listing(OWN_APP))
def list_apps(call: Call) -> Json:
    """Lists the apps that your agency registered."""
    return pages.answer(call, "apps", partial(apps.own, call.actor.agency), lambda own: apps.own_view(apps.get(own.id)))


@route("POST", "/apps", pays="work", permission="app.manage", body=NEW_APP, answer=OWN_APP, status=201)
def register_app(call: Call) -> Json:
    """Registers an app that is to work for members of whatever agency approves it."""
    asked = {"homepage": "", **call.body}
    return apps.own_view(apps.register(call.actor, **asked, now=call.now))


@route("GET", "/apps/{id}", permission=SIGNED_IN, answer=APP)
def show_app(call: Call) -> Json:
    """Tells what an app is, whose it is, and what it asks for, to who thinks of approving it."""
    return apps.view(apps.get(call.path["id"]))


@route("DELETE", "/apps/{id}", pays="never", permission="app.manage", answer=schema.NOTHING)
def remove_app(call: Call) -> Json:
    """Removes an app that your agency registered; nobody gets in through it any more, anywhere."""
    apps.remove(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/approved-apps", permission="app.manage", query=schema.PAGE, answer=schema.listing(APPROVED))
def list_approved_apps(call: Call) -> Json:
    """Lists the apps through which members of your agency may work."""
    return pages.answer(call, "approved-apps", partial(apps.approved, call.actor.agency), apps.approval_view)


@route("PUT", "/approved-apps/{id}", pays="work", permission="app.manage", body=APPROVE, answer=APPROVED)
def approve_app(call: Call) -> Json:
    """Lets members of your agency work through an app: it may do what they may, within the scopes that you give it."""
    return apps.approval_view(apps.approve(call.actor, call.path["id"], call.body["scopes"], call.now))


@route("DELETE", "/approved-apps/{id}", pays="never", permission="app.manage", answer=schema.NOTHING)
def revoke_app(call: Call) -> Json:
    """Takes the approval back: the app is out with its next request."""
    apps.revoke(call.actor, call.path["id"], call.now)
    return {}
