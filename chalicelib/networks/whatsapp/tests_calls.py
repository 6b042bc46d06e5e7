"""What the payload samples must show, and the calls and outcomes the tests expect of the API."""

from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import (
    AccountEvent,
    Act,
    Delete,
    Edit,
    Media,
    Message,
    Profile,
    Reaction,
    Receipt,
    Say,
    ThreadEvent,
    Unhandled,
)

SHEENA, CUSTOMER = "16505551234", "972987654321"
POSTBACK = {"thread": SHEENA, "text": "Change", "kind": "postback"}

SAMPLES: dict[str, list[tuple[type[base.Event], dict[str, Any]]]] = {
    "chatwoot-argentina-9": [(Message, {"thread": "541123456789", "text": "Test"})],
    "chatwoot-bsuid-only": [(Message, {"thread": "IN.2081978709342942", "text": "testing bsuid"})],
    "chatwoot-ephemeral": [(Unhandled, {})],
    "chatwoot-status-failed": [(Receipt, {"id": "wamid.OUT1", "status": "failed", "code": "123", "error": "abc"})],
    "doc-account-review": [(AccountEvent, {"name": "review.approved", "health": "ok"})],
    "doc-audio-voice": [(Message, {"thread": SHEENA, "text": "", "kind": ""})],
    "doc-bsuid-text": [(Message, {"thread": "user.93737..."})],
    "doc-contacts": [(Message, {"thread": SHEENA, "text": ""})],
    "doc-interactive-button-reply": [(Message, POSTBACK)],
    "doc-location-reply-to-request": [
        (Message, {"reply_to": "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1QjJGRjI1RDY0RkE4Nzg4QzcA"})
    ],
    "doc-order": [(Message, {"text": "Love these!"})],
    "doc-phone-name-update": [(AccountEvent, {"name": "display_name[15550783881].approved", "detail": "Lucky Shrub"})],
    "doc-phone-quality": [(Unhandled, {"reason": "phone_number_quality_update.throughput_upgrade"})],
    "doc-reaction": [(Reaction, {"thread": SHEENA, "emoji": ""})],
    "doc-security-pin": [(AccountEvent, {"health": "alert"})],
    "doc-smb-app-state-sync": [(Profile, {"context": {"action": "add"}})],
    "doc-smb-message-echo-text": [(Message, {"thread": SHEENA, "direction": "out"})],
    "doc-status-sent-pricing": [(Receipt, {"status": "sent", "thread": SHEENA})],
    "doc-status-sent-v24": [(Receipt, {"status": "sent", "thread": SHEENA})],
    "doc-template-category-impending": [(Unhandled, {"reason": "template_category_update"})],
    "doc-template-components-update": [(Unhandled, {"reason": "message_template_components_update"})],
    "doc-text": [(Message, {"text": "Does it come in another color?", "at": 1749416383000})],
    "doc-text-ctwa-referral": [(Message, {"text": "Can I get more info about this?"})],
    "doc-two-messages-one-post": [
        (Message, {"thread": "34600000002", "text": "b"}),
        (Message, {"thread": "34600000001", "text": "a"}),
    ],
    "doc-value-errors": [(AccountEvent, {"health": "alert"})],
    "doc-video": [(Message, {"text": "Timelapse of growth"})],
    "pywa-account-disabled": [(AccountEvent, {"health": "ok"})],  # its ban was lifted
    "pywa-account-offboarded": [(AccountEvent, {"health": "disconnected"})],
    "pywa-account-violation": [(AccountEvent, {"health": "alert"})],
    "pywa-animated-sticker": [(Message, {"thread": CUSTOMER})],
    "pywa-button-without-context": [(Message, {"text": "title", "reply_to": ""})],
    "pywa-echo-revoke": [(Delete, {"thread": CUSTOMER, "ids": ("wamid.zzzzzz",)})],
    "pywa-edit-image-caption": [(Edit, {"thread": SHEENA, "text": "Updated image caption"})],
    "pywa-marketing-resume": [(Profile, {"context": {"opted_out": False, "category": "marketing_messages"}})],
    "pywa-reply": [(Message, {"text": "replied text", "reply_to": "wamid.xyzxyz=="})],
    "pywa-status-biz-opaque-callback": [(Receipt, {"status": "sent", "correlation": "some data"})],
    "pywa-status-failed-130472": [(Receipt, {"status": "failed", "code": "130472"})],
    "pywa-system-identity-change": [(ThreadEvent, {"thread": CUSTOMER, "name": "customer_identity_changed"})],
    "pywa-template-approved": [(AccountEvent, {"health": "ok"})],
    "pywa-template-quality-yellow": [
        (AccountEvent, {"name": "template_quality[806312974732579].yellow", "health": "ok"})
    ],
    "pywa-template-rejected": [(AccountEvent, {"health": "alert"})],
    "pywa-unreaction-no-emoji": [(Reaction, {"id": "wamid.yzxyzx=", "emoji": ""})],
    "pywa-unsupported-poll": [(Message, {"kind": "unsupported"})],
}

TO = "34600000001"
LINK = "https://files.test/a"


def _said(**fields: Any) -> Say:
    return Say(thread=TO, **{"to": TO, **fields})


