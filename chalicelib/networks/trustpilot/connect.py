"""Connecting a business. https://developers.trustpilot.com/business-units-api"""

import re

from chalicelib.networks import base
from chalicelib.networks.read import words
from chalicelib.networks.trustpilot.outbound import call

_BUSINESS = re.compile(r"[0-9a-zA-Z]{1,64}", re.ASCII)


def check(credentials: base.Credentials) -> base.Connected:
    """Everybody can read a business's name, so the check reads its private reviews: only its own key can."""
    if not _BUSINESS.fullmatch(credentials.account):
        raise base.Rejected("`account` has to be the id of the business unit.", code="no_account")
    path, key = f"business-units/{credentials.account}", {"apikey": credentials.token}
    call(credentials, "GET", f"/v1/private/{path}/reviews", query={"perPage": "1"})
    business = call(credentials, "GET", f"/v1/{path}", headers=key)
    name, details = words(business.get("displayName")), dict(credentials.details)
    return base.Connected(account=credentials.account, name=name, details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Nothing to do: the hook's address, with its secret, is entered on Trustpilot's own page."""


def unsubscribe(credentials: base.Credentials) -> None:
    """Nothing to do: posts to a hook that is gone are refused."""
