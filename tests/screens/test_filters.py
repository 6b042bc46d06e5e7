"""The inbox is asked for several values at once, in any order, and read both ways; its count says the same."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually

ALL = "ana ben cem dora"


@pytest.fixture(scope="module")
def brand(stack: Stack) -> Agency:
    return stack.brand()


@pytest.fixture(scope="module")
def known(stack: Stack, brand: Agency) -> Mapping[str, Any]:
    """Four people who wrote on three networks, one after the other; what became of them is told by the filters."""
    people = {}
    for name, network in (("ana", "messenger"), ("ben", "telegram"), ("cem", "whatsapp"), ("dora", "whatsapp")):
        people[name] = Fan(stack.connect(network, brand), name=name.title()).starts(f"{name} asks")
    owner = brand.owner
    owner.patch(f"/conversations/{people['ben']['id']}", {"status": "pending", "labels": ["vip", "été"]})
    owner.patch(f"/conversations/{people['cem']['id']}", {"status": "resolved", "labels": ["vip"]})
    owner.post(f"/conversations/{people['dora']['id']}/read", {"receipt": False})
    owner.post(f"/conversations/{people['dora']['id']}/assign", {"to": "me"})
    eventually(lambda: len(owner.get("/conversations", brand=brand.brand, status="all")["items"]) == 4)
    return people


CASES: Mapping[str, Mapping[str, Any]] = {
    "ana dora": {},
    ALL: {"status": "all"},
    "ana ben dora": {"status": "open,pending"},
    "ben": {"status": "pending,snoozed"},
    "ana ben": {"status": "all", "network": "messenger,telegram"},
    "cem dora": {"status": "all", "contact": "{cem},{dora}"},
    "ana": {"unread": "true"},
    "dora": {"unread": "false"},
    "ben cem": {"status": "all", "label": "vip"},
    "ben cem ": {"status": "all", "label": "vip,été"},
    "ana ben cem": {"status": "all", "assignee": "none"},
    " dora": {"assignee": "me,none", "unread": "false"},
    "": {"status": "all", "updated_since": "2100-01-01T00:00:00Z"},
    ALL + " ": {"status": "all", "updated_since": "2020-01-01T00:00:00Z"},
}


@pytest.mark.parametrize("case", CASES)
def test_filters_take_several_values(brand: Agency, known: Mapping[str, Any], case: str) -> None:
    contacts = {name: conversation["contact"]["id"] for name, conversation in known.items()}
    query = {name: value.format(**contacts) for name, value in CASES[case].items()}
    page = brand.owner.get("/conversations", brand=brand.brand, order="oldest", **query)
    names = {conversation["id"]: name for name, conversation in known.items()}
    assert sorted(names[conversation["id"]] for conversation in page["items"]) == case.split()
    assert brand.owner.get("/conversations/count", brand=brand.brand, **query)["count"] == len(case.split())


def test_pages_of_the_inbox_lead_both_ways(brand: Agency, known: Mapping[str, Any]) -> None:
    for order in ("newest", "oldest"):
        asked = {"brand": brand.brand, "status": "all", "order": order}
        every = [conversation["id"] for conversation in brand.owner.get("/conversations", **asked)["items"]]
        first = brand.owner.get("/conversations", limit=2, **asked)
        second = brand.owner.get("/conversations", limit=2, **asked, cursor=first["next"])
        back = brand.owner.get("/conversations", limit=2, **asked, cursor=second["previous"])
        assert [conversation["id"] for page in (first, second) for conversation in page["items"]] == every
        assert (first["previous"], back["items"], back["previous"]) == (None, first["items"], None)
        assert brand.owner.get("/conversations", limit=2, **asked, cursor=back["next"])["items"] == second["items"]


def test_labels_in_use_are_listed_with_how_often(stack: Stack, brand: Agency, known: Mapping[str, Any]) -> None:
    owner, asked = brand.owner, {"brand": brand.brand}
    vip, ete = {"name": "vip", "conversations": 2}, {"name": "été", "conversations": 1}
    assert owner.get("/labels", **asked) == {"items": [vip, ete], "next": None}
    pages = [owner.get("/labels", **asked, limit=1)]
    pages.append(owner.get("/labels", **asked, limit=1, cursor=pages[0]["next"]))
    assert [page["items"] for page in pages] == [[vip], [ete]]
    role = owner.post("/roles", {"name": f"Some {brand.brand}", "permissions": ["inbox.view_assigned"]})["id"]
    some = stack.someone(brand, role, [brand.brand])
    assert [label["conversations"] for label in some.get("/labels")["items"]] == [None, None]
    owner.patch(f"/conversations/{known['cem']['id']}", {"labels": []})
    assert owner.get("/labels", **asked)["items"][0] == {"name": "vip", "conversations": 1}
    owner.patch(f"/conversations/{known['cem']['id']}", {"labels": ["vip"]})  # as others know them


def test_open_replies_of_a_conversation_are_listed(brand: Agency, known: Mapping[str, Any]) -> None:
    owner, conversation = brand.owner, known["ana"]["id"]
    texts = ["One", "Two", "Three"]
    for text in texts:
        owner.post(f"/conversations/{conversation}/replies", {"text": text, "draft": True})
    replies = owner.every("/replies", conversation=conversation, limit=2)
    assert sorted(reply["text"] for reply in replies) == sorted(texts)
    owner.post(f"/replies/{replies[0]['id']}/withdraw")
    assert len(owner.get("/replies", conversation=conversation)["items"]) == 2
    assert len(owner.get("/replies", conversation=conversation, status="withdrawn")["items"]) == 1
