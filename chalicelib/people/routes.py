"""/v1: who I am, agencies, members, invitations, roles, teams and keys."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import actors
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.aws import users
from chalicelib.brands import brands
from chalicelib.people import agencies, api_keys, founding, invitations, members, roles, schemas, teams


@route(
    "POST", "/agencies", permission=SIGNED_IN, newcomers=True, body=schemas.SIGN_UP, answer=schemas.AGENCY, status=201
)
def sign_up(call: Call) -> Json:
    """Found an agency; who does is its first owner."""
    who = users.get(call.actor.member)
    return agencies.view(founding.found_agency(call.body["name"], who.subject, who.name, who.email, call.now))


@route("GET", "/me/agencies", permission=SIGNED_IN, newcomers=True, answer=schema.listing(schemas.MINE))
def list_agencies(call: Call) -> Json:
    """The agencies I am a member of, and who I am there."""
    return {"items": founding.agencies_of(call.actor.member), "next": None}


@route("PUT", "/me/availability", permission=SIGNED_IN, body=schemas.AVAILABILITY, answer=schemas.MEMBER)
def change_availability(call: Call) -> Json:
    """Take new conversations by turns, or none for a while; what is mine stays mine."""
    return members.view(members.be_there(call.actor, available=call.body["available"], now=call.now))


@route(
    "GET",
    "/colleagues",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd")},
    answer=schema.listing(schemas.COLLEAGUE),
)
def list_colleagues(call: Call) -> Json:
    """Who works for my brands, or for one of them: to give work to, and to mention."""
    asked = call.query.get("brand")
    return {"items": members.colleagues(call.actor, brands.get(call.actor, asked).id if asked else None), "next": None}


@route("GET", "/members", permission="member.manage", answer=schema.listing(schemas.MEMBER))
def list_members(call: Call) -> Json:
    """Who works in the agency."""
    return {"items": [members.view(member) for member in members.visible(call.actor)], "next": None}


@route("GET", "/members/{id}", permission="member.manage", answer=schemas.MEMBER)
def show_member(call: Call) -> Json:
    """One member."""
    return members.view(members.managed(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/members/{id}",
    permission="member.manage",
    body=schemas.CHANGE_MEMBER,
    answer=schemas.MEMBER,
    versioned=True,
)
def change_member(call: Call) -> Json:
    """Other roles, for other brands; they count from the member's next request on."""
    member = members.managed(call.actor, call.path["id"])
    call.matches(member.version)
    return members.view(members.change(call.actor, member, members.resolved(call.actor, call.body["grants"]), call.now))


@route("DELETE", "/members/{id}", permission="member.manage", answer=schema.NOTHING, versioned=True)
def remove_member(call: Call) -> Json:
    """Take somebody out of the agency."""
    member = members.managed(call.actor, call.path["id"])
    call.matches(member.version)
    members.remove(call.actor, member, call.now)
    return {}


@route("POST", "/invitations", permission="member.manage", body=schemas.INVITE, answer=schemas.INVITATION, status=201)
def invite_member(call: Call) -> Json:
    """Ask somebody into the agency by e-mail."""
    grants = members.resolved(call.actor, call.body["grants"])
    return invitations.view(invitations.invite(call.actor, call.body["email"], grants, call.now))


@route("GET", "/invitations", permission="member.manage", answer=schema.listing(schemas.INVITATION))
def list_invitations(call: Call) -> Json:
    """Who is asked into the agency and has not come yet."""
    return {"items": invitations.listing(call.actor, call.now), "next": None}


@route("DELETE", "/invitations/{id}", permission="member.manage", answer=schema.NOTHING)
def withdraw_invitation(call: Call) -> Json:
    """Make an invitation worthless."""
    invitations.withdraw(call.actor, call.path["id"], call.now)
    return {}


