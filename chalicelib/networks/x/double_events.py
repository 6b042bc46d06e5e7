"""What X posts: events of the X Activity API, and some of the older Account Activity API."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks.double import Voice, by, number

Json = Mapping[str, Any]


def _event(name: str, account: str, payload: Json, includes: Json | None = None) -> Json:
    head = {"event_uuid": str(number()), "filter": {"user_id": account}, "event_type": name, "tag": "palabre"}
    return {"data": {**head, "payload": payload, **({"includes": includes} if includes else {})}}


def _now(at: int) -> int:
    return at or int(time.time()) * 1000


def _iso(at: int) -> str:
    return datetime.fromtimestamp(_now(at) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _user(id: str, name: str) -> Json:
    return {
        "data": {"id": id, "name": name, "username": name.lower(), "profile_image_url": "https://pbs.twimg.com/a.jpg"}
    }


def _direct(sender: str, receiver: str, id: str, text: str, at: int, more: Json) -> Json:
    said = {"target": {"recipient_id": receiver}, "sender_id": sender, "message_data": {"text": text, **more}}
    return {
        "type": "message_create", "id": id or f"20{number():016d}", "created_timestamp": str(_now(at)),
        "message_create": said,
    }  # fmt: skip


def _dm(
    *, account: str = "11", person: str = "22", name: str = "Ana", id: str = "", text: str = "Hello", at: int = 0,
    own: bool = False, **more: Any,
) -> Json:  # fmt: skip
    sender, receiver = (account, person) if own else (person, account)
    users = {account: _user(account, "Our_shop"), person: _user(person, name)}
    message = _direct(sender, receiver, id, text, at, more)
    return _event("dm.sent" if own else "dm.received", account, {"direct_message_events": [message], "users": users})


def _older_dm(*, account: str = "11", person: str = "22", id: str = "", text: str = "Hello", at: int = 0) -> Json:
    users = {
        person: {
            "id": person,
            "name": "Ana",
            "screen_name": "ana",
            "profile_image_url_https": "https://pbs.twimg.com/a",
        }
    }
    return {
        "for_user_id": account, "direct_message_events": [_direct(person, account, id, text, at, {})], "users": users,
    }  # fmt: skip


def _with_image(**fields: Any) -> Json:
    media = {"type": "photo", "media_url_https": "https://ton.twitter.com/1.1/ton/data/dm/1/2/3.jpg"}
    return _dm(**{"attachment": {"type": "media", "media": media}, **fields})


def _post(name: str) -> Callable[..., Json]:
    def build(
        *, account: str = "11", person: str = "22", username: str = "Ana", id: str = "", text: str = "Hi @our_shop",
        at: int = 0, root: str = "", answers: str = "", **fields: Any,
    ) -> Json:  # fmt: skip
        id = id or f"20{number():016d}"
        above = [{"type": "replied_to", "id": answers or root}] if answers or root else []
        to = {"in_reply_to_user_id": account} if above else {}
        payload = {
            "id": id, "author_id": person, "text": text, "created_at": _iso(at), "conversation_id": root or id,
            "referenced_tweets": above, **to, **fields,
        }  # fmt: skip
        return _event(name, account, payload, {"users": [_user(person, username)["data"]]})

    return build


def _comment(**fields: Any) -> Json:
    return _post("post.reply.create")(**{"root": "2000000000000000001", "text": "How much?", **fields})


def _own(*, account: str = "11", **fields: Any) -> Json:
    return _post("post.create")(**{"account": account, "person": account, "text": "New shoes", **fields})


def _deleted(*, account: str = "11", id: str = "2000000000000000001", at: int = 0) -> Json:
    return _event("post.delete", account, {"id": id, "author_id": account, "timestamp_ms": str(_now(at))})


def _read(*, account: str = "11", person: str = "22", id: str = "1", at: int = 0) -> Json:
    event = {"created_timestamp": str(_now(at)), "sender_id": person, "target": {"recipient_id": account}}
    return _event("dm.read", account, {"direct_message_mark_read_events": [{**event, "last_read_event_id": id}]})


def _encrypted(*, account: str = "11", person: str = "22", id: str = "", at: int = 0) -> Json:
    payload = {"id": id or f"chat-{number()}", "sender_id": person, "conversation_id": f"{person}:{account}"}
    return _event("chat.received", account, {**payload, "created_at_msec": str(_now(at)), "encoded_event": "CwAB"})


def _plain(name: str, **payload: Any) -> Callable[..., Json]:
    return lambda account="11": _event(name, account, payload)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": _dm,
    "dm_sent": lambda **fields: _dm(own=True, **fields),
    "dm_older": _older_dm,
    "dm_with_image": _with_image,
    "mention": _post("post.mention.create"),
    "comment": _comment,
    "own_post": _own,
    "delete": _deleted,
    "read": _read,
    "encrypted": _encrypted,
    "like": _plain("like.create", liked_tweet_id="1"),
    "revoked": _plain("oauth.revoke"),
}

VOICE = Voice(
    name=lambda fan, number: f"20{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, name=fan.name, id=message, text=text)),
    echo=lambda fan, message, text, at: ("dm_sent", by(fan, at, id=message, text=text)),
    receipts={"read": lambda fan, message, at: ("read", by(fan, at, id=message))},
)
