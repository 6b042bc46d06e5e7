"""Connecting a channel, its subscription at the hub, and asking for videos.
https://developers.google.com/youtube/v3/guides/push_notifications
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks._google import api
from chalicelib.networks.read import moment, part, parts, words
from chalicelib.networks.youtube import feed
from chalicelib.networks.youtube.inbound import WATCH
from chalicelib.networks.youtube.outbound import call

SCOPES = ("https://www.googleapis.com/auth/youtube.force-ssl",)
LEASE_SECONDS = 864_000  # the longest the hub takes


def check(credentials: base.Credentials) -> base.Connected:
    for channel in _channels(credentials):
        if credentials.account in ("", words(channel.get("id"))):
            title = words(part(channel, "snippet").get("title"))
            return base.Connected(account=words(channel["id"]), name=title, details=dict(credentials.details))
    raise base.Rejected("The token does not belong to such a YouTube channel.", code="no_account")


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    """Usually one account: on Google's page people choose which of their channels they consent for."""
    channels = _channels(base.Credentials(account="", token=tokens.token))
    return [
        base.Account(
            id=words(channel["id"]), name=words(part(channel, "snippet").get("title")), picture=_picture(channel)
        )
        for channel in channels
    ]


def _channels(credentials: base.Credentials) -> list[dict[str, Any]]:
    answer = call(credentials, "GET", "/channels", query={"part": "snippet", "mine": "true"})
    return [channel for channel in parts(answer, "items") if words(channel.get("id"))]


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Subscribes to changes of videos at the hub for ten days; after that it has to be repeated. Comments are polled
    without it.
    """
    form = {
        "hub.mode": "subscribe", "hub.topic": feed.TOPIC + credentials.account, "hub.verify": "async",
        "hub.callback": f"{hook}?word={feed.word(secret)}", "hub.secret": secret,
        "hub.lease_seconds": str(LEASE_SECONDS),
    }  # fmt: skip
    answer = http.call("youtube", "POST", feed.HUB, "/subscribe", form=form)
    if answer.status >= 300:
        raise api.outcome("POST", answer)


def unsubscribe(credentials: base.Credentials) -> None:
    """Nothing to do: the subscription ends by itself, and until then its posts are refused."""


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    answer = call(credentials, "GET", "/videos", query={"part": "snippet", "id": origin.id})
    video = next(iter(parts(answer, "items")), None)
    if video is None:
        raise base.Gone("The video does not exist any more.", code="videoNotFound")
    snippet = part(video, "snippet")
    return base.Publication(
        url=WATCH + origin.id,
        kind="video",
        text="\n\n".join(filter(None, (words(snippet.get(name)) for name in ("title", "description")))),
        picture=_picture(video),
        author=words(snippet.get("channelTitle")),
        at=moment(snippet.get("publishedAt")),
    )


def _picture(resource: Mapping[str, Any]) -> str:
    pictures = part(part(resource, "snippet"), "thumbnails")
    sizes = (part(pictures, size) for size in ("maxres", "high", "medium", "default"))
    return next((url for picture in sizes if (url := words(picture.get("url")))), "")
