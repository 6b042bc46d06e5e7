"""/v1: who you are, agencies, members, invitations, roles and teams."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.aws import users
from chalicelib.brands import brands
from chalicelib.people import (
    agencies,
    departures,
    founding,
    invitations,
    legacies,
    members,
    roles,
    schemas,
    teams,
)
from chalicelib.store import fence, quota

MOST_AGENCIES_PER_DAY = 10  # of one person


@route(
    "POST",
    "/agencies",
    pays="never",
    permission=SIGNED_IN,
    newcomers=True,
    body=schemas.SIGN_UP,
    answer=schemas.AGENCY,
    status=201,
)
def sign_up(call: Call) -> Json:
    """Creates an agency; you become its first owner."""
    with fence.within(call.actor.agency):
        quota.take(call.actor.agency, "found", MOST_AGENCIES_PER_DAY, call.now, period=clock.DAY)
    user = users.get(call.actor.member)
    return agencies.view(founding.found_agency(call.body["name"], user.subject, user.name, user.email, call.now))


@route("GET", "/me/agencies", permission=SIGNED_IN, newcomers=True, by_sso=True, answer=schema.listing(schemas.MINE))
def list_agencies(call: Call) -> Json:
    """Lists the agencies you are a member of, with your member id in each."""
    return {"items": founding.agencies_of(call.actor.member, call.caller.sso), "next": None}


@route("PUT", "/me/availability", pays="work", permission=SIGNED_IN, body=schemas.AVAILABILITY, answer=schemas.MEMBER)
def change_availability(call: Call) -> Json:
    """Sets whether you are assigned new conversations; you keep those that you have."""
    return members.view(members.change_availability(call.actor, available=call.body["available"], now=call.now))


@route(
    "GET",
    "/colleagues",
    permission=SIGNED_IN,
    query={"brand": schema.id_of("brd"), **schemas.BY_ID, **schema.PAGE},
    answer=schema.listing(schemas.COLLEAGUE),
)
def list_colleagues(call: Call) -> Json:
    """Lists who works for your brands, or for one of them: people whom you can assign to and mention."""
    id = call.query.get("brand")
    brand = brands.get(call.actor, id).id if id else None
    some = partial(members.colleagues, call.actor, brand, only=call.query.get("ids", ()))
    return pages.answer(call, "colleagues", some, members.colleague_view)


@route(
    "GET",
    "/members",
    permission="member.manage",
    query={**schemas.BY_ID, **schemas.BY_EXTERNAL_ID},
    answer=schema.listing(schemas.MEMBER),
)
def list_members(call: Call) -> Json:
    """Lists the members of the agency."""
    if "external_id" in call.query:
        return pages.by_external_id(call, "members", members.managed, members.view)
    some = partial(members.visible, call.actor, only=call.query.get("ids", ()))
    return pages.answer(call, "members", some, members.view)


@route("GET", "/members/{id}", permission="member.manage", answer=schemas.MEMBER)
def show_member(call: Call) -> Json:
    """Shows one member."""
    return members.view(members.managed(call.actor, call.path["id"]))


@route(
    "PATCH",
    "/members/{id}",
    pays="work",
    permission="member.manage",
    body=schemas.CHANGE_MEMBER,
    answer=schemas.MEMBER,
    versioned=True,
)
def change_member(call: Call) -> Json:
    """Replaces the grants of a member, from the member's next request on."""
    member = members.managed(call.actor, call.path["id"])
    call.matches(member.version)
    grants = members.checked_grants(call.actor, call.body["grants"], member.grants)
    return members.view(members.change(call.actor, member, grants, call.now))


@route(
    "DELETE",
    "/members/{id}",
    pays="never",
    permission="member.manage",
    query={"heir": schema.id_of("mbr")},
    answer=schemas.LEGACY,
    versioned=True,
)
def remove_member(call: Call) -> Json:
    """Removes a member. What they made ends, unless an heir who may grant the same takes it over."""
    member = members.managed(call.actor, call.path["id"])
    call.matches(member.version)
    heir = legacies.heir_of(call.actor, member, call.query.get("heir"))
    return legacies.remove(call.actor, member, heir, call.now)


@route(
    "POST",
    "/members/{id}/sign-out",
    pays="never",
    permission="member.manage",
    body=schema.NOTHING,
    answer=schema.NOTHING,
)
def sign_out_member(call: Call) -> Json:
    """Ends all sessions of a member, who must sign in again; for when a token may have been stolen."""
    members.sign_out(call.actor, members.managed(call.actor, call.path["id"]), call.now)
    return {}


@route(
    "POST",
    "/members/{id}/suspend",
    pays="never",
    permission="member.manage",
    body=schema.NOTHING,
    answer=schemas.MEMBER,
)
def suspend_member(call: Call) -> Json:
    """Shuts a member out from their next request on. What they own stays, but does not work."""
    return members.view(departures.suspend(call.actor, members.managed(call.actor, call.path["id"]), call.now))


