"""Reads what X posts, in two shapes: the X Activity API has one event a body, the older Account Activity API has lists.

A body is first cut down to single items with the people in them; these are also what is kept.
https://docs.x.com/x-api/activity/event-payloads and https://docs.x.com/x-api/account-activity/introduction
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import UNREADABLE, identity, part, parts, short, typed, words
from chalicelib.networks.x import direct, people, posts

_DIRECT = "direct_message_events"
_PERSON = ("id", "name", "username", "screen_name", "profile_image_url", "profile_image_url_https")
_LISTS = {
    _DIRECT: direct.message,
    "direct_message_mark_read_events": direct.read,
    "direct_message_indicate_typing_events": lambda account, item, people: base.Unhandled(reason="typing"),
    "tweet_create_events": posts.older,
    "tweet_delete_events": posts.older_deleted,
}
_POSTS = ("post.create", "post.mention.create", "post.reply.create", "post.quote.create")
_ENGAGEMENT = ("like", "follow", "favorite_events", "follow_events", "unfollow_events")
_SILENT = ("profile", "mute", "block", "spaces", "broadcast", "news", "mute_events", "block_events")


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    body = payload if isinstance(payload, Mapping) else {}
    if isinstance(body.get("data"), Mapping):
        flags = {name: True for name in ("asked", "history") if body.get(name) is True}
        yield from (_with_flags(inbound, flags) for inbound in _activity(body["data"]))
    elif "user_event" in body:
        yield _revoked({"user_event": _revocation(body["user_event"])})
    else:
        yield from _account_activity(body)


def _with_flags(inbound: base.Inbound, flags: Mapping[str, bool]) -> base.Inbound:
    """The event with the flags of a body that we asked for; its times are in seconds only."""
    event = inbound.event
    if flags and isinstance(event, base.Message):
        event = replace(event, exact=False, coarse=event.at > 0, history="history" in flags)
    return replace(inbound, event=event, raw={**inbound.raw, **flags}) if flags else inbound


# The X Activity API


def _activity(data: base.Json) -> Iterator[base.Inbound]:
    head: dict[str, Any] = {name: data[name] for name in short(data, "event_uuid", "event_type")}
    head["filter"] = {name: part(data, "filter")[name] for name in short(data.get("filter"), "user_id")}
    for content in _contents(data, words(head.get("event_type"))):
        raw = {"data": {**head, **content}}
        yield base.Inbound(account=words(head["filter"].get("user_id")), event=_activity_event(raw["data"]), raw=raw)


def _contents(data: base.Json, name: str) -> Iterator[base.Json]:
    """The content of the event, once for each message in it."""
    payload = data.get("payload")
    messages = payload.get(_DIRECT) if isinstance(payload, Mapping) else None
    if name.startswith("dm.") and isinstance(messages, list):
        for message in messages:
            yield {"payload": {_DIRECT: [message], "users": _users(payload, message)}}
    elif name in _POSTS and isinstance(payload, Mapping):
        yield {"payload": payload, "includes": _includes(data.get("includes"), payload)}
    else:
        yield {"payload": payload}


def _activity_event(data: base.Json) -> base.Event:
    try:
        account, name = identity(data["filter"]["user_id"]), typed(str, data["event_type"])
        if name == "oauth.revoke":
            return _disconnected(posts.iso(part(data, "payload").get("date_time")))
        if name == "post.repost.create" or name.partition(".")[0] in _ENGAGEMENT:
            return base.Unhandled(reason="engagement")
        if name.partition(".")[0] in _SILENT or name == "dm.indicate_typing":
            return base.Unhandled(reason="silent")
        return _event_of(account, name, typed(dict, data["payload"]), part(data, "includes"))
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _event_of(account: str, name: str, payload: base.Json, includes: base.Json) -> base.Event:
    if name in ("dm.received", "dm.sent"):
        return direct.message(account, typed(list, payload[_DIRECT])[0], part(payload, "users"))
    if name == "dm.read":
        return direct.read(account, payload, {})
    if name in ("chat.received", "chat.sent"):
        return direct.encrypted(account, payload)
    if name in _POSTS:
        return posts.newer(account, name, payload, includes)
    if name == "post.delete":
        return posts.deleted(payload)
    return base.Unhandled(reason="unknown_type")


# The Account Activity API


def _account_activity(body: base.Json) -> Iterator[base.Inbound]:
    head = {name: body[name] for name in short(body, "for_user_id")}
    account = words(head.get("for_user_id"))
    lists = [(name, items) for name, items in body.items() if name.endswith("_events") and isinstance(items, list)]
    if not account or not lists:
        yield base.Inbound(account=account, event=base.Unhandled(reason="malformed"), raw=head)
        return
    for name, items in lists:
        for item in items:
            users = {"users": _users(body, item)} if name == _DIRECT else {}
            raw = {**head, name: [item], **users}
            yield base.Inbound(account=account, event=_account_event(account, name, item, part(raw, "users")), raw=raw)


def _account_event(account: str, name: str, item: Any, people: base.Json) -> base.Event:
    read = _LISTS.get(name)
    if read is None:
        reason = "engagement" if name in _ENGAGEMENT else "silent" if name in _SILENT else "unknown_type"
        return base.Unhandled(reason=reason)
    try:
        return read(account, typed(dict, item), people)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _revocation(event: Any) -> base.Json:
    revoke = part(event, "revoke")
    return {"revoke": {**short(revoke, "date_time"), "source": short(revoke.get("source"), "user_id")}}


def _revoked(body: base.Json) -> base.Inbound:
    revoke = body["user_event"]["revoke"]
    account = words(revoke["source"].get("user_id"))
    event = _disconnected(posts.iso(revoke.get("date_time"))) if account else base.Unhandled(reason="malformed")
    return base.Inbound(account=account, event=event, raw=body)


def _disconnected(at: int) -> base.AccountEvent:
    return base.AccountEvent(name="token.revoked", at=at, health="expired")


# What items share, cut down to what an item is about.


def _users(holder: object, message: object) -> base.Json:
    """The author and the addressee of the message."""
    said = part(message, "message_create")
    ids = [words(said.get("sender_id")), words(part(said, "target").get("recipient_id"))]
    users = part(holder, "users")
    return {id: _person(part(users, id).get("data") or users.get(id)) for id in ids if id in users}


def _person(user: Any) -> base.Json:
    followers = people.followers(user) if isinstance(user, Mapping) else None
    return {**short(user, *_PERSON), **({} if followers is None else {"followers_count": followers})}


def _includes(includes: Any, post: base.Json) -> base.Json:
    """The post's author, the author of the post that it answers, and its files."""
    wanted = {words(post.get("author_id"))}
    above = {words(reference.get("id")) for reference in parts(post, "referenced_tweets")}
    keys = part(post, "attachments").get("media_keys")
    files = {words(key) for key in keys} if isinstance(keys, list) else set()
    return {
        "users": [_person(user) for user in parts(includes, "users") if words(user.get("id")) in wanted],
        "tweets": [
            short(tweet, "id", "author_id") for tweet in parts(includes, "tweets") if words(tweet.get("id")) in above
        ],
        "media": [medium for medium in parts(includes, "media") if words(medium.get("media_key")) in files],
    }
