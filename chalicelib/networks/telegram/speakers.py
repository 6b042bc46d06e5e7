"""Who says something on Telegram, and to whom."""

from chalicelib.networks import base
from chalicelib.networks.telegram.fields import identity, identity_or_none, part, text


def person(value: base.Json) -> base.Person:
    """Raises ValueError if the id cannot be read."""
    name = text(value, "first_name", "last_name", "title")
    return base.Person(id=identity(value["id"]), name=name, username=text(value, "username"))


def speaker(value: base.Json) -> tuple[base.Direction, base.Person | None]:
    """Whether the brand speaks, and the other side. Raises ValueError if it cannot be read who speaks."""
    chat = value["chat"]
    if "business_connection_id" in value:
        return ("out" if _is_owner(value) else "in"), person(chat)
    author = next((author for author in _authors(value) if identity_or_none(author.get("id"))), {})
    channel_itself = text(chat, "type") == "channel" and author.get("id") == chat["id"]
    return "in", None if channel_itself else person(author)


def _is_owner(value: base.Json) -> bool:
    """In a business chat, whoever is not the other side is its owner, or a bot that speaks for them."""
    author = identity_or_none(part(value, "from").get("id"))
    return author != identity(value["chat"]["id"]) if author else "sender_business_bot" in value


def _authors(value: base.Json) -> list[base.Json]:
    """Whoever may have said it, the likeliest first. A group itself says nothing under the name of nobody."""
    chat = [value["chat"]] if text(value["chat"], "type") not in ("group", "supergroup") else []
    return [part(value, "sender_chat"), part(value, "from"), *chat]
