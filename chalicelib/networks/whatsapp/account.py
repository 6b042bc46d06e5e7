"""Events of the account itself: its standing and quality, the number's name, templates.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Mapping

from chalicelib.networks import base
from chalicelib.networks._meta.envelope import Item
from chalicelib.networks.read import pick, words

# field: the name of its events, and the name in its value that says what happened
STATES = {
    "account_update": ("account", "event"),
    "account_review_update": ("review", "decision"),
    "account_alerts": ("alert", "alert_type"),
    "business_capability_update": ("capability", ""),
    "phone_number_name_update": ("display_name", "decision"),
    "phone_number_quality_update": ("number", "event"),
    "security": ("security", "event"),
    "message_template_status_update": ("template", "event"),
    "message_template_quality_update": ("template.quality", "new_quality_score"),
    "message_template_components_update": ("template.components", ""),
    "template_category_update": ("template.category", ""),
}
HEALTH: Mapping[str, base.ChannelHealth] = {
    **dict.fromkeys(("account.disabled_update", "account.partner_removed", "account.offboarded"), "disconnected"),
    **dict.fromkeys(("account.deleted", "account.partner_app_uninstalled"), "disconnected"),
    **dict.fromkeys(("account.violation", "account.restriction", "review.rejected", "display_name.rejected"), "alert"),
    **dict.fromkeys(("number.flagged", "number.downgrade", "security.pin_reset_request"), "alert"),
    **dict.fromkeys(("template.rejected", "template.paused", "template.disabled", "template.flagged"), "alert"),
    **dict.fromkeys(("alert.critical", "alert.warning", "template.quality.red"), "alert"),
}
_DETAILS = (
    *("message_template_name", "reason", "recommendation", "violation_type", "waba_ban_state", "alert_description"),
    *("requested_verified_name", "rejection_reason", "current_limit", "new_category", "correct_category"),
)


def state(item: Item) -> base.Event:
    name, key = STATES[item.field]
    value = {**item.value, **(item.value.get("alert_info") or {})}
    what = words(value.get(key)).lower().removeprefix("account_")
    texts = [text for part in (value, *value.values()) for text in pick(part, *_DETAILS).values() if text != "NONE"]
    event = f"{name}.{what}" if what else name
    severity = f"alert.{words(value.get('alert_severity')).lower()}"
    health = HEALTH.get(event) or HEALTH.get(severity, "ok")
    return base.AccountEvent(name=code(event), at=item.time, health=health, detail=", ".join(dict.fromkeys(texts)))


def code(name: str) -> str:
    """The vendor's name for an event, once checked; raises ValueError for anything that cannot be such a name."""
    if not re.fullmatch(r"[a-z_.]{1,60}", name):
        raise ValueError("not a name")
    return name
