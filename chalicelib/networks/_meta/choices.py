"""What people can choose from in direct messages, as Messenger and Instagram take it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base

# https://developers.facebook.com/docs/messenger-platform/reference/buttons/quick-replies
# https://developers.facebook.com/docs/messenger-platform/reference/templates/button
LIMITS: Mapping[base.InteractiveKind, base.InteractiveLimit] = {
    "quick_replies": base.InteractiveLimit(options=13, title=20, id=500, text=1000),
    "buttons": base.InteractiveLimit(options=3, title=20, id=500, text=640),
}


def content(text: str, offered: base.Interactive) -> dict[str, Any]:
    """The message object of the Send API."""
    named = [{"title": option.title, "payload": option.id} for option in offered.options]
    if offered.kind == "quick_replies":
        return {"text": text, "quick_replies": [{"content_type": "text", **reply} for reply in named]}
    buttons = [{"type": "postback", **button} for button in named]
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}}
