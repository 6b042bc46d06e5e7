"""The business profile of a number.

https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/whatsapp-business-profile-api
"""

from typing import Any

from chalicelib.networks import read
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.base import Credentials
from chalicelib.networks.business import BusinessProfile, BusinessProfiles
from chalicelib.networks.read import words

TEXTS = ("about", "address", "description", "email", "vertical")
NO_TRADE = "UNDEFINED"


def get(credentials: Credentials) -> BusinessProfile:
    query = {"fields": ",".join((*TEXTS, "websites"))}
    answer = call("whatsapp", "GET", _path(credentials), credentials, query=query, codes=CONNECT)
    profile: dict[str, Any] = next(iter(read.parts(answer, "data")), {})
    texts = {name: words(profile.get(name)) for name in TEXTS}
    sites = profile.get("websites")
    websites = tuple(site for site in map(words, sites) if site) if isinstance(sites, list) else ()
    return BusinessProfile(**{**texts, "vertical": texts["vertical"].replace(NO_TRADE, "")}, websites=websites)


def put(credentials: Credentials, profile: BusinessProfile) -> None:
    """An empty text clears the field, except `about` and `vertical`, which then stay as they are."""
    texts = {
        name: getattr(profile, name) for name in TEXTS if getattr(profile, name) or name not in ("about", "vertical")
    }
    body = {"messaging_product": "whatsapp", **texts, "websites": list(profile.websites)}
    call("whatsapp", "POST", _path(credentials), credentials, body=body, codes=CONNECT)


def _path(credentials: Credentials) -> str:
    return f"/{credentials.account}/whatsapp_business_profile"


PROFILES = BusinessProfiles(read=get, write=put)
