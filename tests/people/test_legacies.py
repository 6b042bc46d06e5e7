"""S7: what somebody left to happen later happens only while it could be asked for: by them, or by their heir."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.people.test_grants import signed_up
from tests.people.test_members import link_in_mail
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

HOUR = 3_600_000


@dataclass
class Left:
    """Something that rests on somebody. `works` tries it, once; `id` is what the removal's answer calls it by."""

    works: Callable[[], bool]
    id: str = ""


def key(stack: Stack, maker: Member) -> Left:
    made = maker.post("/api-keys", {"name": "Bot", "grants": [{"role": "moderator", "brands": [stack.ours.brand]}]})
    return Left(lambda: Member(stack.api, made["key"]).call("GET", "/me").status == 200, made["id"])


def invitation(stack: Stack, inviter: Member) -> Left:
    email = f"guest{number()}@new.example"
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    made = inviter.post("/invitations", {"email": email, "grants": grants})
    link = {"token": link_in_mail(stack, email)}
    return Left(lambda: signed_up(stack, email).call("POST", "/invitations/accept", link).status == 200, made["id"])


def invitation_by_a_key(stack: Stack, maker: Member) -> Left:
    grants = [{"role": "community_manager", "brands": [stack.ours.brand]}]
    made = Member(stack.api, maker.post("/api-keys", {"name": "Bot", "grants": grants})["key"])
    return Left(invitation(stack, made).works)


def planned_reply(stack: Stack, sender: Member) -> Left:
    conversation = Fan(stack.connect("facebook")).starts()["id"]
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    reply = sender.post(f"/conversations/{conversation}/replies", {"text": "In an hour", "send_at": later})
    assert reply["status"] == "approved"

    def goes() -> bool:
        time_passes(2 * HOUR, reply["id"])
        path = f"/replies/{reply['id']}"
        eventually(lambda: stack.ours.owner.get(path)["status"] != "approved")
        return bool(stack.ours.owner.get(path)["status"] != "pending")

    return Left(goes)


THINGS = [key, invitation, invitation_by_a_key, planned_reply]


def removed(stack: Stack, person: str) -> None:
    stack.ours.owner.delete(f"/members/{person}")


def demoted(stack: Stack, person: str) -> None:
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    stack.ours.owner.patch(f"/members/{person}", {"grants": grants})


def unchanged(stack: Stack, person: str) -> None:
    """Nothing happens to them."""


def someone(stack: Stack) -> tuple[Member, str]:
    """Somebody who may do everything for our brand, and their id."""
    person = stack.someone(stack.ours, "owner", [stack.ours.brand])
    return person, person.get("/me")["member"]


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("end", [removed, demoted, unchanged])
def test_what_somebody_left_behind_ends_with_their_rights(stack: Stack, thing: Any, end: Any) -> None:
    person, id = someone(stack)
    left = thing(stack, person)
    end(stack, id)
    assert left.works() == (end is unchanged)


@pytest.mark.parametrize("thing", THINGS)
def test_what_somebody_left_behind_goes_on_with_their_heir(stack: Stack, thing: Any) -> None:
    (person, id), (_, between), (_, heir) = (someone(stack) for _ in range(3))
    left = thing(stack, person)
    answer = stack.ours.owner.delete(f"/members/{id}?heir={between}")
    assert answer["heir"] == between
    assert not left.id or left.id in answer["inherited"]
    answer = stack.ours.owner.delete(f"/members/{between}?heir={heir}")
    assert not left.id or left.id in answer["inherited"]
    assert left.works()


def test_removal_tells_what_ended(stack: Stack) -> None:
    person, id = someone(stack)
    things = [key(stack, person), invitation(stack, person)]
    answer = stack.ours.owner.delete(f"/members/{id}")
    assert answer == {"heir": None, "inherited": [], "ended": [left.id for left in things]}
    shown = [*stack.ours.owner.every("/api-keys"), *stack.ours.owner.every("/invitations")]
    assert not {left.id for left in things} & {row["id"] for row in shown}


def test_heir_who_may_give_less_inherits_less(stack: Stack) -> None:
    person, id = someone(stack)
    heir = stack.someone(stack.ours, "community_manager", [stack.ours.brand]).get("/me")["member"]
    made, invited = key(stack, person), invitation(stack, person)
    answer = stack.ours.owner.delete(f"/members/{id}?heir={heir}")
    assert (answer["inherited"], answer["ended"]) == ([invited.id], [made.id])


def test_heir_is_another_member_whom_one_manages_and_of_ones_own_rank(stack: Stack) -> None:
    manager = stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    gone = stack.someone(stack.ours, "client", [stack.ours.brand]).get("/me")["member"]
    above = someone(stack)[1]
    stranger = stack.theirs.owner.get("/me")["member"]
    for heir, problem in (
        (gone, (422, "not_together")),
        (stranger, (422, "unknown_reference")),
        (above, (403, "beyond_own")),
    ):
        assert manager.call("DELETE", f"/members/{gone}?heir={heir}").problem == problem


def test_key_says_why_it_ended(stack: Stack) -> None:
    person, id = someone(stack)
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    made = Member(stack.api, person.post("/api-keys", {"name": "Bot", "grants": grants})["key"])
    demoted(stack, id)
    assert made.call("GET", "/me").problem == (401, "key_ended")


def test_key_gives_nobody_what_makes_keys(stack: Stack) -> None:
    owner = stack.ours.owner
    bot = Member(
        stack.api, owner.post("/api-keys", {"name": "Bot", "grants": [{"role": "owner", "brands": None}]})["key"]
    )
    role, names = bot.post("/roles", {"name": "Some", "permissions": ["note.write"]}), ["note.write", "api_key.manage"]
    person = stack.someone(stack.ours, "client", None).get("/me")["member"]
    as_owner = {"grants": [{"role": "owner", "brands": [stack.ours.brand]}]}
    tried = [
        bot.call("POST", "/invitations", {"email": f"guest{number()}@new.example", **as_owner}),
        bot.call("PATCH", f"/members/{person}", as_owner),
        bot.call("POST", "/roles", {"name": "Keys", "permissions": names}),
        bot.call("PUT", f"/roles/{role['id']}", {"name": "Keys", "permissions": names}),
    ]
    assert [answer.problem for answer in tried] == [(403, "beyond_own")] * len(tried)
