"""/v1/me: where people are signed in and how they end that, whatever agencies they are in; the language of their mails;
and which accounts on networks are theirs, which those who manage members can take away.
"""

from chalicelib.access import sessions
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.people import accounts, members, schemas, sign_outs

SESSION = schema.body(
    "Session",
    ("id", "source", "agent", "current", "signed_in_at", "seen_at"),
    id=schema.id_of("ses"),
    source={"type": "string", "description": "The IP address from which the session was last seen."},
    agent={"type": "string", "description": "The user agent with which the session was last seen."},
    current={"type": "boolean"},
    signed_in_at=schema.TIME,
    seen_at={**schema.TIME, "description": "When the session was last seen, accurate to an hour."},
)


@route("PUT", "/me/language", pays="never", permission=SIGNED_IN, body=schemas.MY_LANGUAGE, answer=schemas.MEMBER)
def change_language(call: Call) -> Json:
    """Sets the language of the mails that this agency sends you."""
    return members.view(members.change_language(call.actor, call.body["language"], call.now))


@route("GET", "/me/accounts", permission=SIGNED_IN, answer=schema.listing(schemas.ACCOUNT))
def list_own_accounts(call: Call) -> Json:
    """Lists the accounts on networks that you named as your own."""
    return {"items": accounts.view(members.get(call.actor, call.actor.member)), "next": None}


@route(
    "PUT",
    "/me/accounts",
    pays="never",
    permission=SIGNED_IN,
    body=schemas.ACCOUNTS,
    answer=schema.listing(schemas.ACCOUNT),
)
def change_own_accounts(call: Call) -> Json:
    """Names your own accounts on networks; rules ignore what these accounts write."""
    return {"items": accounts.view(accounts.change(call.actor, call.body["accounts"], call.now)), "next": None}


@route(
    "POST",
    "/members/{id}/accounts/take-away",
    pays="never",
    permission="member.manage",
    body=schemas.NAMED,
    answer=schemas.MEMBER,
)
def take_account_away(call: Call) -> Json:
    """Removes an account that a member named as their own; rules judge what it writes again."""
    member = members.managed(call.actor, call.path["id"])
    return members.view(accounts.take_away(call.actor, member, call.body, call.now))


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
    """Ends all your sessions in all your agencies, this one too."""
    sign_outs.end_all(call.actor.member, call.now)
    return {}
