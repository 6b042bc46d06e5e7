"""WhatsApp's side of a number's business profile."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.double import Request
from chalicelib.networks.whatsapp.double_errors import require

Json = Mapping[str, Any]
_LONGEST = {"about": 139, "address": 256, "description": 512, "email": 128}
_TRADES = (
    "UNDEFINED OTHER AUTO BEAUTY APPAREL EDU ENTERTAIN EVENT_PLAN FINANCE GROCERY GOVT HOTEL HEALTH NONPROFIT "
    "PROF_SERVICES RETAIL TRAVEL RESTAURANT NOT_A_BIZ"
).split()
_profiles: dict[str, dict[str, Any]] = {}


def _get(request: Request, account: str) -> Json:
    fields = request.query["fields"].split(",")
    require(set(fields) <= {*_LONGEST, "vertical", "websites", "profile_picture_url"}, "Unknown field")
    shown = {"about": "Hey there! I am using WhatsApp.", "vertical": "UNDEFINED", **_profiles.get(account, {})}
    profile = {name: value for name, value in shown.items() if name in fields and value}
    return {"data": [{"messaging_product": "whatsapp", **profile}]}


def _put(request: Request, account: str) -> Json:
    body = dict(request.json)
    require(body.pop("messaging_product") == "whatsapp", "The parameter messaging_product is required.")
    require(set(body) <= {*_LONGEST, "vertical", "websites"}, "Unexpected key")
    for name, longest in _LONGEST.items():
        require(len(body.get(name, "")) <= longest, f"Param {name} is too long")
    require(body.get("about") != "", "Param about must not be empty")
    require(re.fullmatch(r"[^@\s]+@[^@\s]+|", body.get("email", "")), "Param email is not valid")
    require(body.get("vertical", "OTHER") in _TRADES, "Param vertical must be one of its values")
    sites = body.get("websites", [])
    require(len(sites) <= 2 and all(re.match(r"https?://", site) for site in sites), "Param websites is not valid")
    _profiles.setdefault(account, {}).update(body)
    return {"success": True}


ROUTES: tuple[tuple[str, str, Callable[[Request, str], Json]], ...] = (
    ("GET", r"([\w-]+)/whatsapp_business_profile", _get),
    ("POST", r"([\w-]+)/whatsapp_business_profile", _put),
)
