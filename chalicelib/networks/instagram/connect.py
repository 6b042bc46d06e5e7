"""Connecting a professional account, and asking for what webhooks leave out.

https://developers.facebook.com/docs/instagram-platform/overview
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import apps, graph, login
from chalicelib.networks._meta.outcomes import CONNECT, SEND
from chalicelib.networks.instagram import own_login
from chalicelib.networks.instagram.outbound import call, host, node
from chalicelib.networks.read import count, field, moment, pick, words

_FIELDS = (
    "messages,message_reactions,message_edit,messaging_postbacks,messaging_seen,messaging_referral,"
    "comments,live_comments,mentions"
)
_MEDIA = "id,caption,media_type,media_url,permalink,timestamp,username"
_COMMENT = "id,text,timestamp,username"
_TYPES: Mapping[str, base.AttachmentKind] = {"IMAGE": "image", "VIDEO": "video"}


_NEEDED = ("instagram_basic", "pages_show_list", "pages_manage_metadata")


def linked(page: Mapping[str, Any]) -> Iterator[base.Account]:
    """The professional account that is linked to a Page; its calls use the Page's token."""
    owner = page.get("instagram_business_account")
    known = pick(owner, "id", "username", "profile_picture_url")
    if known.get("id"):
        yield base.Account(
            id=known["id"], name=known.get("username", ""), picture=known.get("profile_picture_url", ""),
            token=words(page.get("access_token")),
            details={"product": "facebook_login", "page": words(page.get("id"))},
        )  # fmt: skip


_MORE = ("instagram_manage_comments", "instagram_manage_messages", "pages_read_engagement", "business_management")
CONSENT = login.consent(
    "instagram", (*_NEEDED, *_MORE), linked,
    apps.Hook("instagram", "comments,mentions,messages", _FIELDS), needed=_NEEDED,
    gives={
        **dict.fromkeys(("hide", "delete"), ("instagram_manage_comments",)),
        **dict.fromkeys(("private_reply", "quote", "react", "read", "typing"), ("instagram_manage_messages",)),
    },
    title="Facebook Login", products={own_login.PRODUCT: own_login.CONSENT},
)  # fmt: skip


