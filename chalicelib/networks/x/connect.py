"""Connecting an account, and asking for what webhooks leave out. https://docs.x.com/x-api/activity/introduction"""

from collections.abc import Iterator, Sequence

from chalicelib.networks import base, http
from chalicelib.networks.read import is_of, part, parts, words
from chalicelib.networks.x.outbound import call
from chalicelib.networks.x.posts import iso

EVENTS = (
    *("post.create", "post.delete", "post.mention.create", "post.reply.create", "post.quote.create"),
    *("dm.received", "dm.sent", "dm.read", "chat.received", "oauth.revoke"),
)
_SUBSCRIPTIONS = "/2/activity/subscriptions"
_PRIVATE = ("ton.twitter.com", "ton.x.com")


def check(credentials: base.Credentials) -> base.Connected:
    """`details` keep the id of the app's webhook, because each kind of event is subscribed to for one webhook."""
    me = part(call(credentials, "GET", "/2/users/me"), "data")
    if not words(me.get("id")):
        raise base.Rejected("X did not say which account the token belongs to.", code="no_account")
    return base.Connected(account=words(me["id"]), name=words(me.get("username")), details=credentials.details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """The app's webhook must exist; subscribes to each kind of event that is missing."""
    webhook = credentials.details.get("webhook", "")
    if not webhook:
        raise base.Rejected("`details.webhook` has to be the id of the app's webhook.", code="no_webhook")
    for event in unheard(credentials, hook):
        body = {"event_type": event, "filter": {"user_id": credentials.account}, "webhook_id": webhook}
        call(credentials, "POST", _SUBSCRIPTIONS, body=body)


def unheard(credentials: base.Credentials, hook: str) -> Sequence[str]:
    """The kinds of event without a subscription for our webhook. X tells the address of the webhook to the app only."""
    webhook = credentials.details.get("webhook", "")
    there = {
        words(subscription.get("event_type"))
        for subscription in _own_subscriptions(credentials)
        if words(subscription.get("webhook_id")) == webhook
    }
    return [event for event in EVENTS if event not in there]


def unsubscribe(credentials: base.Credentials) -> None:
    for subscription in _own_subscriptions(credentials):
        call(credentials, "DELETE", f"{_SUBSCRIPTIONS}/{words(subscription.get('subscription_id'))}")


def _own_subscriptions(credentials: base.Credentials) -> Iterator[base.Json]:
    every = parts(call(credentials, "GET", _SUBSCRIPTIONS), "data")
    return (
        subscription for subscription in every if part(subscription, "filter").get("user_id") == credentials.account
    )


def download(credentials: base.Credentials, attachment: base.Attachment) -> base.Download:
    """A picture of a direct message; the token goes to X's own hosts only."""
    if not is_of(attachment.media, *_PRIVATE):
        raise base.Gone("X has no such file.", code="no_url")
    host, _, path = attachment.media.removeprefix("https://").partition("/")
    headers = {"Authorization": f"Bearer {credentials.token}"}
    return base.Download(url=f"{http.address('x', host)}/{path}", headers=headers, mime=attachment.mime)


def profile(credentials: base.Credentials, person: str) -> base.Person:
    _check_id(person)
    query = {"user.fields": "profile_image_url"}
    user = part(call(credentials, "GET", f"/2/users/{person}", query=query), "data")
    name, username, avatar = (words(user.get(key)) for key in ("name", "username", "profile_image_url"))
    return base.Person(id=person, name=name, username=username, avatar=avatar)


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    _check_id(origin.id)
    query = {"tweet.fields": "created_at,author_id", "expansions": "author_id,attachments.media_keys"}
    answer = call(
        credentials, "GET", f"/2/tweets/{origin.id}", query={**query, "media.fields": "url,preview_image_url"}
    )
    post, includes = part(answer, "data"), part(answer, "includes")
    media, author = (next(iter(parts(includes, name)), {}) for name in ("media", "users"))
    return base.Publication(
        url=f"https://x.com/i/status/{origin.id}",
        kind="post",
        text=words(post.get("text")),
        picture=words(media.get("url")) or words(media.get("preview_image_url")),
        author=words(author.get("username")),
        at=iso(post.get("created_at")),
    )


def _check_id(id: str) -> None:
    if not (id.isascii() and id.isdecimal()):
        raise base.Rejected("X has no such post or person.", code="object")
