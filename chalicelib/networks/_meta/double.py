"""What Messenger's and Instagram's doubles share: for how long a person's last action lets the account answer.

https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.networks.double import Answer, Window

_DEEDS = {"message", "postback", "reaction", "referral"}
_TAG_HOURS = 7 * 24


def usage(kind: str, object: str, calls: int = 12, minutes: int = 0) -> dict[str, str]:
    """https://developers.facebook.com/docs/graph-api/overview/rate-limiting"""
    use = {"call_count": calls, "total_cputime": 9, "total_time": 5}
    by_kind = {object: [{"type": kind, **use, "estimated_time_to_regain_access": minutes}]}
    return {"X-App-Usage": json.dumps({**use, "call_count": 3}), "X-Business-Use-Case-Usage": json.dumps(by_kind)}


def used_up(answer: Answer, kind: str, object: str, minutes: int) -> Answer:
    """The refusal, with the minutes until Meta takes calls again."""
    return Answer(answer.status, answer.json, usage(kind, object, 100, minutes))


def note(window: Window, payload: Mapping[str, Any]) -> None:
    """A message, a button and a reaction all open the window. Person ids are specific to the account, so they suffice
    as keys.
    """
    for entry in payload["entry"]:
        for item in entry.get("messaging", ()):
            is_echo = item.get("message", {}).get("is_echo", False)
            is_taken_back = item.get("reaction", {}).get("action") == "unreact"
            if _DEEDS & set(item) and not is_echo and not is_taken_back:
                window.opens("", item["sender"]["id"], item["timestamp"] / 1000)


def is_late(window: Window, person: str, body: Mapping[str, Any]) -> bool:
    """True if the Send API refuses the body; it always takes utility templates, and tagged messages for a week."""
    return body.get("messaging_type") != "UTILITY" and window.is_closed("", person, _TAG_HOURS if "tag" in body else 0)


def offers_rightly(message: Mapping[str, Any]) -> bool:
    """True if the choices, if any, are as documented."""
    payload = message.get("attachment", {}).get("payload", {})
    buttons, replies = payload.get("buttons", []), message.get("quick_replies", [])
    if message.get("attachment", {}).get("type") == "template":
        is_short = payload.get("template_type") == "button" and 0 < len(payload.get("text", "")) <= 640
        fits = is_short and 0 < len(buttons) <= 3 and all(button.get("type") == "postback" for button in buttons)
        return fits and all(map(_is_option, buttons))
    is_text = all(reply.get("content_type") == "text" for reply in replies)
    return is_text and len(replies) <= 13 and all(map(_is_option, replies))


def _is_option(option: Mapping[str, Any]) -> bool:
    return 0 < len(option.get("title", "")) <= 20 and 0 < len(option.get("payload", "")) <= 1000
