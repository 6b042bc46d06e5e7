"""Connecting an official account, and asking for its files and people.

https://developers.line.biz/en/reference/messaging-api/
"""

import re
from collections.abc import Sequence

from chalicelib.networks import base, http
from chalicelib.networks.line.outbound import call
from chalicelib.networks.read import filled, words

DATA = "api-data.line.me"
_ID = re.compile(r"\w{1,60}", re.ASCII)


def check(credentials: base.Credentials) -> base.Connected:
    """The channel's secret is needed too, because LINE signs with it; a wrong one shows only at the first post."""
    if not credentials.secret:
        raise base.Rejected("`credentials.secret` is missing: the secret of the LINE channel.", code="no_secret")
    bot = call(credentials, "GET", "/v2/bot/info")
    if not words(bot.get("userId")):
        raise base.Rejected("LINE did not say which account the token belongs to.", code="no_account")
    details = filled(basic_id=words(bot.get("basicId")))
    return base.Connected(account=words(bot["userId"]), name=words(bot.get("displayName")), details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Sets the address. LINE's console has the switches that turn on the webhook and the redelivery of failed posts."""
    call(credentials, "PUT", "/v2/bot/channel/webhook/endpoint", body={"endpoint": hook})


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """Everything is missing if another program set its own address, or somebody turned the webhook off."""
    webhook = call(credentials, "GET", "/v2/bot/channel/webhook/endpoint")
    return () if webhook.get("endpoint") == hook and webhook.get("active") is True else ("events",)


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """The messages of this month. A plan without a limit has no `most`."""
    most = call(credentials, "GET", "/v2/bot/message/quota").get("value")
    used = call(credentials, "GET", "/v2/bot/message/quota/consumption").get("totalUsage")
    count = {name: value for name, value in (("used", used), ("most", most)) if isinstance(value, int)}
    return [base.Quota(name="messages", **count)]


def unsubscribe(credentials: base.Credentials) -> None:
    """LINE has no call to remove the address; its posts are refused from now on."""


def download(credentials: base.Credentials, attachment: base.Attachment) -> base.Download:
    """LINE first prepares a video or recording: Unreachable until it is ready. Old files are gone."""
    path = f"/v2/bot/message/{_checked_id(attachment.media)}/content"
    if attachment.kind in ("video", "audio"):
        status = call(credentials, "GET", f"{path}/transcoding", host=DATA).get("status")
        if status == "processing":
            raise base.Unreachable("LINE is still preparing the file.", code="processing")
        if status == "failed":
            raise base.Gone("LINE could not prepare the file.", code="no_url")
    headers = {"Authorization": f"Bearer {credentials.token}"}
    url = f"{http.address('line', DATA)}{path}"
    return base.Download(url=url, headers=headers, mime=attachment.mime, size=attachment.size)


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """Works for people who added the account; raises Gone for all others."""
    profile = call(credentials, "GET", f"/v2/bot/profile/{_checked_id(person)}")
    return base.Person(id=person, name=words(profile.get("displayName")), avatar=words(profile.get("pictureUrl")))


def _checked_id(id: str) -> str:
    if not _ID.fullmatch(id):
        raise base.Gone("LINE has no such person or file.", code="object")
    return id
