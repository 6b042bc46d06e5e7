"""Connecting an account, and asking for people and for commented posts."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials
from chalicelib.networks.bluesky import uris
from chalicelib.networks.bluesky.calls import get, remember, server_of, session_of
from chalicelib.networks.bluesky.records import post_at
from chalicelib.networks.read import count, field, millis, moment, part, pick, words


def check(credentials: Credentials) -> base.Connected:
    """With an app password, the credentials name the handle or did as the account, or the handle as
    `details["handle"]`.
    """
    session = None if credentials.key else session_of(credentials)
    me = pick(get(credentials, "com.atproto.server.getSession").json, "did", "handle")
    if "did" not in me:
        raise base.Rejected("The server did not say which account the token belongs to.", code="no_account")
    host, handle = session.server if session else server_of(credentials), me.get("handle", "")
    details = {**credentials.details, "server": host, "handle": handle}
    if session:
        remember(replace(credentials, account=me["did"], details=details), session)
    return base.Connected(account=me["did"], name=handle, details=details)


def quotas(credentials: Credentials) -> Sequence[base.Quota]:
    """The limit counts by our IP address, which other accounts share.
    https://docs.bsky.app/docs/advanced-guides/rate-limits
    """
    answer = get(credentials, "com.atproto.server.getSession")
    return http.counted(answer, "RateLimit", millis(answer.headers.get("RateLimit-Reset")))


def profile(credentials: Credentials, person: str) -> base.Person:
    profile = get(credentials, "app.bsky.actor.getProfile", query={"actor": uris.did(person)}).json
    handle = words(profile.get("handle"))
    name = words(profile.get("displayName")) or handle
    followers = count(profile.get("followersCount"))
    return base.Person(id=person, name=name, username=handle, avatar=words(profile.get("avatar")), followers=followers)


def publication(credentials: Credentials, origin: base.Origin) -> base.Publication:
    uris.parse(origin.id)
    view = post_at(credentials, origin.id).view
    images = part(view, "embed").get("images")
    author = part(view, "author")
    return base.Publication(
        url=uris.page(origin.id),
        kind="post",
        text=words(part(view, "record").get("text")),
        picture=field(images[0], "thumb") if isinstance(images, list) and images else "",
        author=words(author.get("displayName")) or words(author.get("handle")),
        at=moment(view.get("indexedAt")),
    )
