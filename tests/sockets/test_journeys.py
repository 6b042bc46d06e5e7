"""An open page, from the network's post to the frame: who hears what, until when, and what a cut leaves out."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.credentials import Credentials
from jsonschema import Draft202012Validator

from chalicelib import clock
from chalicelib.access import memberships
from chalicelib.access.actors import Actor
from chalicelib.aws import gateway
from chalicelib.events import feed, lane, schemas
from chalicelib.sockets import pushes, rooms, tickets
from chalicelib.store import fence
from local.environment import REGION
from tests.support.listener import Listener, listening, ticket
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, eventually, number

Json = Mapping[str, Any]
WORDS = "Only between us"


def hears_of(listener: Listener, kind: str, target: str = "") -> Json:
    """The first event of that type, about that, that is heard."""
    while True:
        frame = listener.hears("events")
        listener.heard.append(frame)
        for event in frame["events"]:
            if event["type"] == kind and target in ("", event["target"], event["conversation"]):
                wanted: Json = event
                return wanted


def everything_of(listener: Listener) -> list[Json]:
    """All events that were heard so far."""
    return [event for frame in [*listener.heard, *listener.kept] for event in frame.get("events", ())]


def new_role(stack: Stack) -> str:
    """An event that everybody in our agency hears of; gives its target."""
    role = {"name": f"Role {number()}", "permissions": ["contact.view"]}
    return str(stack.ours.owner.post("/roles", role)["id"])


def test_page_hears_of_a_message_as_the_api_shows_it(stack: Stack) -> None:
    with listening(stack.ours.owner, types=["message"]) as listener:
        cursor = listener.asks({"do": "ping"}, "pong")["cursor"]
        fan = Fan(stack.connect("telegram"))
        fan.says(WORDS)
        conversation = fan.channel.conversation()["id"]
        heard = hears_of(listener, "message.received", conversation)
    shown = stack.ours.owner.get("/events", after=cursor, channel=fan.channel.id, type="message")["items"]
    assert [heard] == shown


def test_page_hears_what_it_asked_for_and_nothing_else(stack: Stack) -> None:
    fan, other = Fan(stack.connect("telegram")), Fan(stack.connect("telegram"))
    with listening(stack.ours.owner, channels=[fan.channel.id]) as listener:
        other.starts()
        conversation = fan.starts()["id"]
        hears_of(listener, "message.received", conversation)
        assert {event["conversation"] for event in everything_of(listener)} <= {conversation}


def test_nobody_hears_of_another_agency(stack: Stack) -> None:
    with listening(stack.theirs.owner) as listener:
        Fan(stack.connect("telegram")).starts()
        theirs = Fan(stack.connect("telegram", stack.theirs)).starts()["id"]
        hears_of(listener, "message.received", theirs)
        assert {event["agency"] for event in everything_of(listener)} <= {stack.theirs.id}


@pytest.fixture
def brands(stack: Stack) -> tuple[Agency, Agency]:
    return stack.brand(), stack.brand()


def test_changed_role_counts_from_the_next_push_on(stack: Stack, brands: tuple[Agency, Agency]) -> None:
    first, second = brands
    member = stack.someone(stack.ours, "moderator", [first.brand])
    before, hidden, after = (Fan(stack.connect("telegram", agency)) for agency in (first, first, second))
    with listening(member) as listener:
        before.says()
        hears_of(listener, "message.received")
        grants = {"grants": [{"role": "moderator", "brands": [second.brand]}]}
        stack.ours.owner.patch(f"/members/{member.get('/me')['member']}", grants)
        conversation = hidden.starts()["id"]
        after.says()
        assert hears_of(listener, "message.received")["brand"] == second.brand
        assert conversation not in [event["conversation"] for event in everything_of(listener)]


def test_who_is_removed_is_cut_off_with_the_next_push(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    with listening(member) as listener:
        stack.ours.owner.delete(f"/members/{member.get('/me')['member']}")
        new_role(stack)
        assert listener.ends()[-1] == {"type": "closing", "code": "unauthenticated"}


def test_who_is_signed_out_is_cut_off_with_the_next_push(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    with listening(member) as listener:
        stack.ours.owner.post(f"/members/{member.get('/me')['member']}/sign-out")
        new_role(stack)
        assert listener.ends()[-1] == {"type": "closing", "code": "signed_out"}


def test_key_that_is_revoked_is_cut_off_with_the_next_push(stack: Stack) -> None:
    made = stack.ours.owner.post("/api-keys", {"name": "Screen", "grants": [{"role": "moderator", "brands": None}]})
    with listening(Member(stack.api, made["key"])) as listener:
        hears_of(listener, "role.created", new_role(stack))
        stack.ours.owner.delete(f"/api-keys/{made['id']}")
        new_role(stack)
        assert listener.ends()[-1] == {"type": "closing", "code": "unauthenticated"}


# WS-13
def test_page_that_was_cut_off_reads_exactly_what_it_missed(stack: Stack) -> None:
    member = stack.someone(stack.ours, "owner", None)
    with listening(member, types=["role"]) as listener:
        first = new_role(stack)
        hears_of(listener, "role.created", first)
        cursor = listener.asks({"do": "ping"}, "pong")["cursor"]
        _cut(stack, _socket_of(stack, member))
        listener.ends()
    missed = [new_role(stack) for _ in range(3)]
    with listening(member, types=["role"], after=cursor) as listener:
        last = new_role(stack)
        hears_of(listener, "role.created", last)
        heard = everything_of(listener)
    read = stack.ours.owner.get("/events", after=cursor, type="role")["items"]
    of_both = {event["id"]: event["target"] for event in [*read, *heard]}
    assert [target for target in of_both.values() if target in (first, *missed, last)] == [*missed, last]


def test_socket_cut_without_a_word_is_taken_out(stack: Stack) -> None:
    member = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    listener = listening(member)
    id = _socket_of(stack, member)
    listener.cuts()
    new_role(stack)
    assert eventually(lambda: rooms.locate(id) is None)


# WS-20
@pytest.mark.parametrize("detail", ["thin", "full"])
def test_frame_holds_what_the_members_own_requests_show_at_that_moment_and_no_more(
    stack: Stack, brands: tuple[Agency, Agency], detail: str
) -> None:
    ours, other = brands
    members = [
        stack.someone(stack.ours, "owner", None),
        stack.someone(stack.ours, "client", [ours.brand]),
        *(_with_only(stack, right, ours) for right in ("inbox.view_assigned", "inbox.view_unassigned")),
    ]
    cursor, both = stack.ours.owner.get("/events", after="now")["cursor"], (ours.brand, other.brand)
    for agency in (ours, ours, other):
        fan = Fan(stack.connect("telegram", agency))
        conversation = fan.starts(WORDS)["id"]
    stack.ours.owner.post(f"/conversations/{conversation}/notes", {"text": WORDS})
    eventually(lambda: "note.written" in [event["type"] for event in _read(members[0], cursor, detail)])
    for member in members:
        actor = _actor(stack, member)
        with fence.within(stack.ours.id):
            events = [event for segment in lane.read(stack.ours.id, _number(stack, cursor)) for event in segment.events]
            shown = [row for row in pushes.show(actor, events, {"detail": detail}) if row["brand"] in both]
        assert json.loads(json.dumps(shown)) == [row for row in _read(member, cursor, detail) if row["brand"] in both]
        for row in shown:
            Draft202012Validator(schemas.EVENT).validate(row)
        if detail == "thin":
            assert WORDS not in json.dumps(shown)


def _with_only(stack: Stack, right: str, agency: Agency) -> Member:
    role: str = stack.ours.owner.post("/roles", {"name": f"Role {number()}", "permissions": [right]})["id"]
    return stack.someone(stack.ours, role, [agency.brand], email=f"m{number()}@someone.example")


def _read(member: Member, cursor: str, detail: str) -> list[Any]:
    items: list[Any] = member.get("/events", after=cursor, detail=detail, limit=1000)["items"]
    return items


def _number(stack: Stack, cursor: str) -> int:
    return feed.position(stack.ours.id, cursor).number


def _actor(stack: Stack, member: Member) -> Actor:
    subject = tickets.find(ticket(member)["ticket"], clock.now()).subject
    with fence.within(stack.ours.id):
        return memberships.present(stack.ours.id, [subject], clock.now())[subject].actor


def _socket_of(stack: Stack, member: Member) -> str:
    """The only socket of the member."""
    me = member.get("/me")["member"]
    with fence.within(stack.ours.id):
        inside = [socket for room in range(3) for socket in rooms.sockets_in(stack.ours.id, room, clock.now())]
    (mine,) = [socket for socket in inside if socket.member == me]
    return mine.id


def _cut(stack: Stack, socket: str) -> None:
    """The gateway ends it, as it does after two hours."""
    callbacks = stack.sockets.replace("ws", "http", 1) + "/@connections"
    gateway.SignedGateway(callbacks, REGION, Credentials("000000000000", "local")).close(socket)
