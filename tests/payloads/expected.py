"""What the inbox shows of each sample. Fields not named are not looked at; `a.b` looks into `a`, into all of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Event = tuple[str, Mapping[str, Any]]
Parts = Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """All messages that are there afterwards, and parts of their conversations and channel; `before` is said first."""

    messages: list[Mapping[str, Any]] = field(default_factory=list)
    conversations: list[Mapping[str, Any]] = field(default_factory=list)
    channel: Mapping[str, Any] = field(default_factory=lambda: {"health": "ok"})
    before: list[Event] = field(default_factory=list)
    outcome: str = "applied"
    calls: list[str] = field(default_factory=list)


def shows(
    before: Event | None = None, *, conversation: Parts | None = None, parts: Parts | None = None, **message: Any
) -> Sample:
    """One message, and its conversation; `parts` are those of the message that lie deeper, by their path."""
    return Sample([{**message, **(parts or {})}], [conversation or {}], before=[before] if before else [])


def comes(text: str = "", *, conversation: Parts | None = None, parts: Parts | None = None, **message: Any) -> Sample:
    """One message of theirs."""
    return shows(conversation=conversation, parts=parts, text=text, direction="in", **message)


def ignored(outcome: str = "unhandled") -> Sample:
    return Sample(outcome=outcome)


def account(health: str = "ok", alert: str | None = None) -> Sample:
    return Sample(channel={"health": health, **({"alert": alert} if alert else {})})


POST, COMMENT = "139560936744456", "139597043408045"
ANA = "9012345678901234"
FACEBOOK = {
    "bottender-comment-add": comes(
        "Good", surface="comment", reply_to=f"{POST}_139562213411528", network_id=f"{POST}_139620233405726",
    ),
    "bottender-comment-remove": shows(
        ("comment", {"post": POST, "id": COMMENT, "text": "Bad"}), text="", deleted=True,
    ),
    "bottender-page-like-add": ignored(),
    "bottender-post-reaction": shows(
        ("visitor_post", {"id": POST, "text": "Hello"}), text="Hello", parts={"reactions.emoji": ["👍"]},
    ),
    "bottender-reaction-add": shows(
        ("comment", {"post": POST, "id": "139597090074707", "parent": COMMENT, "text": "Nice"}),
        text="Nice", parts={"reactions.emoji": ["👍"]},
    ),
    "bottender-status-add": comes("test", kind="post", surface="comment", parts={"author.name": "user"}),
    "bottender-status-edited": shows(
        ("visitor_post", {"id": POST, "text": "123", "at": 1511927000}), text="1234", parts={"revisions.text": ["123"]},
    ),
    "doc-comment-hide": shows(
        ("comment", {"post": "122100000000000", "id": "122200000000000", "text": "Love this!"}),
        hidden=True, text="Love this!",
    ),
    "doc-comment-no-from": comes("anonymous?", parts={"author.name": None}),
    "doc-ratings-recommendation": comes(
        "Great service", surface="review", kind="review", network_id="1029384756",
        parts={"author.name": "Happy Customer", "context.recommendation": "positive"},
    ),
}  # fmt: skip
BOT = "1423587017700273"
MESSENGER = {
    "bottender-account-linking-linked": ignored(),
    "bottender-app-roles": ignored(),
    "bottender-audio-message": comes(kind="audio", parts={"attachments.kind": ["audio"]}),
    "bottender-delivery": shows(
        ("echo", {"mid": "mid.1458668856218:ed81099e15d3f4f233", "person": BOT, "at": 1458668856000, "text": "Ours"}),
        text="Ours", status="delivered",
    ),
    "bottender-echo-message": shows(text="Difficult the first time, easy the second.", direction="out", status="sent"),
    "bottender-fallback-message": comes(
        parts={"attachments.kind": ["link"], "attachments.title": ["TITLE_OF_THE_URL_ATTACHMENT"]}
    ),
    "bottender-image-message": comes(kind="image", parts={"attachments.kind": ["image"]}),
    "bottender-like-sticker-message": comes(kind="sticker", parts={"attachments.kind": ["sticker"]}),
    "bottender-link-referral": shows(
        ("dm", {"person": "1476077111119289", "text": "Before"}), text="Before",
        conversation={"context.referral.ref": "aaaa"},
    ),
    "bottender-pass-thread-control": shows(
        ("dm", {"person": BOT, "text": "Before"}), text="Before",
        conversation={"context.handover.new_owner_app_id": "123456789"},
    ),
    "bottender-policy-enforcement": account("paused"),
    "bottender-postback": comes("USER_DEFINED_PAYLOAD", kind="postback"),
    "bottender-quick-reply-message": comes(
        "Red", parts={"context.payload": "DEVELOPER_DEFINED_PAYLOAD_FOR_PICKING_RED"},
    ),
    "bottender-reaction-react": shows(
        ("dm", {"person": "1476077422222289", "mid": "mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl", "text": "Nice"}),
        text="Nice", parts={"reactions.emoji": ["❤️"]},
    ),
    "bottender-text-message": comes("Sharp tools make good work."),
    "doc-message-ads-referral": comes("Hi", parts={"context.referral.ad_id": "6045246247433"}),
    "doc-message-edit": shows(
        ("dm", {"person": ANA, "mid": "m_AbCdEf1", "text": "text", "at": 1764000000000}),
        text="edited text", parts={"revisions.text": ["text"]},
    ),
    "doc-postback-with-mid": comes("TITLE-FOR-THE-CTA", kind="postback", network_id="m_AbCdEf3"),
    "doc-send-cart": comes(
        "foobar", parts={"attachments.kind": ["order"], "attachments.details.items.name": [["name1", "name2"]]}
    ),
    "doc-standby-text": comes("while bot owns the thread", parts={"context.standby": True}),
    "doc-sticker-2026": comes(kind="sticker", parts={"attachments.kind": ["sticker"]}),
    "doc-two-images": comes(parts={"attachments.kind": ["image", "image"]}),
}  # fmt: skip
FAN = "8193492834562147"
INSTAGRAM = {
    "chatwoot-ig-post-event": comes(kind="share", parts={"attachments.title": ["Shared Instagram post"]}),
    "chatwoot-message-attachment-event": comes(
        kind="share", parts={"attachments.url": ["https://www.example.com/test.jpeg"]}
    ),
    "chatwoot-message-create-event": comes("This is the first message from the customer"),
    "chatwoot-message-reply-event": comes("This is message with replyto mid", reply_to="message-id-1"),
    "chatwoot-message-unsupported-event": comes(kind="unsupported"),
    "chatwoot-messaging-seen-event": shows(
        ("echo", {"mid": "message-id-1", "person": FAN, "text": "Ours", "at": 1631082850000}),
        text="Ours", status="read",
    ),
    "chatwoot-story-mention-event": comes(kind="story_mention", parts={"attachments.kind": ["image"]}),
    "chatwoot-test-event": ignored(""),
    "doc-comment-changes": comes("¿Precio? 😍", surface="comment", parts={"author.name": "maria.example"}),
    "doc-comment-own-self-scoped": shows(
        text="Thanks!", direction="out", surface="comment", reply_to="17950148842640099", conversation={"unread": 0},
    ),
    "doc-mention-in-caption": comes("Lunch at @bella", surface="mention", network_id="17920238422030998"),
    "doc-message-edit": shows(
        ("dm", {"person": FAN, "mid": "aWdfZAG1faXRlbTox", "text": "first", "at": 1764001000000}),
        text="edited by user", parts={"revisions.text": ["first"]},
    ),
    "doc-postback-icebreaker": comes("Where is my order?", kind="postback"),
    "doc-quick-reply": comes("Order", parts={"context.payload": "ORDER"}),
    "doc-reaction": shows(
        ("dm", {"person": FAN, "mid": "aWdfZAG1faXRlbTox", "text": "Nice"}), text="Nice",
        parts={"reactions.emoji": ["❤️"]},
    ),
    "doc-referral-igme": shows(
        ("dm", {"person": FAN, "text": "Before"}), text="Before", conversation={"context.referral.ref": "summer"},
    ),
    "doc-two-attachments": comes(parts={"attachments.kind": ["image", "video"]}),
}  # fmt: skip
SOJAN = {"id": 23, "first_name": "Sojan", "last_name": "Jose", "username": "sojan", "type": "private"}
NEWS = {"id": -1001305240521, "title": "channel_12345", "type": "channel"}
TELEGRAM = {
    "bottender-channel-post": shows(text="post~~~", direction="out", parts={"context.channel": "channel_12345"}),
    "bottender-edited-channel-post": shows(
        ("channel_post", {"chat": NEWS, "message_id": 2, "date": 1515760382, "text": "post~~~"}),
        text="post~~~edited", parts={"revisions.text": ["post~~~"]},
    ),
    "bottender-group-text": comes("hi", parts={"author.network_id": "23", "context.group": "Bottender"}),
    "bottender-poll": ignored(),
    "chatwoot-audio": comes(parts={"attachments.kind": ["audio"], "attachments.title": ["Test music file"]}),
    "chatwoot-business-message-in": comes("test", network_id="23:1@eooW3KF5WB5HxTD7T826"),
    "chatwoot-callback-query": Sample(
        [{"text": "Option 1", "kind": "postback", "author.network_id": "5171248"}], calls=["answerCallbackQuery"]
    ),
    "chatwoot-caption-only": comes("test"),
    "chatwoot-document": comes(
        parts={"attachments.kind": ["file"], "attachments.name": ["Screenshot 2021-09-27 at 2.01.14\u202fPM.png"]}
    ),
    "chatwoot-edited-message": shows(
        ("dm", {"user": 123, "chat": {**SOJAN, "id": 789}, "message_id": 48, "date": 1764000000, "text": "message"}),
        text="updated message", parts={"revisions.text": ["message"]},
    ),
    "chatwoot-location": comes(parts={"attachments.kind": ["location"], "attachments.details.latitude": [37.7893768]}),
    "chatwoot-photo": comes(parts={"attachments.kind": ["image"]}),
    "chatwoot-sticker-legacy": comes(parts={"attachments.kind": ["sticker"], "attachments.title": ["👍"]}),
    "chatwoot-text": comes("test", parts={"author.name": "Sojan Jose", "author.network_id": "23"}),
    "chatwoot-video": comes(parts={"attachments.kind": ["video"], "attachments.name": ["IMG_2170.MOV"]}),
    "doc-business-connection": account(),
    "doc-entities-utf16": comes(
        "😀 hello bold",
        parts={"context.entities.offset": [8], "context.entities.length": [4], "context.entities.type": ["bold"]},
    ),
    "doc-message-reaction": shows(
        ("dm", {"user": 23, "message_id": 501, "text": "Nice"}), text="Nice", parts={"reactions.emoji": ["👍"]},
    ),
    "doc-migrate-to-supergroup": Sample(),
}  # fmt: skip
OURS = "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA="
SHEENA, TEST = "16505551234", "972987654321"
STATUSED = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA="
WHATSAPP = {
    "chatwoot-argentina-9": comes("Test", parts={"author.name": "Sojan Jose"}),
    "chatwoot-bsuid-only": comes(
        "testing bsuid", parts={"author.name": "Muhsin", "author.network_id": "IN.2081978709342942"}
    ),
    "chatwoot-ephemeral": ignored(),
    "chatwoot-status-failed": shows(
        ("echo", {"person": "2423423243", "id": "wamid.OUT1", "text": "Ours"}), text="Ours", status="failed",
        parts={"error.code": "123", "error.text": "abc"},
    ),
    "doc-account-review": account(),
    "doc-audio-voice": comes(kind="audio", parts={"attachments.details.voice": [True]}),
    "doc-bsuid-text": comes("Does it come in another color?", parts={"author.network_id": "user.93737..."}),
    "doc-contacts": comes(parts={"attachments.kind": ["contact"], "attachments.title": ["Barbara J. Johnson"]}),
    "doc-interactive-button-reply": comes("Change", kind="postback", parts={"context.payload": "change-button"}),
    "doc-location-reply-to-request": comes(
        reply_to="wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1QjJGRjI1RDY0RkE4Nzg4QzcA", parts={"attachments.kind": ["location"]}
    ),
    "doc-order": comes("Love these!", parts={"attachments.details.product_items.quantity": [[2, 1]]}),
    "doc-phone-name-update": account(),
    "doc-phone-quality": ignored(),
    "doc-reaction": shows(
        ("echo", {"person": SHEENA, "id": OURS, "text": "Ours"}), text="Ours", parts={"reactions.emoji": []},
    ),
    "doc-security-pin": account("alert"),
    "doc-smb-app-state-sync": Sample(),
    "doc-smb-message-echo-text": shows(
        text="Here's the info you requested! https://www.meta.com/quest/quest-3/", direction="out",
    ),
    "doc-status-sent-pricing": shows(
        ("echo", {"person": SHEENA, "id": STATUSED, "text": "Ours"}), text="Ours", status="sent",
    ),
    "doc-status-sent-v24": shows(
        ("echo", {"person": SHEENA, "id": STATUSED, "text": "Ours"}), text="Ours", status="sent",
    ),
    "doc-template-category-impending": account(),
    "doc-template-components-update": account(),
    "doc-text-ctwa-referral": comes(
        "Can I get more info about this?", parts={"context.referral.source_id": "120226305854810726"}
    ),
    "doc-text": comes("Does it come in another color?", parts={"author.name": "Sheena Nelson"}),
    "doc-two-messages-one-post": Sample(
        [{"text": "a", "author.name": "Ana"}, {"text": "b", "author.name": "Luis"}],
        [{"contact.name": "Ana"}, {"contact.name": "Luis"}],
    ),
    "doc-value-errors": account("alert"),
    "doc-video": comes("Timelapse of growth", parts={"attachments.kind": ["video"]}),
    "pywa-account-disabled": account(),  # its ban has ended
    "pywa-account-offboarded": account("disconnected"),
    "pywa-account-violation": account("alert"),
    "pywa-animated-sticker": comes(kind="sticker"),
    "pywa-button-without-context": comes("title", kind="postback"),
    "pywa-echo-revoke": shows(
        ("echo", {"person": TEST, "id": "wamid.zzzzzz", "text": "Ours"}), deleted=True, direction="out",
    ),
    "pywa-edit-image-caption": shows(
        ("dm", {"person": SHEENA, "id": OURS, "text": "Caption", "at": 1749854000000}),
        text="Updated image caption", parts={"revisions.text": ["Caption"]},
    ),
    "pywa-marketing-resume": Sample(),
    "pywa-reply": comes("replied text", reply_to="wamid.xyzxyz=="),
    "pywa-status-biz-opaque-callback": shows(
        ("echo", {"person": TEST, "id": "wamid.xyzxyz", "text": "Ours"}), text="Ours", status="sent",
    ),
    "pywa-status-failed-130472": shows(
        ("echo", {"person": TEST, "id": "wamid.xyzxyz", "text": "Ours"}), text="Ours", status="failed",
        parts={"error.code": "130472"},
    ),
    "pywa-system-identity-change": Sample(),
    "pywa-template-approved": account(),
    "pywa-template-quality-yellow": account(),
    "pywa-template-rejected": account("alert"),
    "pywa-unreaction-no-emoji": shows(
        ("echo", {"person": TEST, "id": "wamid.yzxyzx=", "text": "Ours"}), text="Ours", parts={"reactions.emoji": []},
    ),
    "pywa-unsupported-poll": comes(kind="unsupported"),
}  # fmt: skip
TOP = "urn:li:comment:(urn:li:activity:7094637247890620418,7094977717598625792)"
LINKEDIN = {
    "doc-comment-edit": shows(
        ("comment", {"id": TOP, "text": "first", "at": 1691574000000}),
        text="edited", parts={"revisions.text": ["first"]},
    ),
    "doc-like": ignored(),
    "doc-nested-comment": comes("nested reply", surface="comment", reply_to=TOP),
    "doc-share": ignored(),
}  # fmt: skip
TRUSTPILOT = {
    "doc-service-review-created": comes(
        "Great service\n\nNothing other than excellent customer service.", surface="review", kind="review",
        parts={"author.name": "Customer", "context.rating": "5"},
    ),
}  # fmt: skip
SAMPLES: Mapping[str, Sample] = {
    f"{network}/{name}.json": sample
    for network, samples in (
        ("facebook", FACEBOOK), ("messenger", MESSENGER), ("instagram", INSTAGRAM), ("whatsapp", WHATSAPP),
        ("telegram", TELEGRAM), ("linkedin", LINKEDIN), ("trustpilot", TRUSTPILOT),
    )
    for name, sample in samples.items()
}  # fmt: skip
