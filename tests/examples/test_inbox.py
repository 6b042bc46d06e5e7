"""The example of an inbox, in a real browser: somebody signs in, news comes by itself, and an answer gets there."""

import base64
from pathlib import Path

from tests.support.browsers import Window
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually, number

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_message_of_a_fan_appears_without_a_reload_and_is_answered_with_a_picture(
    inbox: Window, stack: Stack, brand: Agency, tmp_path: Path
) -> None:
    fan = Fan(stack.connect("messenger", brand))
    question = f"Is the terrace open {number()}?"
    fan.says(question)
    inbox.presses(question)
    inbox.finds(".said.in")
    picture = tmp_path / "terrace.png"
    picture.write_bytes(PNG)
    inbox.fills(".composer input[type=file]", str(picture))
    inbox.fills(".composer textarea", "It is, until ten.")
    inbox.clicks(".composer [type=submit]:enabled")
    inbox.finds(".said.out img")
    inbox.reads("✓ sent")
    said = fan.channel.messages(fan.channel.conversation()["id"])
    assert [file["name"] for message in said for file in message["attachments"]] == [picture.name]


def test_reply_is_approved_and_moves_to_delivered(inbox: Window, stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("messenger", brand))
    conversation, words = fan.starts()["id"], f"We found it {number()}."
    creator = stack.someone(brand, "content_creator", [brand.brand])
    proposed = creator.post(f"/conversations/{conversation}/replies", {"text": words})
    assert proposed["status"] == "pending"
    inbox.finds(".top .unread:not([hidden])")
    inbox.clicks(".approvals")
    inbox.reads(words)
    inbox.presses("Show the conversation")
    inbox.clicks(".waiting .proposal button")
    inbox.reads("✓ sent")
    [message] = stack.ours.owner.get(f"/replies/{proposed['id']}")["messages"]
    fan.confirms("delivered", stack.ours.owner.get(f"/messages/{message}")["network_id"])
    inbox.reads("✓✓ delivered")


def test_words_are_found_and_marked(inbox: Window, stack: Stack, brand: Agency) -> None:
    fan, word = Fan(stack.connect("messenger", brand)), f"quince{number()}"
    fan.says(f"Have you any {word} jam?")
    eventually(lambda: stack.ours.owner.every("/search", q=word))
    inbox.fills(".search input", f"{word}\n")
    assert inbox.reads_in(".found mark") == word
    inbox.clicks(".found .row")
    inbox.finds(".talk .said.in")
    inbox.driver.back()
    eventually(lambda: not inbox.shows(".talk"))
