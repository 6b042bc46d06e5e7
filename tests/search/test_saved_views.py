"""Views are kept, shared and given up: by whom, how many, and what is asked amiss."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.store import fence, keys, table
from chalicelib.store.models.search import NumberOfSavedViews
from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually

OPEN = {"field": "status", "is": "open"}
VIEW = {"name": "Open", "condition": OPEN}


@pytest.fixture
def manager(stack: Stack) -> Member:
    """Somebody who assigns for all brands, and so may share with all."""
    return stack.someone(stack.ours, "conversation_manager", None)


@pytest.fixture
def moderator(stack: Stack) -> Member:
    """Somebody who may not."""
    return stack.someone(stack.ours, "moderator", [stack.ours.brand])


def test_view_is_told_as_it_was_kept(moderator: Member) -> None:
    made = moderator.post("/views", VIEW)
    assert made == {
        "id": made["id"], "name": "Open", "shared": False, "owner": moderator.get("/me")["member"], "brands": None,
        "condition": OPEN, "order": "newest", "version": 1, "external_id": None,
    }  # fmt: skip
    assert moderator.get(f"/views/{made['id']}") == made
    changed = moderator.patch(f"/views/{made['id']}", {"name": "Oldest", "order": "oldest"})
    assert changed == {**made, "name": "Oldest", "order": "oldest", "version": 2}


def test_edit_of_an_old_version_is_refused(moderator: Member) -> None:
    path = f"/views/{moderator.post('/views', VIEW)['id']}"
    first = moderator.call("PATCH", path, {"name": "First"}, headers={"If-Match": '"1"'})
    assert (first.status, first.headers["etag"].partition(".")[0]) == (200, '"2')
    assert moderator.call("PATCH", path, {"name": "Second"}, headers={"If-Match": '"1"'}).status == 412
    assert moderator.call("DELETE", path, headers={"If-Match": '"1"'}).status == 412
    assert moderator.get(path)["name"] == "First"


def test_of_two_who_edit_at_once_nobody_is_overwritten_unseen(stack: Stack, manager: Member) -> None:
    path = f"/views/{manager.post('/views', {**VIEW, 'shared': True})['id']}"
    old = {"If-Match": '"1"'}
    edits: list[Mapping[str, Any]] = [{"name": "One"}, {"shared": False}]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda body: manager.call("PATCH", path, body, headers=old).status, edits))
    assert sorted(answers) in ([200, 404], [200, 412])
    assert manager.get(path)["version"] == 2


def test_sharing_takes_the_permission_to_assign(moderator: Member, manager: Member) -> None:
    assert moderator.call("POST", "/views", {**VIEW, "shared": True}).problem == (403, "cannot_share")
    own = moderator.post("/views", VIEW)["id"]
    assert moderator.call("PATCH", f"/views/{own}", {"shared": True}).problem == (403, "cannot_share")
    shared = manager.post("/views", {**VIEW, "shared": True})["id"]
    assert moderator.get(f"/views/{shared}")["shared"] is True
    assert moderator.call("PATCH", f"/views/{shared}", {"name": "Mine"}).problem == (403, "cannot_share")
    assert moderator.call("DELETE", f"/views/{shared}").problem == (403, "cannot_share")


def test_sharing_with_all_brands_takes_the_permission_for_all(stack: Stack) -> None:  # S10
    of_one = stack.someone(stack.ours, "conversation_manager", [stack.ours.brand])
    owner_of_one = stack.someone(stack.ours, "owner", [stack.ours.brand])
    for sharer in (of_one, owner_of_one):
        assert sharer.call("POST", "/views", {**VIEW, "shared": True}).problem == (403, "cannot_share")
        own = sharer.post("/views", {**VIEW, "shared": True, "brands": [stack.ours.brand]})["id"]
        assert sharer.call("PATCH", f"/views/{own}", {"brands": None}).problem == (403, "cannot_share")
    others = stack.ours.owner.post("/views", {**VIEW, "shared": True})["id"]
    assert owner_of_one.call("DELETE", f"/views/{others}").problem == (403, "cannot_share")


def test_view_that_names_a_brand_is_seen_by_who_works_for_it(stack: Stack, moderator: Member) -> None:  # S10
    owner = stack.ours.owner
    other = owner.post("/brands", {"name": "Unseen"})["id"]
    named = {"none": [{"field": "brand", "is": [stack.ours.brand, other]}]}
    shared = owner.post("/views", {**VIEW, "shared": True, "condition": named})["id"]
    assert moderator.call("GET", f"/views/{shared}").status == 404
    assert shared not in {view["id"] for view in moderator.every("/views")}
    answer = moderator.call("POST", "/views", {**VIEW, "condition": named})
    assert (*answer.problem, answer.json["field"]) == (422, "unknown_reference", "condition")


def test_shared_view_is_changed_by_its_owner_and_who_manages_roles(stack: Stack, manager: Member) -> None:
    path = f"/views/{manager.post('/views', {**VIEW, 'shared': True})['id']}"
    another = stack.someone(stack.ours, "conversation_manager", None)
    assert another.call("PATCH", path, {"name": "Mine"}).problem == (403, "cannot_share")
    assert manager.patch(path, {"name": "Still open"})["name"] == "Still open"
    assert stack.ours.owner.patch(path, {"shared": False})["owner"] == manager.get("/me")["member"]
    assert stack.ours.owner.call("GET", path).status == another.call("GET", path).status == 404
    assert manager.get(path)["version"] == 3


def test_shared_view_shows_to_those_who_work_for_one_of_its_brands(stack: Stack, moderator: Member) -> None:
    owner = stack.ours.owner
    other = owner.post("/brands", {"name": "Elsewhere"})["id"]
    both, hidden = (
        owner.post("/views", {**VIEW, "shared": True, "brands": brands})["id"]
        for brands in ([stack.ours.brand, other], [other])
    )
    assert moderator.get(f"/views/{both}")["brands"] == [stack.ours.brand]
    assert moderator.call("GET", f"/views/{hidden}").status == 404
    seen = {view["id"] for view in moderator.every("/views", limit=3)}
    assert both in seen
    assert hidden not in seen | {row["view"] for row in moderator.get("/views/counts")["items"]}


def test_what_is_shared_is_in_the_audit_and_what_is_ones_own_is_not(stack: Stack, manager: Member) -> None:
    path = f"/views/{manager.post('/views', VIEW)['id']}"
    manager.patch(path, {"name": "Quietly"})
    manager.patch(path, {"shared": True})
    manager.delete(path)
    entries = eventually(lambda: audits.recent(stack.ours.owner, target=path.rpartition("/")[2]))
    assert [(entry["action"], entry["before"], entry["after"]) for entry in reversed(entries)] == [
        ("view.change", {"shared": False, "brands": None}, {"shared": True, "brands": None}),
        ("view.remove", {"shared": True, "brands": None}, None),
    ]


def test_there_are_never_too_many(stack: Stack, manager: Member) -> None:
    own = keys.views(stack.ours.id, manager.get("/me")["member"])
    with fence.within(stack.ours.id):
        table.put(NumberOfSavedViews(own, keys.NUMBER_OF_VIEWS, number=99))
    with ThreadPoolExecutor(4) as many:
        answers = list(many.map(lambda _: manager.call("POST", "/views", VIEW), range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert {answer.json["code"] for answer in answers if answer.status == 409} == {"too_many"}
    [kept] = [answer.json["id"] for answer in answers if answer.status == 201]
    assert manager.patch(f"/views/{kept}", {"name": "No more, no less"})["version"] == 2
    assert manager.patch(f"/views/{kept}", {"shared": True})["shared"] is True
    assert manager.call("POST", "/views", VIEW).status == 201
    assert manager.call("PATCH", f"/views/{kept}", {"shared": False}).problem == (409, "too_many")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid", "name"),
        ({**VIEW, "name": " "}, "invalid", "name"),
        ({**VIEW, "color": "red"}, "invalid", "color"),
        ({**VIEW, "order": "best"}, "invalid", "order"),
        ({**VIEW, "brands": []}, "invalid", "brands"),
        ({**VIEW, "brands": ["brd_unknown"]}, "unknown_reference", "brands"),
        ({**VIEW, "condition": {"all": []}}, "bad_condition", "condition.all"),
        ({**VIEW, "condition": {"field": "status", "is": "opne"}}, "bad_condition", "condition.is"),
        (
            {**VIEW, "condition": {"any": [OPEN, {"field": "mood", "is": "good"}]}},
            "bad_condition",
            "condition.any.1.field",
        ),
        ({**VIEW, "condition": {"any": [{"all": [OPEN] * 26}, {"all": [OPEN] * 25}]}}, "too_much", "condition"),
    ],
)
def test_view_that_makes_no_sense_is_refused(moderator: Member, body: Mapping[str, Any], code: str, field: str) -> None:
    answer = moderator.call("POST", "/views", body)
    assert (*answer.problem, answer.json["field"]) == (422, code, field)


@pytest.mark.parametrize(
    "query",
    [
        {"assignee": "nobody"}, {"assignee": "my_teams"}, {"priority": "asap"}, {"label": "two words"},
        {"waiting": "perhaps"}, {"window_closes_within": "0"}, {"window_closes_within": "25"},
    ],
)  # fmt: skip
def test_filter_that_makes_no_sense_is_refused(stack: Stack, query: Mapping[str, str]) -> None:
    for path in ("/conversations", "/conversations/count"):
        answer = stack.ours.owner.call("GET", path, **dict[str, Any](query))
        assert (*answer.problem, answer.json["field"]) == (422, "invalid", next(iter(query)))


def test_cursor_is_good_for_its_view_as_it_was(stack: Stack, manager: Member) -> None:
    channel = stack.connect("messenger")
    for _ in range(2):
        Fan(channel).says()
    eventually(lambda: len(channel.conversations()) == 2)
    mine = {"field": "channel", "is": channel.id}
    path = f"/views/{manager.post('/views', {**VIEW, 'condition': mine})['id']}"
    cursor = manager.get(f"{path}/conversations", limit=1)["next"]
    assert len(manager.get(f"{path}/conversations", limit=1, cursor=cursor)["items"]) == 1
    manager.patch(path, {"condition": {"all": [mine, OPEN]}})
    assert manager.call("GET", f"{path}/conversations", cursor=cursor).problem == (400, "bad_cursor")
