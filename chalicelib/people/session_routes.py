"""/v1/me/sessions: where you are signed in, and the end of it. For people, whatever agencies they are in."""

from chalicelib.access import sessions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.people import sign_outs

SESSION = schema.body(
    "Session",
    ("id", "source", "agent", "current", "signed_in_at", "seen_at"),
    id=schema.id_of("ses"),
    source={"type": "string", "description": "The IP address it was last seen from."},
    agent={"type": "string", "description": "The program, as it calls itself."},
    current={"type": "boolean"},
    signed_in_at=schema.TIME,
    seen_at={**schema.TIME, "description": "To the hour."},
)


@route("GET", "/me/sessions", permission=SIGNED_IN, newcomers=True, answer=schema.listing(SESSION))
def list_sessions(call: Call) -> Json:
    """Lists where you are signed in."""
    alive = sign_outs.visible(call.actor.member, call.now)
    return {"items": [sessions.view(session, call.caller.session) for session in alive], "next": None}


@route("DELETE", "/me/sessions/{id}", pays="never", permission=SIGNED_IN, newcomers=True, answer=schema.NOTHING)
def end_session(call: Call) -> Json:
    """Ends one of your sessions: its next request is refused."""
    sign_outs.end(call.actor.member, call.path["id"], call.now)
    return {}


@route(
    "POST",
    "/me/sign-out",
    pays="never",
    permission=SIGNED_IN,
    newcomers=True,
    body=schema.NOTHING,
    answer=schema.NOTHING,
)
def sign_out_everywhere(call: Call) -> Json:
    """Ends all your sessions, this one too, in all your agencies."""
    sign_outs.end_all(call.actor.member, call.now)
    return {}
