"""What is tried on a network that was made by copying `example/`: see test_copy.py, which runs this in the copy."""

from tests.support.people import Fan
from tests.support.stack import Stack, ask, eventually

KEY = "shouts"


def test_copied_network_is_offered(stack: Stack) -> None:
    shown = {network["key"]: network for network in stack.ours.owner.get("/networks")["items"]}
    assert shown[KEY]["name"] == "Shouts"
    assert shown[KEY]["capabilities"]["reply"]


def test_message_comes_in_and_is_answered_once(stack: Stack) -> None:
    fan = Fan(stack.connect(KEY))
    assert fan.channel.message(fan.says("Do you hear me?"))["text"] == "Do you hear me?"
    sent = fan.is_answered("Loud and clear")
    [call] = fan.channel.calls(but=("GET", "PUT"))
    assert (call["method"], call["host"], call["path"]) == ("POST", f"api.{KEY}.com", "/v1/dms")
    assert call["json"] == {"to": fan.id, "text": "Loud and clear", "correlation": sent["id"]}
    fan.echoes("Loud and clear", sent["network_id"], correlation=sent["id"])
    fan.confirms("read", sent["network_id"])
    eventually(lambda: fan.channel.message(sent["network_id"])["status"] == "read")
    assert len(fan.channel.messages()) == 2


def test_file_comes_in_and_is_copied(stack: Stack) -> None:
    fan = Fan(stack.connect(KEY))
    fan.channel.tell("dm_with_image", person=fan.id)
    file = eventually(
        lambda: next(file for file in fan.channel.messages()[0]["attachments"] if file["state"] == "stored")
    )
    assert ask("GET", file["url"]).raw.startswith(b"\x89PNG")


def test_comment_is_hidden(stack: Stack) -> None:
    fan = Fan(stack.connect(KEY))
    fan.channel.tell("comment", person=fan.id)
    id = eventually(fan.channel.messages)[0]["id"]
    assert stack.ours.owner.post(f"/messages/{id}/hide")["hidden"] is True
