"""Connecting a Page, by the Page's own token. https://developers.facebook.com/docs/graph-api/webhooks/reference/page"""

from chalicelib.networks import base
from chalicelib.networks._meta import graph
from chalicelib.networks.read import words


def check(credentials: base.Credentials) -> base.Connected:
    """Asks for the category so that a user's token is refused: only Pages have one."""
    page = graph.call(
        "facebook", "GET", f"/{credentials.account or 'me'}", credentials, query={"fields": "id,name,category"}
    )
    if not page.get("id"):
        raise base.Rejected("This token speaks for no Page.", code="no_page")
    return base.Connected(account=words(page["id"]), name=words(page.get("name")))


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Chooses the fields we are sent. The hook's address is set once for the whole app, in its dashboard."""
    query = {"subscribed_fields": graph.PAGE_FIELDS}
    graph.call("facebook", "POST", f"/{credentials.account}/subscribed_apps", credentials, query=query)


def unsubscribe(credentials: base.Credentials) -> None:
    """Ends the events of Messenger too: a Page has one subscription per app."""
    graph.call("facebook", "DELETE", f"/{credentials.account}/subscribed_apps", credentials)
