"""An app at Meta and its webhook subscriptions, played strictly: a hook that does not shake hands is refused.

https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
"""

from collections.abc import Mapping
from typing import Any

import urllib3

from chalicelib.networks.double import Answer, Request, is_address, number

_MESSAGES = (
    "messages,message_echoes,message_edits,message_reactions,message_deliveries,message_reads,messaging_postbacks,"
    "messaging_referrals,messaging_optins,messaging_handovers,messaging_policy_enforcement,standby"
)
FIELDS = {
    "page": f"feed,mention,ratings,{_MESSAGES}",
    "instagram": (
        "comments,live_comments,mentions,messages,message_reactions,message_edit,messaging_postbacks,messaging_seen,"
        "messaging_referral,standby"
    ),
    "whatsapp_business_account": (
        "messages,smb_message_echoes,history,smb_app_state_sync,user_preferences,account_update,account_review_update,"
        "account_alerts,business_capability_update,phone_number_name_update,phone_number_quality_update,security,"
        "message_template_status_update,message_template_quality_update,message_template_components_update,"
        "template_category_update"
    ),
}
_hooks: dict[tuple[str, str], Mapping[str, Any]] = {}  # by app and object


def posts(app: str, object: str, address: str, fields: str, *, active: bool = True) -> None:
    """Sets the app's hook, as somebody does in its dashboard."""
    listed = [{"name": field, "version": "v25.0"} for field in fields.split(",")]
    _hooks[app, object] = {"object": object, "callback_url": address, "active": active, "fields": listed}


def answer(request: Request, app: str) -> Answer:
    """Takes the app's own token only. An app without hooks does not exist. On the host `control` a test sets a hook."""
    if request.host == "control":
        set_to = request.query
        posts(set_to["app"], set_to["object"], set_to["callback_url"], set_to["fields"])
        return Answer(json={"success": True})
    if not request.query.get("access_token", "").startswith(f"{app}|"):
        return _refused("This method must be called with an app access_token.")
    if request.method == "POST":
        return _posted(request, app)
    hooks = [hook for (whose, _), hook in _hooks.items() if whose == app]
    return Answer(json={"data": hooks}) if hooks else _refused(f"Object with ID '{app}' does not exist.")


def _posted(request: Request, app: str) -> Answer:
    object, address, fields, token = (
        request.query.get(name, "") for name in ("object", "callback_url", "fields", "verify_token")
    )
    known = FIELDS.get(object, "").split(",")
    if not (fields and set(fields.split(",")) <= set(known) and is_address(address) and token):
        return _refused("Invalid parameter")
    challenge = str(1_158_201_444 + number())
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    shaken = urllib3.request("GET", address, fields=asked, redirect=False, timeout=10)
    if shaken.status != 200 or shaken.data != challenge.encode():
        why = f"Callback verification failed with the following errors: HTTP Status Code = {shaken.status}"
        return _refused(f"(#2200) {why}", 2200)
    posts(app, object, address, fields)
    return Answer(json={"success": True})


def _refused(message: str, code: int = 100) -> Answer:
    return Answer(400, {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbC"}})
