"""Stores the pictures of publications before their addresses expire."""

from chalicelib import file_types, ids, log
from chalicelib.aws import storage
from chalicelib.aws.queues import Task
from chalicelib.outside import fetch
from chalicelib.store import keys, table
from chalicelib.store.changes import Change
from chalicelib.store.models.inbox import Post

_MOST_ATTEMPTS = 3


def is_new(change: Change) -> bool:
    """True if a publication has another picture than before, which is to be stored."""
    return change.sk.startswith(keys.POSTS) and _source(change.new) not in ("", _source(change.old))


def _source(image: object) -> str:
    address: str = image["source"]["S"] if isinstance(image, dict) and "source" in image else ""
    return address


def task(change: Change) -> Task:
    agency = keys.agency_of(change.pk)
    return Task("files", {"agency": agency, "pk": change.pk, "post": change.sk}, group=agency)


def keep(pk: str, sk: str, attempt: int = 1) -> None:
    """Copies the picture of a publication. If it cannot be fetched, or is no picture, it is left out.

    Raises Passing if another try may help, and this is not the third.
    """
    post = table.get(Post, pk, sk)
    if post is None or not post.source:
        return
    try:
        body = fetch.get(post.source, {})
    except (fetch.Blocked, fetch.Unavailable) as reason:
        if isinstance(reason, fetch.Passing) and attempt < _MOST_ATTEMPTS:
            raise
        log.line("origin_picture_left_out", network=post.network, reason=type(reason).__name__)
        return
    type_found = file_types.recognise(body, "image/*")
    if not type_found.is_shown:
        return
    key = f"media/{keys.agency_of(pk)}/{pk.partition('#')[2]}/{ids.digest(post.id)}"
    storage.put(key, body, type_found.mime, shown=True)
    table.update(Post(pk, sk), [Post.picture.set(key)], Post.source == post.source)
