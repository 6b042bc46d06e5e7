"""Comments on advertisements are conversations like others, which say what they hang on."""

from typing import Any

from tests.support.stack import Channel, Stack, eventually, number


def shown(channel: Channel, **query: Any) -> list[tuple[bool, Any]]:
    return [(row["paid"], row["origin"]["ad"]) for row in channel.conversations(**query)]


def test_comment_on_a_dark_post_is_found_hidden_and_answered(stack: Stack) -> None:
    channel = stack.connect("facebook")
    channel.tell("comment_on_ad", id="1")
    channel.tell("comment", id="2")
    ad = {"id": None, "title": None, "placement": None, "creative": None}
    eventually(lambda: len(channel.conversations()) == 2)
    assert shown(channel, paid="true") == [(True, ad)]
    assert shown(channel, paid="false") == [(False, None)]
    [paid] = channel.conversations(paid="true")
    [said] = channel.messages(paid["id"])
    channel.agency.owner.post(f"/messages/{said['id']}/hide")
    channel.agency.owner.post(f"/conversations/{paid['id']}/replies", {"text": "Until Sunday"})
    done = [("/v25.0/600_1", {"is_hidden": True}), ("/v25.0/600_1/comments", {"message": "Until Sunday"})]
    eventually(lambda: all(action in [(call["path"], call["json"]) for call in channel.calls()] for action in done))


def test_what_only_the_publication_tells_reaches_the_conversation(stack: Stack) -> None:
    channel, post = stack.connect("example"), f"ad{number()}"
    ad = {"id": post, "title": "Autumn", "placement": None, "creative": "c1"}
    channel.tell("comment", post={"id": post})
    eventually(lambda: (True, ad) in shown(channel))
    channel.tell("comment", post={"id": post, "ad": {"placement": "feed"}})  # some of it is told with the comment
    eventually(lambda: (True, {**ad, "placement": "feed"}) in shown(channel))
    assert len(stack.requests("example", f"/v1/posts/{post}")) == 1


def test_views_and_rows_of_events_know_what_is_paid(stack: Stack) -> None:
    channel = stack.connect("instagram")
    owner = channel.agency.owner
    cursor = owner.get("/conversations/changes", since="now")["cursor"]
    channel.tell("comment_on_ad")
    condition = {"all": [{"field": "channel", "is": channel.id}, {"field": "paid", "is": True}]}
    view = owner.post("/views", {"name": f"Ads {number()}", "condition": condition})
    [conversation] = eventually(lambda: owner.get(f"/views/{view['id']}/conversations")["items"])
    assert conversation["origin"]["ad"]["title"] == "Spring"

    def is_told() -> bool:
        changed = owner.get("/conversations/changes", since=cursor, limit=100)["items"]
        return conversation["id"] in [row["id"] for row in changed if row["paid"]]

    eventually(is_told)
