"""The events that the fixtures of a Page's feed and the shared samples must give."""

from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.base import Attachment, Delete, Edit, Hide, Message, Reaction, Unhandled

AT = 1790000000000
PAGE = "104100000000001"
ANA = base.Person(id="7600000000000001", name="Ana Silva")
POST, VISITED, STORY = f"{PAGE}_122100000000500", f"{PAGE}_122100000000700", "1029384756"
TOP, ANSWER = "122100000000500_900000000000001", "122100000000500_900000000000002"
ORIGIN = base.Origin(id=POST, url="https://www.facebook.com/cafesol/posts/500", kind="added_photos")
ABROAD = "7600000000000001_810"


def image(url: str) -> Attachment:
    return Attachment(kind="image", url=f"https://scontent.xx.fbcdn.net/v/{url}", expires=True)


said = partial(Message, at=AT, surface="comment", person=ANA)
comment = partial(said, thread=TOP, id=TOP, origin=ORIGIN)
answer = partial(comment, id=ANSWER, reply_to=TOP)
edit = partial(Edit, at=AT + 60000, surface="comment")
reaction = partial(Reaction, thread=TOP, id=TOP, at=AT, by=ANA, surface="comment")
mention = partial(Message, at=AT, surface="mention", person=ANA)
review = partial(Message, thread=STORY, id=STORY, at=AT, surface="review", person=ANA, kind="review")


def visit(text: str, kind: str = "status", url: str = "", **fields: Any) -> Message:
    origin = base.Origin(id=VISITED, kind=kind, url=url)
    return said(thread=VISITED, id=VISITED, text=text, kind="post", origin=origin, **fields)


EXPECTED: dict[str, list[base.Event]] = {
    "comment_created": [comment(text="How much is the café? ☕")],
    "comment_on_a_dark_post": [comment(text="How much is the café? ☕", origin=replace(ORIGIN, ad=base.Ad()))],
    "comment_on_a_promoted_post": [comment(text="How much is the café? ☕", origin=replace(ORIGIN, ad=base.Ad()))],
    "comment_answering_a_comment": [answer(text="Me too")],
    "comment_with_photo": [comment(text="Like this one", attachments=(image("1.jpg?oe=6572"),))],
    "comment_with_two_photos": [comment(text="Both", attachments=(image("1.jpg"), image("2.jpg")))],
    "comment_with_video_only": [
        comment(attachments=(Attachment(kind="video", url="https://video.xx.fbcdn.net/v/1.mp4", expires=True),))
    ],
    "comment_with_nothing_we_can_show": [comment(kind="unsupported")],
    "comment_without_author": [comment(text="Who am I?", person=base.Person(id=""))],
    "comment_with_old_fields": [
        said(thread="900000000000003", id="900000000000003", text="Hola", origin=base.Origin(id="122100000000500"))
    ],
    "comment_without_time": [comment(text="When?", at=AT + 1000, exact=False)],
    "own_comment_created": [answer(text="Two euros", direction="out", person=None)],
    "comment_edited": [edit(thread=TOP, id=TOP, text="How much is a café?")],
    "comment_removed": [Delete(thread=TOP, ids=(TOP,), at=AT + 60000, surface="comment")],
    "comment_hidden_by_page": [Hide(thread=TOP, id=TOP, at=AT + 60000, hidden=True)],
    "comment_shown_again": [Hide(thread=TOP, id=TOP, at=AT + 120000, hidden=False)],
    "comment_blocked": [Unhandled(reason="unknown_verb")],
    "reaction_on_comment": [reaction(emoji="❤️")],
    "reaction_on_answer_removed": [reaction(id=ANSWER, emoji="")],
    "reaction_on_post": [reaction(thread=POST, id=POST, emoji="😆")],
    "reaction_of_a_new_kind": [reaction(thread="", id=ANSWER, emoji="pride")],
    "page_liked": [Unhandled(reason="page_like")],
    "visitor_post_created": [visit("Lovely place", url="https://www.facebook.com/700")],
    "visitor_post_with_photo": [visit("Our table", "photo", attachments=(image("3.jpg"),))],
    "visitor_post_sharing_a_link": [
        visit("Read this", "share", attachments=(Attachment(kind="link", url="https://example.com/review"),))
    ],
    "visitor_post_awaiting_approval": [visit("Buy now", hidden=True)],
    "visitor_post_edited": [edit(thread=VISITED, id=VISITED, text="Lovely, lovely place")],
    "visitor_post_edited_to_nothing": [Unhandled(reason="empty_edit")],
    "visitor_post_removed": [Delete(thread=VISITED, ids=(VISITED,), at=AT, surface="comment")],
    "own_post_created": [Unhandled(reason="own_post")],
    "own_post_edited": [base.PostEdited(id="104100000000001_122100000000700", at=1790000001000)],
    "mention_in_post": [mention(thread=ABROAD, id=ABROAD, text="At Café Sol", origin=base.Origin(id=ABROAD))],
    "mention_in_comment": [
        mention(thread="811_900", id="811_900", text="Ask Café Sol", origin=base.Origin(id="7600000000000002_811"))
    ],
    "mention_removed": [Delete(thread=ABROAD, ids=(ABROAD,), at=AT, surface="mention")],
    "recommendation_created": [review(text="Great food", context={"recommendation": "positive"})],
    "stars_given": [review(thread="1029384757", id="1029384757", context={"rating": "4"})],
    "recommendation_edited": [
        edit(thread=STORY, id=STORY, text="Great food, slow", surface="review", context={"recommendation": "positive"})
    ],
    "own_answer_to_recommendation": [
        review(id=f"{STORY}_1", text="Thank you!", direction="out", person=None, kind="", reply_to=STORY)
    ],
    "live_video_started": [Unhandled(reason="unknown_item")],
    "batch_of_two_pages_with_unreadable_items": [
        comment(text="One"),
        Unhandled(reason="malformed"),
        Unhandled(reason="malformed"),
        answer(text="Two"),
        said(
            thread="104100000000002_9",
            id="104100000000002_9",
            text="Three",
            kind="post",
            origin=base.Origin(id="104100000000002_9", kind="status"),
        ),
        Unhandled(reason="sibling"),
    ],
}

# What each sample shared between the networks must give: the kind of event and some of its fields.
SAMPLED: dict[str, tuple[type, dict[str, Any]]] = {
    "bottender-comment-add.json": (Message, {"text": "Good", "thread": "139560936744456_139562213411528"}),
    "bottender-comment-remove.json": (Delete, {"ids": ("139560936744456_139597043408045",)}),
    "bottender-page-like-add.json": (Unhandled, {"reason": "page_like"}),
    "bottender-post-reaction.json": (Reaction, {"id": "137542570280222_139560936744456", "emoji": "👍"}),
    "bottender-reaction-add.json": (Reaction, {"id": "139560936744456_139597090074707", "emoji": "👍"}),
    "bottender-status-add.json": (Message, {"text": "test", "thread": "137542570280222_139610053406744"}),
    "bottender-status-edited.json": (Edit, {"text": "1234", "id": "137542570280222_139560936744456"}),
    "doc-comment-hide.json": (Hide, {"hidden": True, "id": "122100000000000_122200000000000"}),
    "doc-comment-no-from.json": (Message, {"person": base.Person(id="")}),
    "doc-ratings-recommendation.json": (
        Message,
        {"text": "Great service", "thread": "1029384756", "context": {"recommendation": "positive"}},
    ),
}
