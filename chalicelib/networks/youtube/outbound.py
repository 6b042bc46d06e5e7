"""What a channel answers and does on YouTube. https://developers.google.com/youtube/v3/docs/comments"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._google import api
from chalicelib.networks.read import part, parts, words

HOST = "www.googleapis.com"
# https://developers.google.com/youtube/v3/docs/errors
REASONS: api.Reasons = {
    **api.REASONS,
    "commentNotFound": base.Gone,
    "commentThreadNotFound": base.Gone,
    "parentCommentNotFound": base.Gone,
    "videoNotFound": base.Gone,
    "channelNotFound": base.Gone,
    "commentsDisabled": base.Rejected,
    "commentTextTooLong": base.Rejected,
    "commentTextRequired": base.Rejected,
    "parentCommentIsPrivate": base.Rejected,
    "ineligibleAccount": base.Rejected,
    "insufficientPermissions": base.Rejected,
    "operationNotSupported": base.Rejected,
    "processingFailure": base.Rejected,
    "forbidden": base.Rejected,
    "authenticatedUserAccountClosed": base.Expired,
    "authenticatedUserAccountSuspended": base.Expired,
}
_STATES = {"hide": "heldForReview", "unhide": "published"}
_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """An answer in the thread: YouTube has only two levels."""
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A comment on YouTube is a public text without files.", code="attachment")
    body = {"snippet": {"parentId": _id(say.thread), "textOriginal": say.text}}
    made = words(call(credentials, "POST", "/comments", query={"part": "snippet"}, body=body).get("id"))
    if not made:
        raise base.Unknown("YouTube did not return the id of the comment.", code="no_id")
    return base.Sent(id=made)


def act(credentials: base.Credentials, act: base.Act) -> None:
    """The channel's own comments are deleted; comments of others can only be rejected, which is final."""
    if act.verb in _STATES:
        _moderate(credentials, act.id, _STATES[act.verb])
    elif act.verb == "delete":
        try:
            call(credentials, "DELETE", "/comments", query={"id": _id(act.id)})
        except base.Rejected:
            _moderate(credentials, act.id, "rejected")
    else:
        raise base.Rejected("The action is not available on YouTube.", code=act.verb)


def _moderate(credentials: base.Credentials, id: str, state: str) -> None:
    call(credentials, "POST", "/comments/setModerationStatus", query={"id": _id(id), "moderationStatus": state})


def is_shown(credentials: base.Credentials, act: base.Act) -> bool | None:
    """A comment that is not listed is not shown; for a listed one, the channel's owner is told the moderation state."""
    answer = call(credentials, "GET", "/comments", query={"part": "snippet", "id": _id(act.id)})
    if not isinstance(answer.get("items"), list):
        return None
    states = [words(part(comment, "snippet").get("moderationStatus")) for comment in parts(answer, "items")]
    return "published" in states if all(states) else None


def _id(id: str) -> str:
    if not _ID.fullmatch(id):
        raise base.Rejected("YouTube has no such comment.", code="object")
    return id


def call(credentials: base.Credentials, method: str, path: str, **more: Any) -> Mapping[str, Any]:
    return api.call("youtube", method, HOST, f"/youtube/v3{path}", credentials, reasons=REASONS, **more)
