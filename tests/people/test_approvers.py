"""S16: whoever names people for a role that approves by a brand's rules decides who approves, as the rules do."""

from typing import Any

import pytest

from tests.people.test_grants import signed_up
from tests.people.test_members import link_in_mail
from tests.support.stack import Stack, number

BY_CLIENT = {"replies": {"rules": [{"approvals": 1, "by": ["client"]}]}}
REFUSED = (403, "cannot_name_approvers")


@pytest.fixture
def brand(stack: Stack) -> str:
    """A brand whose replies the client approves."""
    return stack.brand(**BY_CLIENT).brand


def invite(brand: str, email: str = "") -> dict[str, Any]:
    return {"email": email or f"guest{number()}@new.example", "grants": [{"role": "client", "brands": [brand]}]}


def test_manager_makes_nobody_the_approver_that_the_rules_ask_for(stack: Stack, brand: str) -> None:
    manager = stack.someone(stack.ours, "community_manager", [brand])
    me = manager.get("/me")["member"]
    other = stack.someone(stack.ours, "moderator", [brand]).get("/me")["member"]
    own = {"role": "community_manager", "brands": [brand]}
    as_client = {"role": "client", "brands": [brand]}
    assert manager.call("PATCH", f"/members/{me}", {"grants": [own, as_client]}).problem == REFUSED
    assert manager.call("PATCH", f"/members/{other}", {"grants": [as_client]}).problem == REFUSED
    assert manager.call("POST", "/invitations", invite(brand)).problem == REFUSED
    assert stack.ours.owner.post("/invitations", invite(brand))["id"]
    everywhere = {"email": f"guest{number()}@new.example", "grants": [{"role": "client", "brands": None}]}
    assert stack.ours.owner.post("/invitations", everywhere)["id"]


def test_manager_names_people_where_no_rule_asks_for_them(stack: Stack, brand: str) -> None:
    manager = stack.someone(stack.ours, "community_manager", [brand, stack.ours.brand])
    assert manager.post("/invitations", invite(stack.ours.brand))["id"]


def test_who_approves_already_may_get_another_role_besides(stack: Stack, brand: str) -> None:
    manager = stack.someone(stack.ours, "community_manager", [brand])
    client = stack.someone(stack.ours, "client", [brand]).get("/me")["member"]
    grants = [{"role": role, "brands": [brand]} for role in ("client", "moderator")]
    assert len(manager.patch(f"/members/{client}", {"grants": grants})["grants"]) == 2


def test_invitation_is_judged_by_the_rules_when_it_is_accepted(stack: Stack) -> None:
    brand, email = stack.brand().brand, f"guest{number()}@new.example"
    stack.someone(stack.ours, "community_manager", [brand]).post("/invitations", invite(brand, email))
    stack.ours.owner.patch(f"/brands/{brand}", {"settings": BY_CLIENT})
    link = {"token": link_in_mail(stack, email)}
    assert signed_up(stack, email).call("POST", "/invitations/accept", link).problem == (409, "invitation_ended")
