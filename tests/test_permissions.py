"""Every route, asked by everybody: the answer follows from the permission it declares, and nobody lists routes here."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

import app
from chalicelib.access import permissions
from chalicelib.api import http
from tests.support import iam
from tests.support.forged_tokens import signed
from tests.support.one_of_each import OF_A_BRAND, OWN_ALONE, called
from tests.support.route_coverage import name_of
from tests.support.routes import GUARDED
from tests.support.stack import Member, Stack, ask
from tests.support.thorough import tries
from tests.support.user_pool import Door

ROUTES = {name_of(route): route for route in GUARDED}
NOTHING = {
    "conversations": "cnv_00000000000000000000",
    "messages": "msg_0000000000000000000000000000000000000000000000",
    "replies": "rpl_0000000000000000000000000000000000000000000000",
    "contacts": "ctc_00000000000000000000",
    "channels": "chn_0", "brands": "brd_0", "members": "mbr_0", "invitations": "inv_0", "roles": "rol_0",
    "api-keys": "key_0", "teams": "tem_0", "attributes": "nothing", "canned-replies": "can_0", "views": "viw_0",
    "jobs": "job_0", "webhook-endpoints": "whk_0", "uploads": "upl_0", "me": "ses_0",
    "apps": "app_0", "approved-apps": "app_0", "requests": "req-0",
    "sign-in-domains": "dom_0", "rules": "rul_0", "term-lists": "trm_0",
    "appeals": "apl_00000000000000000000000000",
    "bans": "ban_00000000000000000000000000", "consents": "con_0", "connect-links": "cnl_0", "network-apps": "line",
    "templates": "tpl_0",
    "cases": "cas_00000000000000000000000000", "decisions": "dec_00000000000000000000000000",
}  # fmt: skip
REFUSED = (401, 403)
NO_TOKENS = ("Bearer ", "Bearer x.y.z", "Basic b3duZXI6")


def about_nothing(route: http.Route) -> str:
    """The route's path, with well-formed ids of things that are not there."""
    return re.sub(r"{\w+}", lambda _: NOTHING[route.path.split("/")[1]], route.path)


def asked(member: Member, route: http.Route) -> int:
    body: dict[str, Any] | None = {} if route.verb in ("POST", "PUT", "PATCH") else None
    return member.call(route.verb, about_nothing(route), body).status


@pytest.fixture(scope="session")
def key(stack: Stack) -> Member:
    """A key that may read the inbox of our brand, and nothing else."""
    held = {"name": "Readers", "permissions": ["inbox.view_all"]}
    made = stack.ours.owner.post("/roles", held)
    grants = [{"role": made["id"], "brands": [stack.ours.brand]}]
    return Member(stack.api, stack.ours.owner.post("/api-keys", {"name": "Reader", "grants": grants})["key"])


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_gets_in_without_a_token(stack: Stack, name: str) -> None:
    """With none at all, or with one of these, which each route is asked with in turn."""
    route = ROUTES[name]
    token = NO_TOKENS[list(ROUTES).index(name) % len(NO_TOKENS)]
    for headers in ({}, {"Authorization": token}):
        answer = ask(route.verb, f"{stack.api}{about_nothing(route)}", headers=headers)
        assert answer.problem == (401, "unauthenticated")


def _is_let_in(held: str, route: http.Route) -> bool:
    holds = permissions.TEMPLATES["conversation_manager" if held == "key" else held]
    return not route.permissions or bool(holds.intersection(route.permissions))


def _askers(routes: Sequence[http.Route], everybody: Sequence[str]) -> Iterator[Any]:
    """For each route who asks it: one who is let in and one who is not, another with each route, or everybody."""
    for place, route in enumerate(routes):
        in_turn = sorted(everybody, key=lambda held: (everybody.index(held) - place) % len(everybody))
        of_each = {_is_let_in(held, route): held for held in reversed(in_turn)}
        yield from (pytest.param(held, route, id=f"{held}-{name_of(route)}")
                    for held in tries([*of_each.values()], everybody))  # fmt: skip