@route(
    "POST",
    "/members/{id}/restore",
    pays="grow",
    permission="member.manage",
    body=schema.NOTHING,
    answer=schemas.MEMBER,
)
def restore_member(call: Call) -> Json:
    """Lets a suspended member in again."""
    return members.view(departures.restore(call.actor, members.managed(call.actor, call.path["id"]), call.now))


@route(
    "POST",
    "/invitations",
    pays="grow",
    permission="member.manage",
    body=schemas.INVITE,
    answer=schemas.INVITATION,
    status=201,
)
def invite_member(call: Call) -> Json:
    """Invites somebody into the agency by e-mail."""
    grants = members.checked_grants(call.actor, call.body["grants"])
    return invitations.view(
        invitations.invite(call.actor, call.body["email"], grants, call.now, call.body.get("language"))
    )


@route("GET", "/invitations", permission="member.manage", query=schema.PAGE, answer=schema.listing(schemas.INVITATION))
def list_invitations(call: Call) -> Json:
    """Lists the invitations that nobody has accepted yet."""
    return pages.answer(call, "invitations", partial(invitations.visible, call.actor, call.now), invitations.view)


@route("DELETE", "/invitations/{id}", pays="never", permission="member.manage", answer=schema.NOTHING)
def withdraw_invitation(call: Call) -> Json:
    """Withdraws an invitation; its link no longer works."""
    invitations.withdraw(call.actor, call.path["id"], call.now)
    return {}


@route(
    "POST",
    "/invitations/accept",
    pays="never",
    permission=SIGNED_IN,
    newcomers=True,
    body=schemas.ACCEPT,
    answer=schemas.MEMBER,
)
def accept_invitation(call: Call) -> Json:
    """Makes you a member, with the token from the link of an invitation."""
    return members.view(invitations.accept(call.actor.member, call.body["token"], call.now))


@route("GET", "/roles", permission=SIGNED_IN, answer=schema.listing(schemas.ROLE))
def list_roles(call: Call) -> Json:
    """Lists the roles: those that every agency has, and the agency's own."""
    own = [roles.view(role) for role in roles.every(call.actor.agency)]
    return {"items": [*roles.templates(), *own], "next": None}


@route("POST", "/roles", pays="work", permission="role.manage", body=schemas.NEW_ROLE, answer=schemas.ROLE, status=201)
def create_role(call: Call) -> Json:
    """Creates a role of the agency."""
    return roles.view(roles.create(call.actor, call.body["name"], call.body["permissions"], call.now))


@route(
    "PUT",
    "/roles/{id}",
    pays="work",
    permission="role.manage",
    body=schemas.NEW_ROLE,
    answer=schemas.ROLE,
    versioned=True,
)
def change_role(call: Call) -> Json:
    """Changes the name and permissions of a role, for everybody who has it."""
    role = roles.get(call.actor, call.path["id"])
    call.matches(role.version)
    return roles.view(roles.change(call.actor, role, call.body["name"], call.body["permissions"], call.now))


@route("DELETE", "/roles/{id}", pays="work", permission="role.manage", answer=schema.NOTHING, versioned=True)
def remove_role(call: Call) -> Json:
    """Removes a role that nobody has."""
    role = roles.get(call.actor, call.path["id"])
    call.matches(role.version)
    roles.remove(call.actor, role, call.now)
    return {}


@route("GET", "/teams", permission=SIGNED_IN, query=schemas.BY_EXTERNAL_ID, answer=schema.listing(schemas.TEAM))
def list_teams(call: Call) -> Json:
    """Lists the teams of the agency."""
    if "external_id" in call.query:
        return pages.by_external_id(call, "teams", teams.get, teams.view)
    return pages.answer(call, "teams", partial(teams.visible, call.actor), teams.view)


@route(
    "POST", "/teams", pays="work", permission="member.manage", body=schemas.NEW_TEAM, answer=schemas.TEAM, status=201
)
def create_team(call: Call) -> Json:
    """Creates a team."""
    body, external_id = call.body, call.body.get("external_id")
    return teams.view(teams.create(call.actor, body["name"], body["members"], call.now, external_id))


@route(
    "PUT",
    "/teams/{id}",
    pays="work",
    permission="member.manage",
    body=schemas.CHANGE_TEAM,
    answer=schemas.TEAM,
    versioned=True,
)
def change_team(call: Call) -> Json:
    """Changes the name and the members of a team."""
    team = teams.get(call.actor, call.path["id"])
    call.matches(team.version)
    return teams.view(teams.change(call.actor, team, call.body["name"], call.body["members"], call.now))


@route("DELETE", "/teams/{id}", pays="work", permission="member.manage", answer=schema.NOTHING, versioned=True)
def remove_team(call: Call) -> Json:
    """Removes a team."""
    team = teams.get(call.actor, call.path["id"])
    call.matches(team.version)
    teams.remove(call.actor, team, call.now)
    return {}


@route("GET", "/me", permission=SIGNED_IN, answer=schemas.ME)
def show_me(call: Call) -> Mapping[str, Any]:
    """Shows who you are in this agency, and what you may do."""
    return actors.view(call.actor)
