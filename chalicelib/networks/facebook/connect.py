"""Connecting a Page, by the Page's own token. https://developers.facebook.com/docs/graph-api/webhooks/reference/page"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import apps, graph, login, outcomes, usage
from chalicelib.networks.facebook.inbound import advertised
from chalicelib.networks.read import moment, pick, words

_READS = ("pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_metadata")
_POST = (
    "message,story,permalink_url,created_time,full_picture,status_type,from{name},is_published,promotion_status,"
    "promotable_id"
)
_FIELDS = "feed,mention,ratings"
_SAYS = ("pages_manage_engagement", "pages_messaging")
CONSENT = login.consent(
    "facebook", (*_READS, *_SAYS, "business_management"), login.page,
    apps.Hook("page", _FIELDS, graph.PAGE_FIELDS), needed=_READS,
    gives={
        **dict.fromkeys(("reply", "hide", "delete", "like"), ("pages_manage_engagement",)),
        "private_reply": ("pages_messaging",),
    },
)  # fmt: skip


def check(credentials: base.Credentials) -> base.Connected:
    """Asks for the category so that a user's token is refused: only Pages have one."""
    query = {"fields": "id,name,category"}
    page = _call("GET", f"/{credentials.account or 'me'}", credentials, query)
    if not page.get("id"):
        raise base.Rejected("The token does not belong to a Page.", code="no_page")
    return base.Connected(account=words(page["id"]), name=words(page.get("name")))


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Chooses the fields that Meta posts. The hook's address is set once for the whole app, in its dashboard."""
    query = {"subscribed_fields": graph.PAGE_FIELDS}
    _call("POST", f"/{credentials.account}/subscribed_apps", credentials, query)


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """Checks the fields only: the address of the app's hook is told to the app alone, by `posting` of its consent."""
    return login.unheard("facebook", credentials.account, credentials, _FIELDS)


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """The use in percent, for the Page and for the app."""
    path = f"/{credentials.account}"
    return usage.quotas(graph.read("facebook", path, credentials, "id", codes=outcomes.CONNECT).headers)


def unsubscribe(credentials: base.Credentials) -> None:
    """Ends the events of Messenger too: a Page has one subscription per app."""
    _call("DELETE", f"/{credentials.account}/subscribed_apps", credentials, {})


def _call(method: str, path: str, credentials: base.Credentials, query: Mapping[str, str]) -> Mapping[str, Any]:
    return graph.call("facebook", method, path, credentials, query=query, codes=outcomes.CONNECT)


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    """https://developers.facebook.com/docs/graph-api/reference/page-post"""
    if not re.fullmatch(r"\d+(_\d+)*", origin.id, re.ASCII):
        raise base.Rejected("Facebook has no such post.", code="object")
    post = _call("GET", f"/{origin.id}", credentials, {"fields": _POST})
    return base.Publication(
        url=words(post.get("permalink_url")),
        kind=words(post.get("status_type")),
        text=words(post.get("message")) or words(post.get("story")),
        picture=words(post.get("full_picture")),
        author=pick(post.get("from"), "name").get("name", ""),
        at=moment(post.get("created_time")),
        ad=advertised(post),
    )
