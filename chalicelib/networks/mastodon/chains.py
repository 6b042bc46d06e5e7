"""The place of a post among the posts above it: the top post, and the first post that speaks to us."""

from collections.abc import Sequence
from typing import Any

from chalicelib.networks.base import Json
from chalicelib.networks.mastodon.inbound import is_ours
from chalicelib.networks.read import part, parts, words


def thread_of(account: str, above: Sequence[Any], status: Json) -> Json:
    """The thread of an answer, and the top post as its origin; `above` begins at the top."""
    top, *below = [*above, status]
    ours = is_ours(account, part(top, "account"))
    speaking = (post for post in below if ours or _mentions_us(account, post))
    first = top if not ours and _mentions_us(account, top) else next(speaking, top)
    origin = {"id": words(top.get("id")), "url": words(top.get("url")), "ours": ours}
    return {"thread": words(first.get("id")), **({"origin": origin} if first is not top else {})}


def has_spoken(account: str, above: Sequence[Any]) -> bool:
    """True if somebody else speaks to us in these posts: they name us, or answer below a post of ours."""
    ours = bool(above) and is_ours(account, part(above[0], "account"))
    others = [post for post in above if not is_ours(account, part(post, "account"))]
    return any(ours or _mentions_us(account, post) for post in others)


def _mentions_us(account: str, status: Json) -> bool:
    return any(is_ours(account, named) for named in parts(status, "mentions"))
