"""A publication is read from its network once for all comments on it, and again after a day or when it was edited.

What cannot be read stays empty, and nothing waits for it: conversations are shown before their publications are read.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import clock, log, networks
from chalicelib.aws import storage
from chalicelib.aws.queues import Task
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.inbox import followup
from chalicelib.networks import base, origins
from chalicelib.store import keys, table
from chalicelib.store.changes import Change
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.inbox import Conversation, Post

FRESH = clock.DAY
STALE = 0  # as the time it was read
LONGEST_TEXT = 5_000  # characters
_MOST_ATTEMPTS = 3


def is_commented(change: Change) -> bool:
    """True for a new conversation on a publication that can be read from its network."""
    if change.kind != "INSERT" or change.sk != keys.CONVERSATION or "origin" not in change.new:
        return False
    network = networks.get(change.new["network"]["S"])
    return network is not None and change.new["surface"]["S"] in network.capabilities.publications


def is_stale(change: Change) -> bool:
    """True if a publication was edited after it was read."""
    is_post = change.sk.startswith(keys.POSTS)
    return is_post and "read_at" in change.old and change.new.get("read_at", {}).get("N") == str(STALE)


def task(change: Change) -> Task:
    """The task to read the publication of a conversation, or one that was edited."""
    agency = keys.agency_of(change.pk)
    if change.sk.startswith(keys.POSTS):
        where = {"post": change.sk, "channel": change.pk.partition("#")[2]}
    else:
        where = {"conversation": change.pk, "channel": change.new["channel"]["S"]}
    return Task("followup", {"kind": "origin", "agency": agency, **where}, group=agency)


def perform(asked: Mapping[str, Any], attempt: int, now: int) -> None:
    """Reads the publication of a task, unless it was read within a day. Raises TryAgain after a temporary failure."""
    agency, channel = asked["agency"], channels.find(asked["agency"], asked["channel"])
    post = _known_post(agency, asked)
    if channel is None or post is None:
        return
    ad = post.ad if post.read_at > now - FRESH else _read(post, channel, attempt, now)
    if ad and "conversation" in asked:
        _mark_as_ad(asked["conversation"], ad, now)


def _read(post: Post, channel: Channel, attempt: int, now: int) -> Mapping[str, Any] | None:
    """Reads the publication, and gives its advertisement, if it is one."""
    agency, read = keys.agency_of(post.pk), channels.network_of(channel).publication
    if read is None:
        return None
    try:
        publication = read(channels.credentials(agency, channel), base.Origin(id=post.id, kind=post.kind))
    except (base.Unreachable, base.Throttled):
        if attempt < _MOST_ATTEMPTS:
            raise followup.TryAgain from None
        publication = None
    except base.Outcome as outcome:
        log.line("origin_unread", channel=channel.id, network=channel.network, code=outcome.code)
        publication = None
    _write(post, publication, channel, now)
    if publication is None:
        known: Mapping[str, Any] | None = post.ad
        return known
    return origins.stored_ad(publication.ad) if publication.ad else None


def _mark_as_ad(pk: str, ad: Mapping[str, Any], now: int) -> None:
    """Stores in the conversation that its publication is an advertisement, which the comment did
    not say, or not fully.
    """
    conversation = table.get(Conversation, pk, keys.CONVERSATION)
    if conversation is None or not conversation.origin:
        return
    origin = origins.with_ad(conversation.origin, ad)
    if conversation.paid and origin == conversation.origin:
        return
    actions = [
        Conversation.origin.set(origin), Conversation.paid.set(True), Conversation.version.add(1),
        Conversation.updated_at.set(now),
    ]  # fmt: skip
    table.update(Conversation(pk, keys.CONVERSATION), actions, Conversation.pk.exists())


def _known_post(agency: str, asked: Mapping[str, Any]) -> Post | None:
    """The publication as far as it is known; a new one has only its id and kind."""
    if "post" in asked:
        return table.get(Post, keys.within(agency, asked["channel"]), asked["post"])
    conversation = table.get(Conversation, asked["conversation"], keys.CONVERSATION)
    origin = (conversation.origin or {}) if conversation else {}
    if not origin.get("id"):
        return None
    pk, sk = keys.within(agency, asked["channel"]), keys.post(origin["id"])
    return table.get(Post, pk, sk) or Post(pk, sk, id=origin["id"], kind=origin.get("kind", ""))


def _write(post: Post, publication: base.Publication | None, channel: Channel, now: int) -> None:
    """If it could not be read, what was known stays, and it is not asked for again within a day."""
    actions = [Post.id.set(post.id), Post.read_at.set(now), Post.network.set(channel.network)]
    if publication:
        actions += [
            Post.kind.set(publication.kind or post.kind),
            Post.url.set(publication.url),
            Post.text.set(publication.text[:LONGEST_TEXT]),
            Post.author.set(publication.author),
            Post.posted_at.set(publication.at),
            Post.source.set(publication.picture) if publication.picture else Post.source.remove(),
            Post.ad.set(origins.stored_ad(publication.ad)) if publication.ad else Post.ad.remove(),
        ]
    table.update(Post(post.pk, post.sk), actions)


def read_again(owner: Owner, event: base.PostEdited, now: int) -> None:
    """Makes a publication be read again; does nothing if nobody commented on it."""
    post = Post(keys.within(owner.agency, owner.channel), keys.post(event.id))
    table.update(post, [Post.read_at.set(STALE)], Post.pk.exists())


def of(agency: str, conversations: Iterable[Conversation]) -> Mapping[tuple[str, str], Post]:
    """The known publications of conversations, by channel and the network's id; all are read at once."""
    wanted = {
        (conversation.channel, conversation.origin["id"])
        for conversation in conversations
        if conversation.origin and conversation.origin.get("id")
    }
    places = {(keys.within(agency, channel), keys.post(id)): (channel, id) for channel, id in wanted}
    return {places[post.pk, post.sk]: post for post in table.many(Post, list(places))}


def view(origin: Mapping[str, Any], post: Post | None) -> Mapping[str, Any]:
    """A conversation's origin with what is known of the publication; unknown values are null."""
    known = post or Post(id=origin.get("id", ""))
    return {
        "id": origin.get("id", ""),
        "url": origin.get("url") or known.url or None,
        "kind": origin.get("kind") or known.kind or None,
        "title": origin.get("title") or None,
        "text": known.text or None,
        "picture": storage.link(known.picture) if known.picture else None,
        "author": known.author or None,
        "posted_at": clock.text(known.posted_at) if known.posted_at else None,
        "ad": origins.view_ad(origin.get("ad")),
    }