@route("POST", "/invitations/accept", permission=SIGNED_IN, newcomers=True, body=schemas.ACCEPT, answer=schemas.MEMBER)
def accept_invitation(call: Call) -> Json:
    """Become a member with the link of an invitation."""
    return members.view(invitations.accept(call.actor.member, call.body["token"], call.now))


@route("GET", "/roles", permission=SIGNED_IN, answer=schema.listing(schemas.ROLE))
def list_roles(call: Call) -> Json:
    """The roles there are: every agency's, and this one's own."""
    own = [roles.view(role) for role in roles.every(call.actor.agency)]
    return {"items": [*roles.templates(), *own], "next": None}


@route("POST", "/roles", permission="role.manage", body=schemas.NEW_ROLE, answer=schemas.ROLE, status=201)
def create_role(call: Call) -> Json:
    """A role of the agency's own."""
    return roles.view(roles.create(call.actor, call.body["name"], call.body["permissions"], call.now))


@route("PUT", "/roles/{id}", permission="role.manage", body=schemas.NEW_ROLE, answer=schemas.ROLE, versioned=True)
def change_role(call: Call) -> Json:
    """Other permissions for a role, and for all who hold it."""
    role = roles.get(call.actor, call.path["id"])
    call.matches(role.version)
    return roles.view(roles.change(call.actor, role, call.body["name"], call.body["permissions"], call.now))


@route("DELETE", "/roles/{id}", permission="role.manage", answer=schema.NOTHING, versioned=True)
def remove_role(call: Call) -> Json:
    """Take away a role nobody holds."""
    role = roles.get(call.actor, call.path["id"])
    call.matches(role.version)
    roles.remove(call.actor, role, call.now)
    return {}


@route("GET", "/api-keys", permission="api_key.manage", answer=schema.listing(schemas.API_KEY))
def list_keys(call: Call) -> Json:
    """The agency's keys, and when each was last used."""
    return {"items": api_keys.listing(call.actor), "next": None}


@route("POST", "/api-keys", permission="api_key.manage", body=schemas.NEW_KEY, answer=schemas.API_KEY, status=201)
def create_key(call: Call) -> Json:
    """A key for a program; the key itself is in this answer and never again."""
    made, secret = api_keys.create(call.actor, call.body, members.resolved(call.actor, call.body["grants"]), call.now)
    return {**api_keys.view(made), "key": secret}


@route("DELETE", "/api-keys/{id}", permission="api_key.manage", answer=schema.NOTHING)
def revoke_key(call: Call) -> Json:
    """Make a key worthless, at once."""
    api_keys.revoke(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/teams", permission=SIGNED_IN, answer=schema.listing(schemas.TEAM))
def list_teams(call: Call) -> Json:
    """The agency's teams."""
    return {"items": [teams.view(team) for team in teams.visible(call.actor)], "next": None}


@route("POST", "/teams", permission="member.manage", body=schemas.NEW_TEAM, answer=schemas.TEAM, status=201)
def create_team(call: Call) -> Json:
    """A new team."""
    return teams.view(teams.create(call.actor, call.body["name"], call.body["members"], call.now))


@route("PUT", "/teams/{id}", permission="member.manage", body=schemas.NEW_TEAM, answer=schemas.TEAM, versioned=True)
def change_team(call: Call) -> Json:
    """Other people, or another name."""
    team = teams.get(call.actor, call.path["id"])
    call.matches(team.version)
    return teams.view(teams.change(call.actor, team, call.body["name"], call.body["members"], call.now))


@route("DELETE", "/teams/{id}", permission="member.manage", answer=schema.NOTHING, versioned=True)
def remove_team(call: Call) -> Json:
    """Take a team away."""
    team = teams.get(call.actor, call.path["id"])
    call.matches(team.version)
    teams.remove(call.actor, team, call.now)
    return {}


@route("GET", "/me", permission=SIGNED_IN, answer=schemas.ME)
def show_me(call: Call) -> Mapping[str, Any]:
    """Who I am in this agency."""
    return actors.view(call.actor)
