"""What was said is found by who may see it, at once, and by nobody else."""

from typing import Any

import pytest

from chalicelib.store import fence
from chalicelib.texts import foldings, lines
from chalicelib.texts.lines import MESSAGES
from chalicelib.texts.segments import Segments
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

BAD = {
    "none": ({}, "query_empty"),
    "empty": ({"q": ""}, "query_empty"),
    "only punctuation": ({"q": "?!..."}, "query_blank"),
    "too long": ({"q": "x" * 201}, "query_too_long"),
    "too many words": ({"q": " ".join("abcdefghijklm")}, "query_too_long"),
    "no moment": ({"q": "hello", "since": "yesterday"}, "bad_times"),
    "another list": ({"q": "hello", "in": "replies"}, "invalid"),
    "another author": ({"q": "hello", "author": "Ana"}, "invalid"),
    "contacts with a label": ({"q": "hello", "in": "contacts", "label": "vip"}, "not_together"),
}


@pytest.fixture
def word() -> str:
    """A word that nobody else says."""
    return f"ölmühle{number()}"


@pytest.fixture
def fan(stack: Stack) -> Fan:
    return Fan(stack.connect("telegram"))


def found(member: Member, word: str, **query: Any) -> list[Any]:
    return member.every("/search", q=word, **query)


def texts(rows: list[Any]) -> list[str]:
    return [row["excerpt"]["text"] for row in rows]


def test_what_was_said_is_found_at_once_and_later_as_it_is_now(stack: Stack, fan: Fan, word: str) -> None:
    owner, text = stack.ours.owner, f"Where is the {word.upper()}?"
    first = fan.says(text)
    [row] = eventually(lambda: found(owner, word))
    [place] = row["excerpt"]["highlights"]
    assert row["excerpt"]["text"][place["start"] : place["end"]] == word.upper()
    conversation = fan.channel.conversation()
    assert (row["conversation"]["id"], row["contact"], row["brand"]) == (
        conversation["id"], conversation["contact"], stack.ours.brand,
    )  # fmt: skip
    fan.does("edits", first, f"It is the {word}s")
    eventually(lambda: texts(found(owner, word)) == [f"It is the {word}s"])
    eventually(lambda: _indexed(stack, row["message"]["id"]) == f"it is the {foldings.fold(word)}s")
    assert texts(found(owner, f"{word} the")) == [f"It is the {word}s"]


def _indexed(stack: Stack, message: str) -> str:
    """What the index has of the message."""
    with fence.within(stack.ours.id):
        every = Segments().every(stack.ours.id, MESSAGES)
        return next(line.text for line in every if line.key == lines.key(message))


def test_filters_and_pages_of_a_search(stack: Stack, fan: Fan, word: str) -> None:
    owner = stack.ours.owner
    for count in range(3):
        fan.says(f"{word} {count}")
    other = Fan(stack.connect("facebook"))
    other.says(f"{word} 3")
    eventually(lambda: len(found(owner, word)) == 4)
    page = owner.get("/search", q=word, limit=2)
    assert len(page["items"]) == 2
    assert len(found(owner, word, limit=1)) == 4
    assert len(found(owner, word, network="telegram")) == 3
    assert len(found(owner, word, **{"in": "conversations"})) == 2
    author = fan.channel.conversation()["contact"]["id"]
    assert {row["message"]["author"]["contact"] for row in found(owner, word, author=author)} == {author}
    middle = found(owner, word)[1]["message"]["sent_at"]
    assert {row["message"]["sent_at"] for row in found(owner, word, until=middle)} | {middle} >= {middle}
    assert all(row["message"]["sent_at"] >= middle for row in found(owner, word, since=middle))
    assert found(owner, word, brand=stack.brand().brand) == []
    owner.patch(f"/conversations/{other.channel.conversation()['id']}", {"labels": ["vip"]})
    assert texts(found(owner, word, label="vip,late")) == texts(found(owner, word, network="facebook"))
    assert found(owner, word, label="late") == []


def test_who_may_not_see_a_conversation_finds_nothing_in_it(stack: Stack, fan: Fan, word: str) -> None:
    owner = stack.ours.owner
    fan.says(f"My {word}")
    eventually(lambda: found(owner, word))
    name = f"Own {number()}"
    role = owner.post("/roles", {"name": name, "permissions": ["inbox.view_assigned", "contact.view"]})["id"]
    agent = stack.someone(stack.ours, role, [stack.ours.brand])
    elsewhere = stack.someone(stack.ours, "community_manager", [stack.brand().brand])
    contact = fan.channel.conversation()["contact"]["id"]
    for member in (agent, elsewhere, stack.theirs.owner):
        assert found(member, word) == found(member, word, **{"in": "conversations"}) == []
        assert contact not in str(member.every("/contacts"))
    conversation = fan.channel.conversation()["id"]
    me = agent.get("/me")["member"]
    owner.post(f"/conversations/{conversation}/assign", {"to": me})
    assert len(eventually(lambda: found(agent, word))) == 1
    assert contact in str(agent.every("/contacts"))
    assert agent.call("GET", "/search", q=word, brand=stack.theirs.brand).status == 404
    assert found(stack.theirs.owner, word, author=contact) == []


def test_a_contact_is_found_by_what_may_be_seen_of_them(stack: Stack) -> None:
    owner, viewer = stack.ours.owner, stack.ours.members["marketing_director"]
    person = f"33612{number()[-6:]}"
    fan = Fan(stack.connect("whatsapp"), id=person, name=f"Zoé {number()}")
    contact = fan.starts()["contact"]["id"]
    eventually(lambda: owner.every("/contacts", q=fan.name))
    asked = {"by name": f"ZOE {fan.name.split()[1]}", "by number": f"0{person[2:]}", "by +": f"+{person}"}
    for q in asked.values():
        assert [row["id"] for row in owner.every("/contacts", q=q)] == [contact]
        [row] = owner.every("/search", q=q, **{"in": "contacts"})
        assert (row["contact"]["id"], row["contact"]["name"], row["conversation"]) == (contact, fan.name, None)
    assert [row["id"] for row in viewer.every("/contacts", q=asked["by name"])] == [contact]
    for q in (asked["by number"], asked["by +"], person[4:]):
        assert viewer.every("/contacts", q=q) == viewer.every("/search", q=q, **{"in": "contacts"}) == []


@pytest.mark.parametrize(("query", "code"), BAD.values(), ids=BAD)
def test_a_bad_search_is_refused(stack: Stack, query: dict[str, Any], code: str) -> None:
    assert stack.ours.owner.call("GET", "/search", **query).problem == (422, code)


def test_contacts_are_listed_newest_first_on_pages_of_their_own(stack: Stack) -> None:
    owner = stack.ours.owner
    brand = stack.brand().brand
    assert owner.get("/contacts", brand=brand) == {"items": [], "next": None}
    assert owner.call("GET", "/contacts", cursor="garbage").problem == (400, "bad_cursor")
    assert owner.call("GET", "/contacts", q="!").problem == (422, "query_blank")
