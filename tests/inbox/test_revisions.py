"""What was said is changed, taken back, reacted to; events may come before the message they are about."""

from typing import Any

import pytest

from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations, revisions
from chalicelib.networks import base
from chalicelib.transport import arrivals
from tests.support import turns
from tests.support.people import Fan, now, who_can
from tests.support.stack import Stack, eventually, number

MINUTE = 60_000


def those_who(verb: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fan", turns.taken(who_can(verb)), indirect=True)


@those_who("edits")
def test_edit_replaces_the_words_and_keeps_the_earlier_ones(fan: Fan) -> None:
    at = now() - MINUTE
    id = fan.says("Helo", at=at)
    fan.does("edits", id, "Hello", at=at + 5000)
    message = eventually(lambda: _with(fan, id, text="Hello"))
    assert [earlier["text"] for earlier in message["revisions"]] == ["Helo"]
    assert message["edited_at"] > message["sent_at"]
    conversation = eventually(lambda: _sums_up(fan, "Hello"))
    assert conversation["unread"] == 1


@those_who("edits")
def test_older_edit_that_comes_late_changes_nothing(fan: Fan) -> None:
    at = now() - MINUTE
    id = fan.says("one", at=at)
    fan.does("edits", id, "three", at=at + 8000)
    fan.does("edits", id, "two", at=at + 4000)
    fan.channel.settled()
    assert fan.channel.message(id)["text"] == "three"


@those_who("edits")
def test_words_that_came_back_win_over_a_change_that_comes_late(fan: Fan) -> None:
    at = now() - MINUTE
    id = fan.says("one", at=at)
    for text, seconds in (("one", 8), ("two", 4)):
        fan.does("edits", id, text, at=at + seconds * 1000)
        fan.channel.settled()
    message = fan.channel.message(id)
    assert (message["text"], message["edited_at"] > message["sent_at"]) == ("one", True)


@pytest.mark.parametrize(("text", "status"), [("one", 200), ("two", 409)])
def test_only_an_edit_that_changes_something_makes_a_reply_stale(stack: Stack, text: str, status: int) -> None:
    fan, at = Fan(stack.connect("telegram")), now() - MINUTE
    id = fan.says("one", at=at)
    path = f"/conversations/{fan.channel.conversation()['id']}/replies"
    reply = stack.ours.owner.post(path, {"text": "Yes", "draft": True})
    fan.does("edits", id, text, at=at + 5000)
    eventually(lambda: fan.channel.message(id)["edited_at"])
    assert stack.ours.owner.call("POST", f"/replies/{reply['id']}/submit", {}).status == status


@those_who("edits")
def test_two_edits_of_one_second_end_in_the_later_one(fan: Fan) -> None:
    at = now() - MINUTE
    id = fan.says("one", at=at)
    for text in ("two", "three", "two"):  # a network repeats what it thinks was lost
        fan.does("edits", id, text, at=at + 4000)
        fan.channel.settled()
    assert fan.channel.message(id)["text"] == "three"


def test_edit_in_the_second_it_was_said_keeps_the_earlier_words(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    at = now() - MINUTE
    id = fan.says("Helo", at=at)
    fan.does("edits", id, "Hello", at=at)
    message = eventually(lambda: _with(fan, id, text="Hello"))
    assert [earlier["text"] for earlier in message["revisions"]] == ["Helo"]


# F5
def test_bold_words_are_where_the_edit_put_them(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    at = now() - MINUTE
    bold = {"type": "bold", "offset": 0, "length": 5}
    who = {"user": int(fan.id), "message_id": 7, "date": at // 1000}
    fan.channel.tell("dm", **who, text="Hello you", entities=[bold])
    fan.channel.settled()
    assert fan.channel.message(f"{fan.id}:7")["context"] == {"entities": [bold]}
    moved = {**bold, "offset": 3}
    fan.channel.tell("edit", **who, text="Oh Hello you", entities=[moved], edit_date=at // 1000 + 5)
    message = eventually(lambda: _with(fan, f"{fan.id}:7", text="Oh Hello you"))
    assert message["context"] == {"entities": [moved]}
    fan.channel.tell("edit", **who, text="Oh Hello you", edit_date=at // 1000 + 6)
    eventually(lambda: _with(fan, f"{fan.id}:7", context={}))


# F5
def test_edit_that_does_not_tell_what_is_around_the_words_leaves_it(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    at, advert = now() - MINUTE, {"source_id": "17", "headline": "Spring"}
    fan.channel.tell("dm", person=fan.id, id="wamid.1", at=at, text="Helo", referral=advert)
    fan.does("edits", "wamid.1", "Hello", at=at + 5000)
    message = eventually(lambda: _with(fan, "wamid.1", text="Hello"))
    assert message["context"] == {"referral": advert}


@those_who("deletes")
def test_deletion_leaves_a_tombstone_without_the_words(fan: Fan) -> None:
    id = fan.says("I should not have said this", at=now() - MINUTE)
    fan.does("deletes", id)
    message = eventually(lambda: _with(fan, id, text=""))
    assert message["deleted_at"]
    assert (message["attachments"], message["revisions"]) == ([], [])
    assert eventually(lambda: _sums_up(fan, ""))


# F21
@those_who("deletes")
def test_what_was_taken_back_is_not_unread_and_waits_for_nothing(fan: Fan) -> None:
    at = now() - MINUTE
    said = [fan.says("one", at=at), fan.says("two", at=at), fan.says("three", at=at + 2000)]
    fan.channel.settled()
    before = _waits(fan)
    for id in (said[0], said[0], said[2]):  # a network repeats what it thinks was lost
        fan.does("deletes", id)
        fan.channel.settled()
    [after] = [waits for waits in _waits(fan) if waits[0]]
    assert (sum(unread for unread, _ in before), after[0]) == (3, 1)
    assert after[1]
    for _ in range(2):
        fan.does("deletes", said[1])
        fan.channel.settled()
    assert set(_waits(fan)) == {(0, None)}


# F21
def test_taking_back_what_was_read_leaves_the_later_one_unread(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    at = now() - MINUTE
    read = fan.says("one", at=at)
    conversation, id = fan.channel.conversation()["id"], fan.channel.message(read)["id"]
    fan.channel.agency.owner.post(f"/conversations/{conversation}/read", {"up_to": id})
    later = fan.says("two", at=at + 2000)
    eventually(lambda: _waits(fan)[0][0] == 1)
    fan.does("deletes", read)
    fan.channel.settled()
    [(unread, since)] = _waits(fan)
    assert (unread, since) == (1, fan.channel.message(later)["sent_at"])


# F21
def test_who_takes_back_the_last_words_waits_since_the_earlier_ones_that_came_late(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    at = now() - MINUTE
    last = fan.says("two", at=at + 2000)
    fan.channel.settled()
    late = fan.says("one", at=at)
    fan.channel.settled()
    fan.does("deletes", last)
    fan.channel.settled()
    assert _waits(fan) == [(1, fan.channel.message(late)["sent_at"])]
    fan.does("deletes", late)
    fan.channel.settled()
    assert _waits(fan) == [(0, None)]


def _waits(fan: Fan) -> list[tuple[int, str | None]]:
    return [(conversation["unread"], conversation["waiting_since"]) for conversation in fan.channel.conversations()]


@those_who("reacts")
def test_reaction_comes_and_goes(fan: Fan) -> None:
    at = now() - MINUTE
    id = fan.says("Nice place", at=at)
    fan.does("reacts", id, "❤️", at=at + 1000)
    [reaction] = eventually(lambda: fan.channel.message(id)["reactions"])
    assert reaction["emoji"].startswith("❤")
    fan.does("reacts", id, "", at=at + 2000)
    eventually(lambda: fan.channel.message(id)["reactions"] == [])
    assert fan.channel.conversation()["unread"] == 1


def test_reaction_that_came_back_is_not_taken_away_by_what_was_before(stack: Stack) -> None:
    fan, at = Fan(stack.connect("messenger")), now() - MINUTE
    id = fan.says("Nice place", at=at)
    for emoji, seconds in (("❤️", 1), ("❤️", 9), ("", 5)):
        fan.does("reacts", id, emoji, at=at + seconds * 1000)
        fan.channel.settled()
    assert len(fan.channel.message(id)["reactions"]) == 1


@those_who("shows")
def test_comment_hidden_on_the_network_shows_as_hidden(fan: Fan) -> None:
    id = fan.says("spam", at=now() - MINUTE)
    fan.does("shows", id, False)
    eventually(lambda: fan.channel.message(id)["hidden"])
    fan.does("shows", id, True)
    eventually(lambda: not fan.channel.message(id)["hidden"])


@those_who("edits")
def test_edit_before_its_message_waits_for_it(fan: Fan) -> None:
    at = now() - MINUTE
    event, fields, id = fan.said("Helo", at=at)
    fan.does("edits", id, "Hello", at=at + 5000)
    fan.channel.settled()
    assert fan.channel.conversations() == []
    fan.channel.tell(event, **fields)
    message = eventually(lambda: _with(fan, id, text="Hello"))
    assert [earlier["text"] for earlier in message["revisions"]] == ["Helo"]


@those_who("deletes")
def test_deletion_before_its_message_hides_what_it_said(fan: Fan) -> None:
    at = now() - MINUTE
    event, fields, id = fan.said("never mind", at=at)
    fan.does("deletes", id, at=at + 1000)
    fan.channel.settled()
    fan.channel.tell(event, **fields)
    fan.channel.settled()
    message = fan.channel.message(id)
    assert message["deleted_at"]
    assert message["text"] == ""


@those_who("reacts")
def test_reaction_before_its_message_waits_for_it(fan: Fan) -> None:
    at = now() - MINUTE
    event, fields, id = fan.said("Nice place", at=at)
    fan.does("reacts", id, "❤️", at=at + 1000)
    fan.channel.settled()
    fan.channel.tell(event, **fields)
    assert eventually(lambda: fan.channel.message(id)["reactions"])


def test_edit_and_deletion_are_no_further_messages_of_the_author(owner: Owner) -> None:
    ana, thread, at = base.Person(id=number(), name="Ana"), number(), now() - MINUTE
    for id in ("first", "second"):
        arrivals.receive(owner, base.Message(thread=thread, id=id, at=at, person=ana, text=id), now())
    revisions.edit(owner, base.Edit(thread=thread, id="first", at=at + 1, text="once", created=at), now())
    revisions.delete(owner, base.Delete(thread=thread, ids=("second",), at=at + 2, created=at), now())
    conversation = conversations.find(owner.agency, conversations.find_id(owner, "dm", thread))
    assert conversation
    assert (conversation.heard, conversation.revised) == (4, 2)


def _sums_up(fan: Fan, text: str) -> Any:
    """The conversation, once its last message says that: it follows the message."""
    conversation = fan.channel.conversation()
    return conversation if conversation["last_message"]["text"] == text else None


def _with(fan: Fan, id: str, **wanted: object) -> Any:
    """The message, once these of its fields are so."""
    message = fan.channel.message(id)
    return message if all(message[name] == value for name, value in wanted.items()) else None
