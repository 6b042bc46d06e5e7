"""S9: a permission that changes no answer is a promise that nobody keeps."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.api import http
from chalicelib.contacts import contacts
from chalicelib.replies import policy
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.inbox import Conversation
from chalicelib.teamwork import assignment
from tests.support.routes import ROUTES

OPENING = {permission for route in ROUTES for permission in route.permissions}
ANA = Contact(
    "agc_1#ctc_1", "contact", id="ctc_1", brand="brd_1", name="Ana", created_at=0, updated_at=0,
    identities=[{"network": "whatsapp", "id": "33612345678", "username": "", "phone": "33612345678"}],
)  # fmt: skip
SOMEBODY_ELSES = Conversation("agc_1#cnv_1", "conversation", brand="brd_1", assignee="mbr_2", created_at=0)
# Those that open no route, and an answer that each of them changes.
WITHIN: Mapping[str, Callable[[Actor], Any]] = {
    "contact.view_pii": lambda actor: contacts.view(actor, ANA),
    "reply.official": lambda actor: policy.required(actor, "brd_1", [], private=False, official=True),
    "conversation.take_over": lambda actor: len(assignment.checked_actions(actor, SOMEBODY_ELSES, None, 0)),
}


def holder(*names: str) -> Actor:
    return Actor("agc_1", "mbr_1", "Ana", grants=(Grant("own", frozenset(names)),))


def enters(actor: Actor, route: http.Route) -> bool:
    try:
        actor.at(route.permissions)
    except errors.Forbidden:
        return False
    return True


def answer(asked: Callable[[Actor], Any], actor: Actor) -> Any:
    try:
        return asked(actor)
    except errors.Forbidden as refused:
        return refused.code


@pytest.mark.parametrize("permission", permissions.PERMISSIONS)
def test_permission_changes_an_answer(permission: str) -> None:
    if permission in OPENING:
        [route, *_] = [route for route in ROUTES if permission in route.permissions]
        others = holder(*(name for name in permissions.PERMISSIONS if name not in route.permissions))
        assert (enters(others, route), enters(holder(permission), route)) == (False, True)
    else:
        without = holder(*(name for name in permissions.PERMISSIONS if name != permission))
        changed = WITHIN[permission]
        assert answer(changed, without) != answer(changed, holder(*permissions.PERMISSIONS))


def test_what_is_tried_here_is_in_the_table() -> None:
    assert set(permissions.PERMISSIONS) >= OPENING | set(WITHIN)


def test_role_keeps_what_there_is_still_of_its_permissions() -> None:
    assert permissions.known(["note.write", "crisis.pause"]) == {"note.write"}
