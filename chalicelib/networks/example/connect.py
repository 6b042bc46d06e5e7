"""Connecting a channel to Example, and asking for files and publications."""

from collections.abc import Sequence
from urllib.parse import quote

from chalicelib.networks import base
from chalicelib.networks.base import (
    Ad,
    Attachment,
    Connected,
    Credentials,
    Download,
    Origin,
    Publication,
    Pulled,
    Quota,
    Stretch,
)
from chalicelib.networks.example.outbound import call
from chalicelib.networks.read import millis, pick


def check(credentials: Credentials) -> Connected:
    me = call(credentials, "GET", "/v1/me")
    if not isinstance(me.get("id"), str):
        raise base.Rejected("Example did not say which account the token belongs to.", code="no_account")
    return Connected(account=me["id"], name=str(me.get("name", "")))


def subscribe(credentials: Credentials, hook: str, secret: str) -> None:
    call(credentials, "PUT", "/v1/hook", body={"url": hook, "secret": secret})


def unsubscribe(credentials: Credentials) -> None:
    call(credentials, "DELETE", "/v1/hook")


def unheard(credentials: Credentials, hook: str) -> Sequence[str]:
    return () if call(credentials, "GET", "/v1/hook").get("url") == hook else ("events",)


def past(credentials: Credentials, stretch: Stretch) -> Pulled:
    """Example gives all events at once, without telling which are older than the connection."""
    rows = call(credentials, "GET", f"/v1/events?since={stretch.since}").get("events")
    events = [event for event in rows if isinstance(event, dict)] if isinstance(rows, list) else []
    return Pulled(bodies=[{"account": credentials.account, "events": events}] if events else [])


def quotas(credentials: Credentials) -> Sequence[Quota]:
    quota = call(credentials, "GET", "/v1/quota")
    used, most = (value if isinstance(value := quota.get(name), int) else None for name in ("used", "most"))
    return [Quota(name="messages", used=used, most=most, ends_at=millis(quota.get("ends")))]


def download(credentials: Credentials, attachment: Attachment) -> Download:
    file = call(credentials, "GET", f"/v1/media/{quote(attachment.media, safe='')}")
    return Download(url=str(file.get("url", "")), headers={"Authorization": f"Bearer {credentials.token}"})


def publication(credentials: Credentials, origin: Origin) -> Publication:
    post = call(credentials, "GET", f"/v1/posts/{quote(origin.id, safe='')}")
    fields, ad = pick(post, "url", "text", "picture", "author"), pick(post.get("ad"), "id", "title", "creative")
    return Publication(**fields, at=millis(post.get("at")), ad=Ad(**ad) if ad else None)
