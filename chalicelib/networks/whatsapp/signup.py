"""Embedded Signup: a business connects its numbers, also those that it goes on using in the app (coexistence).

https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup
"""

from collections.abc import Iterator, Sequence
from functools import partial

from chalicelib.networks import base
from chalicelib.networks._meta import apps, login
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.read import parts, words

_HOOK = apps.Hook(
    "whatsapp_business_account", "messages",
    "messages,smb_message_echoes,history,smb_app_state_sync,user_preferences,account_update,account_review_update,"
    "account_alerts,business_capability_update,phone_number_name_update,phone_number_quality_update,security,"
    "message_template_status_update,message_template_quality_update,message_template_components_update,"
    "template_category_update",
)  # fmt: skip
NEEDED = ("whatsapp_business_management", "whatsapp_business_messaging")
_EXTRAS = '{"setup":{},"featureType":"whatsapp_business_app_onboarding","sessionInfoVersion":"3"}'


def begin(app: App, asked: Asked) -> Begun:
    """The page lets the business choose between a new number and one that it uses in the app."""
    return login.begin("whatsapp", app, asked, extras=_EXTRAS)


def finish(app: App, granted: Granted) -> Tokens:
    """The granted business accounts are read from the token itself, because no list of `me` has them."""
    tokens = login.finish("whatsapp", app, granted)
    wabas = login.granted_to("whatsapp", app, tokens.token, NEEDED[0])
    if not wabas:
        raise base.Rejected("No WhatsApp Business account was chosen on the consent page.", code="waba")
    return Tokens(
        token=tokens.token, scopes=tokens.scopes, user=tokens.user, details={"wabas": ",".join(dict.fromkeys(wabas))}
    )


def accounts(tokens: Tokens) -> Sequence[Account]:
    """The numbers of the granted business accounts."""
    return [account for waba in tokens.details["wabas"].split(",") for account in _numbers(tokens, waba)]


def _numbers(tokens: Tokens, waba: str) -> Iterator[Account]:
    query = {"fields": "id,display_phone_number,verified_name", "limit": "500"}
    credentials = Credentials(account="", token=tokens.token)
    for number in parts(
        call("whatsapp", "GET", f"/{waba}/phone_numbers", credentials, query=query, codes=CONNECT), "data"
    ):
        name = words(number.get("verified_name")) or words(number.get("display_phone_number"))
        yield Account(id=words(number.get("id")), name=name, token=tokens.token, details={"waba": waba})


CONSENT = Consent(
    begin=begin, finish=finish, accounts=accounts, scopes=(*NEEDED, "business_management"), needed=NEEDED,
    provider="meta", granted=partial(apps.scopes, "whatsapp"),
    posting=partial(apps.posting, "whatsapp", _HOOK), post_to=partial(apps.post_to, "whatsapp", _HOOK),
)  # fmt: skip
