"""What one can ask about people: my agencies, my colleagues, who answers; and whose the work of who leaves is."""

import pytest

from chalicelib.access import actors, tokens
from chalicelib.api import http
from chalicelib.store import fence, table
from chalicelib.store.models.requests import Idempotency
from local import seed
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.route_coverage import name_of
from tests.support.smallest_bodies import example
from tests.support.stack import Member, Stack, eventually, number


def test_person_of_several_agencies_finds_them(stack: Stack) -> None:
    _, token = seed.sign_up(f"founder{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    founder = Member(stack.api, token)
    assert founder.get("/me/agencies")["items"] == []
    made = [founder.post("/agencies", {"name": name})["id"] for name in ("One", "Two")]
    assert founder.call("GET", "/me").problem == (422, "agency_missing")
    agencies = founder.get("/me/agencies")["items"]
    assert {(agency["id"], agency["name"]) for agency in agencies} == set(zip(made, ("One", "Two"), strict=True))
    mine = Member(stack.api, token, made[0]).get("/me")["member"]
    assert mine in [agency["member"] for agency in agencies]


EVERYWHERE = [{"role": "client", "brands": None}]
NEWCOMERS = [route for route in http.ROUTES if route.newcomers]


@pytest.mark.parametrize("route", NEWCOMERS, ids=name_of)
def test_key_is_no_newcomer_and_leaves_nothing(stack: Stack, route: http.Route) -> None:  # S17
    made_up = tokens.new_key(is_full=False)
    body = example(route.body) if route.body else None
    for key in (made_up, stack.ours.owner.post("/api-keys", {"name": "Bot", "grants": EVERYWHERE})["key"]):
        headers = {"Idempotency-Key": "newcomer"} if route.verb == "POST" else {}
        answer = Member(stack.api, key).call(route.verb, route.path, body, headers=headers)
        assert answer.problem == (403, "people_only")
    nobody = actors.newcomer(tokens.digest_of_key(made_up), "").agency
    with fence.within(nobody):
        assert list(table.query(Idempotency, nobody, "idempotency#", consistent=True)) == []


def test_colleagues_of_ones_brands_are_known_by_name(stack: Stack) -> None:
    other = stack.ours.owner.post("/brands", {"name": f"Brand {number()}"})["id"]
    here, there = (stack.someone(stack.ours, "moderator", [brand]) for brand in (stack.ours.brand, other))
    me, stranger = (person.get("/me")["member"] for person in (here, there))
    here.put("/me/availability", {"available": False})
    colleagues = {colleague["id"]: colleague for colleague in here.every("/colleagues")}
    assert colleagues[me] == {"id": me, "name": "Moderator", "available": False}
    assert stranger not in colleagues
    assert here.every("/colleagues", brand=stack.ours.brand) == list(colleagues.values())
    assert here.call("GET", "/colleagues", brand=other).problem == (404, "not_found")


def test_who_answers_can_be_asked(stack: Stack, fan: Fan) -> None:
    path = f"/conversations/{fan.starts()['id']}/lease"
    client = stack.someone(stack.ours, "client", [stack.ours.brand])
    assert client.get(path) == {"lease": None}
    held = stack.ours.owner.post(path)
    assert client.get(path) == {"lease": held}


@pytest.mark.parametrize("gone", ["member", "team", "brand"])
def test_conversation_of_who_left_is_nobodys(stack: Stack, fan: Fan, gone: str) -> None:
    owner, id = stack.ours.owner, fan.starts()["id"]
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand]).get("/me")["member"]
    team = owner.post("/teams", {"name": f"Team {number()}", "members": [person]})["id"]
    owner.post(f"/conversations/{id}/assign", {"to": team if gone == "team" else person})
    other = owner.post("/brands", {"name": f"Brand {number()}"})["id"]
    if gone == "brand":
        owner.patch(f"/members/{person}", {"grants": [{"role": "moderator", "brands": [other]}]})
    else:
        owner.delete(f"/teams/{team}" if gone == "team" else f"/members/{person}")
    assert eventually(lambda: time_passes(1000) and owner.get(f"/conversations/{id}")["assignee"] is None)


def test_conversation_stays_with_who_gets_another_role(stack: Stack, fan: Fan) -> None:
    owner, id = stack.ours.owner, fan.starts()["id"]
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand]).get("/me")["member"]
    owner.post(f"/conversations/{id}/assign", {"to": person})
    owner.patch(f"/members/{person}", {"grants": [{"role": "client", "brands": [stack.ours.brand]}]})
    time_passes(1000)
    fan.says("And now?")
    eventually(lambda: len(fan.channel.messages()) == 2)
    assert owner.get(f"/conversations/{id}")["assignee"] == person


def test_conversation_that_opens_again_is_nobodys_if_its_assignee_left(stack: Stack, fan: Fan) -> None:
    owner, id = stack.ours.owner, fan.starts()["id"]
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand]).get("/me")["member"]
    owner.post(f"/conversations/{id}/assign", {"to": person})
    owner.patch(f"/conversations/{id}", {"status": "resolved"})
    owner.delete(f"/members/{person}")
    fan.says("Still there?")
    eventually(lambda: owner.get(f"/conversations/{id}")["status"] == "open")
    assert eventually(lambda: owner.get(f"/conversations/{id}")["assignee"] is None)
