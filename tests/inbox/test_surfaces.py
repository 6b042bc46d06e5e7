"""Each kind of thing a network tells shows for what it is."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support import turns
from tests.support.inside import fits
from tests.support.people import Fan, now
from tests.support.stack import Stack, eventually, number

POST = "104100000000001_500"
Shown = Mapping[str, Any]
# network and event of its double, what the message shows, what its conversation does
KINDS: Mapping[tuple[str, str], tuple[Shown, Shown]] = {
    ("facebook", "comment_with_image"): ({"attachments.kind": ["image"]}, {"surface": "comment"}),
    ("facebook", "anonymous_comment"): ({"author.name": None}, {"unread": 1}),
    ("facebook", "visitor_post"): ({"kind": "post", "text": "What a dinner"}, {"surface": "comment"}),
    ("facebook", "mention"): ({"text": "Try @Bella Pasta"}, {"surface": "mention"}),
    ("facebook", "review"): ({"kind": "review", "context.recommendation": "positive"}, {"surface": "review"}),
    ("messenger", "postback"): ({"kind": "postback", "text": "Start", "context.payload": "START"}, {"unread": 1}),
    ("messenger", "standby"): ({"context.standby": True}, {"surface": "dm"}),
    ("instagram", "comment"): ({"text": "How much?"}, {"surface": "comment", "origin.id": "17920000000000001"}),
    ("instagram", "flat_comment"): ({"text": "How much?"}, {"surface": "comment"}),
    ("instagram", "own_comment"): ({"direction": "out", "status": "sent"}, {"surface": "comment", "unread": 0}),
    ("instagram", "live_comment"): ({"context.live": True}, {"surface": "comment"}),
    ("instagram", "mention"): ({"text": "Lunch at @bella", "attachments.kind": ["image"]}, {"surface": "mention"}),
    ("instagram", "story_reply"): ({"kind": "story_reply", "context.story.id": "178"}, {"surface": "dm"}),
    ("instagram", "story_mention"): ({"kind": "story_mention", "attachments.kind": ["image"]}, {"surface": "dm"}),
    ("instagram", "share"): ({"kind": "share", "attachments.kind": ["link"]}, {"surface": "dm"}),
    ("instagram", "postback"): ({"kind": "postback", "text": "Prices"}, {"surface": "dm"}),
    ("whatsapp", "voice"): ({"kind": "audio", "attachments.details.voice": [True]}, {"surface": "dm"}),
    ("whatsapp", "location"): ({"kind": "location", "attachments.details.latitude": [40.78]}, {"unread": 1}),
    ("whatsapp", "button"): ({"kind": "postback", "text": "Yes", "context.payload": "yes"}, {"unread": 1}),
    ("whatsapp", "unsupported"): ({"kind": "unsupported"}, {"unread": 1}),
    ("whatsapp", "echo"): ({"direction": "out", "text": "Our answer"}, {"unread": 0}),
    ("telegram", "group_message"): ({"context.group": "Fans", "author.name": "Ana"}, {"unread": 1}),
    ("telegram", "channel_post"): ({"context.channel": "News"}, {"surface": "dm"}),
    ("telegram", "business_message"): ({"text": "Hello", "author.name": "Ana"}, {"unread": 1}),
    ("telegram", "own_business_message"): ({"direction": "out", "status": "sent"}, {"unread": 0}),
    ("example", "review"): ({"kind": "review", "context.rating": "4"}, {"surface": "review"}),
}  # fmt: skip


@pytest.mark.parametrize(("network", "event"), turns.taken(KINDS))
def test_kind_shows_for_what_it_is(stack: Stack, network: str, event: str) -> None:
    channel = stack.connect(network)
    channel.tell(event)
    message, conversation = KINDS[network, event]
    eventually(lambda: [row for row in channel.messages() if fits(row, message)])
    assert fits(channel.conversation(), conversation)
    assert len(channel.messages()) == 1


def test_comment_and_the_replies_to_it_are_one_conversation(stack: Stack) -> None:
    channel, top = stack.connect("instagram"), f"1795{number()}"
    channel.tell("comment", person="1", username="ana", id=top, text="How much?", at=now() - 3000)
    channel.settled()
    channel.tell("comment", person="2", username="leo", parent=top, text="I want to know too", at=now() - 2000)
    channel.tell("own_comment", parent=top, text="Ten euros", at=now() - 1000)
    channel.settled()
    conversation = channel.conversation()
    assert [message["text"] for message in channel.messages()] == ["How much?", "I want to know too", "Ten euros"]
    assert (conversation["unread"], conversation["contact"]["name"]) == (2, "ana")
    assert conversation["last_message"]["direction"] == "out"


def test_comments_on_one_publication_are_listed_apart_from_messages(stack: Stack) -> None:
    channel = stack.connect("instagram")
    for _ in range(2):
        channel.tell("comment", person=number())
    channel.tell("dm", person=number())
    channel.settled()
    assert len(channel.conversations(surface="comment")) == 2
    assert len(channel.conversations(surface="dm")) == 1
    assert len(channel.conversations(network="instagram", limit=1)) == 3


def test_history_is_stored_and_unread_by_nobody(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.channel.tell("history", person=fan.id, at=now() - 3_600_000)
    eventually(lambda: len(fan.channel.messages()) == 2)
    assert {message["direction"] for message in fan.channel.messages()} == {"in", "out"}
    assert fan.channel.conversation()["unread"] == 0


def test_topics_of_a_forum_are_conversations_of_their_own(stack: Stack) -> None:
    channel = stack.connect("telegram")
    forum = {"id": -1001000000000 - int(number()), "title": "Fans", "type": "supergroup", "is_forum": True}
    for topic in (7, 8):
        channel.tell("group_message", chat=forum, is_topic_message=True, message_thread_id=topic, text=f"topic {topic}")
    eventually(lambda: len(channel.conversations()) == 2)
    reply = stack.ours.owner.post(f"/conversations/{channel.conversations()[0]['id']}/replies", {"text": "Here"})
    eventually(lambda: stack.ours.owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    assert channel.calls()[-1]["json"]["message_thread_id"] in (7, 8)


def test_private_words_and_words_in_a_group_never_meet(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    fan.says("Between us")
    fan.channel.settled()
    room = {"id": -1001000000000 - int(fan.id), "title": "Fans", "type": "supergroup"}
    fan.channel.tell("group_message", user=int(fan.id), chat=room, text="To all of you")
    fan.channel.settled()
    assert len(fan.channel.conversations()) == 2
    assert len({conversation["contact"]["id"] for conversation in fan.channel.conversations()}) == 1


def test_deletion_in_a_business_chat_leaves_a_tombstone(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    fan.channel.tell("business_message", user=int(fan.id), chat={"id": int(fan.id), "type": "private"}, message_id=5)
    fan.channel.settled()
    fan.channel.tell("business_deleted", message_ids=[5], user=int(fan.id))
    assert eventually(lambda: fan.channel.messages()[0]["deleted_at"])


def test_pressed_button_is_acknowledged(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    fan.channel.tell("postback", user=int(fan.id))
    call = eventually(
        lambda: next(call for call in fan.channel.calls() if call["path"].endswith("answerCallbackQuery"))
    )
    assert call["status"] == 200
    assert fan.channel.messages()[0]["text"] == "Yes, please"
