"""Connecting a place, and subscribing to Google's notifications about it.

https://developers.google.com/my-business/content/notification-setup
"""

from collections.abc import Iterator, Sequence

from chalicelib.networks import base
from chalicelib.networks._google import api
from chalicelib.networks.google_business.inbound import NETWORK
from chalicelib.networks.google_business.outbound import HOST, PLACE
from chalicelib.networks.read import parts, words

SCOPES = ("https://www.googleapis.com/auth/business.manage",)
ACCOUNTS, PLACES, NOTICES = (
    "mybusinessaccountmanagement.googleapis.com",
    "mybusinessbusinessinformation.googleapis.com",
    "mybusinessnotifications.googleapis.com",
)
ONE_REVIEW = {"orderBy": "updateTime desc", "pageSize": "1"}
_MOST_ACCOUNTS, _MOST_PAGES = 10, 5


def check(credentials: base.Credentials) -> base.Connected:
    """Asks for the place by its `locations/` part, and for its reviews by both parts of the name."""
    if not PLACE.fullmatch(credentials.account):
        raise base.Rejected("`account` has to name the place, as in accounts/1/locations/2.", code="no_account")
    name = credentials.account[credentials.account.index("locations/") :]
    place = api.call(NETWORK, "GET", PLACES, f"/v1/{name}", credentials, query={"readMask": "name,title"})
    if words(place.get("name")) != name:
        raise base.Rejected("The token does not belong to a person who manages the place.", code="no_account")
    _check_account(credentials)
    title = words(place.get("title"))
    return base.Connected(account=credentials.account, name=title, details=dict(credentials.details))


def _check_account(credentials: base.Credentials) -> None:
    """Raises Rejected unless the place belongs to the account that is named, or in Google's words if it refuses."""
    try:
        api.call(NETWORK, "GET", HOST, f"/v4/{credentials.account}/reviews", credentials, query=ONE_REVIEW)
    except base.Gone as refused:
        raise base.Rejected("The place does not belong to the account that is named.", code="no_account") from refused


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Sets the topic that pushes to our hook, if the details name one. A Google account has one topic for all its
    places.
    """
    topic = credentials.details.get("topic", "")
    if topic:
        account = credentials.account.partition("/locations/")[0]
        path, body = f"/v1/{account}/notificationSetting", {"pubsubTopic": topic, "notificationTypes": _TYPES}
        api.call(NETWORK, "PATCH", NOTICES, path, credentials, query={"updateMask": ",".join(body)}, body=body)


_TYPES = ["NEW_REVIEW", "UPDATED_REVIEW"]


def unsubscribe(credentials: base.Credentials) -> None:
    """Nothing to do: other places of the same account use the topic, and needless pushes do no harm."""


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    """The places of all accounts of the person who consented, as many as some dozens of calls find."""
    asker = base.Credentials(account="", token=tokens.token)
    answer = api.call(NETWORK, "GET", ACCOUNTS, "/v1/accounts", asker)
    names = [words(account.get("name")) for account in parts(answer, "accounts")[:_MOST_ACCOUNTS]]
    return [place for name in names if name for place in _locations(asker, name)]


def _locations(asker: base.Credentials, account: str) -> Iterator[base.Account]:
    place = ""
    for _ in range(_MOST_PAGES):
        query = {"readMask": "name,title", "pageSize": "100", **({"pageToken": place} if place else {})}
        answer = api.call(NETWORK, "GET", PLACES, f"/v1/{account}/locations", asker, query=query)
        for location in parts(answer, "locations"):
            name = f"{account}/{words(location.get('name'))}"
            if PLACE.fullmatch(name):
                yield base.Account(id=name, name=words(location.get("title")))
        place = words(answer.get("nextPageToken"))
        if not place:
            return
