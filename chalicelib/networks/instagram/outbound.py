"""What we send and do on Instagram. https://developers.facebook.com/docs/instagram-platform/comment-moderation

Under Instagram Login everything goes to graph.instagram.com; under Facebook Login messages go through the Page.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph, messaging
from chalicelib.networks._meta.outcomes import COMMENTS, SEND


def host(credentials: base.Credentials) -> str:
    is_own = credentials.details.get("product") == "instagram_login"
    return "graph.instagram.com" if is_own else "graph.facebook.com"


def node(credentials: base.Credentials) -> str:
    """The id under which the account's messages and webhooks are: the account's own, or its Page's."""
    is_own = host(credentials) == "graph.instagram.com"
    return credentials.account if is_own else credentials.details.get("page") or "me"


def call(method: str, path: str, credentials: base.Credentials, **more: Any) -> Mapping[str, Any]:
    return graph.call("instagram", method, path, credentials, **{"codes": COMMENTS, "host": host(credentials), **more})


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    surface = "dm" if say.private else say.surface
    if surface not in _SAY or (say.attachments and (say.private or surface != "dm")):
        raise base.Rejected("Instagram takes only texts without files on this surface.", code="unsupported")
    return _SAY[surface](credentials, say)


def _message(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """A private answer is possible once for each comment:
    https://developers.facebook.com/docs/instagram-platform/private-replies
    """
    private = {"recipient": {"comment_id": say.reply_to}, "message": {"text": say.text}}
    body = private if say.private else messaging.body(say)
    return messaging.deliver("instagram", credentials, node(credentials), body, host(credentials))


def _comment(credentials: base.Credentials, say: base.Say) -> base.Sent:
    path = f"/{say.reply_to}/replies" if say.reply_to else f"/{say.origin}/comments"
    return _publish(credentials, path, {"message": say.text})


def _mention(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentions"""
    media = say.origin or say.thread
    comment = {} if say.thread == media else {"comment_id": say.thread}
    return _publish(
        credentials, f"/{credentials.account}/mentions", {"media_id": media, **comment, "message": say.text}
    )


def _publish(credentials: base.Credentials, path: str, body: base.Json) -> base.Sent:
    comment = call("POST", path, credentials, body=body).get("id")
    if not comment:
        raise base.Unknown("Instagram did not return the id of the comment.", code="no_id")
    return base.Sent(id=str(comment))


_SAY = {"dm": _message, "comment": _comment, "mention": _mention}


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Comments can be hidden and deleted; the only reaction to a message that can be sent is the heart."""
    if act.surface == "comment" and act.verb in ("hide", "unhide"):
        call("POST", f"/{act.id}", credentials, query={"hide": "true" if act.verb == "hide" else "false"})
    elif act.surface == "comment" and act.verb == "delete":
        call("DELETE", f"/{act.id}", credentials)
    else:
        call("POST", f"/{node(credentials)}/messages", credentials, body=messaging.gesture(act, "love"), codes=SEND)


def is_shown(credentials: base.Credentials, act: base.Act) -> bool | None:
    """Instagram accepts a hide for some comments and shows them still.
    https://developers.facebook.com/docs/instagram-platform/reference/ig-comment
    """
    hidden = call("GET", f"/{act.id}", credentials, query={"fields": "hidden"}).get("hidden")
    return not hidden if isinstance(hidden, bool) else None
