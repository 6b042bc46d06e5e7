"""Connecting a phone number of a WhatsApp Business account, and where its files are.

`account` is the number's id; `details["waba"]`, which comes from embedded signup, is the business account's id.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

from chalicelib.networks import base
from chalicelib.networks._meta import graph, usage
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import CLOUD, CONNECT
from chalicelib.networks.base import Attachment, Connected, Credentials, Download, Pulled, Stretch
from chalicelib.networks.read import pick, words

_TIER, _TIERS = "whatsapp_business_manager_messaging_limit", re.compile(r"TIER_((\d{1,6})(K?)|UNLIMITED)", re.ASCII)


def check(credentials: Credentials) -> Connected:
    """The number must belong to the business account: otherwise the caller would get the events of somebody else's
    account.
    """
    waba = credentials.details.get("waba", "")
    fields = {"fields": "id,display_phone_number,verified_name"}
    number = call("whatsapp", "GET", f"/{credentials.account}", credentials, query=fields, codes=CONNECT)
    listed = {"fields": "id", "limit": "500"}
    numbers = (
        call("whatsapp", "GET", f"/{waba}/phone_numbers", credentials, query=listed, codes=CONNECT) if waba else {}
    )
    if {"id": credentials.account} not in [pick(entry, "id") for entry in numbers.get("data", [])]:
        raise base.Rejected("The number does not belong to the WhatsApp Business account.", code="waba")
    phone = words(number.get("display_phone_number"))
    name = words(number.get("verified_name")) or phone
    details = {"waba": waba, "phone": phone}
    return Connected(account=credentials.account, name=name, also=(f"waba:{waba}",), details=details)


def subscribe(credentials: Credentials, hook: str, secret: str) -> None:
    """Subscribes the app to the business account; its events come to the app's hook."""
    call("whatsapp", "POST", f"/{credentials.details['waba']}/subscribed_apps", credentials, codes=CONNECT)


def unheard(credentials: Credentials, hook: str) -> Sequence[str]:
    """An app that is not in the business account's list gets no events of it."""
    answer = call("whatsapp", "GET", f"/{credentials.details['waba']}/subscribed_apps", credentials, codes=CONNECT)
    return () if answer.get("data") else ("messages",)


def quotas(credentials: Credentials) -> Sequence[base.Quota]:
    """How many people the business may write to in 24 hours outside their 24-hour windows; its numbers share that
    limit.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits
    """
    number = graph.read("whatsapp", f"/{credentials.account}", credentials, f"id,{_TIER}", codes=CONNECT)
    tier = _TIERS.fullmatch(words(number.json.get(_TIER)))
    most = int(tier[2]) * (1000 if tier[3] else 1) if tier and tier[2] else None
    people = [base.Quota(name="people_in_24_hours_of_the_business", most=most)] if tier else []
    return [*people, *usage.quotas(number.headers)]


def unsubscribe(credentials: Credentials) -> None:
    call("whatsapp", "DELETE", f"/{credentials.details['waba']}/subscribed_apps", credentials, codes=CONNECT)


def past(credentials: Credentials, stretch: Stretch) -> Pulled:
    """Asks WhatsApp to post the address book and the last six months of a number that is also used in the app.

    That works once for each number, within a day after it was connected; what WhatsApp posts comes to the hook.
    https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/onboarding-business-app-users
    """
    place = f"/{credentials.account}"
    fields = {"fields": "is_on_biz_app,platform_type"}
    if stretch.is_history and call("whatsapp", "GET", place, credentials, query=fields).get("is_on_biz_app") is True:
        with suppress(base.Rejected, base.Unknown):  # refused if asked for before, when the history may not have been
            _sync(credentials, "smb_app_state_sync")
        _sync(credentials, "history")
    return Pulled()


def _sync(credentials: Credentials, what: str) -> None:
    body = {"messaging_product": "whatsapp", "sync_type": what}
    call("whatsapp", "POST", f"/{credentials.account}/smb_app_data", credentials, body=body, codes=CLOUD)


def download(credentials: Credentials, attachment: Attachment) -> Download:
    """The address works for five minutes, and only with the token and a user agent."""
    query = {"phone_number_id": credentials.account}
    file = call("whatsapp", "GET", f"/{attachment.media}", credentials, query=query)
    url, size = words(file.get("url")), words(file.get("file_size"))
    if not url:
        raise base.Gone("WhatsApp does not have the file any more.", code="no_url")
    return Download(
        url=url,
        headers={"Authorization": f"Bearer {credentials.token}", "User-Agent": "palabre"},
        mime=words(file.get("mime_type")) or attachment.mime,
        size=int(size) if size.isdecimal() else 0,
    )
