"""Every route, asked by everybody: the answer follows from the permission it declares, and nobody lists routes here."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.api import http
from chalicelib.tenancy import role
from tests.stack import Agency, Member, Stack, ask

ROUTES = {f"{route.verb} {route.path}": route for route in http.ROUTES}
NOTHING = {
    "conversations": "cnv_00000000000000000000",
    "messages": "msg_0000000000000000000000000000000000000000000000",
    "replies": "rpl_0000000000000000000000000000000000000000000000",
    "contacts": "ctc_00000000000000000000",
    "channels": "chn_0", "brands": "brd_0", "members": "mbr_0", "invitations": "inv_0", "roles": "rol_0",
    "api-keys": "key_0", "teams": "tem_0", "views": "viw_0",
}  # fmt: skip
REFUSED = (401, 403)


def about_nothing(route: http.Route) -> str:
    """The route's path, with well-formed ids of things that are not there."""
    return re.sub(r"{\w+}", lambda _: NOTHING[route.path.split("/")[1]], route.path)


def asked(member: Member, route: http.Route) -> int:
    body = {} if route.verb in ("POST", "PUT", "PATCH") else None
    return member.call(route.verb, about_nothing(route), body).status


@pytest.fixture(scope="session")
def key(stack: Stack) -> Member:
    """A key that may read the inbox of our brand, and nothing else."""
    held = {"name": "Readers", "permissions": ["inbox.view_all"]}
    made = stack.ours.owner.post("/roles", held)
    grants = [{"role": made["id"], "brands": [stack.ours.brand]}]
    return Member(stack.api, stack.ours.owner.post("/api-keys", {"name": "Reader", "grants": grants})["key"])


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize(
    "token", ["", "Bearer ", "Bearer x.y.z", "Basic b3duZXI6"], ids=["none", "empty", "bad", "basic"]
)
def test_nobody_gets_in_without_a_token(stack: Stack, name: str, token: str) -> None:
    route = ROUTES[name]
    headers = {"Authorization": token} if token else {}
    answer = ask(route.verb, f"{stack.api}{about_nothing(route)}", headers=headers)
    assert answer.problem == (401, "unauthenticated")


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("held", role.TEMPLATES)
def test_role_opens_what_its_permissions_say(stack: Stack, held: str, name: str) -> None:
    route = ROUTES[name]
    let_in = not route.permissions or bool(role.TEMPLATES[held].intersection(route.permissions))
    assert (asked(stack.ours.members[held], route) not in REFUSED) == let_in


@pytest.mark.parametrize("name", ROUTES)
def test_key_opens_what_it_was_given(key: Member, name: str) -> None:
    route = ROUTES[name]
    let_in = not route.permissions or "inbox.view_all" in route.permissions
    if not route.newcomers:
        assert (asked(key, route) not in REFUSED) == let_in


def things(stack: Stack) -> Iterator[tuple[http.Route, str]]:
    """Each route that takes an id, with the id of a thing of ours."""
    owner = stack.ours.owner
    ours = {
        "channels": owner.get("/channels")["items"][0]["id"],
        "brands": stack.ours.brand,
        "members": owner.get("/members")["items"][0]["id"],
    }
    for route in ROUTES.values():
        found = ours.get(route.path.split("/")[1])
        if "{id}" in route.path and found:
            yield route, found


def test_other_agencys_thing_answers_like_none(stack: Stack) -> None:
    for route, id in things(stack):
        body = {} if route.verb in ("POST", "PUT", "PATCH") else None
        theirs = stack.theirs.owner.call(route.verb, route.path.replace("{id}", id), body)
        nothing = stack.theirs.owner.call(route.verb, about_nothing(route), body)
        assert (theirs.status, unsigned(theirs.raw)) == (nothing.status, unsigned(nothing.raw)), route


def unsigned(raw: bytes) -> bytes:
    return re.sub(rb'"request_id": "[^"]+"', b"", raw)


def test_role_for_another_brand_sees_nothing_of_ours(stack: Stack) -> None:
    other = stack.ours.owner.post("/brands", {"name": "Another brand"})["id"]
    stranger = stack.someone(stack.ours, "community_manager", [other])
    assert stranger.call("GET", f"/brands/{stack.ours.brand}").status == 404
    assert stranger.call("GET", "/conversations", brand=stack.ours.brand).status == 404
    assert stranger.get("/conversations")["items"] == []


def test_permission_held_for_one_brand_is_none_for_another(stack: Stack) -> None:
    other = stack.ours.owner.post("/brands", {"name": "A third brand"})["id"]
    email_of = Agency(stack.ours.id, other, stack.ours.members)
    both = stack.someone(email_of, "client", [stack.ours.brand, other])
    assert both.call("PATCH", f"/brands/{other}", {"name": "Ours now"}).problem == (403, "forbidden")
