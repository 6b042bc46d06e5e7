"""S9: private data of people is shown to who may see it, and a contact to who sees a conversation of theirs."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import ids
from chalicelib.access import permissions
from chalicelib.api import http
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.networks.base import Person
from chalicelib.people import agencies
from chalicelib.store import fence, table
from chalicelib.store.models.people import Agency
from tests.support.one_of_each import called
from tests.support.people import Fan
from tests.support.route_coverage import name_of
from tests.support.routes import GUARDED
from tests.support.stack import Member, Stack, eventually, number
from tests.support.thorough import tries

STATIC = ("/events/schemas",)  # its examples are of nobody, but bear numbers as tests count them
READS = [route for route in GUARDED if route.verb == "GET" and route.path not in STATIC]
BLIND = [role for role, held in permissions.TEMPLATES.items() if "contact.view_pii" not in held]
# Each route is read in one of these roles, or in all of them if THOROUGH is set.
READ = [
    pytest.param(role, route, id=f"{role} {name_of(route)}")
    for number, route in enumerate(READS)
    for role in tries(BLIND[number % len(BLIND) :][:1], BLIND)
]


def answer(member: Member, route: http.Route, ours: Mapping[str, str]) -> str:
    response = called(member, route, ours) if "{" in route.path else member.call("GET", route.path)
    return response.raw.decode()


@pytest.mark.parametrize(("role", "route"), READ)
def test_network_id_of_a_person_is_in_no_answer(
    stack: Stack, ours: Mapping[str, str], role: str, route: http.Route
) -> None:
    message = stack.ours.owner.get(f"/messages/{ours['messages']}")
    person = message["author"]["network_id"]
    assert person in message["network_id"]
    shown = answer(stack.ours.members[role], route, ours)
    assert re.findall(rf"(?<!\d){person}(?!\d)", shown) == []  # part of another number is none


def test_who_has_no_name_but_a_number_is_a_code_everywhere(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"), name="")
    conversation = fan.starts()
    id, contact = conversation["id"], conversation["contact"]["id"]
    paths = ["/conversations", f"/conversations/{id}", f"/conversations/{id}/messages", f"/contacts/{contact}"]
    assert all(fan.id in str(stack.ours.owner.get(path)) for path in paths)
    for role in BLIND:
        seen = [str(stack.ours.members[role].get(path)) for path in paths]
        assert [path for path, text in zip(paths, seen, strict=True) if fan.id in text] == []
        assert all(f"#{contact[-4:].upper()}" in text for text in seen)


def test_contact_is_seen_by_who_sees_a_conversation_of_theirs(stack: Stack) -> None:
    owner, name = stack.ours.owner, f"Own {number()}"
    role = owner.post("/roles", {"name": name, "permissions": ["inbox.view_assigned", "contact.view"]})["id"]
    member = stack.someone(stack.ours, role, [stack.ours.brand])
    fan = Fan(stack.connect("facebook"))
    first = fan.starts("One comment")
    fan.top = ""
    fan.says("Another")
    eventually(lambda: len(fan.channel.conversations()) == 2)
    path = f"/contacts/{first['contact']['id']}"
    assert member.call("GET", path).problem == (404, "not_found")
    second = next(conversation for conversation in fan.channel.conversations() if conversation["id"] != first["id"])
    owner.post(f"/conversations/{second['id']}/assign", {"to": member.get("/me")["member"]})
    assert member.get(path)["name"] == "Ana"


def test_who_speaks_in_somebody_elses_conversation_is_seen_too(stack: Stack) -> None:
    fan = Fan(stack.connect("facebook"))
    conversation = fan.starts()["id"]
    guest = Fan(fan.channel, name="Guest", top=fan.top)
    guest.says("Me too")
    said = eventually(
        lambda: next(message for message in fan.channel.messages(conversation) if message["text"] == "Me too")
    )
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    assert member.get(f"/contacts/{said['author']['contact']}")["name"] == "Guest"


def test_ids_of_people_and_threads_are_not_computed_by_others(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    conversation = fan.starts()
    owner = Owner(stack.ours.id, stack.ours.brand, fan.channel.id, "whatsapp")
    with fence.within(stack.ours.id):
        assert contacts.id_of(owner, Person(id=fan.id)) == conversation["contact"]["id"]
    for key in ("", stack.ours.id, stack.ours.brand):
        assert ids.contact(key, stack.ours.brand, "whatsapp", fan.id) != conversation["contact"]["id"]
        assert ids.conversation(key, fan.channel.id, "dm", fan.id) != conversation["id"]


def test_agency_without_a_key_gets_one_whoever_asks_first(stack: Stack) -> None:
    id = ids.new("agc")
    with fence.within(id):
        table.put(Agency(id, agencies.KEY, id=id, name="Old", created_at=0))
    ask = agencies.id_key.__wrapped__

    def asked(_: int) -> str:
        with fence.within(id):
            return ask(id)

    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(asked, range(8)))) == 1
