"""Connecting a business account, and asking for the address of a picture."""

import json

from chalicelib.networks import base
from chalicelib.networks.read import words
from chalicelib.networks.tiktok.outbound import call

_KINDS = ("DIRECT_MESSAGE", "COMMENT")


def check(credentials: base.Credentials) -> base.Connected:
    """The credentials must name the account (its open id), because TikTok does not tell whose token it is."""
    if not credentials.account:
        raise base.Rejected("`account` has to be the open id of the account.", code="no_account")
    profile = call(credentials, "GET", "/business/get/", query={"fields": json.dumps(["username", "display_name"])})
    name = words(profile.get("display_name")) or words(profile.get("username"))
    return base.Connected(account=credentials.account, name=name, details=credentials.details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Our own app has its address once for all accounts. Any other app, with a secret and its id in the detail `app`,
    gets its hook here.
    """
    if credentials.secret and credentials.details.get("app"):
        for kind in _KINDS:
            app = {"app_id": credentials.details["app"], "secret": credentials.secret}
            call(
                credentials, "POST", "/business/webhook/update/", body={**app, "event_type": kind, "callback_url": hook}
            )


def unsubscribe(credentials: base.Credentials) -> None:
    """Nothing to do: the app's address is for all its accounts. Events for an account that is not connected are
    dropped.
    """


def download(credentials: base.Credentials, attachment: base.Attachment) -> base.Download:
    """The address works for a day."""
    where = attachment.details
    body = {
        "conversation_id": words(where.get("conversation")),
        "message_id": words(where.get("message")),
        "media_id": attachment.media,
        "media_type": "IMAGE",
    }
    url = words(call(credentials, "POST", "/business/message/media/download/", body=body).get("download_url"))
    if not url:
        raise base.Gone("TikTok does not have the file any more.", code="no_url")
    return base.Download(url=url, mime=attachment.mime)
