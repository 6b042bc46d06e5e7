"""What WhatsApp tells of a template: its state, its category, its quality, and that its components changed.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks.base import Json, TemplateNews, TemplateState
from chalicelib.networks.read import identity, millis, part, words

STATES: Mapping[str, TemplateState] = {
    "approved": "approved", "reinstated": "approved", "unpaused": "approved", "flagged": "approved",
    "pending": "pending", "in_appeal": "pending", "rejected": "rejected", "paused": "paused",
    "disabled": "disabled", "locked": "disabled", "archived": "disabled", "limit_exceeded": "rejected",
    "deleted": "deleted", "pending_deletion": "deleted",
}  # fmt: skip
_LANGUAGE, _REASON = re.compile(r"[A-Za-z_]{2,15}"), re.compile(r"[A-Z_]{1,50}")


def language(value: object) -> str:
    """The language as we send it: some webhooks have `en-US` for `en_US`. Raises ValueError for what is no language."""
    code = identity(value).replace("-", "_")
    if not _LANGUAGE.fullmatch(code):
        raise ValueError("not a language")
    return code


def reason(value: object) -> str:
    """The reason's code, empty if there is none."""
    code = words(value)
    return code if _REASON.fullmatch(code) and code != "NONE" else ""


def quality(value: object) -> str:
    score = words(value).lower()
    return score if score in ("green", "yellow", "red") else ""


def _status(value: Json) -> dict[str, Any]:
    info = part(value, "rejection_info") or part(value, "other_info")
    texts = (words(info.get(name)) for name in ("reason", "description", "recommendation"))
    return {
        "state": STATES.get(words(value.get("event")).lower(), ""),
        "reason": reason(value.get("reason")),
        "detail": " ".join(filter(None, texts)),
        "category": words(value.get("message_template_category")),
    }  # fmt: skip


def _category(value: Json) -> dict[str, Any]:
    """Before a change WhatsApp tells the coming category and its time; after the change, the new category."""
    new, right = words(value.get("new_category")), words(value.get("correct_category"))
    if right and right != new:
        return {
            "category": new, "next_category": right, "category_at": millis(value.get("category_update_timestamp")),
        }  # fmt: skip
    return {"category": new}


FIELDS: Mapping[str, Callable[[Json], dict[str, Any]]] = {
    "message_template_status_update": _status,
    "template_category_update": _category,
    "message_template_components_update": lambda value: {"is_rewritten": True},
    "message_template_quality_update": lambda value: {"quality": quality(value.get("new_quality_score"))},
}


def of(field: str, value: Json) -> TemplateNews | None:
    """What the value tells of a template; None if it names no template, or has nothing that we keep."""
    news = {name: text for name, text in FIELDS[field](value).items() if text} if field in FIELDS else {}
    names = [value.get(f"message_template_{name}") for name in ("name", "language")]
    if not news or not all(names):
        return None
    try:
        return TemplateNews(
            name=identity(names[0]), language=language(names[1]), id=words(value.get("message_template_id")), **news
        )
    except ValueError:
        return None
