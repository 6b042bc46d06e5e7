"""Connecting a bot: whose token it is, its webhook, and the profiles of people.

https://developers.viber.com/docs/api/rest-bot-api/#get-account-info
"""

from collections.abc import Sequence

from chalicelib.networks import base
from chalicelib.networks.read import part, words
from chalicelib.networks.viber.outbound import call

_EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")


def check(credentials: base.Credentials) -> base.Connected:
    """The bot's name is kept, because each message has to name its sender."""
    bot = call(credentials, "get_account_info", {}, reads=True)
    if not words(bot.get("id")):
        raise base.Rejected("Viber did not say which account the token belongs to.", code="no_account")
    name = words(bot.get("name"))
    return base.Connected(account=words(bot["id"]), name=name, details={"name": name} if name else {})


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Viber posts an event to the address before it answers. It signs with the bot's token."""
    body = {"url": hook, "event_types": _EVENTS, "send_name": True, "send_photo": True}
    call(credentials, "set_webhook", body)


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """Another program with the same token may have set its own address, or fewer events."""
    bot = call(credentials, "get_account_info", {}, reads=True)
    named = bot.get("event_types")
    listed = named if isinstance(named, list) else []
    return [event for event in _EVENTS if bot.get("webhook") != hook or event not in listed]


def unsubscribe(credentials: base.Credentials) -> None:
    call(credentials, "set_webhook", {"url": ""})


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """Works for subscribers, twice in twelve hours for each; raises Gone for all others."""
    user = part(call(credentials, "get_user_details", {"id": person}, reads=True), "user")
    return base.Person(id=person, name=words(user.get("name")), avatar=words(user.get("avatar")))
