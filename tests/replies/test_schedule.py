"""The times of a reply: on the brand's clocks, after the window, and when nobody approves it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import clock
from tests.support import audits
from tests.support.background import time_passes
from tests.support.people import Fan, now
from tests.support.stack import Agency, Member, Stack, eventually

HOUR = 3_600_000


def asked(stack: Stack, agency: Agency, network: str = "messenger", at: int = 0) -> tuple[Fan, str]:
    """Somebody who wrote to the brand, and where to answer."""
    fan = Fan(stack.connect(network, agency))
    fan.says("Are you open?", at=at)
    return fan, f"/conversations/{fan.channel.conversation()['id']}/replies"


def test_time_without_an_offset_is_on_the_brands_clocks(stack: Stack) -> None:
    _, path = asked(stack, stack.brand(time_zone="America/New_York"))
    noon = (datetime.now(ZoneInfo("America/New_York")) + timedelta(days=1)).replace(hour=12, minute=0)
    sent = stack.ours.owner.post(path, {"text": "At noon", "send_at": noon.strftime("%Y-%m-%dT%H:%M")})
    assert sent["send_at"] == noon.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")
    asleep = {"status": "snoozed", "snoozed_until": noon.strftime("%Y-%m-%dT%H:%M")}
    assert stack.ours.owner.patch(path.removesuffix("/replies"), asleep)["snoozed_until"] == sent["send_at"]


@pytest.mark.parametrize(
    ("moment", "code"),
    [("2027-03-14T02:30", "no_such_time"), ("2020-01-01T12:00", "bad_times"), ("2026-12-24", "invalid"),
     ("9999-12-31T23:59", "bad_times"), ("soon", "invalid")],
)  # fmt: skip
def test_time_that_cannot_be_is_refused(stack: Stack, moment: str, code: str) -> None:
    _, path = asked(stack, stack.brand(time_zone="America/New_York"))
    answer = stack.ours.owner.call("POST", path, {"text": "Later", "send_at": moment})
    assert (answer.problem, answer.json["field"]) == ((422, code), "send_at")


@pytest.mark.parametrize("network", ["messenger", "instagram"])
def test_person_answers_with_a_tag_after_the_window(stack: Stack, network: str) -> None:
    fan, path = asked(stack, stack.ours, network, at=now() - 25 * HOUR)
    owner = stack.ours.owner
    assert "tag" in owner.get(path.replace("replies", "sendability"))["ways"]
    assert owner.call("POST", path, {"text": "Sorry"}).problem == (422, "window_closed")
    assert owner.call("POST", path, {"text": "Sorry", "tag": "NO_SUCH"}).problem == (422, "unknown_tag")
    reply = owner.post(path, {"text": "Sorry", "tag": "HUMAN_AGENT"})
    assert reply["tag"] == "HUMAN_AGENT"
    eventually(lambda: owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    said = fan.channel.calls()[-1]["json"]
    assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


@pytest.mark.parametrize("network", ["messenger", "instagram"])
def test_tag_that_is_not_needed_is_not_sent(stack: Stack, network: str) -> None:  # F18
    fan, path = asked(stack, stack.ours, network, at=now() - 23 * HOUR)
    reply = stack.ours.owner.post(path, {"text": "Yes", "tag": "HUMAN_AGENT"})
    eventually(lambda: stack.ours.owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    said = fan.channel.calls()[-1]["json"]
    assert (said.get("messaging_type", "RESPONSE"), said.get("tag")) == ("RESPONSE", None)


@pytest.mark.parametrize("hours", [1, 25])
def test_program_answers_with_no_tag(stack: Stack, hours: int) -> None:  # F18
    _, path = asked(stack, stack.ours, at=now() - hours * HOUR)
    grants = [{"role": "community_manager", "brands": None}]
    key = Member(stack.api, stack.ours.owner.post("/api-keys", {"name": "Bot", "grants": grants})["key"])
    ways = key.get(path.replace("replies", "sendability"))["ways"]
    assert ways == (["reply", "template"] if hours == 1 else ["template"])
    tagged = {"text": "Yes", "tag": "HUMAN_AGENT"}
    for verb, where, body in (("POST", path, tagged), ("POST", path, {**tagged, "draft": True})):
        assert key.call(verb, where, body).problem == (403, "keys_do_not_tag")
    draft = stack.ours.owner.post(path, {**tagged, "draft": True})["id"]
    assert key.call("PATCH", f"/replies/{draft}", {"text": "Of course"}).problem == (403, "keys_do_not_tag")
    assert key.get(f"/replies/{draft}")["stale"] == []


def test_tag_counts_as_a_way_while_a_reply_waits(stack: Stack) -> None:
    _, path = asked(stack, stack.ours, at=now() - 25 * HOUR)
    tagged = stack.ours.members["content_creator"].post(path, {"text": "Sorry", "tag": "HUMAN_AGENT"})
    assert (tagged["status"], tagged["stale"]) == ("pending", [])
    edited = stack.ours.members["content_creator"].patch(f"/replies/{tagged['id']}", {"text": "So sorry"})
    assert edited["tag"] == "HUMAN_AGENT"


def test_reply_nobody_approves_expires(stack: Stack) -> None:
    _, path = asked(stack, brand := stack.brand(replies={"expire_hours": 1}))
    creator = stack.someone(stack.ours, "content_creator", [brand.brand])
    reply = creator.post(path, {"text": "Like this?"})
    assert clock.parse(reply["expires_at"]) - clock.parse(reply["created_at"]) == HOUR
    time_passes(HOUR // 2, reply["id"])
    assert creator.get(f"/replies/{reply['id']}")["status"] == "pending"
    time_passes(2 * HOUR, reply["id"])
    assert eventually(lambda: creator.get(f"/replies/{reply['id']}")["status"] == "expired")
    [entry] = audits.recent(stack.ours.owner, target=reply["id"], action="reply.expire")
    assert entry["performed_by"] == {"id": "system", "kind": "system"}


def test_reply_submitted_anew_waits_anew(stack: Stack) -> None:
    _, path = asked(stack, brand := stack.brand())
    creator = stack.someone(stack.ours, "content_creator", [brand.brand])
    reply = creator.post(path, {"text": "Like this?"})
    creator.patch(f"/replies/{reply['id']}", {"text": "Like that?"})
    anew = creator.post(f"/replies/{reply['id']}/submit")
    assert anew["expires_at"] > reply["expires_at"]
    time_passes(clock.parse(reply["expires_at"]) - clock.now(), reply["id"])
    assert creator.get(f"/replies/{reply['id']}")["status"] == "pending"


def test_client_comments_on_a_reply_and_cannot_send(stack: Stack) -> None:
    _, path = asked(stack, stack.ours)
    reply = stack.ours.members["content_creator"].post(path, {"text": "Like this?"})
    client = stack.ours.members["client"]
    answer = client.post(f"/replies/{reply['id']}/comments", {"text": "We say “Ciao”."})
    assert (answer["status"], answer["comments"][0]["name"]) == ("pending", "Client")
    for verb, where in (
        ("POST", path),
        ("PATCH", f"/replies/{reply['id']}"),
        ("POST", f"/replies/{reply['id']}/submit"),
    ):
        assert client.call(verb, where, {"text": "Ciao"}).problem == (403, "forbidden")


def test_those_who_only_read_do_not_comment(stack: Stack) -> None:
    _, path = asked(stack, stack.ours)
    reply = stack.ours.members["content_creator"].post(path, {"text": "Like this?"})
    answer = stack.ours.members["marketing_director"].call("POST", f"/replies/{reply['id']}/comments", {"text": "No"})
    assert answer.problem == (403, "forbidden")
