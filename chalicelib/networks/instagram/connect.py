"""Connecting a professional account, and asking for what the webhook leaves out.

https://developers.facebook.com/docs/instagram-platform/overview
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.networks import _meta, base
from chalicelib.networks._meta import words
from chalicelib.networks.instagram.outbound import CODES, call, host, messages

_FIELDS = (
    "messages,message_reactions,message_edit,messaging_postbacks,messaging_seen,messaging_referral,"
    "comments,live_comments,mentions"
)
_MEDIA = "id,caption,media_type,media_url,permalink,timestamp,username"
_COMMENT = "id,text,timestamp,username"
_TYPES: Mapping[str, base.AttachmentKind] = {"IMAGE": "image", "VIDEO": "video"}


def check(credentials: base.Credentials) -> base.Connected:
    """Under Instagram Login the account has two ids: hooks come for `user_id`, sometimes for `id`."""
    if host(credentials) == "graph.facebook.com":
        return _through_page(credentials)
    me = call("GET", "/me", credentials, query={"fields": "id,user_id,username"})
    account, also = words(me.get("user_id")) or words(me.get("id")), words(me.get("id"))
    return _connected(account, me, {"product": "instagram_login"}, () if also == account else (also,))


def _through_page(credentials: base.Credentials) -> base.Connected:
    fields = "id,instagram_business_account{id,username}"
    page = call("GET", f"/{messages(credentials)}", credentials, query={"fields": fields})
    found = page.get("instagram_business_account")
    linked = found if isinstance(found, dict) else {}
    details = {"product": "facebook_login", "page": words(page.get("id"))}
    return _connected(words(linked.get("id")), linked, details, ())


def _connected(account: str, found: base.Json, details: Mapping[str, str], also: tuple[str, ...]) -> base.Connected:
    if not account:
        raise base.Rejected("No professional Instagram account is linked to this.", code="no_account")
    return base.Connected(account=account, name=words(found.get("username")), also=also, details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """The hook itself is set once for the whole app, in its dashboard."""
    if host(credentials) == "graph.facebook.com":
        _meta.follow_page("instagram", credentials, messages(credentials))
    else:
        path = f"/{messages(credentials)}/subscribed_apps"
        call("POST", path, credentials, query={"subscribed_fields": _FIELDS})


def unsubscribe(credentials: base.Credentials) -> None:
    call("DELETE", f"/{messages(credentials)}/subscribed_apps", credentials)


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """Only people who wrote to the account can be asked for; for the others this is Gone.

    https://developers.facebook.com/docs/messenger-platform/instagram/features/user-profile
    """
    codes = {**CODES, (230, None): base.Gone}
    found = call("GET", f"/{person}", credentials, query={"fields": "name,username,profile_pic"}, codes=codes)
    name, username, avatar = (words(found.get(key)) for key in ("name", "username", "profile_pic"))
    return base.Person(id=person, name=name, username=username, avatar=avatar)


def complete(credentials: base.Credentials, message: base.Message) -> base.Message:
    """Fills in a mention; anything else is whole already."""
    if message.surface != "mention" or message.origin is None or message.text:
        return message
    in_caption = message.id == message.origin.id
    told = _told(credentials, message.id, in_caption)
    username, media = words(told.get("username")), words(told.get("media_url"))
    kind = _TYPES.get(words(told.get("media_type")), "image")
    return replace(
        message,
        text=words(told.get("caption" if in_caption else "text")),
        at=_moment(told.get("timestamp")) or message.at,
        exact=_moment(told.get("timestamp")) > 0,
        person=base.Person(id=username, username=username) if username else None,
        attachments=(base.Attachment(kind=kind, url=media, expires=True),) if media else (),
        origin=replace(message.origin, url=words(told.get("permalink")), kind=kind if media else ""),
    )


def _told(credentials: base.Credentials, mention: str, in_caption: bool) -> Mapping[str, Any]:
    """Under Instagram Login captions are found among the tags.

    https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/mentions
    """
    account = f"/{credentials.account}"
    if host(credentials) == "graph.facebook.com":
        edge, key, fields = ("media", "media_id", _MEDIA) if in_caption else ("comment", "comment_id", _COMMENT)
        query = {"fields": f"mentioned_{edge}.{key}({mention}){{{fields}}}"}
        found = call("GET", account, credentials, query=query).get(f"mentioned_{edge}")
        return found if isinstance(found, dict) else {}
    if not in_caption:
        return call("GET", f"/{mention}", credentials, query={"fields": _COMMENT})
    tags = call("GET", f"{account}/tags", credentials, query={"fields": _MEDIA, "limit": "50"}).get("data")
    return next((tag for tag in tags or () if isinstance(tag, dict) and tag.get("id") == mention), {})


def _moment(value: Any) -> int:
    """Graph's `2026-01-31T09:00:00+0000` in ms, 0 for anything else."""
    try:
        return int(datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z").timestamp() * 1000)
    except (TypeError, ValueError):
        return 0
