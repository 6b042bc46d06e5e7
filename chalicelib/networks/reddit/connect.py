"""Connecting an account, and asking for what a comment hangs on."""

from chalicelib.networks import base
from chalicelib.networks.base import Credentials
from chalicelib.networks.read import millis, part, parts, words
from chalicelib.networks.reddit.calls import get, name


def check(credentials: Credentials) -> base.Connected:
    """The account is its name, in small letters: names never change, and items of the inbox have nothing else."""
    me = get(credentials, "/api/v1/me", {}).json
    found, id = words(me.get("name")), words(me.get("id"))
    if not found:
        raise base.Rejected("Reddit does not say whose token this is.", code="no_account")
    return base.Connected(account=found.lower(), name=found, details={"id": id} if id else {})


def publication(credentials: Credentials, origin: base.Origin) -> base.Publication:
    listed = part(get(credentials, "/api/info", {"id": name(origin.id)}).json, "data")
    post = part(next(iter(parts(listed, "children")), {}), "data")
    if not post:
        raise base.Gone("This post is not there any more.", code="404")
    picture = words(post.get("thumbnail"))
    text = "\n\n".join(one for one in (words(post.get("title")), words(post.get("selftext"))) if one)
    return base.Publication(
        url=f"https://www.reddit.com{words(post.get('permalink'))}",
        kind="post",
        text=text,
        picture=picture if picture.startswith("https://") else "",
        author=words(post.get("author")),
        at=millis(post.get("created_utc")),
    )
