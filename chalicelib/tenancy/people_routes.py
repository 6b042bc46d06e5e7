"""/v1: agencies, their brands, members, invitations, roles and keys."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, route
from chalicelib.tenancy import agency, api_key, brand, invitation, member, own_role, person, schemas, team

Json = Mapping[str, Any]


@route(
    "POST", "/agencies", permission=SIGNED_IN, newcomers=True, body=schemas.SIGN_UP, answer=schemas.AGENCY, status=201
)
def sign_up(call: Call) -> Json:
    """Found an agency; who does is its first owner."""
    who = person.of(call.actor.member)
    return agency.view(agency.found(call.body["name"], who.subject, who.name, who.email, call.now))


@route("GET", "/me/agencies", permission=SIGNED_IN, newcomers=True, answer=schema.listing(schemas.MINE))
def list_agencies(call: Call) -> Json:
    """The agencies I am a member of, and who I am there."""
    return {"items": agency.of(call.actor.member), "next": None}


@route("POST", "/brands", permission="brand.create", body=schemas.NEW_BRAND, answer=schemas.BRAND, status=201)
def create_brand(call: Call) -> Json:
    """A new client brand."""
    return brand.view(brand.create(call.actor, call.body["name"], call.body.get("settings", {}), call.now))


@route("GET", "/brands/{id}", permission=SIGNED_IN, answer=schemas.BRAND)
def show_brand(call: Call) -> Json:
    """A brand and its settings."""
    return brand.view(brand.get(call.actor, call.path["id"]))


@route("PATCH", "/brands/{id}", permission="editorial_line.edit", body=schemas.EDIT_BRAND, answer=schemas.BRAND)
def change_brand(call: Call) -> Json:
    """Another name, or other settings."""
    found = brand.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brand.view(brand.change(call.actor, found, call.body, call.now))


@route("POST", "/brands/{id}/archive", permission="brand.archive", body=schemas.GONE, answer=schemas.BRAND)
def archive_brand(call: Call) -> Json:
    """Put a brand away; everything stays readable."""
    found = brand.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brand.view(brand.archive(call.actor, found, call.now))


@route("POST", "/brands/{id}/restore", permission="brand.archive", body=schemas.GONE, answer=schemas.BRAND)
def restore_brand(call: Call) -> Json:
    """Put an archived brand back to work."""
    found = brand.get(call.actor, call.path["id"])
    call.matches(found.version)
    return brand.view(brand.restore(call.actor, found, call.now))


@route("PUT", "/me/availability", permission=SIGNED_IN, body=schemas.AVAILABILITY, answer=schemas.MEMBER)
def change_availability(call: Call) -> Json:
    """Take new conversations by turns, or none for a while; what is mine stays mine."""
    return member.view(member.be_there(call.actor, available=call.body["available"], now=call.now))


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
    return {"items": member.colleagues(call.actor, brand.get(call.actor, asked).id if asked else None), "next": None}


@route("GET", "/members", permission="member.manage", answer=schema.listing(schemas.MEMBER))
def list_members(call: Call) -> Json:
    """Who works in the agency."""
    return {"items": [member.view(found) for found in member.visible(call.actor)], "next": None}


@route("GET", "/members/{id}", permission="member.manage", answer=schemas.MEMBER)
def show_member(call: Call) -> Json:
    """One member."""
    return member.view(member.managed(call.actor, call.path["id"]))


@route("PATCH", "/members/{id}", permission="member.manage", body=schemas.CHANGE_MEMBER, answer=schemas.MEMBER)
def change_member(call: Call) -> Json:
    """Other roles, for other brands; they count from the member's next request on."""
    found = member.managed(call.actor, call.path["id"])
    call.matches(found.version)
    return member.view(member.change(call.actor, found, member.resolved(call.actor, call.body["grants"]), call.now))


@route("DELETE", "/members/{id}", permission="member.manage", answer=schemas.GONE)
def remove_member(call: Call) -> Json:
    """Take somebody out of the agency."""
    found = member.managed(call.actor, call.path["id"])
    call.matches(found.version)
    member.remove(call.actor, found, call.now)
    return {}


@route("POST", "/invitations", permission="member.manage", body=schemas.INVITE, answer=schemas.INVITATION, status=201)
def invite_member(call: Call) -> Json:
    """Ask somebody into the agency by e-mail."""
    grants = member.resolved(call.actor, call.body["grants"])
    return invitation.view(invitation.invite(call.actor, call.body["email"], grants, call.now))


