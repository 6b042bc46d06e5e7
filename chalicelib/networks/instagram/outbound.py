"""What we can say on Instagram. https://developers.facebook.com/docs/instagram-platform/comment-moderation

Under Instagram Login everything goes to graph.instagram.com; under Facebook Login messages go through the Page.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import _meta, base
from chalicelib.networks import _meta_messaging as messaging

# https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
CODES: _meta.Codes = {
    (1, 1357046): base.Unknown,
    (9, 2207042): base.Throttled,
    (10, 2018278): base.WindowClosed,
    (10, 2534022): base.WindowClosed,
    (10, 1893063): base.Throttled,
    (10, 2018108): base.Gone,
    (24, 2207006): base.Gone,
    (25, 2207050): base.Rejected,
    (100, 2018001): base.Gone,
    (100, 2534014): base.Gone,
    (200, 2534041): base.Rejected,
    (230, None): base.Rejected,
    (551, None): base.Gone,
    (1200, None): base.Unreachable,
    (9010, None): base.Gone,
}


def host(credentials: base.Credentials) -> str:
    own = credentials.details.get("product") == "instagram_login"
    return "graph.instagram.com" if own else "graph.facebook.com"


def messages(credentials: base.Credentials) -> str:
    """The node that messages and webhooks of this account hang on."""
    if host(credentials) == "graph.instagram.com":
        return credentials.account
    return credentials.details.get("page") or "me"


def call(method: str, path: str, credentials: base.Credentials, **more: Any) -> Mapping[str, Any]:
    return _meta.graph("instagram", method, path, credentials, **{"codes": CODES, "host": host(credentials), **more})


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    if say.private:
        return _private_reply(credentials, say)
    return _SAY.get(say.surface, _unsupported)(credentials, say)


def _unsupported(credentials: base.Credentials, say: base.Say) -> base.Sent:
    raise base.Rejected(f"Instagram has no {say.surface}.", code="unsupported")


def _message(credentials: base.Credentials, say: base.Say) -> base.Sent:
    return _deliver(credentials, messaging.body(say))


def _private_reply(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """One text per comment, within seven days.

    https://developers.facebook.com/docs/instagram-platform/private-replies
    """
    _text_only(say)
    return _deliver(credentials, {"recipient": {"comment_id": say.reply_to}, "message": {"text": say.text}})


def _deliver(credentials: base.Credentials, body: base.Json) -> base.Sent:
    return messaging.deliver("instagram", credentials, messages(credentials), body, CODES, host(credentials))


def _comment(credentials: base.Credentials, say: base.Say) -> base.Sent:
    path = f"/{say.reply_to}/replies" if say.reply_to else f"/{say.origin}/comments"
    return _public(credentials, say, path, {"message": say.text})


def _mention(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentions"""
    media = say.origin or say.thread
    comment = {} if say.thread == media else {"comment_id": say.thread}
    body = {"media_id": media, **comment, "message": say.text}
    return _public(credentials, say, f"/{credentials.account}/mentions", body)


def _public(credentials: base.Credentials, say: base.Say, path: str, body: base.Json) -> base.Sent:
    _text_only(say)
    made = call("POST", path, credentials, body=body).get("id")
    if not made:
        raise base.Unknown("Instagram did not say which comment it made.", code="no_id")
    return base.Sent(id=str(made))


def _text_only(say: base.Say) -> None:
    if say.attachments:
        raise base.Rejected("Instagram takes only text here.", code="unsupported")


_SAY = {"dm": _message, "comment": _comment, "mention": _mention}


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Hiding and deleting are for comments; the only reaction that can be sent is the heart."""
    if act.surface == "comment" and act.verb in ("hide", "unhide"):
        call("POST", f"/{act.id}", credentials, query={"hide": "true" if act.verb == "hide" else "false"})
    elif act.surface == "comment" and act.verb == "delete":
        call("DELETE", f"/{act.id}", credentials)
    else:
        call("POST", f"/{messages(credentials)}/messages", credentials, body=messaging.gesture(act, "love"))
