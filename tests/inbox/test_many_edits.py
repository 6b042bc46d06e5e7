"""A message that is edited again and again stays small enough for the table."""

from typing import Any

from tests.support.people import Fan, now
from tests.support.stack import Stack, eventually

MINUTE = 60_000


# F8
def test_place_that_moves_leaves_no_earlier_words(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    at = now() // 1000 - 60
    who = {"user": int(fan.id), "message_id": 7, "date": at, "text": None}
    fan.channel.tell("dm", **who, location={"latitude": 40.0, "longitude": -73.0})
    for step in (1, 2, 3):
        place = {"latitude": 40.0 + step, "longitude": -73.0}
        fan.channel.tell("edit", **who, location=place, edit_date=at + step)
    fan.channel.settled()
    message = eventually(lambda: _at(fan, 43.0))
    assert message["revisions"] == []
    assert message["edited_at"] > message["sent_at"]


def _at(fan: Fan, latitude: float) -> Any:
    message = fan.channel.message(f"{fan.id}:7")
    return message if message["attachments"][0]["details"]["latitude"] == latitude else None


# F8
def test_of_very_many_edits_the_last_are_kept(stack: Stack) -> None:
    fan = Fan(stack.connect("example"))
    at = now() - MINUTE
    id = fan.says("0", at=at)
    long = "ñ" * 20_000
    for step in (1, 2, 3, 4):
        fan.does("edits", id, f"{long}{step}", at=at + step * 1000)
        fan.channel.settled()
    message = fan.channel.message(id)
    assert [earlier["text"][-1] for earlier in message["revisions"]] == ["2", "3"]
