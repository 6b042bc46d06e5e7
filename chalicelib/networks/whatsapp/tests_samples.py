"""What the payload samples must show."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import (
    AccountEvent,
    Delete,
    Edit,
    Message,
    Profile,
    Reaction,
    Receipt,
    ThreadEvent,
    Unhandled,
)
from chalicelib.networks.whatsapp.tests import parsed
from tests.payloads import samples

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
    "doc-template-category-impending": [(AccountEvent, {"health": "ok"})],
    "doc-template-components-update": [(AccountEvent, {"health": "ok"})],
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
FOLDER = samples.FOLDER / "whatsapp"


@samples.needed
@pytest.mark.parametrize("name", SAMPLES)
def test_sample_gives_what_an_inbox_shows(name: str) -> None:
    shown = SAMPLES[name]
    events = [inbound.event for inbound in parsed(FOLDER / f"{name}.json")]
    assert [type(event) for event in events] == [kind for kind, fields in shown]
    for event, (_, fields) in zip(events, shown, strict=True):
        assert {field: getattr(event, field) for field in fields} == fields


@samples.needed
def test_no_sample_is_forgotten() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SAMPLES)
