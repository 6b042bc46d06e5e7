"""WhatsApp's side of the hook: the bodies it posts, their signature, and how people speak there.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.networks.double import Voice, by, number

Json = Mapping[str, Any]
WABA, NUMBER, PHONE, PERSON = "102290129340398", "106540352242922", "15550783881", "16505551234"


def new_wamid() -> str:
    return f"wamid.HBgL{number():024d}="


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}


def _hook(field: str, value: Json, waba: str = WABA, at: int = 0) -> Json:
    entry = {"id": waba, "time": _seconds(at), "changes": [{"field": field, "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _change(field: str, waba: str, account: str, **lists: Any) -> Json:
    metadata = {"display_phone_number": PHONE, "phone_number_id": account}
    return _hook(field, {"messaging_product": "whatsapp", "metadata": metadata, **lists}, waba)


def _seconds(at: int) -> int:
    return (at or int(time.time() * 1000)) // 1000


def _in(
    *,
    field: str = "messages",
    account: str = NUMBER,
    waba: str = WABA,
    person: str = PERSON,
    name: str = "Sheena Nelson",
    user_id: str = "",
    username: str = "",
    id: str = "",
    at: int = 0,
    reply_to: str = "",
    **message: Any,
) -> Json:
    """A message of `person`, a number ("" for none), or of `user_id`; `message` has its type and what goes with it."""
    profile = {"name": name, **({"username": username} if username else {})}
    numbers = ({"wa_id": person}, {"from": person}) if person else ({}, {})
    ids = ({"user_id": user_id}, {"from_user_id": user_id}) if user_id else ({}, {})
    contact = {"profile": profile, **numbers[0], **ids[0]}
    quoted = {"context": {"from": PHONE, "id": reply_to}} if reply_to else {}
    entry = {**numbers[1], **ids[1], "id": id or new_wamid(), "timestamp": str(_seconds(at)), **quoted, **message}
    return _change(field, waba, account, contacts=[contact], messages=[entry])


def _out(
    *, account: str = NUMBER, waba: str = WABA, person: str = PERSON, id: str = "", at: int = 0, **message: Any
) -> Json:
    entry = {"from": PHONE, "to": person, "id": id or new_wamid(), "timestamp": str(_seconds(at)), **message}
    return _change("smb_message_echoes", waba, account, message_echoes=[entry])


def _past(
    *, account: str = NUMBER, waba: str = WABA, person: str = PERSON, at: int = 0, text: str = "Long ago"
) -> Json:
    """A message of theirs and our answer, from before the account was connected."""
    when = {"timestamp": str(_seconds(at)), "type": "text", "history_context": {"status": "READ"}}
    question = {"from": person, "id": new_wamid(), "text": {"body": text}, **when}
    answer = {"from": PHONE, "to": person, "id": new_wamid(), "text": {"body": "Our answer"}, **when}
    chunk = {"phase": 0, "chunk_order": 1, "progress": 100}
    threads = [{"id": person, "messages": [question, answer]}]
    return _change("history", waba, account, history=[{"metadata": chunk, "threads": threads}])


def _status(
    status: str,
    *,
    account: str = NUMBER,
    waba: str = WABA,
    person: str = PERSON,
    id: str = "wamid.OUT",
    at: int = 0,
    correlation: str = "",
    **more: Any,
) -> Json:
    ours = {"biz_opaque_callback_data": correlation} if correlation else {}
    entry = {"id": id, "status": status, "timestamp": str(_seconds(at)), "recipient_id": person, **ours, **more}
    return _change("messages", waba, account, statuses=[entry])


def _profile(field: str, name: str, account: str = NUMBER, waba: str = WABA, at: int = 0, **entry: Any) -> Json:
    return _change(field, waba, account, **{name: [{"timestamp": str(_seconds(at)), **entry}]})


def _state(field: str, **always: Any) -> Callable[..., Json]:
    return lambda account=NUMBER, waba=WABA, at=0, **fields: _hook(field, {**always, **fields}, waba, at)


_IMAGE = {"id": "1908647269898587", "mime_type": "image/png", "sha256": "wvqXMe6n7n1W0zphvLPoLj8="}
_WHY = {"code": 131026, "title": "Message undeliverable", "message": "Message undeliverable"}
_TEMPLATE = {"message_template_id": 1689556908129832, "message_template_name": "order_confirmation"}


def _template(
    *,
    field: str = "message_template_status_update",
    name: str = "order_confirmation",
    language: str = "en_US",
    template: int | str = 1689556908129832,
    account: str = NUMBER,
    waba: str = WABA,
    at: int = 0,
    state: str = "APPROVED",
    **more: Any,
) -> Json:
    named = {"message_template_id": int(template), "message_template_name": name, "message_template_language": language}
    decided = {"event": state, "reason": "NONE"} if "status" in field else {}
    return _hook(field, {**named, **decided, **more}, waba, at)


EVENTS: Mapping[str, Callable[..., Json]] = {
    "dm": lambda text="Hello", **more: _in(**more, type="text", text={"body": text}),
    "dm_with_image": lambda text="Look", **more: _in(**more, type="image", image={**_IMAGE, "caption": text}),
    "voice": lambda **more: _in(**more, type="audio", audio={**_IMAGE, "mime_type": "audio/ogg", "voice": True}),
    "location": lambda **more: _in(**more, type="location", location={"latitude": 40.78, "longitude": -73.95}),
    "button": lambda text="Yes", **more: _in(**more, type="button", button={"payload": "yes", "text": text}),
    "flow": lambda answers='{"day":"Monday","flow_token":"unused"}', text="Sent", **more: _in(
        **more,
        type="interactive",
        interactive={
            "type": "nfm_reply",
            "nfm_reply": {"name": "flow", "body": text, "response_json": answers},
        },
    ),
    "call_permission": lambda response="accept", reply=None, **more: _in(
        **more,
        type="interactive",
        interactive={
            "type": "call_permission_reply",
            "call_permission_reply": {"response": response, "response_source": "user_action", **(reply or {})},
        },
    ),
    "unsupported": lambda **more: _in(**more, type="unsupported", errors=[{"code": 131051}]),
    "reaction": lambda message="wamid.OUT", emoji="❤", **more: _in(
        **more, type="reaction", reaction={"message_id": message, "emoji": emoji}
    ),
    "edit": lambda message="wamid.IN", text="Hello again", **more: _in(
        **more,
        type="edit",
        edit={"original_message_id": message, "message": {"type": "text", "text": {"body": text}}},
    ),
    "late_image": lambda text="Look", **more: _in(
        **more, field="history", type="image", image={**_IMAGE, "caption": text}
    ),
    "edit_of_image": lambda message="wamid.IN", text="Look here", image=_IMAGE["id"], **more: _in(
        **more,
        type="edit",
        edit={
            "original_message_id": message,
            "message": {"type": "image", "image": {**_IMAGE, "id": image, "caption": text}},
        },
    ),
    "delete": lambda message="wamid.IN", **more: _in(**more, type="revoke", revoke={"original_message_id": message}),
    "number_changed": lambda new="12195555358", **more: _in(
        **more, type="system", system={"type": "user_changed_number", "body": "", "wa_id": new}
    ),
    "echo": lambda text="Our answer", **more: _out(**more, type="text", text={"body": text}),
    "echo_delete": lambda message="wamid.OUT", **more: _out(
        **more, type="revoke", revoke={"original_message_id": message}
    ),
    "history": _past,
    **{status: partial(_status, status) for status in ("sent", "delivered", "read", "played")},
    "failed": partial(_status, "failed", errors=[_WHY]),
    "opted_out": lambda person=PERSON, **more: _profile(
        "user_preferences", "user_preferences", wa_id=person, category="marketing_messages", value="stop", **more
    ),
    "disconnected": _state("account_update", event="PARTNER_REMOVED"),
    "violation": _state("account_update", event="ACCOUNT_VIOLATION", violation_info={"violation_type": "SPAM"}),
    "template_rejected": _state(
        "message_template_status_update", event="REJECTED", reason="INVALID_FORMAT", **_TEMPLATE
    ),
    "template": _template,
}


def _receipt_of(status: str) -> Callable[..., tuple[str, dict[str, Any]]]:
    return lambda fan, message, at: (status, by(fan, at, id=message))


VOICE = Voice(
    name=lambda fan, number: f"wamid.{number}",
    says=lambda fan, message, text, at: ("dm", by(fan, at, id=message, text=text, name=fan.name)),
    edits=lambda fan, message, text, at: ("edit", by(fan, at, message=message, text=text)),
    deletes=lambda fan, message, at: ("delete", by(fan, at, message=message)),
    reacts=lambda fan, message, emoji, at: ("reaction", by(fan, at, message=message, emoji=emoji)),
    echo=lambda fan, message, text, at: ("echo", by(fan, at, id=message, text=text)),
    receipts={status: _receipt_of(status) for status in ("sent", "delivered", "read", "failed")},
)
