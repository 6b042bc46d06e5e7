"""Direct messages with one person, who is the thread; both of X's APIs write them alike."""

from chalicelib.networks import base
from chalicelib.networks.read import filled, identity, millis, part, parts, words
from chalicelib.networks.x import people


def message(account: str, event: base.Json, users: base.Json) -> base.Event:
    said = event["message_create"]
    sender, receiver = identity(said["sender_id"]), identity(said["target"]["recipient_id"])
    other = receiver if sender == account else sender
    data, at = part(said, "message_data"), millis(event.get("created_timestamp"))
    text, files = people.text(data.get("text")), _files(data)
    return base.Message(
        thread=other,
        id=identity(event["id"]),
        at=at,
        exact=at > 0,
        direction="out" if sender == account else "in",
        person=people.person(other, part(users, other)),
        text=text,
        attachments=files,
        kind="" if text or files else "unsupported",
        context=filled(
            app=words(said.get("source_app_id")),
            payload=words(part(data, "quick_reply_response").get("metadata")),
        ),
    )


def _files(data: base.Json) -> tuple[base.Attachment, ...]:
    """A picture's address opens with the account's token only; a video's is public, as in posts."""
    media = part(part(data, "attachment"), "media")
    url = words(media.get("media_url_https"))
    if media.get("type") == "photo" and url:
        return (base.Attachment(kind="image", media=url, expires=True),)
    return people.files([media]) if media else ()


def read(account: str, event: base.Json, users: base.Json) -> base.Event:
    """The person read our messages up to that one; our own reading is no news."""
    events = parts(event, "direct_message_mark_read_events")
    event = events[0] if events else event
    reader = identity(event["sender_id"])
    if reader == account:
        return base.Unhandled(reason="own_reading")
    return base.Receipt(
        thread=reader,
        id=identity(event["last_read_event_id"]),
        at=millis(event.get("created_timestamp")),
        status="read",
        and_older=True,
    )


def encrypted(account: str, event: base.Json) -> base.Event:
    """Only the two people can read an encrypted message; we show that there is one."""
    sender = identity(event["sender_id"])
    others = [id for id in words(event.get("conversation_id")).split(":") if id not in ("", account)]
    other = sender if sender != account else identity(others[0])
    at = millis(event.get("created_at_msec"))
    return base.Message(
        thread=other,
        id=identity(event["id"]),
        at=at,
        exact=at > 0,
        direction="out" if sender == account else "in",
        person=base.Person(id=other),
        kind="unsupported",
        context={"content": "encrypted"},
    )
