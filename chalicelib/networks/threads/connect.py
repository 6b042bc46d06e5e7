"""Connecting a Threads profile, and asking for what webhooks leave out."""

from collections.abc import Mapping, Sequence

from chalicelib.networks import base
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import moment, part, parts, words
from chalicelib.networks.threads.outbound import call

_PROFILE = "id,username,name,threads_profile_picture_url"
_POST = "id,permalink,text,media_type,media_url,thumbnail_url,username,timestamp"


def check(credentials: base.Credentials) -> base.Connected:
    me = profile(credentials)
    if not words(me.get("id")):
        raise base.Rejected("Threads did not say which account the token belongs to.", code="no_account")
    return base.Connected(account=words(me["id"]), name=words(me.get("username")))


def profile(credentials: base.Credentials) -> Mapping[str, object]:
    return call("GET", "/me", credentials, query={"fields": _PROFILE}, codes=CONNECT)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Nothing to do: the hook and its fields are set once for the whole app, in its dashboard, for all who granted us
    rights.
    """


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """The use in the last 24 hours.
    https://developers.facebook.com/docs/threads/troubleshooting#retrieve-publishing-quota-limit
    """
    fields = "quota_usage,config,reply_quota_usage,reply_config"
    rows = parts(call("GET", "/me/threads_publishing_limit", credentials, query={"fields": fields}), "data")
    limit = rows[0] if rows else {}
    kinds = (("publications", "quota_usage", "config"), ("replies", "reply_quota_usage", "reply_config"))
    return [_quota(name, limit.get(used), part(limit, most).get("quota_total")) for name, used, most in kinds]


def _quota(name: str, used: object, most: object) -> base.Quota:
    count = {key: value for key, value in (("used", used), ("most", most)) if isinstance(value, int)}
    return base.Quota(name=name, **count)


def unsubscribe(credentials: base.Credentials) -> None:
    """There is no call for a single account; events for an account that is not connected are dropped."""


def download(credentials: base.Credentials, attachment: base.Attachment) -> base.Download:
    if not _is_id(attachment.media):
        raise base.Gone("Threads has no such file.", code="no_url")
    url = words(call("GET", f"/{attachment.media}", credentials, query={"fields": "media_url"}).get("media_url"))
    if not url:
        raise base.Gone("Threads does not have the file any more.", code="no_url")
    return base.Download(url=url, mime=attachment.mime)


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    """Works for the account's own posts, and for those that mention it if it may answer them."""
    if not _is_id(origin.id):
        raise base.Rejected("Threads has no such publication.", code="object")
    post = call("GET", f"/{origin.id}", credentials, query={"fields": _POST})
    picture = post.get("thumbnail_url") or (post.get("media_url") if post.get("media_type") != "VIDEO" else "")
    return base.Publication(
        url=words(post.get("permalink")),
        kind=words(post.get("media_type")).lower(),
        text=words(post.get("text")),
        picture=words(picture),
        author=words(post.get("username")),
        at=moment(post.get("timestamp")),
    )


def _is_id(id: str) -> bool:
    return id.isascii() and id.isdecimal()
