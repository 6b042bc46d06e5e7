"""The account's own answers, from here or from another app.

A post that answers nobody is a publication. An answer to somebody who did not speak to us is in no conversation.
https://docs.joinmastodon.org/methods/accounts/#statuses
"""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.mastodon import chains
from chalicelib.networks.mastodon.calls import segment
from chalicelib.networks.read import words

PAGE = 40


def path(credentials: base.Credentials, last: str = "") -> str:
    """The path of the first posts after the post `last`; without it, of the newest post only."""
    query = {"exclude_reblogs": "true", "limit": str(PAGE), "min_id": last} if last else {"limit": "1"}
    return f"/api/v1/accounts/{segment(credentials.details['id'])}/statuses?{urlencode(query)}"


def answers(
    account: str, posts: Sequence[Any], above: Callable[[str], Sequence[Any]], has_calls: Callable[[], bool]
) -> tuple[list[Any], str]:
    """The answers among the posts, in the form of notifications, as far as calls are left; and the id of the last post
    that was read.
    """
    items: list[Any] = []
    last = ""
    for status in posts:
        is_answer = bool(words(status.get("in_reply_to_id"))) and status.get("visibility") != "direct"
        if is_answer and not has_calls():
            break
        last = words(status.get("id"))
        if status.get("visibility") == "direct":
            items.append({"type": "mention", "status": status})
        elif is_answer and (chain := _chain(account, status, above)):
            items.append({"type": "mention", "status": status, "chain": chain})
    return items, last


def _chain(account: str, status: Json, above: Callable[[str], Sequence[Any]]) -> Json:
    """Empty if the answered people never spoke to us, or the post is gone."""
    try:
        ancestors = above(words(status.get("id")))
    except base.Gone:
        return {}
    return chains.thread_of(account, ancestors, status) if chains.has_spoken(account, ancestors) else {}