def _media(kind: Any, text: str = "", **body: str) -> tuple[Say, Any]:
    file = Media(kind="file" if kind == "document" else kind, url=LINK, name="bill.pdf")
    return _said(text=text, attachments=(file,)), {"to": TO, "type": kind, kind: {"link": LINK, **body}}


def _unnamed(url: str, **body: str) -> tuple[Say, Any]:
    file = Media(kind="file", url=url)
    return _said(attachments=(file,)), {"to": TO, "type": "document", "document": {"link": url, **body}}


SAYS: dict[str, tuple[Say, dict[str, Any]]] = {
    "text": (_said(text="Hi"), {"to": TO, "type": "text", "text": {"body": "Hi", "preview_url": False}}),
    "text with a link": (
        _said(text="See https://a.test"),
        {"to": TO, "type": "text", "text": {"body": "See https://a.test", "preview_url": True}},
    ),
    "text to a username": (
        _said(text="Hi", to="ES.111"),
        {"recipient": "ES.111", "type": "text", "text": {"body": "Hi", "preview_url": False}},
    ),
    "quoting text with our id": (
        _said(text="Hi", reply_to="wamid.1", correlation="msg_1"),
        {
            "to": TO,
            "type": "text",
            "text": {"body": "Hi", "preview_url": False},
            "context": {"message_id": "wamid.1"},
            "biz_opaque_callback_data": "msg_1",
        },
    ),
    "image": _media("image", "Look", caption="Look"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document", "Your bill", caption="Your bill", filename="bill.pdf"),
    "sticker": _media("sticker"),
    # F15
    "document without a name": _unnamed(
        "https://files.test/2026/price%20list.pdf?key=a/b#c", filename="price list.pdf"
    ),
    "document without a name nor a path": _unnamed("https://files.test/"),
    "template": (
        _said(
            template={
                "name": "bill",
                "language": "es_ES",
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
            }
        ),
        {
            "to": TO,
            "type": "template",
            "template": {
                "name": "bill",
                "language": {"code": "es_ES"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
            },
        },
    ),
}

ACTS: dict[str, tuple[Act, dict[str, Any]]] = {
    "react": (
        Act(verb="react", thread=TO, id="wamid.1", to=TO, emoji="👍"),
        {
            "recipient_type": "individual",
            "to": TO,
            "type": "reaction",
            "reaction": {"message_id": "wamid.1", "emoji": "👍"},
        },
    ),
    "unreact": (
        Act(verb="unreact", thread="ES.111", id="wamid.1", emoji="👍"),
        {
            "recipient_type": "individual",
            "recipient": "ES.111",
            "type": "reaction",
            "reaction": {"message_id": "wamid.1", "emoji": ""},
        },
    ),
    "read": (Act(verb="read", thread=TO, id="wamid.1"), {"status": "read", "message_id": "wamid.1"}),
    "typing": (
        Act(verb="typing", thread=TO, id="wamid.1"),
        {"status": "read", "message_id": "wamid.1", "typing_indicator": {"type": "text"}},
    ),
}

# failure: outcome, its code, the seconds to wait
OUTCOMES: dict[str, tuple[type[base.Outcome], str, float]] = {
    "expired": (base.Expired, "190/463", 0),
    "unauthenticated": (base.Expired, "401", 0),
    "throttled": (base.Throttled, "130429", 120),
    "app_throttled": (base.Throttled, "4", 300),
    "account_throttled": (base.Throttled, "80007", 660),
    "pair_throttled": (base.Throttled, "131056", 6),
    "spam": (base.Throttled, "131048", 3600),
    "window_closed": (base.WindowClosed, "131047", 0),
    "gone": (base.Gone, "131026", 0),
    "opted_out": (base.Gone, "131050", 0),
    "experiment": (base.Gone, "130472", 0),
    "ecosystem": (base.Gone, "131049", 0),
    "self": (base.Gone, "131021", 0),
    "rejected": (base.Rejected, "131009", 0),
    "no_permission": (base.Rejected, "10", 0),
    "no_such_number": (base.Rejected, "100/33", 0),
    "template_missing": (base.Rejected, "132001", 0),
    "template_paused": (base.Rejected, "132015", 0),
    "username_only": (base.Rejected, "131062", 0),
    "payment": (base.Rejected, "131042", 0),
    "locked": (base.Rejected, "131031", 0),
    "restricted": (base.Rejected, "368", 0),
    "unregistered": (base.Rejected, "133010", 0),
    "unavailable": (base.Unreachable, "131016", 0),
    "unknown_error": (base.Unreachable, "131000", 0),
    "maintenance": (base.Unreachable, "131057", 0),
    "overloaded": (base.Unreachable, "2", 0),
    "broken": (base.Unknown, "502", 0),
    "silent": (base.Unknown, "no_id", 0),
}

REFUSED = [
    _said(text="x" * 4097),
    _said(text="", to="34600000001"),
    _said(text="Hi", to="Ana"),
    _said(text="x" * 1025, attachments=(Media(kind="image", url=LINK),)),
    _said(text="Hi", attachments=(Media(kind="audio", url=LINK),)),
    _said(attachments=(Media(kind="image", url="file:///etc/passwd"),)),
    _said(text="Hi", reply_to="m_1"),
    _said(template={"name": "Not A Name", "language": "es"}),
    _said(text="Hi", correlation="x" * 513),
]
