"""What we say and do on Reddit. An answer is a comment below what it answers. https://www.reddit.com/dev/api/#POST_api_comment"""

import re
from collections.abc import Mapping

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials
from chalicelib.networks.read import part, parts, words
from chalicelib.networks.reddit.calls import name, post

_ACTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "hide": ("/api/remove", {"spam": "false"}),
    "unhide": ("/api/approve", {}),
    "read": ("/api/read_message", {}),
}


def send(credentials: Credentials, say: base.Say) -> base.Sent:
    """Reddit has no keys against saying something twice."""
    if say.attachments:
        raise base.Rejected("An answer on Reddit is words only.", code="attachment")
    told = post(credentials, "/api/comment", {"thing_id": name(say.reply_to or say.thread), "text": say.text})
    made = next(iter(parts(part(told, "data"), "things")), {})
    id = words(part(made, "data").get("name"))
    if not id:
        raise base.Unknown("Reddit did not say what it posted.", code="no_id")
    return base.Sent(id=id)


def act(credentials: Credentials, act: Act) -> None:
    """Only moderators of a subreddit remove comments there, and show them again."""
    if act.verb in ("ban", "unban"):
        _block(credentials, act)
    elif act.verb in _ACTS:
        path, form = _ACTS[act.verb]
        post(credentials, path, {"id": name(act.id), **form})
    else:
        raise base.Rejected("Reddit lets no program do this.", code=act.verb)


def _block(credentials: Credentials, act: Act) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{2,30}", act.to):
        raise base.Rejected("There is no such person on Reddit.", code="person")
    if act.verb == "ban":
        post(credentials, "/api/block_user", {"name": act.to})
        return
    own = credentials.details.get("id", "")
    post(credentials, "/api/unfriend", {"name": act.to, "type": "enemy", "container": f"t2_{own}"})
