"""An agency's morning: views that people share and keep, what each of them finds there, and how much of it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.people import Fan, now
from tests.support.stack import Agency, Member, Stack, eventually

HOUR = 3_600_000
OPEN = {"field": "status", "is": "open"}
UNHEARD = {
    "all": [
        OPEN,
        {"field": "waiting_since", "older_than": "1h"},
        {"none": [{"field": "assignee", "is": ["me", "my_teams"]}]},
    ]
}


@pytest.fixture
def brand(stack: Stack) -> Agency:
    """A brand of its own, so that its inbox holds nobody else's conversations."""
    return stack.brand()


@pytest.fixture
def night(stack: Stack, brand: Agency) -> Mapping[str, str]:
    """What was written over night, by who wrote it: their conversations."""
    channel = stack.connect("messenger", brand)
    for hours, name in ((22.5, "Ana"), (3, "Ben"), (2, "Cem"), (0.1, "Dora")):
        Fan(channel, name=name).says(f"{name} was here", at=int(now() - hours * HOUR))
    conversations = eventually(lambda: them if len(them := channel.conversations()) == 4 else None)
    return {conversation["last_message"]["text"].split()[0]: conversation["id"] for conversation in conversations}


def keep(member: Member, brand: Agency, **view: Any) -> Any:
    return member.post("/views", {"name": "View", "brands": [brand.brand], **view})


def shown(member: Member, view: Any, night: Mapping[str, str], **query: Any) -> str:
    """Who is in it for them, in order; the count says the same."""
    ids = [conversation["id"] for conversation in member.every(f"/views/{view['id']}/conversations", **query)]
    assert member.get(f"/views/{view['id']}/count") == {"count": len(ids), "more": False}
    counted = {row["view"]: row["count"] for row in member.get("/views/counts")["items"]}
    assert counted[view["id"]] == len(ids)
    return " ".join({id: name for name, id in night.items()}[id] for id in ids)


def test_shared_view_is_everybodys_with_themselves_as_me(stack: Stack, brand: Agency, night: Mapping[str, str]) -> None:
    ana, ben = (stack.someone(brand, "conversation_manager", [brand.brand]) for _ in range(2))
    view = keep(ana, brand, name="Unheard", shared=True, condition=UNHEARD)
    assert shown(ana, view, night) == shown(ben, view, night) == "Cem Ben Ana"
    ana.post(f"/conversations/{night['Cem']}/assign", {"to": ana.get("/me")["member"]})
    assert eventually(lambda: shown(ana, view, night) == "Ben Ana")
    assert shown(ben, view, night, limit=1) == "Cem Ben Ana"
    team = stack.ours.owner.post("/teams", {"name": "Nights", "members": [ben.get("/me")["member"]]})["id"]
    ben.post(f"/conversations/{night['Ben']}/assign", {"to": team})
    assert eventually(lambda: shown(ben, view, night) == "Cem Ana")
    assert shown(ana, view, night) == "Ben Ana"


def test_own_view_is_nobody_elses(stack: Stack, brand: Agency, night: Mapping[str, str]) -> None:
    moderator = stack.someone(brand, "moderator", [brand.brand])
    view = keep(moderator, brand, name="Mine", condition=OPEN, order="oldest")
    assert shown(moderator, view, night) == "Ana Ben Cem Dora"
    for member in (brand.owner, stack.someone(brand, "moderator", [brand.brand])):
        assert view["id"] not in [row["id"] for row in member.every("/views", limit=2)]
        assert member.call("GET", f"/views/{view['id']}").status == 404
        assert member.call("GET", f"/views/{view['id']}/conversations").status == 404
        assert member.call("DELETE", f"/views/{view['id']}").status == 404
    moderator.delete(f"/views/{view['id']}")
    assert moderator.every("/views", limit=1) == [row for row in moderator.every("/views") if row["shared"]]


def test_view_goes_by_the_window_that_closes_first(stack: Stack, brand: Agency, night: Mapping[str, str]) -> None:
    fan = Fan(stack.connect("telegram", brand), name="Eva")
    night = {**night, "Eva": fan.starts("Eva was here")["id"]}
    view = keep(brand.owner, brand, condition={"field": "waiting", "is": True}, order="window")
    assert eventually(lambda: shown(brand.owner, view, night) == "Ana Ben Cem Dora Eva")
    assert shown(brand.owner, view, night, limit=2) == "Ana Ben Cem Dora Eva"


def test_member_of_assigned_only_finds_what_is_theirs(stack: Stack, brand: Agency, night: Mapping[str, str]) -> None:
    role = stack.ours.owner.post("/roles", {"name": "Assigned only", "permissions": ["inbox.view_assigned"]})["id"]
    person = stack.someone(brand, "client", [brand.brand])
    id = person.get("/me")["member"]
    stack.ours.owner.patch(f"/members/{id}", {"grants": [{"role": role, "brands": [brand.brand]}]})
    view = keep(brand.owner, brand, shared=True, condition=OPEN)
    assert shown(person, view, night) == ""
    assert person.get("/conversations/count") == {"count": 0, "more": False}
    brand.owner.post(f"/conversations/{night['Dora']}/assign", {"to": id})
    assert eventually(lambda: shown(person, view, night) == "Dora")
    assert [conversation["id"] for conversation in person.every("/conversations", assignee="me")] == [night["Dora"]]
    assert person.get("/conversations/count") == {"count": 1, "more": False}
    assert person.get("/conversations/count", assignee="none") == {"count": 0, "more": False}


def filters(night: Mapping[str, str], me: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Filters, and who is found by them."""
    yield {"assignee": "me"}, "Dora"
    yield {"assignee": me}, "Dora"
    yield {"assignee": "none"}, "Ben Ana"
    yield {"priority": "urgent"}, "Ana"
    yield {"label": "vip"}, "Ben Ana"
    yield {"label": "vip", "priority": "normal"}, "Ben"
    yield {"waiting": "true"}, "Dora Ben Ana"
    yield {"window_closes_within": 2}, "Ana"
    yield {"window_closes_within": 23}, "Cem Ben Ana"
    yield {"window_closes_within": 23, "status": "pending"}, "Cem"
    yield {"window_closes_within": 23, "status": "resolved"}, ""


def test_inbox_is_filtered_and_counted_alike(brand: Agency, night: Mapping[str, str]) -> None:
    me = brand.owner.get("/me")["member"]
    brand.owner.patch(f"/conversations/{night['Ana']}", {"priority": "urgent", "labels": ["vip", "order"]})
    brand.owner.patch(f"/conversations/{night['Ben']}", {"labels": ["vip"]})
    brand.owner.patch(f"/conversations/{night['Cem']}", {"status": "pending"})
    brand.owner.post(f"/conversations/{night['Dora']}/assign", {"to": me})
    names = {id: name for name, id in night.items()}
    eventually(lambda: len(brand.owner.every("/conversations", brand=brand.brand, status="pending")) == 1)
    for query, wanted in filters(night, me):
        rows = brand.owner.every("/conversations", brand=brand.brand, **query)
        assert " ".join(names[row["id"]] for row in rows) == wanted, query
        count = brand.owner.get("/conversations/count", brand=brand.brand, **query)
        assert count == {"count": len(rows), "more": False}, query
