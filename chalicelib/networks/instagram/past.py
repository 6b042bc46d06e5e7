"""What was written to the account in a stretch of time: comments on its media, with their replies, and messages.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import past as lists
from chalicelib.networks._meta import past_messages
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.instagram.outbound import call, node
from chalicelib.networks.read import identity, moment, part, parts, pick, words

OLDEST = 60 * 24 * 60 * 60 * 1000  # ms: media that are older than this before the stretch are skipped
_SAID = "id,text,timestamp,username,from,hidden"
_COMMENT = f"{_SAID},replies.limit(50){{{_SAID}}}"


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    def ask(path: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        return call("GET", path, credentials, query=query, codes=CONNECT)

    account, since = credentials.account, stretch.since
    media = lists.Lists(
        path=f"/{account}/media", fields="id,timestamp,media_product_type", inner="comments", inner_fields=_COMMENT,
        is_near=lambda medium: _at(medium) >= since - OLDEST, at=_latest_time,
        entries=partial(_entries, account, since),
    )  # fmt: skip
    messages = past_messages.conversations(node(credentials), account, "instagram", since)
    return lists.past(ask, "instagram", [media, messages], stretch)


def _at(said: base.Json) -> int:
    return moment(said.get("timestamp"))


def _latest_time(comment: base.Json) -> int:
    return max(_at(comment), *map(_at, _replies(comment)), 0)


def _replies(comment: base.Json) -> list[dict[str, Any]]:
    return parts(part(comment, "replies"), "data")


def _entries(account: str, since: int, medium: base.Json, comment: base.Json) -> Iterator[base.Json]:
    """A comment and its replies, the oldest first, without those from before `since`. Instagram lists the newest reply
    first.
    """
    top = identity(comment["id"])
    for said, above in ((comment, {}), *((reply, {"parent_id": top}) for reply in reversed(_replies(comment)))):
        if _at(said) >= since:
            value = {
                **pick(said, "id", "text"), "from": _author(said), "hidden": said.get("hidden"),
                "media": pick(medium, "id", "media_product_type"), **above,
            }  # fmt: skip
            change = {"field": "comments", "value": value}
            yield {"id": account, "time": _at(said) // 1000, "changes": [change]}


def _author(said: base.Json) -> Mapping[str, str]:
    """Empty for an author without an id: they cannot be told from others."""
    author = part(said, "from")
    return pick(author, "id", "username") if words(author.get("id")) else {}
