"""Clients give our things ids of their own, of every kind by the same rules, and find them by these."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.screens import own_ids
from chalicelib.store import external_ids
from chalicelib.store.external_ids import KINDS
from tests.support.one_of_each import WAITING, everything
from tests.support.smallest_bodies import unknown
from tests.support.stack import Stack, number

WORDS = [kind.word for kind in KINDS.values()]
SHOWN = [word for word in WORDS if word not in ("channels", "teams")]  # of which one can be shown by its id


@pytest.fixture(scope="module")
def another(stack: Stack) -> Mapping[str, str]:
    """One more thing of each kind in our agency and brand."""
    return everything(stack, stack.ours)


@pytest.fixture(scope="module")
def elsewhere(stack: Stack) -> Mapping[str, str]:
    """One of each kind in another brand of the agency."""
    return everything(stack, stack.brand())


def named(stack: Stack, id: str, external_id: str | None) -> Any:
    return stack.ours.owner.call("PUT", "/external-ids", {"id": id, "external_id": external_id})


def found(stack: Stack, word: str, external_id: str) -> list[str]:
    return [row["id"] for row in stack.ours.owner.get(f"/{word}", external_id=external_id)["items"]]


def test_every_kind_that_has_own_ids_can_be_named() -> None:
    assert KINDS.keys() == own_ids.HOLDERS.keys()


@pytest.mark.parametrize("word", WORDS)
def test_own_id_is_found_unique_and_freed(
    stack: Stack, ours: Mapping[str, str], another: Mapping[str, str], word: str
) -> None:
    own, id = f"crm:{number()}", ours[word]
    assert named(stack, id, own).json == {"id": id, "external_id": own}
    assert named(stack, id, own).status == 200
    assert found(stack, word, own) == [id]
    assert stack.theirs.owner.get(f"/{word}", external_id=own)["items"] == []
    if another[word] != id:
        taken = named(stack, another[word], own)
        assert (taken.problem, taken.json["id"]) == ((409, "external_id_taken"), id)
    assert named(stack, id, own + "b").status == 200
    assert (found(stack, word, own), found(stack, word, own + "b")) == ([], [id])
    assert named(stack, id, None).status == 200
    assert found(stack, word, own + "b") == []


@pytest.mark.parametrize("word", SHOWN)
def test_own_id_stands_in_a_path(stack: Stack, ours: Mapping[str, str], word: str) -> None:
    own = f"crm:{number()}"
    named(stack, ours[word], own)
    shown = stack.ours.owner.get(f"/{word}/ext:{own}")
    assert (shown["id"], shown["external_id"]) == (ours[word], own)
    assert stack.ours.owner.call("GET", f"/{word}/ext:{own}x").problem == (404, "not_found")
    assert stack.theirs.owner.call("GET", f"/{word}/ext:{own}").problem == (404, "not_found")


@pytest.mark.parametrize("word", [kind.word for kind in KINDS.values() if kind.of_brand])
def test_two_brands_may_use_the_same_own_id(
    stack: Stack, ours: Mapping[str, str], elsewhere: Mapping[str, str], word: str
) -> None:
    own = f"crm:{number()}"
    assert [named(stack, things[word], own).status for things in (ours, elsewhere)] == [200, 200]
    assert sorted(found(stack, word, own)) == sorted([ours[word], elsewhere[word]])
    if word in SHOWN:
        answer = stack.ours.owner.call("GET", f"/{word}/ext:{own}")
        assert answer.problem == (409, "external_id_ambiguous")
        assert sorted(answer.json["ids"]) == sorted([ours[word], elsewhere[word]])


@pytest.mark.parametrize("word", ["brands", "channels", "teams", "canned-replies", "views", "replies"])
def test_thing_is_created_once_with_an_own_id(stack: Stack, ours: Mapping[str, str], word: str) -> None:
    owner, own = stack.ours.owner, f"crm:{number()}"
    plan: Mapping[str, tuple[str, list[Mapping[str, Any]]]] = {
        "brands": ("/brands", [{"name": "Brand"}] * 2),
        "channels": (
            "/channels",
            [
                {"brand": stack.ours.brand, "network": "example", "credentials": {"token": f"token{number()}"}}
                for _ in range(2)
            ],
        ),
        "teams": ("/teams", [{"name": f"Team {number()}", "members": []}] * 2),
        "canned-replies": (
            "/canned-replies",
            [
                {"title": "Hours", "text": "At nine", "brand": stack.ours.brand, "shortcut": f"c{number()}"}
                for _ in range(2)
            ],
        ),
        "views": ("/views", [{"name": "View", "condition": WAITING}] * 2),
        "replies": (f"/conversations/{ours['conversations']}/replies", [{"text": "Hi", "draft": True}] * 2),
    }
    path, bodies = plan[word]
    first, second = (owner.call("POST", path, {**body, "external_id": own}) for body in bodies)
    assert (first.status < 300, first.json["external_id"]) == (True, own)
    assert (second.problem, second.json["id"]) == ((409, "external_id_taken"), first.json["id"])
    assert found(stack, word, own) == [first.json["id"]]
    if word in ("channels", "teams", "canned-replies", "views"):
        assert owner.call("DELETE", f"/{word}/ext:{own}").status == 200
        assert found(stack, word, own) == []
        assert owner.call("POST", path, {**bodies[1], "external_id": own}).status < 300


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"id": unknown("brd"), "external_id": "a"}, (404, "not_found")),
        ({"id": unknown("key"), "external_id": "a"}, (422, "invalid")),
        ({"id": unknown("brd"), "external_id": "a/b"}, (422, "invalid")),
        ({"id": unknown("brd"), "external_id": "a" * 129}, (422, "invalid")),
        ({"id": unknown("brd")}, (422, "invalid")),
    ],
    ids=["an unknown thing", "a thing without own ids", "a wrong character", "too long", "no id"],
)
def test_what_cannot_be_named_is_refused(stack: Stack, body: Mapping[str, Any], problem: tuple[int, str]) -> None:
    assert stack.ours.owner.call("PUT", "/external-ids", body).problem == problem


def test_who_may_not_change_a_thing_may_not_name_it(stack: Stack, ours: Mapping[str, str]) -> None:
    client = stack.ours.members["client"]
    for word in ("brands", "channels", "conversations", "teams", "members"):
        assert client.call("PUT", "/external-ids", {"id": ours[word], "external_id": "mine"}).status in (403, 404)


def test_other_parts_of_paths_stay_as_they_are() -> None:
    for word, part in (("brands", "brd_1"), ("attributes", "ext:a"), ("jobs", "ext:a")):
        assert external_ids.our_id("agc_1", word, part, lambda brand: True) == part
