"""Connecting a Page. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events#subscribe"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import apps, graph, login, outcomes, usage
from chalicelib.networks.read import words

_NEEDED = ("pages_show_list", "pages_messaging", "pages_manage_metadata")
_FIELDS = "messages,message_echoes,message_reads,message_deliveries,messaging_postbacks,message_reactions"
CONSENT = login.consent(
    "messenger", (*_NEEDED, "pages_read_engagement", "business_management"), login.page,
    apps.Hook("page", _FIELDS, graph.PAGE_FIELDS), needed=_NEEDED,
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
    return login.unheard("messenger", credentials.account, credentials, _FIELDS)


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """The use in percent, for the Page and for the app."""
    path = f"/{credentials.account}"
    return usage.quotas(graph.read("messenger", path, credentials, "id", codes=outcomes.CONNECT).headers)


def unsubscribe(credentials: base.Credentials) -> None:
    _call("DELETE", f"/{credentials.account}/subscribed_apps", credentials, {})


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """https://developers.facebook.com/docs/messenger-platform/identity/user-profile"""
    query = {"fields": "first_name,last_name,profile_pic"}
    profile = graph.call("messenger", "GET", f"/{person}", credentials, query=query, codes=outcomes.SEND)
    name = f"{words(profile.get('first_name'))} {words(profile.get('last_name'))}".strip()
    return base.Person(id=person, name=name, avatar=words(profile.get("profile_pic")))


def _call(method: str, path: str, credentials: base.Credentials, query: Mapping[str, str]) -> Mapping[str, Any]:
    return graph.call("messenger", method, path, credentials, query=query, codes=outcomes.CONNECT)