@route("GET", "/invitations", permission="member.manage", answer=schema.listing(schemas.INVITATION))
def list_invitations(call: Call) -> Json:
    """Who is asked into the agency and has not come yet."""
    return {"items": invitation.listing(call.actor, call.now), "next": None}


@route("DELETE", "/invitations/{id}", permission="member.manage", answer=schemas.GONE)
def withdraw_invitation(call: Call) -> Json:
    """Make an invitation worthless."""
    invitation.withdraw(call.actor, call.path["id"], call.now)
    return {}


@route("POST", "/invitations/accept", permission=SIGNED_IN, newcomers=True, body=schemas.ACCEPT, answer=schemas.MEMBER)
def accept_invitation(call: Call) -> Json:
    """Become a member with the link of an invitation."""
    return member.view(invitation.accept(call.actor.member, call.body["token"], call.now))


@route("GET", "/roles", permission=SIGNED_IN, answer=schema.listing(schemas.ROLE))
def list_roles(call: Call) -> Json:
    """The roles there are: every agency's, and this one's own."""
    own = [own_role.view(found) for found in own_role.every(call.actor.agency)]
    return {"items": [*own_role.templates(), *own], "next": None}


@route("POST", "/roles", permission="role.manage", body=schemas.NEW_ROLE, answer=schemas.ROLE, status=201)
def create_role(call: Call) -> Json:
    """A role of the agency's own."""
    return own_role.view(own_role.create(call.actor, call.body["name"], call.body["permissions"], call.now))


@route("PUT", "/roles/{id}", permission="role.manage", body=schemas.NEW_ROLE, answer=schemas.ROLE)
def change_role(call: Call) -> Json:
    """Other permissions for a role, and for all who hold it."""
    found = own_role.get(call.actor, call.path["id"])
    call.matches(found.version)
    return own_role.view(own_role.change(call.actor, found, call.body["name"], call.body["permissions"], call.now))


@route("DELETE", "/roles/{id}", permission="role.manage", answer=schemas.GONE)
def remove_role(call: Call) -> Json:
    """Take away a role nobody holds."""
    found = own_role.get(call.actor, call.path["id"])
    call.matches(found.version)
    own_role.remove(call.actor, found, call.now)
    return {}


@route("GET", "/api-keys", permission="api_key.manage", answer=schema.listing(schemas.API_KEY))
def list_keys(call: Call) -> Json:
    """The agency's keys, and when each was last used."""
    return {"items": api_key.listing(call.actor), "next": None}


@route("POST", "/api-keys", permission="api_key.manage", body=schemas.NEW_KEY, answer=schemas.API_KEY, status=201)
def create_key(call: Call) -> Json:
    """A key for a program; the key itself is in this answer and never again."""
    made, secret = api_key.create(call.actor, call.body, member.resolved(call.actor, call.body["grants"]), call.now)
    return {**api_key.view(made), "key": secret}


@route("DELETE", "/api-keys/{id}", permission="api_key.manage", answer=schemas.GONE)
def revoke_key(call: Call) -> Json:
    """Make a key worthless, at once."""
    api_key.revoke(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/teams", permission=SIGNED_IN, answer=schema.listing(schemas.TEAM))
def list_teams(call: Call) -> Json:
    """The agency's teams."""
    return {"items": [team.view(found) for found in team.visible(call.actor)], "next": None}


@route("POST", "/teams", permission="member.manage", body=schemas.NEW_TEAM, answer=schemas.TEAM, status=201)
def create_team(call: Call) -> Json:
    """A new team."""
    return team.view(team.create(call.actor, call.body["name"], call.body["members"], call.now))


@route("PUT", "/teams/{id}", permission="member.manage", body=schemas.NEW_TEAM, answer=schemas.TEAM)
def change_team(call: Call) -> Json:
    """Other people, or another name."""
    found = team.get(call.actor, call.path["id"])
    call.matches(found.version)
    return team.view(team.change(call.actor, found, call.body["name"], call.body["members"], call.now))


@route("DELETE", "/teams/{id}", permission="member.manage", answer=schemas.GONE)
def remove_team(call: Call) -> Json:
    """Take a team away."""
    found = team.get(call.actor, call.path["id"])
    call.matches(found.version)
    team.remove(call.actor, found, call.now)
    return {}
