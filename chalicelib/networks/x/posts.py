"""Posts: below one of ours they are comments, elsewhere mentions. Both of X's APIs send a post more than once."""

from datetime import datetime
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import filled, identity, millis, part, parts, pick, words
from chalicelib.networks.x import people


def newer(account: str, name: str, post: base.Json, includes: base.Json) -> base.Event:
    """A post as the newer API writes it. The event's name only matters if the post does not tell whom it answers."""
    above = {words(reference.get("type")): words(reference.get("id")) for reference in parts(post, "referenced_tweets")}
    if "retweeted" in above:
        return base.Unhandled(reason="engagement")
    author, answered = identity(post["author_id"]), above.get("replied_to", "")
    to = words(post.get("in_reply_to_user_id")) or _author_of(answered, includes)
    to = to or (account if name == "post.reply.create" else "")
    user = next((user for user in parts(includes, "users") if words(user.get("id")) == author), {})
    return _post(
        account,
        author=people.person(author, user),
        id=identity(post["id"]),
        root=words(post.get("conversation_id")),
        answered=answered,
        to=to,
        quoted=above.get("quoted", ""),
        text=people.text(part(post, "note_tweet").get("text") or post.get("text")),
        at=iso(post.get("created_at")),
        attachments=people.files(parts(includes, "media")),
    )


def _author_of(post: str, includes: base.Json) -> str:
    return next(
        (words(tweet.get("author_id")) for tweet in parts(includes, "tweets") if words(tweet.get("id")) == post), ""
    )


def older(account: str, post: base.Json, users: base.Json) -> base.Event:
    if "retweeted_status" in post:
        return base.Unhandled(reason="engagement")
    user, whole = part(post, "user"), part(post, "extended_tweet")
    answered = words(post.get("in_reply_to_status_id_str"))
    media = parts(part(whole, "extended_entities") or part(post, "extended_entities"), "media")
    return _post(
        account,
        author=people.person(user["id_str"], user),
        id=identity(post["id_str"]),
        root=words(post.get("conversation_id_str")) or answered,
        answered=answered,
        to=words(post.get("in_reply_to_user_id_str")),
        quoted=words(post.get("quoted_status_id_str")),
        text=people.text(whole.get("full_text") or post.get("full_text") or post.get("text")),
        at=millis(post.get("timestamp_ms")) or _older_time(post.get("created_at")),
        attachments=people.files(media),
    )


def _post(
    account: str, *, author: base.Person, id: str, root: str, answered: str, to: str, quoted: str, at: int, **said: Any
) -> base.Message:
    """A post of ours is `out`; it is in the conversation of the person it answers, as far as that can be told."""
    is_own, root = author.id == account, root or id
    is_comment = to == account or (is_own and (not answered or answered != root or to == ""))
    kind = "post" if is_own and not answered else "" if said["text"] or said["attachments"] else "unsupported"
    return base.Message(
        thread=root if is_comment else answered if is_own else id,
        id=id,
        at=at,
        exact=at > 0,
        surface="comment" if is_comment else "mention",
        direction="out" if is_own else "in",
        person=None if is_own else author,
        kind=kind,
        reply_to=answered,
        origin=base.Origin(id=root, url=f"https://x.com/i/status/{root}") if root != id or not is_own else None,
        context=filled(quoted=quoted),
        **said,
    )


def deleted(payload: base.Json) -> base.Event:
    """X reports only the account's own posts, without their conversation: so only the first post of one is found."""
    id = identity(payload["id"])
    at = millis(payload.get("timestamp_ms")) or iso(payload.get("deleted_at"))
    return base.Delete(thread=id, ids=(id,), at=at, surface="comment")


def older_deleted(account: str, event: base.Json, users: base.Json) -> base.Event:
    return deleted({**pick(event, "timestamp_ms"), "id": event["status"]["id"]})


def iso(value: object) -> int:
    """A time written as `2026-07-24T21:05:48.000Z` in milliseconds; 0 for anything else."""
    try:
        time = datetime.fromisoformat(words(value))
    except ValueError:
        return 0
    return millis(int(time.timestamp() * 1000)) if time.tzinfo else 0


def _older_time(value: object) -> int:
    try:
        return millis(int(datetime.strptime(words(value), "%a %b %d %H:%M:%S %z %Y").timestamp() * 1000))
    except ValueError:
        return 0
