"""Connecting a bot: whose token it is, its webhook, and where its files are. https://core.telegram.org/bots/api"""

from collections.abc import Sequence
from urllib.parse import quote

from chalicelib.networks import base, http
from chalicelib.networks.telegram import inbound
from chalicelib.networks.telegram.calls import HOST, api


def check(credentials: base.Credentials) -> base.Connected:
    bot = api(credentials, "getMe")
    return base.Connected(account=str(bot["id"]), name=bot["first_name"], details={"username": bot["username"]})


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Names every kind of update that we read, because Telegram sends reactions only to bots that name them."""
    updates = list(inbound.UPDATES)
    api(credentials, "setWebhook", {"url": hook, "secret_token": secret, "allowed_updates": updates})


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """Another program with the same token may have turned our webhook off."""
    webhook = api(credentials, "getWebhookInfo")
    named = webhook.get("allowed_updates") or []
    return [update for update in inbound.UPDATES if webhook.get("url") != hook or update not in named]


def unsubscribe(credentials: base.Credentials) -> None:
    api(credentials, "deleteWebhook")


def download(credentials: base.Credentials, attachment: base.Attachment) -> base.Download:
    """The address contains the token and works for an hour: fetch at once, and never store or log it."""
    file = api(credentials, "getFile", {"file_id": attachment.media})
    url = f"{http.address('telegram', HOST)}/file/bot{credentials.token}/{quote(file['file_path'])}"
    return base.Download(url=url, mime=attachment.mime, size=file.get("file_size", 0))
