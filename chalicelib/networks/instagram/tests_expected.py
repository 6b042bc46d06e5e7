"""The events that Instagram's fixtures and the public samples must give."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base

ACCOUNT, PAGE, PERSON, AT = "17841400000000001", "104100000000001", "8190000000000001", 1784990000123
MEDIA, COMMENT, MARIA = "17920000000000001", "17950000000000001", "1306862164000001"


def look(number: int) -> str:
    return f"https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id={number}&signature=x"


def said(id: str, **fields: Any) -> base.Message:
    return base.Message(thread=PERSON, id=id, at=AT, person=base.Person(id=PERSON), **fields)


def sent(id: str, **fields: Any) -> base.Message:
    return replace(said(id), direction="out", **fields)


COMMENTED = base.Message(
    thread=COMMENT,
    id=COMMENT,
    at=1784990000000,
    surface="comment",
    person=base.Person(id=MARIA, username="maria"),
    text="How much? 😍",
    origin=base.Origin(id=MEDIA, kind="feed"),
    exact=False,
)
ANSWERED = replace(COMMENTED, direction="out", person=None, text="Thanks!", reply_to=COMMENT)
MENTIONED = base.Message(
    thread="17920000000000008",
    id="17920000000000008",
    at=1784990000000,
    surface="mention",
    origin=base.Origin(id="17920000000000008"),
    exact=False,
    context={"media": "17920000000000008"},
)


def shared(id: str, url: str, media: str, title: str = "") -> base.Message:
    link = base.Attachment(kind="link", url=url, media=media, title=title, expires=True)
    return said(id, kind="share", attachments=(link,))


def files(*kinds: base.AttachmentKind, first: int = 1) -> tuple[base.Attachment, ...]:
    return tuple(base.Attachment(kind=kind, url=look(n), expires=True) for n, kind in enumerate(kinds, first))


def thread_event(name: str, **context: Any) -> base.ThreadEvent:
    return base.ThreadEvent(thread=PERSON, name=name, at=AT, person=base.Person(id=PERSON), context=context)


def reacted(emoji: str) -> base.Reaction:
    return base.Reaction(thread=PERSON, id="ig11", at=AT, by=base.Person(id=PERSON), emoji=emoji)


EXPECTED: Mapping[str, list[base.Event]] = {
    "batch_of_comments_and_messages": [
        COMMENTED,
        base.Unhandled(reason="malformed"),
        MENTIONED,
        said("ig20", text="other account"),
    ],
    "comment_created": [COMMENTED],
    "comment_created_flat": [COMMENTED],
    "comment_on_an_ad": [
        replace(
            COMMENTED,
            origin=base.Origin(
                id="17920000000000009", kind="ad", ad=base.Ad(id="120", title="Spring", creative="17920000000000001")
            ),
            context={"ad_id": "120", "ad_title": "Spring"},
        )
    ],
    "comment_on_a_promoted_reel": [
        replace(
            COMMENTED,
            origin=base.Origin(id=MEDIA, kind="reels", ad=base.Ad(id="121", title="Reel", placement="reels")),
            context={"ad_id": "121", "ad_title": "Reel"},
        )
    ],
    "comment_own": [replace(ANSWERED, id="17950000000000004")],
    "comment_own_by_scoped_id": [replace(ANSWERED, thread="17950000000000005", id="17950000000000005", reply_to="")],
    "comment_reply": [replace(COMMENTED, id="17950000000000003", reply_to=COMMENT)],
    "comment_with_the_other_id_name": [replace(COMMENTED, thread="17950000000000002", id="17950000000000002")],
    "comment_without_text": [replace(COMMENTED, text="", kind="unsupported")],
    "echo": [sent("ig11", text="Hi!")],
    "echo_taken_back": [base.Delete(thread=PERSON, ids=("ig11",), at=AT)],
    "edit": [base.Edit(thread=PERSON, id="ig1", at=AT, text="Hello!")],
    "live_comment": [
        replace(COMMENTED, origin=base.Origin(id="17920000000000007", kind="live"), context={"live": True})
    ],
    "mention_in_caption": [MENTIONED],
    "mention_in_comment": [replace(MENTIONED, thread="17950000000000006", id="17950000000000006")],
    "message_audio_and_file": [said("ig2b", attachments=files("audio", "file"))],
    "message_quick_reply": [said("ig4", text="Order", context={"payload": "ORDER"})],
    "message_quoting": [said("ig3", text="Yes", reply_to="ig1")],
    "message_taken_back": [base.Delete(thread=PERSON, ids=("ig1",), at=AT)],
    "message_text": [said("ig1", text="Hello")],
    "message_to_oneself": [sent("ig12", text="note", thread=ACCOUNT, person=base.Person(id=ACCOUNT))],
    "message_unsupported": [said("ig10", kind="unsupported")],
    "message_with_image_and_video": [said("ig2", attachments=files("image", "video"))],
    "postback": [said("ig13", text="Where is my order?", kind="postback", context={"payload": "ORDER_STATUS"})],
    "reaction": [reacted("❤️")],
    "reaction_by_name_only": [reacted("❤️")],
    "reaction_taken_back": [reacted("")],
    "read": [base.Receipt(thread=PERSON, status="read", at=AT, id="ig11", and_older=True)],
    "referral": [thread_event("referral", ref="summer", source="IGME-SOURCE-LINK", type="OPEN_THREAD")],
    "shared_post": [shared("ig7", look(5), "18091", "A post")],
    "shared_reel": [shared("ig8", look(6), "18092", "A reel")],
    "shared_story": [shared("ig9", look(7), "18093")],
    "story_insights": [base.Unhandled(reason="unknown_event")],
    "story_mention": [said("ig6", kind="story_mention", attachments=files("image", first=4))],
    "story_reply": [said("ig5", text="Wow", kind="story_reply", context={"story": {"id": "178", "url": look(3)}})],
    "test_from_the_dashboard": [
        base.Message(
            thread="12334", id="random_mid", at=1527459824000, person=base.Person(id="12334"), text="random_text"
        )
    ],
    "thread_passed": [thread_event("handover", action="pass", new_owner_app_id="123", metadata="agent")],
}
# What the public samples give: the event's class, then some of its fields.
SAMPLED: Mapping[str, tuple[type[base.Event], Mapping[str, Any]]] = {
    "chatwoot-ig-post-event": (base.Message, {"kind": "share", "direction": "in"}),
    "chatwoot-message-attachment-event": (base.Message, {"kind": "share"}),
    "chatwoot-message-create-event": (base.Message, {"text": "This is the first message from the customer"}),
    "chatwoot-message-reply-event": (base.Message, {"reply_to": "message-id-1"}),
    "chatwoot-message-unsupported-event": (base.Message, {"kind": "unsupported", "thread": "8193492834562147"}),
    "chatwoot-messaging-seen-event": (base.Receipt, {"status": "read", "id": "message-id-1"}),
    "chatwoot-story-mention-event": (base.Message, {"kind": "story_mention"}),
    "chatwoot-test-event": (base.Message, {"at": 1527459824000}),
    "doc-comment-changes": (base.Message, {"surface": "comment", "direction": "in", "text": "¿Precio? 😍"}),
    "doc-comment-own-self-scoped": (base.Message, {"direction": "out", "thread": "17950148842640099"}),
    "doc-mention-in-caption": (base.Message, {"surface": "mention", "id": "17920238422030998"}),
    "doc-message-edit": (base.Edit, {"text": "edited by user"}),
    "doc-postback-icebreaker": (base.Message, {"text": "Where is my order?", "kind": "postback"}),
    "doc-quick-reply": (base.Message, {"text": "Order", "context": {"payload": "ORDER"}}),
    "doc-reaction": (base.Reaction, {"emoji": "❤️", "id": "aWdfZAG1faXRlbTox"}),
    "doc-referral-igme": (base.ThreadEvent, {"name": "referral"}),
    "doc-two-attachments": (base.Message, {"text": ""}),
}
SAMPLED_KINDS = {
    "chatwoot-ig-post-event": ["link"],
    "chatwoot-message-attachment-event": ["link"],
    "chatwoot-story-mention-event": ["image"],
    "doc-two-attachments": ["image", "video"],
}
