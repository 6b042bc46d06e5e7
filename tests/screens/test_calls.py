"""How many calls a client needs for its screens, counted: three for the shell, one for the list, two to open one."""

from typing import Any

from tests.support.agencies import founded
from tests.support.people import Fan
from tests.support.stack import Member, Stack, number


class Client:
    """A client that counts what it asks."""

    def __init__(self, member: Member) -> None:
        self._member, self.calls = member, 0

    def get(self, path: str, **query: Any) -> Any:
        self.calls += 1
        return self._member.get(path, **query)


def test_shell_list_and_conversation_take_six_calls(stack: Stack) -> None:
    agency = founded(stack, f"Agency {number()}")
    fan, owner, client = Fan(stack.connect("telegram", agency)), agency.owner, Client(agency.owner)
    fan.is_answered("We are open")

    start, networks = client.get("/start"), client.get("/networks")
    views = client.get("/views/counts")
    assert client.calls <= 3
    assert start["me"] == owner.get("/me")
    for name in ("brands", "channels", "colleagues", "teams", "views", "attributes", "counters"):
        whole = {} if name == "attributes" else {"limit": 100}
        assert start[name]["items"] == owner.get(f"/{name}", **whole)["items"], name
    assert {channel["network"] for channel in start["channels"]["items"]} <= {
        network["key"] for network in networks["items"]
    }
    assert {row["view"] for row in views["items"]} == {view["id"] for view in start["views"]["items"]}
    assert owner.get("/events", after=start["cursor"])["items"] is not None

    page = client.get("/conversations", channel=fan.channel.id, include="contact,assignee,channel,allowed")
    [row], [person] = page["items"], page["included"]["contacts"]
    assert client.calls <= 3 + 1
    assert {"avatar", "display_name"} <= person.keys()
    assert row["last_message"]["author"]["kind"] == "member"

    opened = client.get(
        f"/conversations/{row['id']}",
        include="contact,assignee,channel,replies,origin,allowed,sendability,lease,notes",
    )
    thread = client.get(f"/conversations/{row['id']}/messages", include="contact,replies,allowed")
    assert client.calls <= 3 + 1 + 2
    beside = opened["included"]
    assert {**beside["sendability"], "templates": []} == owner.get(f"/conversations/{row['id']}/sendability")
    assert (beside["lease"], beside["notes"]) == (None, [])
    assert [message["direction"] for message in thread["items"]] == ["out", "in"]


def test_lease_and_notes_of_a_conversation_come_with_it(stack: Stack) -> None:
    owner, conversation = stack.ours.owner, Fan(stack.connect("telegram")).starts()["id"]
    note = owner.post(f"/conversations/{conversation}/notes", {"text": "Look"})
    lease = owner.post(f"/conversations/{conversation}/lease")
    beside = owner.get(f"/conversations/{conversation}", include="lease,notes")["included"]
    assert (beside["lease"], beside["notes"]) == (lease, [note])
    [row] = owner.get("/conversations", ids=conversation, include="lease")["items"]
    assert row["lease"] == lease
    owner.delete(f"/conversations/{conversation}/lease")
    [row] = owner.get("/conversations", ids=conversation, include="lease")["items"]
    assert row["lease"] is None
    refused = owner.call("GET", "/conversations", include="notes")
    assert refused.problem == (422, "invalid")


def test_shell_of_a_new_agency_has_what_there_is(stack: Stack) -> None:
    agency = founded(stack, f"Agency {number()}")
    channel = stack.connect("telegram", agency)
    team = agency.owner.post("/teams", {"name": "Evening", "members": []})
    start = agency.owner.get("/start")
    assert [brand["id"] for brand in start["brands"]["items"]] == [agency.brand]
    assert [row["id"] for row in start["channels"]["items"]] == [channel.id]
    assert [row["id"] for row in start["teams"]["items"]] == [team["id"]]
