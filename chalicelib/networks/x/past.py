"""What was said to the account in a stretch of time: posts that mention or answer it, and direct messages.

Both lists tell times to the second. X charges for reading, so of the time before the account was connected one page of
each is read. https://docs.x.com/x-api/posts/timelines/introduction and
https://docs.x.com/x-api/direct-messages/lookup/introduction
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import part, parts, words
from chalicelib.networks.x.outbound import call
from chalicelib.networks.x.posts import iso

_SIZE = "100"
_USER = "name,username,profile_image_url,public_metrics"
_FILE = "type,url,variants,preview_image_url,duration_ms,alt_text"
_OF_POSTS = {
    "tweet.fields": "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,attachments,note_tweet",
    "expansions": "author_id,attachments.media_keys,referenced_tweets.id",
    "user.fields": _USER,
    "media.fields": _FILE,
}
_OF_MESSAGES = {
    "event_types": "MessageCreate",
    "dm_event.fields": "id,text,event_type,created_at,sender_id,dm_conversation_id,attachments",
    "expansions": "sender_id,participant_ids,attachments.media_keys",
    "user.fields": _USER,
    "media.fields": _FILE,
}
Json = base.Json


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """Reads one page: first of posts, and when these end, of messages."""
    read = _messages if stretch.mark.get("step") == "messages" else _posts
    return read(credentials, stretch)


def _posts(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    since = datetime.fromtimestamp(stretch.since // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = _page(credentials, stretch, f"/2/users/{credentials.account}/mentions", {**_OF_POSTS, "start_time": since})
    posts = [post for post in parts(page, "data") if iso(post.get("created_at")) >= stretch.since // 1000 * 1000]
    events = [
        {"event_type": "post.mention.create", "payload": post, "includes": part(page, "includes")}
        for post in reversed(posts)
    ]
    token = _next(page, stretch)
    mark = {"step": "posts", "token": token} if token else {"step": "messages"}
    return base.Pulled(bodies=_bodies(credentials, stretch, events), mark=mark, more=True)


def _messages(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    """The newest come first; X has no filter by time. Group conversations are left out."""
    page = _page(credentials, stretch, "/2/dm_events", _OF_MESSAGES)
    every, includes = parts(page, "data"), part(page, "includes")
    new = [event for event in every if iso(event.get("created_at")) >= stretch.since // 1000 * 1000]
    messages = [message for event in reversed(new) if (message := _message(event, includes))]
    users = {words(user.get("id")): {"data": user} for user in parts(includes, "users")}
    payload = {"direct_message_events": messages, "users": users}
    events = [{"event_type": "dm.received", "payload": payload}] if messages else []
    token = _next(page, stretch) if every and len(new) == len(every) else ""
    mark = {"step": "messages", "token": token}
    return base.Pulled(bodies=_bodies(credentials, stretch, events), mark=mark, more=bool(token))


def _page(credentials: base.Credentials, stretch: base.Stretch, path: str, query: Mapping[str, str]) -> Json:
    token = words(stretch.mark.get("token"))
    more = {"pagination_token": token} if token else {}
    return call(credentials, "GET", path, query={"max_results": _SIZE, **query, **more})


def _next(page: Json, stretch: base.Stretch) -> str:
    return "" if stretch.is_history else words(part(page, "meta").get("next_token"))


def _message(event: Json, includes: Json) -> Json | None:
    """The message in the form of a webhook; None if more than two people take part."""
    sender, ids = words(event.get("sender_id")), words(event.get("dm_conversation_id")).split("-")
    others = [id for id in ids if id != sender]
    if len(ids) != 2 or len(others) != 1:
        return None
    data = {"text": words(event.get("text")), **_file(event, includes)}
    said = {"sender_id": sender, "target": {"recipient_id": others[0]}, "message_data": data}
    at = str(iso(event.get("created_at")))
    return {"type": "message_create", "id": words(event.get("id")), "created_timestamp": at, "message_create": said}


def _file(event: Json, includes: Json) -> Mapping[str, Any]:
    keys = part(event, "attachments").get("media_keys")
    files = [file for file in parts(includes, "media") if isinstance(keys, list) and file.get("media_key") in keys]
    if not files:
        return {}
    return {"attachment": {"type": "media", "media": {**files[0], "media_url_https": words(files[0].get("url"))}}}


def _bodies(credentials: base.Credentials, stretch: base.Stretch, events: Sequence[Json]) -> list[Json]:
    """The bodies in the form of webhooks, with the flags of what we asked for."""
    flags = {"asked": True, **({"history": True} if stretch.is_history else {})}
    return [{"data": {"filter": {"user_id": credentials.account}, **event}, **flags} for event in events]
