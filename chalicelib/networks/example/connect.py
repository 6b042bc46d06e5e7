"""Connecting a channel to Example, and asking it where a file is and what was published."""

from urllib.parse import quote

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Connected, Credentials, Download, Origin, Publication
from chalicelib.networks.example.outbound import call
from chalicelib.networks.read import millis, pick


def check(credentials: Credentials) -> Connected:
    me = call(credentials, "GET", "/v1/me")
    if not isinstance(me.get("id"), str):
        raise base.Rejected("Example does not say whose token this is.", code="no_account")
    return Connected(account=me["id"], name=str(me.get("name", "")))


def subscribe(credentials: Credentials, hook: str, secret: str) -> None:
    call(credentials, "PUT", "/v1/hook", body={"url": hook, "secret": secret})


def unsubscribe(credentials: Credentials) -> None:
    call(credentials, "DELETE", "/v1/hook")


def download(credentials: Credentials, attachment: Attachment) -> Download:
    file = call(credentials, "GET", f"/v1/media/{quote(attachment.media, safe='')}")
    return Download(url=str(file.get("url", "")), headers={"Authorization": f"Bearer {credentials.token}"})


def publication(credentials: Credentials, origin: Origin) -> Publication:
    post = call(credentials, "GET", f"/v1/posts/{quote(origin.id, safe='')}")
    told = pick(post, "url", "text", "picture", "author")
    return Publication(**told, at=millis(post.get("at")))
