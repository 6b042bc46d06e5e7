"""Bodies rebuilt from public reports of faults in other inboxes, posted as they are, and what a right inbox shows.

They lie with the samples.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.networks.double import wire
from tests.payloads import samples
from tests.payloads.test_samples import addressed
from tests.support.stack import Channel, Stack, ask, eventually

pytestmark = samples.needed
BEFORE, AFTER = -731006001, -1007310060002  # a group's id before and after it became a supergroup
SAME_SECOND = ("Good morning", "my parcel is late", "the number is 5520")


def posts(channel: Channel, *names: str) -> None:
    """The network posts these bodies, one after the other."""
    for name in names:
        raw = addressed(samples.raw(f"reports/{channel.network}/{name}.json"), channel)
        assert channel.post(raw).status == 200
        channel.settled()


def of_contact(channel: Channel, name: str) -> Any:
    """The conversation with that person, once it is there."""
    return eventually(
        lambda: next(
            conversation for conversation in channel.conversations() if conversation["contact"]["name"] == name
        )
    )


def answer(channel: Channel, conversation: Any, **more: Any) -> Any:
    reply = {"text": "Thank you", **more}
    return channel.agency.owner.post(f"/conversations/{conversation['id']}/replies", reply)


def sent(channel: Channel, reply: Any, status: str = "sent") -> Any:
    """The reply, and the last call to the network, once that became of it."""
    shown = eventually(
        lambda: latest if (latest := channel.agency.owner.get(f"/replies/{reply['id']}"))["status"] == status else None
    )
    return shown, channel.calls()[-1]


def file_of(channel: Channel) -> Any:
    """The file of the only message, once its copy is stored."""
    return eventually(
        lambda: next(
            file for message in channel.messages() for file in message["attachments"] if file["state"] == "stored"
        )
    )


def test_comments_under_a_photo_post_are_conversations_of_their_own(stack: Stack) -> None:
    channel = stack.connect("facebook")
    posts(channel, "photo-post-comment-1", "photo-post-comment-2")
    ines, tomas = of_contact(channel, "Ines K"), of_contact(channel, "Tomas R")
    assert ines["id"] != tomas["id"]
    [asked] = channel.messages(ines["id"])
    assert (asked["text"], asked["reply_to"], asked["direction"]) == ("How much is the big one?", None, "in")
    _, call = sent(channel, answer(channel, tomas))
    assert call["path"].endswith("/880071000000001_990071000000002/comments")


def test_rich_message_shows_its_words(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "rich-message-only")
    [message] = eventually(channel.messages)
    for words in ("Order 4471", "Arrived broken, see the list:", "one cup", "two plates"):
        assert words in message["text"]


def test_picture_keeps_its_address_when_its_caption_is_edited(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "photo-before-caption-edit")
    before = file_of(channel)
    posts(channel, "photo-caption-edited")
    [message] = eventually(lambda: [message for message in channel.messages() if message["edited_at"]])
    assert (message["text"], message["direction"]) == ("Is this the right size?", "in")
    [file] = message["attachments"]
    assert (file["kind"], file["state"]) == ("image", "stored")
    assert file["url"].partition("?")[0] == before["url"].partition("?")[0]
    assert ask("GET", file["url"]).status == 200


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)], ids=str)
def test_messages_of_one_second_are_in_their_order(stack: Stack, order: tuple[int, ...]) -> None:
    channel = stack.connect("telegram")
    posts(channel, *(f"same-second-{number}" for number in order))
    assert [message["text"] for message in channel.messages()] == list(SAME_SECOND)
    assert channel.conversation()["last_message"]["text"] == SAME_SECOND[-1]


def test_people_who_write_to_a_channel_directly_are_apart(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "channel-direct-ada", "channel-direct-bo")
    for name, topic in (("Ada", 7310004), ("Bo", 7310005)):
        conversation = of_contact(channel, name)
        assert [message["author"]["name"] for message in channel.messages(conversation["id"])] == [name]
        _, call = sent(channel, answer(channel, conversation))
        assert (call["json"]["chat_id"], call["json"]["direct_messages_topic_id"]) == (-1007310040001, topic)


def test_group_that_became_a_supergroup_is_one_conversation(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "group-before-move", "group-moved")
    conversation = channel.conversation()
    assert [message["text"] for message in channel.messages()] == ["When is the next tasting?"]
    _, call = sent(channel, answer(channel, conversation))
    assert call["json"]["chat_id"] == AFTER
    posts(channel, "group-after-move")
    assert channel.conversation()["id"] == conversation["id"]
    asked = next(message for message in channel.messages() if message["text"] == "Is anybody there?")
    _, call = sent(channel, answer(channel, conversation, reply_to=asked["id"]))
    assert (call["json"]["chat_id"], call["json"]["reply_parameters"]["message_id"]) == (AFTER, 2)


def test_group_that_became_a_supergroup_without_notice_is_answered_there(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "group-before-move")
    stack.behave("telegram", "migrated", path=f"{channel.token}/sendMessage")
    sent(channel, answer(channel, channel.conversation()))
    tried = [call["json"]["chat_id"] for call in channel.calls() if call["path"].endswith("sendMessage")]
    assert tried == [BEFORE, -1001305240999]  # the id that the refusal tells


def test_answer_to_what_was_deleted_goes_out_without_its_quote(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "quoted-then-deleted")
    [asked] = eventually(channel.messages)
    stack.behave("telegram", "quoted_gone", path=f"{channel.token}/sendMessage")
    _, call = sent(channel, answer(channel, channel.conversation(), reply_to=asked["id"]))
    assert "reply_parameters" not in call["json"]


def test_answer_that_is_refused_for_good_holds_up_nobody_else(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "refused-then-next-1", "refused-then-next-2")
    stack.behave("telegram", "gone", path=f"{channel.token}/sendMessage")
    refused, next_one = (answer(channel, of_contact(channel, name)) for name in ("Finn", "Gita"))
    failed, _ = sent(channel, refused, "failed")
    assert channel.agency.owner.get(f"/messages/{failed['messages'][0]}")["error"]["class"] == "gone"
    _, call = sent(channel, next_one)
    assert call["json"]["chat_id"] == 7310009


def test_business_account_that_is_switched_off_is_an_alert(stack: Stack) -> None:
    channel = stack.connect("telegram")
    posts(channel, "business-connection-off")
    assert channel.shown()["health"] == "alert"
    assert channel.conversations() == []
    later = json.loads(samples.raw("reports/telegram/business-connection-off.json"))
    later["update_id"] += 100
    connection = later["business_connection"]
    connection |= {"is_enabled": True, "rights": {"can_reply": True}, "date": connection["date"] + 10}
    channel.post(wire(later))
    eventually(lambda: channel.shown()["health"] == "ok")


def test_picture_sent_as_a_document_is_kept_as_what_it_is(stack: Stack) -> None:
    channel = stack.connect("telegram")
    stack.behave("telegram", "serve", path=f"^/file/bot{channel.token}/", body="\0\0\0\x18ftypheic\0\0\0\0mif1")
    posts(channel, "document-heic")
    file = file_of(channel)
    assert (file["kind"], file["name"], file["mime"]) == ("file", "IMG_0042.HEIC", "image/heic")


def test_table_is_downloaded_and_never_shown(stack: Stack) -> None:
    channel, id = stack.connect("whatsapp"), "7731000000000071"
    place = f"{stack.double}/whatsapp/lookaside.fbsbx.com/whatsapp_business/attachments/?mid={id}"
    known = {"messaging_product": "whatsapp", "id": id, "url": place, "mime_type": "text/csv", "file_size": 6}
    stack.behave("whatsapp", "serve", path=f"/{id}$", body=json.dumps(known))
    stack.behave("whatsapp", "serve", path="/attachments/", mentioning=id, body="id;sum")
    posts(channel, "document-csv")
    file = file_of(channel)
    assert (file["kind"], file["name"], file["mime"], file["inline"]) == ("file", "order.csv", "text/csv", False)
    answered = ask("GET", file["url"])
    assert (answered.raw, answered.headers["content-disposition"].partition(";")[0]) == (b"id;sum", "attachment")


def test_permission_to_call_says_what_was_answered(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    posts(channel, "call-permission-accepted")
    [message] = eventually(channel.messages)
    assert message["direction"] == "in"
    assert message["text"]


def test_disabled_number_stays_so_whatever_else_is_told_of_the_account(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    posts(channel, "account-disabled", "account-disabled-then-ad-account")
    assert channel.shown()["health"] == "disconnected"


def test_every_report_is_posted_by_some_test() -> None:
    words = Path(__file__).read_text()
    assert [path.stem for path in samples.FOLDER.glob("reports/*/*.json") if path.stem.rstrip("123") not in words] == []
