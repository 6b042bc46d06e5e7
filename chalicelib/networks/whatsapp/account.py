"""Events of the account itself: its standing and quality, the number's name, templates.

Each trouble has a name of its own, with its template or number in brackets, and only its own end clears it. A change
that neither begins nor ends a trouble is no event of the channel.
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.networks import base
from chalicelib.networks._meta.envelope import Item
from chalicelib.networks.read import pick, words
from chalicelib.networks.whatsapp import template_news
from chalicelib.networks.whatsapp.readers import items, json_object

NUMBER, TEMPLATE = ("display_phone_number",), ("message_template_id", "message_template_name")
_NAME, _NO_ID = re.compile(r"[a-z_.]{1,60}"), re.compile(r"[^a-zA-Z0-9_-]")
News = Mapping[str, tuple[str, base.ChannelHealth]]


@dataclass(frozen=True, kw_only=True)
class Field:
    """How a field of the webhook is read. `key` names the value that tells what happened, `whose` those that name the
    template or number.

    `news` maps what happened to the trouble that it begins or ends, and to the channel's health from then on.
    """

    key: str
    news: News
    whose: tuple[str, ...] = ()


def _troubles(name: str, health: base.ChannelHealth, begins: str, ends: str = "") -> News:
    """`begins` and `ends` are the values with which the trouble begins and ends, divided by spaces."""
    news: dict[str, tuple[str, base.ChannelHealth]] = dict.fromkeys(begins.split(), (name, health))
    return news | dict.fromkeys(ends.split(), (name, "ok"))


FIELDS: Mapping[str, Field] = {
    "account_update": Field(
        key="event",
        news={
            **_troubles("account_ban", "disconnected", "disabled_update", "disabled_update.reinstate"),
            **_troubles("account_ban", "alert", "disabled_update.schedule_for_disable"),
            **_troubles("account_partner", "disconnected", "partner_removed", "partner_added"),
            **_troubles("account_app", "disconnected", "partner_app_uninstalled", "partner_app_installed"),
            **_troubles("account_offboarding", "disconnected", "account_offboarded", "account_reconnected"),
            **_troubles("account_deletion", "disconnected", "account_deleted"),
            **_troubles("account_violation", "alert", "account_violation"),
            **_troubles("account_restriction", "alert", "account_restriction"),
        },
    ),
    "account_review_update": Field(key="decision", news=_troubles("review", "alert", "rejected", "approved")),
    "account_alerts": Field(key="alert_severity", news=_troubles("alert", "alert", "critical warning")),
    "phone_number_name_update": Field(
        key="decision", whose=NUMBER, news=_troubles("display_name", "alert", "rejected", "approved")
    ),
    "phone_number_quality_update": Field(
        key="event",
        whose=NUMBER,
        news={
            **_troubles("number_quality", "alert", "flagged", "unflagged"),
            **_troubles("number_limit", "alert", "downgrade", "upgrade"),
        },
    ),
    "security": Field(
        key="event",
        whose=NUMBER,
        news=_troubles("security", "alert", "pin_reset_request", "pin_reset_success pin_changed"),
    ),
    "message_template_status_update": Field(
        key="event",
        whose=TEMPLATE,
        news=_troubles("template", "alert", "rejected paused disabled flagged", "approved reinstated unpaused deleted"),
    ),
    "message_template_quality_update": Field(
        key="new_quality_score", whose=TEMPLATE, news=_troubles("template_quality", "alert", "red", "yellow green")
    ),
    "template_category_update": Field(key="new_category", whose=TEMPLATE, news={}),
    "message_template_components_update": Field(key="", whose=TEMPLATE, news={}),
}
_DETAILS = (
    *("message_template_name", "reason", "recommendation", "violation_type", "waba_ban_state", "alert_description"),
    *("requested_verified_name", "rejection_reason", "current_limit"),
)


def state(item: Item) -> base.Event:
    field, value = FIELDS[item.field], {**item.value, **json_object(item.value.get("alert_info"))}
    what = words(value.get(field.key)).lower()
    exact = f"{what}{_ban(value)}"
    template = template_news.of(item.field, value)
    trouble, health = field.news.get(exact) or ("template_told" if template else "", "ok")
    if not trouble:
        return base.Unhandled(reason=code(f"{item.field}.{what}" if what else item.field))
    kind = words(value.get("alert_type")).lower() or exact or "rewritten"
    name = f"{trouble}{_subject(value, field.whose)}.{code(kind)}"
    parts = (value, *(part for part in value.values() if isinstance(part, dict)))
    texts = [text for part in parts for text in pick(part, *_DETAILS).values() if text != "NONE"]
    detail = ", ".join(dict.fromkeys(texts))
    return base.AccountEvent(name=name, at=item.time, health=health, detail=detail, template=template)


def _ban(value: base.Json) -> str:
    """`.reinstate` or `.schedule_for_disable` if that is all that is said of a ban; empty for a ban in force."""
    states = [words(state) for state in items(value.get("ban_info"), "waba_ban_state")]
    return f".{states[-1].lower()}" if states and set(states) <= {"REINSTATE", "SCHEDULE_FOR_DISABLE"} else ""


def _subject(value: base.Json, names: tuple[str, ...]) -> str:
    """The template or number in brackets. The brackets end the name, so no id is the beginning of another."""
    mark = next(iter(pick(value, *names).values()), "")
    return f"[{_NO_ID.sub('', mark)[:64]}]" if names else ""


def code(name: str) -> str:
    """The vendor's name for an event, once checked; raises ValueError for anything that cannot be such a name."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a name")
    return name
