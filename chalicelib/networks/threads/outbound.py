"""What we say and do on Threads: a reply is first created, where nobody sees it, and then published.

https://developers.facebook.com/docs/threads/reply-management
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks._meta import graph
from chalicelib.networks._meta.outcomes import COMMENTS
from chalicelib.networks.read import words

HOST, VERSION = "graph.threads.net", "v1.0"
TEXT = 500


def call(method: str, path: str, credentials: base.Credentials, **more: Any) -> Mapping[str, Any]:
    """Threads documents no `appsecret_proof`, so none is sent."""
    plain = replace(credentials, secret="")
    return graph.call("threads", method, path, plain, **{"codes": COMMENTS, "host": HOST, "version": VERSION, **more})


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """Nobody sees a reply before it is published, so a failure before that may be repeated."""
    if say.attachments or say.private:
        raise base.Rejected("A reply on Threads is a public text without files.", code="unsupported")
    body = {"media_type": "TEXT", "text": say.text, "reply_to_id": say.reply_to or say.thread}
    with http.repeatable():
        made = words(call("POST", "/me/threads", credentials, body=body).get("id"))
    if not made:
        raise base.Unreachable("Threads did not return the id of the prepared reply.", code="no_id")
    published = call("POST", "/me/threads_publish", credentials, body={"creation_id": made})
    if not words(published.get("id")):
        raise base.Unknown("Threads did not return the id of the reply.", code="no_id")
    return base.Sent(id=words(published["id"]))


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Hiding a reply also hides all replies below it."""
    if act.verb not in ("hide", "unhide") or act.surface != "comment":
        raise base.Rejected("The action is not available on this surface of Threads.", code="unsupported")
    hide = "true" if act.verb == "hide" else "false"
    if call("POST", f"/{act.id}/manage_reply", credentials, query={"hide": hide}).get("success") is not True:
        raise base.Rejected("Threads did not carry out the action.", code="no_success")
