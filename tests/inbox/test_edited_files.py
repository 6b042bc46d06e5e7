"""Files of a message that is edited: the same file keeps its copy, another is copied as that of a new message is."""

from typing import Any

import pytest

from tests.support.people import Fan, now
from tests.support.stack import Stack, ask, eventually

MINUTE = 60_000
SENT = now() - MINUTE


def _photo(file: str, caption: str) -> dict[str, Any]:
    return {"text": None, "photo": [{"file_id": file, "width": 90, "height": 90}], "caption": caption}


def _sends(fan: Fan, file: str, caption: str) -> str:
    """A picture of theirs, once its copy is ours; gives the network's id of the message."""
    if fan.channel.network == "telegram":
        id = f"{fan.id}:7"
        fan.channel.tell("dm_with_image", user=int(fan.id), message_id=7, date=SENT // 1000, **_photo(file, caption))
    else:
        id = f"wamid.{fan.id}"
        fan.channel.tell("dm_with_image", person=fan.id, id=id, at=SENT, text=caption)
    eventually(lambda: _stored(fan.channel.message(id)))
    return id


def _edits(fan: Fan, id: str, file: str, caption: str, at: int) -> None:
    if fan.channel.network == "telegram":
        who = {"user": int(fan.id), "message_id": 7, "date": SENT // 1000, "edit_date": at // 1000}
        fan.channel.tell("edit", **who, **_photo(file, caption))
    else:
        fan.channel.tell("edit_of_image", person=fan.id, message=id, at=at, text=caption, image=file)


def _stored(message: Any) -> Any:
    return message if [file.get("state") for file in message["attachments"]] == ["stored"] else None


def _place(message: Any) -> str:
    """Where the copy of its only file is, without the signature of its link."""
    [file] = message["attachments"]
    return str(file["url"]).partition("?")[0]


FIRST, SECOND = "1908647269898587", "1908647269898588"  # the first is that of WhatsApp's double
both = pytest.mark.parametrize("fan", ["telegram", "whatsapp"], indirect=True)


# F3
@both
def test_new_caption_leaves_the_picture_where_it_is(fan: Fan) -> None:
    id = _sends(fan, FIRST, "Lokk")
    before = fan.channel.message(id)
    for _ in ("once", "and again, as networks do"):
        _edits(fan, id, FIRST, "Look", SENT + 5000)
        fan.channel.settled()
    after = fan.channel.message(id)
    assert (after["text"], [earlier["text"] for earlier in after["revisions"]]) == ("Look", ["Lokk"])
    assert _place(_stored(after)) == _place(before)
    assert ask("GET", after["attachments"][0]["url"]).status == 200


# F3
@both
def test_picture_put_in_place_of_another_is_copied(fan: Fan) -> None:
    id = _sends(fan, FIRST, "Look")
    before = fan.channel.message(id)
    _edits(fan, id, SECOND, "Look", SENT + 5000)
    after = eventually(lambda: _moved(fan.channel.message(id), _place(before)))
    assert ask("GET", after["attachments"][0]["url"]).status == 200
    eventually(lambda: ask("GET", before["attachments"][0]["url"]).status == 404)


def _moved(message: Any, place: str) -> Any:
    return message if _stored(message) and _place(message) != place else None


# F3
def test_picture_that_comes_late_for_an_imported_message_is_copied(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    id = fan.says("Look", at=SENT)
    fan.channel.settled()
    fan.channel.tell("late_image", person=fan.id, id=id, at=SENT, text="Look")
    message = eventually(lambda: _stored(fan.channel.message(id)))
    assert (message["text"], message["revisions"]) == ("Look", [])
    assert ask("GET", message["attachments"][0]["url"]).status == 200