@pytest.mark.parametrize(("held", "route"), [*_askers(GUARDED, [*permissions.TEMPLATES])])
def test_role_opens_what_its_permissions_say(stack: Stack, held: str, route: http.Route) -> None:
    member = stack.ours.members[held]
    if name_of(route) == "POST /me/sign-out":  # others go on with the session that it would end
        member = stack.someone(stack.ours, held, [stack.ours.brand])
    assert (asked(member, route) not in REFUSED) == _is_let_in(held, route)


def test_every_role_is_let_in_somewhere_and_refused_elsewhere() -> None:
    """Who asks in turn is everybody, for both answers, but for the owner, who may do everything."""
    asked = {(case.values[0], _is_let_in(*case.values)) for case in _askers(GUARDED, [*permissions.TEMPLATES])}
    roles = set(permissions.TEMPLATES)
    assert asked == {(held, True) for held in roles} | {(held, False) for held in roles - {"owner"}}


@pytest.mark.parametrize("name", ROUTES)
def test_key_opens_what_it_was_given(key: Member, name: str) -> None:
    route = ROUTES[name]
    let_in = not route.permissions or "inbox.view_all" in route.permissions
    if not route.newcomers:
        assert (asked(key, route) not in REFUSED) == let_in


def test_token_opens_every_route_until_it_expires(door: Door) -> None:
    now = int(time.time())
    for token, opened in ((signed(), set(ROUTES)), (signed(iat=now - 3600, exp=now - 61), set())):
        assert {name for name, route in ROUTES.items() if authorized(route, token)} == opened


def authorized(route: http.Route, token: str) -> bool:
    """What the gateway makes of the authorizer's answer for that route."""
    arn = f"arn:aws:execute-api:eu-west-1:000000000000:abc123/api/{route.verb}/v1{about_nothing(route)}"
    asked = {"type": "TOKEN", "methodArn": arn, "authorizationToken": f"Bearer {token}"}
    policy = app.authorizer(asked, None)["policyDocument"]
    return iam.allows(policy["Statement"], iam.Request("execute-api:Invoke", arn))


@pytest.mark.parametrize("route", OWN_ALONE, ids=name_of)
def test_other_agencys_owner_finds_nothing_of_ours(stack: Stack, ours: Mapping[str, str], route: http.Route) -> None:
    assert called(stack.theirs.owner, route, ours).problem == (404, "not_found")


@pytest.fixture(scope="session")
def elsewhere(stack: Stack) -> Mapping[str, Member]:
    """Each role, and a key, for a brand of ours in which nothing is."""
    brand = stack.ours.owner.post("/brands", {"name": "Elsewhere"})["id"]
    grants = [{"role": "conversation_manager", "brands": [brand]}]
    key = stack.ours.owner.post("/api-keys", {"name": "Elsewhere", "grants": grants})["key"]
    people = {held: stack.someone(stack.ours, held, [brand]) for held in permissions.TEMPLATES}
    return {**people, "key": Member(stack.api, key)}


@pytest.mark.parametrize(("held", "route"), [*_askers(OF_A_BRAND, [*permissions.TEMPLATES, "key"])])
def test_role_for_another_brand_finds_nothing_in_this_one(
    elsewhere: Mapping[str, Member], ours: Mapping[str, str], held: str, route: http.Route
) -> None:
    let_in = _is_let_in(held, route)
    assert called(elsewhere[held], route, ours).problem == ((404, "not_found") if let_in else (403, "forbidden"))


def test_role_for_another_brand_sees_nothing_of_ours(stack: Stack) -> None:
    other = stack.ours.owner.post("/brands", {"name": "Another brand"})["id"]
    stranger = stack.someone(stack.ours, "community_manager", [other])
    assert stranger.call("GET", f"/brands/{stack.ours.brand}").status == 404
    assert stranger.call("GET", "/conversations", brand=stack.ours.brand).status == 404
    assert stranger.get("/conversations")["items"] == []


def test_permission_held_for_one_brand_is_none_for_another(stack: Stack) -> None:
    other = stack.brand().brand
    both = stack.someone(stack.ours, "client", [stack.ours.brand, other])
    assert both.call("PATCH", f"/brands/{other}", {"name": "Ours now"}).problem == (403, "forbidden")
