"""Connecting an account, and asking for commented posts."""

import re

from chalicelib.networks import base
from chalicelib.networks.read import filled, millis, part, parts, words
from chalicelib.networks.reddit.outbound import call

_POST = re.compile(r"t3_[a-z0-9]{1,20}")


def check(credentials: base.Credentials) -> base.Connected:
    me = call(credentials, "GET", "/api/v1/me")
    if not words(me.get("id")):
        raise base.Rejected("Reddit did not say which account the token belongs to.", code="no_account")
    name = words(me.get("name"))
    return base.Connected(account=f"t2_{words(me['id'])}", name=name, details=filled(name=name))


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    if not _POST.fullmatch(origin.id):
        raise base.Rejected("Reddit has no such post.", code="object")
    listing = call(credentials, "GET", "/api/info", query={"id": origin.id})
    post = part(next(iter(parts(part(listing, "data"), "children")), {}), "data")
    if not post:
        raise base.Gone("The post does not exist any more.", code="404")
    picture = words(post.get("thumbnail"))
    return base.Publication(
        url=f"https://www.reddit.com{words(post.get('permalink'))}",
        kind="post",
        text="\n\n".join(filter(None, (words(post.get("title")), words(post.get("selftext"))))),
        picture=picture if picture.startswith("https://") else "",
        author=words(post.get("author")),
        at=millis(post.get("created_utc")),
    )
