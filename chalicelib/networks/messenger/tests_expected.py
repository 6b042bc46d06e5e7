"""The events that Messenger's fixtures and the public samples must give."""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base

PAGE, PERSON, AT = "104100000000001", "7600000000000001", 1784990000123


def said(id: str, **fields: Any) -> base.Message:
    return base.Message(thread=PERSON, id=id, at=AT, person=base.Person(id=PERSON), **fields)


def file(kind: base.AttachmentKind, url: str, **fields: Any) -> base.Attachment:
    return base.Attachment(kind=kind, url=url, expires=True, **fields)


REFERRAL = {"ref": "flyer", "source": "SHORTLINK", "type": "OPEN_THREAD"}
STICKER = file("sticker", "https://scontent.xx.fbcdn.net/s.png", media="369239263222822")
PRODUCT = {"id": "123", "retailer_id": "sku1", "name": "Pasta"}
PRICED = {**PRODUCT, "unit_price": "11.5", "currency": "EUR", "quantity": "2"}


def thread_event(name: str, **context: Any) -> base.ThreadEvent:
    return base.ThreadEvent(thread=PERSON, name=name, at=AT, person=base.Person(id=PERSON), context=context)


def receipt(status: base.ReceiptStatus, **fields: Any) -> base.Receipt:
    return base.Receipt(thread=PERSON, status=status, at=AT, **fields)


