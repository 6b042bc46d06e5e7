"""Connecting a professional account, and asking for what the webhook leaves out.

https://developers.facebook.com/docs/instagram-platform/overview
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph
from chalicelib.networks.instagram.outbound import CODES, call, host, node
from chalicelib.networks.read import moment, pick, words

_FIELDS = (
    "messages,message_reactions,message_edit,messaging_postbacks,messaging_seen,messaging_referral,"
    "comments,live_comments,mentions"
)
_MEDIA = "id,caption,media_type,media_url,permalink,timestamp,username"
_COMMENT = "id,text,timestamp,username"
_TYPES: Mapping[str, base.AttachmentKind] = {"IMAGE": "image", "VIDEO": "video"}


def check(credentials: base.Credentials) -> base.Connected:
    """Under Instagram Login an account has two ids: hooks come for `user_id`, sometimes for `id`.

    Whoever names the account must have a token that can read it.
    """
    linked = host(credentials) == "graph.facebook.com"
    found: Any
    if linked and credentials.account:
        found = call("GET", f"/{credentials.account}", credentials, query={"fields": "id,username"})
        details = {"product": "facebook_login", **credentials.details}
    elif linked:
        fields = "id,instagram_business_account{id,username}"
        page = call("GET", f"/{node(credentials)}", credentials, query={"fields": fields})
        found = page.get("instagram_business_account")
        details = {"product": "facebook_login", "page": words(page.get("id"))}
    else:
        itself = credentials.account or "me"
        found = call("GET", f"/{itself}", credentials, query={"fields": "id,user_id,username"})
        details = {"product": "instagram_login"}
    ids = pick(found, "user_id", "id").values()
    if not ids:
        raise base.Rejected("No professional Instagram account is linked to this.", code="no_account")
    account, *also = dict.fromkeys(ids)
    name = pick(found, "username").get("username", "")
    return base.Connected(account=account, name=name, also=tuple(also), details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """The hook itself is set once for the whole app, in its dashboard."""
    fields = graph.PAGE_FIELDS if host(credentials) == "graph.facebook.com" else _FIELDS
    call("POST", f"/{node(credentials)}/subscribed_apps", credentials, query={"subscribed_fields": fields})


def unsubscribe(credentials: base.Credentials) -> None:
    call("DELETE", f"/{node(credentials)}/subscribed_apps", credentials)


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
    if message.surface != "mention" or message.text:
        return message
    media_id = words(message.context.get("media")) or message.id
    in_caption = message.id == media_id
    told = _told(credentials, message.id, in_caption)
    username, media = words(told.get("username")), words(told.get("media_url"))
    kind = _TYPES.get(words(told.get("media_type")), "image")
    at = moment(told.get("timestamp"))
    return replace(
        message,
        text=words(told.get("caption" if in_caption else "text")),
        at=at or message.at,
        exact=at > 0,
        person=base.Person(id=username, username=username) if username else None,
        attachments=(base.Attachment(kind=kind, url=media, expires=True),) if media else (),
        origin=base.Origin(id=media_id, url=words(told.get("permalink"))),
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
    tags = call("GET", f"{account}/tags", credentials, query={"fields": _MEDIA, "limit": "50"}).get("data") or []
    return next((tag for tag in tags if isinstance(tag, dict) and tag.get("id") == mention), {})
