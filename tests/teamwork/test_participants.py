"""Colleagues who take part in a conversation: named, or mentioned in a note, and only if they could see it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Member, Stack, number


@pytest.fixture
def fan(stack: Stack) -> Fan:
    customer = Fan(stack.connect("messenger"))
    customer.says("Where is my order?")
    return customer


def path_of(fan: Fan) -> str:
    return f"/conversations/{fan.channel.conversation()['id']}"


def id_of(member: Member) -> str:
    return str(member.get("/me")["member"])


def elsewhere(stack: Stack) -> str:
    """Somebody of the agency who works for another brand."""
    other = stack.ours.owner.post("/brands", {"name": f"Brand {number()}"})["id"]
    return id_of(stack.someone(stack.ours, "community_manager", [other]))


def test_colleagues_take_part_and_leave(stack: Stack, fan: Fan) -> None:
    owner, path = stack.ours.owner, path_of(fan)
    pair = [id_of(stack.ours.members[role]) for role in ("moderator", "client")]
    assert owner.put(f"{path}/participants", {"members": pair})["participants"] == pair
    assert fan.channel.conversation()["participants"] == pair
    assert owner.put(f"{path}/participants", {"members": []})["participants"] == []
    entries = audits.recent(owner, action="conversation.involve", target=path.split("/")[2])
    assert [entry["after"]["participants"] for entry in entries] == [[], pair]


def test_nobody_takes_part_who_could_not_see_it(stack: Stack, fan: Fan) -> None:
    path = f"{path_of(fan)}/participants"
    for stranger in (elsewhere(stack), id_of(stack.theirs.owner), "mbr_nobody"):
        answer = stack.ours.owner.call("PUT", path, {"members": [id_of(stack.ours.owner), stranger]})
        assert (answer.problem, answer.json["field"]) == ((422, "cannot_see"), "members")
    assert fan.channel.conversation()["participants"] == []


def test_taking_part_opens_nothing(stack: Stack, fan: Fan) -> None:
    owner, path = stack.ours.owner, path_of(fan)
    own = owner.post("/roles", {"name": "Unassigned only", "permissions": ["inbox.view_unassigned"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    owner.patch(f"/members/{id_of(person)}", {"grants": [{"role": own["id"], "brands": [stack.ours.brand]}]})
    owner.put(f"{path}/participants", {"members": [id_of(person)]})
    assert person.get(path)["participants"] == [id_of(person)]
    owner.post(f"{path}/assign", {"to": id_of(owner)})
    assert person.call("GET", path).status == 404


def test_who_is_mentioned_takes_part_if_they_could_see_it(stack: Stack, fan: Fan) -> None:
    path, client, stranger = path_of(fan), id_of(stack.ours.members["client"]), elsewhere(stack)
    written = stack.ours.owner.post(f"{path}/notes", {"text": f"@{client}, @{stranger} and @{client}: look"})
    assert written["mentions"] == [client, stranger]
    assert fan.channel.conversation()["participants"] == [client]


def test_all_who_are_mentioned_at_once_take_part(stack: Stack, fan: Fan) -> None:
    path = path_of(fan)
    people = [id_of(stack.ours.members[role]) for role in ("client", "moderator", "community_manager")]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda member: stack.ours.owner.post(f"{path}/notes", {"text": f"@{member}!"}), people))
    assert sorted(fan.channel.conversation()["participants"]) == sorted(people)


def test_participants_of_an_old_version_are_not_replaced(stack: Stack, fan: Fan) -> None:
    path, old = path_of(fan), {"If-Match": f'"{fan.channel.conversation()["version"]}"'}
    body = {"members": [id_of(stack.ours.owner)]}
    first = stack.ours.owner.call("PUT", f"{path}/participants", body, headers=old)
    assert (first.status, first.headers["etag"].partition(".")[0]) == (200, f'"{first.json["version"]}')
    assert stack.ours.owner.call("PUT", f"{path}/participants", body, headers=old).status == 412


# S20
def test_note_that_mentions_a_crowd_is_refused(stack: Stack, fan: Fan) -> None:
    crowd = " ".join(f"@mbr_{number}" for number in range(21))
    answer = stack.ours.owner.call("POST", f"{path_of(fan)}/notes", {"text": crowd})
    assert (answer.problem, answer.json["field"]) == ((422, "too_many_mentions"), "text")
