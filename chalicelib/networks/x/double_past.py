"""X's timeline of mentions and its list of direct messages, as far as posts and messages were played.

https://docs.x.com/x-api/users/get-mentions and https://docs.x.com/x-api/direct-messages/get-dm-events
"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.networks.double import Answer, Request

Json = Mapping[str, Any]
_MENTIONS = ("post.mention.create", "post.reply.create", "post.quote.create")
_PARAMETERS = {"max_results", "pagination_token", "expansions", "user.fields", "media.fields"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_posts: dict[str, dict[str, dict[str, Any]]] = {}  # by account and id
_messages: dict[str, dict[str, dict[str, Any]]] = {}
_users: dict[str, Json] = {}
_media: dict[str, Json] = {}


def note(payload: Json) -> None:
    data = payload.get("data", {})
    account, content = data.get("filter", {}).get("user_id", ""), data.get("payload", {})
    if data.get("event_type") in _MENTIONS:
        _users.update({user["id"]: user for user in data["includes"]["users"]})
        _posts.setdefault(account, {})[content["id"]] = content
    elif data.get("event_type") in ("dm.received", "dm.sent"):
        _users.update({id: user["data"] for id, user in content["users"].items()})
        for message in content["direct_message_events"]:
            _messages.setdefault(account, {})[message["id"]] = _message(message)


def _message(message: Json) -> dict[str, Any]:
    """A message as the list has it: its time without milliseconds, its file by a key."""
    said = message["message_create"]
    ids = sorted((said["sender_id"], said["target"]["recipient_id"]), key=int)
    media = said["message_data"].get("attachment", {}).get("media")
    if media:
        _media[f"3_{message['id']}"] = {"type": media["type"], "url": media["media_url_https"]}
    return {
        "id": message["id"], "event_type": "MessageCreate", "text": said["message_data"]["text"],
        "sender_id": said["sender_id"], "dm_conversation_id": "-".join(ids), "participant_ids": ids,
        "created_at": _iso(int(message["created_timestamp"])),
        **({"attachments": {"media_keys": [f"3_{message['id']}"]}} if media else {}),
    }  # fmt: skip


def _iso(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at / 1000))


def mentions(request: Request, account: str) -> Answer | None:
    """None for a call that X refuses."""
    start = request.query.get("start_time", "")
    if not _is_valid(request, 5, {"tweet.fields", "start_time", "end_time", "since_id", "until_id"}):
        return None
    if start and not _TIME.fullmatch(start):
        return None
    since = datetime.fromisoformat(start).timestamp() if start else 0
    fields = {"id", "text", *request.query.get("tweet.fields", "").split(",")}
    rows = [row for row in _posts.get(account, {}).values() if _at(row) >= since]
    return _page(request, [{name: row[name] for name in row if name in fields} | {"at": _at(row)} for row in rows])


def messages(request: Request, account: str) -> Answer | None:
    if not _is_valid(request, 1, {"dm_event.fields", "event_types"}):
        return None
    fields = {"id", "text", "event_type", *request.query.get("dm_event.fields", "").split(",")}
    rows = _messages.get(account, {}).values()
    return _page(request, [{name: row[name] for name in row if name in fields} | {"at": _at(row)} for row in rows])


def _at(row: Json) -> float:
    return datetime.fromisoformat(row["created_at"]).timestamp()


def _is_valid(request: Request, least: int, more: set[str]) -> bool:
    size, token = request.query.get("max_results", "10"), request.query.get("pagination_token", "t0")
    is_known = set(request.query) <= _PARAMETERS | more
    return is_known and size.isdecimal() and least <= int(size) <= 100 and re.fullmatch(r"t\d+", token) is not None


def _page(request: Request, rows: Sequence[dict[str, Any]]) -> Answer:
    """The newest first, with the expanded objects in `includes`."""
    size, start = int(request.query.get("max_results", "10")), int(request.query.get("pagination_token", "t0")[1:])
    ordered = sorted(rows, key=lambda row: row["at"], reverse=True)
    shown = [{name: row[name] for name in row if name != "at"} for row in ordered[start : start + size]]
    end = start + len(shown)
    meta = {"result_count": len(shown), **({"next_token": f"t{end}"} if end < len(rows) else {})}
    return Answer(json={**({"data": shown, "includes": _includes(request, shown)} if shown else {}), "meta": meta})


def _includes(request: Request, rows: Sequence[Json]) -> Json:
    expanded = set(request.query.get("expansions", "").split(","))
    people = (
        {row.get("author_id", row.get("sender_id")) for row in rows} if expanded & {"author_id", "sender_id"} else set()
    )
    if "participant_ids" in expanded:
        people |= {id for row in rows for id in row.get("dm_conversation_id", "").split("-")}
    keys = {key for row in rows for key in row.get("attachments", {}).get("media_keys", ())}
    fields = {"media_key", *request.query.get("media.fields", "").split(",")}
    media = [{"media_key": key, **_media[key]} for key in sorted(keys & _media.keys())]
    shown = [{name: medium[name] for name in medium if name in fields} for medium in media]
    users = [_users[id] for id in sorted(people & _users.keys())]
    return {**({"users": users} if users else {}), **({"media": shown} if "attachments.media_keys" in expanded else {})}
