"""Connecting a Page. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events#subscribe"""

from chalicelib.networks import _meta, base
from chalicelib.networks._meta import words
from chalicelib.networks.messenger.outbound import CODES


def check(credentials: base.Credentials) -> base.Connected:
    """A user's token is refused: only Pages have a category."""
    page = _meta.graph(
        "messenger", "GET", f"/{credentials.account or 'me'}", credentials, query={"fields": "id,name,category"}
    )
    if not page.get("id"):
        raise base.Rejected("This token speaks for no Page.", code="no_page")
    return base.Connected(account=words(page["id"]), name=words(page.get("name")))


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """The hook itself is set once for the whole app, in its dashboard."""
    query = {"subscribed_fields": _meta.PAGE_FIELDS}
    _meta.graph("messenger", "POST", f"/{credentials.account}/subscribed_apps", credentials, query=query)


def unsubscribe(credentials: base.Credentials) -> None:
    _meta.graph("messenger", "DELETE", f"/{credentials.account}/subscribed_apps", credentials)


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """https://developers.facebook.com/docs/messenger-platform/identity/user-profile"""
    query = {"fields": "first_name,last_name,profile_pic"}
    found = _meta.graph("messenger", "GET", f"/{person}", credentials, query=query, codes=CODES)
    name = f"{words(found.get('first_name'))} {words(found.get('last_name'))}".strip()
    return base.Person(id=person, name=name, avatar=words(found.get("profile_pic")))
