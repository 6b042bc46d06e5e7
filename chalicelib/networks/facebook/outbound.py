"""What a Page sends and does in public. https://developers.facebook.com/docs/graph-api/reference/object/comments"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph, messaging, outcomes
from chalicelib.networks.read import words

_OBJECT = re.compile(r"\d+(_\d+)*", re.ASCII)


def parts(say: base.Say) -> Sequence[base.Say]:
    """One image per comment; the text goes with the first."""
    if len(say.attachments) < 2:
        return [say]
    first, *rest = say.attachments
    return [replace(say, attachments=(first,)), *(replace(say, text="", attachments=(image,)) for image in rest)]


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    answered = _object(say.reply_to or say.thread)
    return _send_privately(credentials, say, answered) if say.private else _send_publicly(credentials, say, answered)


def _send_publicly(credentials: base.Credentials, say: base.Say, answered: str) -> base.Sent:
    if any(file.kind != "image" for file in say.attachments) or len(say.attachments) > 1:
        raise base.Rejected("A comment can have one image and no other files.", code="attachment")
    file = say.attachments[0] if say.attachments else None
    form = {"source": file} if isinstance(file, base.Loaded) else {}
    image = {"attachment_url": file.url} if file and not form else {}
    text = {"message": say.text} if say.text else {}
    comment = _call(credentials, "POST", f"/{answered}/comments", {**text, **image}, form).get("id")
    if not comment:
        raise base.Unknown("Facebook did not return the id of the comment.", code="no_id")
    return base.Sent(id=words(comment))


def _send_privately(credentials: base.Credentials, say: base.Say, answered: str) -> base.Sent:
    """A private answer is possible once for each comment or post, within 7 days.

    https://developers.facebook.com/docs/messenger-platform/discovery/private-replies
    """
    if say.attachments or not say.text:
        raise base.Rejected("A private reply to a comment is a text without files.", code="attachment")
    kind = "post_id" if answered.startswith(f"{credentials.account}_") else "comment_id"
    body = {"recipient": {kind: answered}, "messaging_type": "RESPONSE", "message": {"text": say.text}}
    return messaging.deliver("facebook", credentials, credentials.account, body, "graph.facebook.com")


_ACTS: Mapping[str, tuple[str, str, Mapping[str, Any] | None]] = {
    "hide": ("POST", "", {"is_hidden": True}),
    "unhide": ("POST", "", {"is_hidden": False}),
    "delete": ("DELETE", "", None),
    "like": ("POST", "/likes", {}),
}


def act(credentials: base.Credentials, act: base.Act) -> None:
    if act.verb not in _ACTS:
        raise base.Rejected("The action is not available for public messages on Facebook.", code=act.verb)
    method, edge, body = _ACTS[act.verb]
    if _call(credentials, method, f"/{_object(act.id)}{edge}", body).get("success") is False:
        raise base.Rejected("Facebook did not carry out the action.", code="no_success")


def _object(name: str) -> str:
    """The id itself; raises Rejected for anything else, before it gets into a path."""
    if not _OBJECT.fullmatch(name):
        raise base.Rejected("Facebook has no such comment or post.", code="object")
    return name


def _call(
    credentials: base.Credentials,
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    files: Mapping[str, base.Loaded] | None = None,
) -> Mapping[str, Any]:
    return graph.call("facebook", method, path, credentials, body=body, files=files, codes=outcomes.COMMENTS)
