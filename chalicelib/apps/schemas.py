"""What the routes of this area take and give."""

from typing import Any

from chalicelib.access.scopes import SAYS
from chalicelib.api import schema

_SAYS = " ".join(f"`{name}`: {says}" for name, says in SAYS.items())
SCOPES = {
    "type": "array",
    "minItems": 1,
    "maxItems": len(SAYS),
    "uniqueItems": True,
    "items": schema.one_of(SAYS),
    "description": _SAYS,
}
# Where a code may be sent: to a page of their own, or on the machine of whoever tries things out.
CALLBACK = {"type": "string", "maxLength": 1024, "pattern": "^(https://|http://localhost[:/])[^\\s@#]+$"}
_FACE: dict[str, Any] = {
    "id": schema.id_of("app"),
    "name": {"type": "string"},
    "homepage": schema.TEXT_OR_NULL,
    "agency": {"type": "string", "description": "The name of the agency that registered the app."},
    "scopes": SCOPES,
}
APP = schema.body("App", tuple(_FACE), **_FACE)
OWN_APP = schema.body(
    "RegisteredApp",
    (*_FACE, "client_id", "callbacks", "created_at"),
    **_FACE,
    client_id={
        "type": "string",
        "description": "The client id with which people sign in to the app, by a code and PKCE.",
    },
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
    app={
        **schema.nullable(APP),
        "description": "Null if the agency that made the app removed it: nobody can use it any more.",
    },
    scopes=SCOPES,
    approved_by={"type": "string"},
    approved_at=schema.TIME,
)
