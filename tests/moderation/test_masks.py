"""Grave words are masked wherever messages are listed, and who looks at them nonetheless is counted."""

from typing import Any

import pytest

from tests.moderation.test_cases import CRY, moderator, told_of, waiting
from tests.support.agencies import founded
from tests.support.people import Fan
from tests.support.routes import GUARDED, OF_BILLING
from tests.support.stack import Agency, Stack, eventually, number

# Who asks for one message, or for one decision about it, wants its words; they are what an author is told.
OF_WORDS = {"/messages/{id}", "/decisions/{id}", "/decisions/{id}/statement"}
READING = [route for route in GUARDED if route.verb == "GET" and route.path not in OF_WORDS and route not in OF_BILLING]
LISTS = [route for route in READING if "items" in route.answer.get("properties", {})]
OF_THE_BRAND = {"lexicon", "rules"}  # and its line: words of its own, and of the detector
OPEN = {"field": "status", "is": "open"}
ASKING: dict[str, Any] = {"/search": {"q": "want"}}
# What is listed of them are no words of people outside.
APART = {
    "api-keys", "apps", "approved-apps", "connect-links", "consents", "jobs", "members", "rules", "teams",
    "templates", "webhook-endpoints", "replies", "bans", "term-lists", "canned-replies", "uploads", "requests",
}  # fmt: skip


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


def grave(fan: Fan, word: str = "") -> Any:
    """A message in which that word stands, once it is judged."""
    said = fan.says(f"{CRY} {word}")
    message = fan.channel.message(said)["id"]
    owner = fan.channel.agency.owner
    return eventually(lambda: answer if (answer := owner.get(f"/messages/{message}"))["severity"] else None)


def test_no_route_but_those_for_one_message_shows_grave_words(stack: Stack) -> None:
    brand, word = stack.brand(), f"quokka{number()}"
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    message = grave(fan, word)
    view = owner.post("/views", {"name": f"Open {number()}", "brands": [brand.brand], "condition": OPEN})
    [case] = waiting(fan.channel, fan=fan)
    things = {
        "cases": case["id"], "views": view["id"], "brands": brand.brand, "channels": fan.channel.id,
        "conversations": message["conversation"], "messages": message["id"], "contacts": message["author"]["contact"],
    }  # fmt: skip
    assert word in message["text"]
    asked = set()
    for route in READING:
        kind = route.path.split("/")[1]
        if "{" in route.path and kind not in things:
            assert kind in APART, route.path
            continue
        of_brand = {"brand": brand.brand} if "brand" in route.query else {}
        beside = route.query.get("include", {}).get("items", {}).get("enum", ())
        asks: dict[str, Any] = {**of_brand, **ASKING.get(route.path, {})}
        asks |= {"include": ",".join(beside)} if beside else {}
        answer = owner.call("GET", route.path.replace("{id}", things.get(kind, "")), **asks)
        assert answer.status == 200 or route not in LISTS, (route.path, answer)
        assert word.encode() not in answer.raw, route.path
        assert b"kill" not in answer.raw or kind in OF_THE_BRAND or "line" in route.path, route.path
        asked.add(route.path)
    assert {"/conversations", "/conversations/{id}/messages", "/brands/{id}/decisions", "/cases", "/search"} <= asked
    assert {"/views/{id}/conversations", "/messages/{id}/decisions", "/cases/{id}", "/events", "/start"} <= asked
    [listed] = owner.get(f"/conversations/{message['conversation']}/messages")["items"]
    assert (listed["masked"], listed["text"][:10]) == (True, "I w*** t* ")


def test_what_is_found_shows_the_first_letters_of_grave_words(stack: Stack) -> None:
    brand, word = founded(stack, "Zeppelins"), f"zeppelin{number()}"
    grave(Fan(stack.connect("facebook", brand)), word)
    [row] = eventually(lambda: brand.owner.get("/search", q=word, brand=brand.brand)["items"])
    assert word not in str(row)


def test_who_wants_to_sees_what_is_less_than_gravest(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("facebook", brand))
    fan.says("You faggot")
    path = f"/conversations/{grave(fan)['conversation']}/messages"
    person = moderator(stack, brand)
    assert person.get("/me/shield") == {
        "mask_from": 3, "greyscale": False, "most_severe_per_hour": None, "revealed_today": 0,
    }  # fmt: skip

    def masked() -> dict[str, bool]:
        return {message["text"]: message["masked"] for message in person.get(path)["items"]}

    assert eventually(lambda: all(masked().values()))
    assert person.patch("/me/shield", {"mask_from": 4, "greyscale": True})["greyscale"] is True
    assert sorted(masked().values()) == [False, True]
    assert masked()["You faggot"] is False
    for wrong in (2, 5, None):
        assert person.call("PATCH", "/me/shield", {"mask_from": wrong}).problem == (422, "invalid")


def test_who_looks_at_masked_words_is_counted_and_only_who_manages_members_sees_it(stack: Stack, brand: Agency) -> None:
    [case] = waiting(stack.connect("facebook", brand))
    person, other = moderator(stack, brand), moderator(stack, brand)
    member = person.get("/me/shield") and person.get("/me")["member"]
    assert CRY not in str(person.get("/cases", brand=brand.brand))
    assert person.post(f"/cases/{case['id']}/reveal")["text"] == CRY
    assert person.get("/me/shield")["revealed_today"] == 1
    assert person.post(f"/cases/{case['id']}/reveal")["revealed_today"] == 2
    [*entries] = told_of(brand, case["id"], "case.reveal")
    assert (len(entries), CRY in str(entries)) == (2, False)
    assert brand.owner.get(f"/members/{member}/shield")["revealed_today"] == 2
    assert other.call("GET", f"/members/{member}/shield").problem == (403, "forbidden")
    assert stack.theirs.owner.call("GET", f"/members/{member}/shield").problem == (404, "not_found")


def test_no_more_severe_cases_in_an_hour_than_somebody_wants(stack: Stack, brand: Agency) -> None:
    waiting(stack.connect("facebook", brand), 2)
    person, asked = moderator(stack, brand), {"brand": brand.brand}
    person.patch("/me/shield", {"most_severe_per_hour": 1})
    first = person.post("/cases/next", asked)["case"]
    person.post(f"/cases/{first['id']}/decide", {"act": "nothing"})
    assert person.post("/cases/next", asked)["case"] is None
    assert moderator(stack, brand).post("/cases/next", asked)["case"]
    person.patch("/me/shield", {"most_severe_per_hour": None})
    assert person.call("POST", "/cases/next", asked).status == 200