def check(credentials: base.Credentials) -> base.Connected:
    """Under Instagram Login an account has two ids: webhooks name it by `user_id`, sometimes by `id`.

    If the credentials name an account, the token must be able to read it.
    """
    linked = host(credentials) == "graph.facebook.com"
    owner: Any
    if linked and credentials.account:
        owner = call("GET", f"/{credentials.account}", credentials, query={"fields": "id,username"}, codes=CONNECT)
        details = {"product": "facebook_login", **credentials.details}
    elif linked:
        fields = "id,instagram_business_account{id,username}"
        page = call("GET", f"/{node(credentials)}", credentials, query={"fields": fields}, codes=CONNECT)
        owner = page.get("instagram_business_account")
        details = {"product": "facebook_login", "page": words(page.get("id"))}
    else:
        itself = credentials.account or "me"
        query = {"fields": "id,user_id,username"}
        owner = call("GET", f"/{itself}", credentials, query=query, codes=CONNECT)
        details = {"product": "instagram_login"}
    ids = pick(owner, "user_id", "id").values()
    if not ids:
        raise base.Rejected("The token reaches no professional Instagram account.", code="no_account")
    account, *also = dict.fromkeys(ids)
    name = field(owner, "username")
    return base.Connected(account=account, name=name, also=tuple(also), details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Chooses the fields that Meta posts. The hook's address is set once for the whole app, in its dashboard."""
    fields = graph.PAGE_FIELDS if host(credentials) == "graph.facebook.com" else _FIELDS
    edge = f"/{node(credentials)}/subscribed_apps"
    call("POST", edge, credentials, query={"subscribed_fields": fields}, codes=CONNECT)


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """Checks the fields only: the address of the app's hook is told to the app alone, by `posting` of its consent."""
    edge = call("GET", f"/{node(credentials)}/subscribed_apps", credentials, codes=CONNECT).get("data")
    fields = {words(field) for app in edge or () for field in app.get("subscribed_fields") or ()}
    wanted = "messages" if host(credentials) == "graph.facebook.com" else "messages,comments,mentions"
    return [field for field in wanted.split(",") if field not in fields]


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/content_publishing_limit"""
    query = {"fields": "config,quota_usage"}
    edge = f"/{credentials.account}/content_publishing_limit"
    rows = call("GET", edge, credentials, query=query, codes=CONNECT).get("data") or [{}]
    used, most = rows[0].get("quota_usage"), (rows[0].get("config") or {}).get("quota_total")
    count = {name: value for name, value in (("used", used), ("most", most)) if isinstance(value, int)}
    return [base.Quota(name="publications", **count)]


def unsubscribe(credentials: base.Credentials) -> None:
    call("DELETE", f"/{node(credentials)}/subscribed_apps", credentials, codes=CONNECT)


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """Works for people who wrote to the account; raises Gone for all others.

    https://developers.facebook.com/docs/messenger-platform/instagram/features/user-profile
    """
    codes = {**SEND, (230, None): base.Gone}
    query = {"fields": "name,username,profile_pic,follower_count"}
    answer = call("GET", f"/{person}", credentials, query=query, codes=codes)
    name, username, avatar = (words(answer.get(key)) for key in ("name", "username", "profile_pic"))
    followers = count(answer.get("follower_count"))
    return base.Person(id=person, name=name, username=username, avatar=avatar, followers=followers)


def complete(credentials: base.Credentials, message: base.Message) -> base.Message:
    """Asks for the content of a mention that came as ids only; any other message is given back as it is."""
    if message.surface != "mention" or message.text:
        return message
    media_id = words(message.context.get("media")) or message.id
    in_caption = message.id == media_id
    mention = _mention(credentials, message.id, in_caption)
    username, media = words(mention.get("username")), words(mention.get("media_url"))
    kind = _TYPES.get(words(mention.get("media_type")), "image")
    at = moment(mention.get("timestamp"))
    return replace(
        message,
        text=words(mention.get("caption" if in_caption else "text")),
        at=at or message.at,
        exact=at > 0,
        person=base.Person(id=username, username=username) if username else None,
        attachments=(base.Attachment(kind=kind, url=media, expires=True),) if media else (),
        origin=base.Origin(id=media_id, url=words(mention.get("permalink"))),
    )


def _mention(credentials: base.Credentials, mention: str, in_caption: bool) -> Mapping[str, Any]:
    """The comment or publication that mentions us. Under Instagram Login, a caption is looked up in the account's tags.

    https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/mentions
    """
    account = f"/{credentials.account}"
    if host(credentials) == "graph.facebook.com":
        edge, key, fields = ("media", "media_id", _MEDIA) if in_caption else ("comment", "comment_id", _COMMENT)
        query = {"fields": f"mentioned_{edge}.{key}({mention}){{{fields}}}"}
        answer = call("GET", account, credentials, query=query).get(f"mentioned_{edge}")
        return answer if isinstance(answer, dict) else {}
    if not in_caption:
        return call("GET", f"/{mention}", credentials, query={"fields": _COMMENT})
    tags = call("GET", f"{account}/tags", credentials, query={"fields": _MEDIA, "limit": "50"}).get("data") or []
    return next((tag for tag in tags if isinstance(tag, dict) and tag.get("id") == mention), {})


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    """Works for the account's own media. https://developers.facebook.com/docs/instagram-platform/reference/instagram-media"""
    if not (origin.id.isascii() and origin.id.isdecimal()):
        raise base.Rejected("Instagram has no such publication.", code="object")
    media = call("GET", f"/{origin.id}", credentials, query={"fields": f"{_MEDIA},media_product_type,thumbnail_url"})
    is_picture = media.get("media_type") in ("IMAGE", "CAROUSEL_ALBUM")
    return base.Publication(
        url=words(media.get("permalink")),
        kind=words(media.get("media_product_type")).lower(),
        text=words(media.get("caption")),
        picture=words(media.get("media_url" if is_picture else "thumbnail_url")),
        author=words(media.get("username")),
        at=moment(media.get("timestamp")),
    )