EXPECTED: Mapping[str, list[base.Event]] = {
    "account_linking": [base.Unhandled(reason="account_linking")],
    "app_roles": [base.Unhandled(reason="app_roles")],
    "batch_of_two_pages_with_one_unreadable": [
        said("m_b1", text="one"),
        base.Unhandled(reason="malformed"),
        said("m_b3", text="three"),
    ],
    "delivered_two_and_a_watermark": [
        receipt("delivered", id="m_a"),
        receipt("delivered", id="m_b"),
        receipt("delivered", watermark=AT - 10),
    ],
    "delivered_watermark": [receipt("delivered", watermark=AT - 10)],
    "echo_of_another_app": [
        said("m_echo", direction="out", text="We open at 9", context={"app_id": "26390203743090"})
    ],
    "echo_of_ours": [
        said("m_echo2", direction="out", text="Hi", correlation="msg_01H", context={"app_id": "1517776481860111"})
    ],
    "edit": [base.Edit(thread=PERSON, id="m_text1", at=AT, text="Hola, ¿hay mesa hoy?")],
    "edit_without_text": [base.Unhandled(reason="edit_without_text")],
    "feed_change": [base.Unhandled(reason=base.SIBLING)],
    "message_from_an_ad": [
        said(
            "m_ad",
            text="Hi",
            context={
                "referral": {
                    "ref": "R", "source": "ADS", "type": "OPEN_THREAD", "ad_id": "6045246247433",
                    "ad_title": "Spring", "photo_url": "https://scontent.xx.fbcdn.net/a.jpg", "post_id": "1221",
                }
            },
        )
    ],
    "message_quick_reply": [said("m_qr", text="Red", context={"payload": "PICK_RED"})],
    "message_quoting": [said("m_quote", text="Yes", reply_to="m_text1")],
    "message_share_of_a_reel": [
        said(
            "m_reel",
            kind="share",
            attachments=(
                base.Attachment(kind="link", url="https://www.facebook.com/reel/12", media="12", title="A reel"),
            ),
        )
    ],
    "message_sticker": [said("m_st2", attachments=(STICKER,))],
    "message_sticker_before_september_2026": [said("m_st1", attachments=(STICKER,))],
    "message_text": [said("m_text1", text="Hola, ¿hay mesa?")],
    "message_with_every_attachment": [
        said(
            "m_all",
            attachments=(
                file("video", "https://video.xx.fbcdn.net/v/a.mp4"),
                file("audio", "https://cdn.fbsbx.com/v/a.aac"),
                file("file", "https://cdn.fbsbx.com/v/menu.pdf"),
                base.Attachment(kind="location", title="Pin", details={"latitude": -23.55, "longitude": -46.63}),
                base.Attachment(kind="link", url="https://example.com/page", title="A page"),
                base.Attachment(kind="template", details={"template_type": "button", "text": "Choose"}),
                base.Attachment(kind="unsupported", details={"type": "appointment_booking"}),
            ),
        )
    ],
    "message_with_two_images": [
        said(
            "m_img2",
            text="Look",
            attachments=tuple(file("image", f"https://scontent.xx.fbcdn.net/v/{n}.jpg?oe=68") for n in (1, 2)),
        )
    ],
    "message_without_content": [said("m_none", kind="unsupported")],
    "optin": [thread_event("optin", type="notification_messages", payload="news")],
    "order": [
        said(
            "order:156ad980930e936933d5c01c6694cf22",
            text="No salt",
            attachments=(base.Attachment(kind="order", details={"items": [PRICED], "note": "No salt"}),),
        )
    ],
    "policy_block": [base.AccountEvent(name="policy_enforcement", at=AT, health="paused", detail="Spam")],
    "policy_unblock": [base.AccountEvent(name="policy_enforcement", at=AT)],
    "postback": [said("m_pb", text="Menu", kind="postback", context={"payload": "MENU", "referral": REFERRAL})],
    "postback_without_mid_in_seconds": [
        base.Message(
            thread=PERSON,
            id="postback:93d53d8bf8d03f43fc510b38c2338a7c",
            at=1784990000000,
            person=base.Person(id=PERSON),
            text="MENU",
            kind="postback",
            context={"payload": "MENU"},
        )
    ],
    "reaction": [base.Reaction(thread=PERSON, id="m_echo", at=AT, by=base.Person(id=PERSON), emoji="❤️")],
    "reaction_taken_back": [base.Reaction(thread=PERSON, id="m_echo", at=AT, by=base.Person(id=PERSON))],
    "read": [receipt("read", watermark=AT - 5)],
    "referral": [thread_event("referral", **REFERRAL)],
    "standby_message": [said("m_sb", text="while a bot answers", context={"standby": True})],
    "standby_postback": [said("m_sbp", text="Menu", kind="postback", context={"standby": True})],
    "test_from_the_dashboard": [
        base.Message(thread="12334", id="test_mid", at=1784990000000, person=base.Person(id="12334"), text="test")
    ],
    "thread_passed": [thread_event("handover", action="pass", new_owner_app_id="123", metadata="agent")],
    "thread_requested": [thread_event("handover", action="request", requested_owner_app_id="123", metadata="please")],
    "thread_taken": [thread_event("handover", action="take", new_owner_app_id="456", previous_owner_app_id="123")],
}  # fmt: skip
# What the public samples give: the event's class, then some of its fields.
SAMPLED: Mapping[str, list[tuple[type[base.Event], Mapping[str, Any]]]] = {
    "bottender-account-linking-linked": [(base.Unhandled, {"reason": "account_linking"})],
    "bottender-app-roles": [(base.Unhandled, {"reason": "app_roles"})],
    "bottender-audio-message": [(base.Message, {"text": "", "direction": "in"})],
    "bottender-delivery": [
        (base.Receipt, {"status": "delivered", "id": "mid.1458668856218:ed81099e15d3f4f233"}),
        (base.Receipt, {"status": "delivered", "watermark": 1458668856253}),
    ],
    "bottender-echo-message": [(base.Message, {"direction": "out", "thread": "1423587017700273"})],
    "bottender-fallback-message": [(base.Message, {"direction": "in", "kind": ""})],
    "bottender-image-message": [(base.Message, {"direction": "in"})],
    "bottender-like-sticker-message": [(base.Message, {"direction": "in"})],
    "bottender-link-referral": [(base.ThreadEvent, {"name": "referral"})],
    "bottender-pass-thread-control": [(base.ThreadEvent, {"name": "handover"})],
    "bottender-policy-enforcement": [(base.AccountEvent, {"health": "paused"})],
    "bottender-postback": [(base.Message, {"text": "USER_DEFINED_PAYLOAD", "kind": "postback"})],
    "bottender-quick-reply-message": [(base.Message, {"text": "Red"})],
    "bottender-reaction-react": [(base.Reaction, {"id": "mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl", "emoji": "❤️"})],
    "bottender-text-message": [(base.Message, {"text": "Sharp tools make good work.", "at": 1491796363181})],
    "doc-message-ads-referral": [(base.Message, {"text": "Hi"})],
    "doc-message-edit": [(base.Edit, {"id": "m_AbCdEf1", "text": "edited text"})],
    "doc-postback-with-mid": [(base.Message, {"id": "m_AbCdEf3", "text": "TITLE-FOR-THE-CTA"})],
    "doc-send-cart": [(base.Message, {"text": "foobar"})],
    "doc-standby-text": [(base.Message, {"context": {"standby": True}})],
    "doc-sticker-2026": [(base.Message, {"direction": "in"})],
    "doc-two-images": [(base.Message, {"direction": "in"})],
}
SAMPLED_KINDS = {
    "bottender-audio-message": ["audio"],
    "bottender-fallback-message": ["link"],
    "bottender-image-message": ["image"],
    "bottender-like-sticker-message": ["sticker"],
    "doc-send-cart": ["order"],
    "doc-sticker-2026": ["sticker"],
    "doc-two-images": ["image", "image"],
}
